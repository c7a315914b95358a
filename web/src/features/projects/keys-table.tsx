import { useMutation } from '@apollo/client/react';
import { type DsnKeyFieldsFragment, RotateDsnKeyDocument, UpdateDsnKeyDocument } from '@errata/schema';
import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { CopyButton, copyText } from '../../ui/copy-button.tsx';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './projects.module.css';

/** The keys of a project. `onEdit`, `onRotate` open dialogs of the page; without `mayWrite` there is nothing but copying. */
export function KeysTable({
  keys,
  mayWrite,
  onEdit,
  onRotate,
}: {
  keys: readonly DsnKeyFieldsFragment[];
  mayWrite: boolean;
  onEdit: (key: DsnKeyFieldsFragment) => void;
  onRotate: (key: DsnKeyFieldsFragment) => void;
}) {
  const [update] = useMutation(UpdateDsnKeyDocument);
  const setStatus = async (key: DsnKeyFieldsFragment, status: 'ACTIVE' | 'DISABLED') => {
    try {
      resultOf((await update({ variables: { id: key.id, input: { status } } })).data?.updateDsnKey);
      toast({
        message:
          status === 'DISABLED' ? `“${key.label}” is disabled: what is sent with it is refused.` : `“${key.label}” is enabled.`,
        undo: () => setStatus(key, status === 'ACTIVE' ? 'DISABLED' : 'ACTIVE'),
        id: `key-${key.id}`,
      });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  const columns: Column<DsnKeyFieldsFragment>[] = [
    {
      key: 'label',
      head: 'Label',
      cell: (key) => (
        <>
          {key.label} {key.status === 'DISABLED' && <ToneBadge tone="red">disabled</ToneBadge>}
        </>
      ),
    },
    {
      key: 'dsn',
      head: 'DSN',
      hide: 'phone',
      cell: (key) => (
        <span className={classes.dsnCell}>
          <code title={key.dsn}>{key.dsn}</code>
          <CopyButton value={key.dsn} what={`Copy the DSN of ${key.label}`} />
        </span>
      ),
    },
    {
      key: 'limit',
      head: 'Limit a minute',
      align: 'end',
      hide: 'tablet',
      cell: ({ eventsPerMinute }) =>
        eventsPerMinute === null ? <span className="er-dim">none</span> : <Count value={eventsPerMinute} unit="event" />,
    },
    {
      key: 'used',
      head: 'Last used',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span className="er-dim">never</span> : <RelativeTime at={lastUsedAt} suffix />,
    },
    { key: 'made', head: 'Created', hide: 'tablet', cell: ({ createdAt }) => <RelativeTime at={createdAt} suffix /> },
    {
      key: 'menu',
      head: <span className="er-sr-only">Change</span>,
      align: 'end',
      width: '3rem',
      cell: (key) => <KeyMenu shown={key} mayWrite={mayWrite} onEdit={onEdit} onRotate={onRotate} onStatus={setStatus} />,
    },
  ];
  return (
    <DataTable
      caption="Keys"
      columns={columns}
      rows={keys}
      rowKey={(key) => String(key.id)}
      faded={(key) => key.status === 'DISABLED'}
    />
  );
}

function KeyMenu({
  shown: key,
  mayWrite,
  onEdit,
  onRotate,
  onStatus,
}: {
  shown: DsnKeyFieldsFragment;
  mayWrite: boolean;
  onEdit: (key: DsnKeyFieldsFragment) => void;
  onRotate: (key: DsnKeyFieldsFragment) => void;
  onStatus: (key: DsnKeyFieldsFragment, status: 'ACTIVE' | 'DISABLED') => Promise<void>;
}) {
  const copy = async () => {
    const copied = await copyText(key.dsn);
    toast(copied ? { message: 'The DSN was copied.' } : { message: 'The browser did not allow copying.', kind: 'failed' });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={mayWrite ? `Change key ${key.label}` : `Key ${key.label}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={copy}>
          Copy DSN
        </Menu.Item>
        {mayWrite && (
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onEdit(key)}>
            Label and limit
          </Menu.Item>
        )}
        {mayWrite && key.status === 'ACTIVE' && (
          <>
            <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => onRotate(key)}>
              Rotate
            </Menu.Item>
            <Menu.Item leftSection={<IconPlayerPause size={15} />} onClick={() => onStatus(key, 'DISABLED')}>
              Disable
            </Menu.Item>
          </>
        )}
        {mayWrite && key.status === 'DISABLED' && (
          <Menu.Item leftSection={<IconPlayerPlay size={15} />} onClick={() => onStatus(key, 'ACTIVE')}>
            Enable
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Gives a key a successor with the same label and limit; the old one stops working. */
export function useRotateKey(): (key: DsnKeyFieldsFragment) => Promise<DsnKeyFieldsFragment> {
  const [rotate] = useMutation(RotateDsnKeyDocument, { refetchQueries: ['Project'] });
  return async (key) => resultOf((await rotate({ variables: { id: key.id } })).data?.rotateDsnKey);
}
