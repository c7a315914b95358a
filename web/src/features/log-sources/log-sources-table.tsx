import { useMutation } from '@apollo/client/react';
import {
  DeleteLogSourceDocument,
  type LogSourceRowFragment,
  PauseLogSourceDocument,
  RestoreLogSourceDocument,
  ResumeLogSourceDocument,
} from '@errata/schema';
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatBytes } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TextButton } from '../../ui/text-button.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './log-sources.module.css';
import { readPercent, STATES } from './source-words.ts';

const REFETCH = { refetchQueries: ['ProjectLogSources'] };

/** The log sources of a project with how each goes. `onOpen` shows its files, `onEdit` its settings. */
export function LogSourcesTable({
  sources,
  opened,
  mayWrite,
  onOpen,
  onEdit,
}: {
  sources: readonly LogSourceRowFragment[];
  opened: string | null;
  mayWrite: boolean;
  onOpen: (id: string | null) => void;
  onEdit: (source: LogSourceRowFragment) => void;
}) {
  const columns: Column<LogSourceRowFragment>[] = [
    {
      key: 'name',
      head: 'Source',
      cell: ({ id, name, globs }) => (
        <span className={classes.name}>
          <TextButton look="name" aria-expanded={opened === id} onClick={() => onOpen(opened === id ? null : id)}>
            {name}
          </TextButton>
          <span className={classes.globs} title={globs.join('\n')}>
            {globs.join(', ')}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      head: 'State',
      cell: ({ status }) => (
        <ToneBadge tone={STATES[status.state].tone} title={status.summary}>
          {STATES[status.state].word}
        </ToneBadge>
      ),
    },
    {
      key: 'files',
      head: 'Files',
      align: 'end',
      hide: 'phone',
      cell: ({ status }) => <Count value={status.fileCount} unit="file" />,
    },
    {
      key: 'read',
      head: 'Read',
      align: 'end',
      cell: ({ status: { sizeBytes, lagBytes, fileCount } }) =>
        fileCount === 0 ? (
          <span className="er-dim">–</span>
        ) : (
          <span title={`${formatBytes(sizeBytes - lagBytes)} of ${formatBytes(sizeBytes)}`}>
            {lagBytes === 0 ? 'all' : `${readPercent(sizeBytes, lagBytes)} %, ${formatBytes(lagBytes)} left`}
          </span>
        ),
    },
    {
      key: 'rate',
      head: 'Lines/s',
      align: 'end',
      hide: 'tablet',
      cell: ({ status }) => <Count value={Math.round(status.linesPerSecond)} unit="line" />,
    },
    {
      key: 'events',
      head: <span title="Since the watching began">Events</span>,
      align: 'end',
      hide: 'phone',
      cell: ({ status }) => <Count value={status.events} unit="event" />,
    },
    {
      key: 'error',
      head: 'Last error found',
      hide: 'phone',
      cell: ({ lastError }) =>
        lastError == null ? (
          <span className="er-dim">none yet</span>
        ) : (
          <span className={classes.error} title={lastError.title}>
            <TextLink to="/errors/$errorId" params={{ errorId: lastError.id }}>
              {lastError.title}
            </TextLink>{' '}
            <span className="er-dim">
              <RelativeTime at={lastError.lastSeen} suffix />
            </span>
          </span>
        ),
    },
    {
      key: 'menu',
      head: <span className="er-sr-only">Change</span>,
      align: 'end',
      width: '3rem',
      cell: (source) => (mayWrite ? <SourceMenu source={source} onEdit={onEdit} /> : null),
    },
  ];
  return (
    <DataTable
      caption="Log sources"
      columns={columns}
      rows={sources}
      rowKey={({ id }) => id}
      faded={({ enabled }) => !enabled}
      lines={2}
    />
  );
}

function SourceMenu({ source, onEdit }: { source: LogSourceRowFragment; onEdit: (source: LogSourceRowFragment) => void }) {
  const [pause] = useMutation(PauseLogSourceDocument, REFETCH);
  const [resume] = useMutation(ResumeLogSourceDocument, REFETCH);
  const [remove] = useMutation(DeleteLogSourceDocument, REFETCH);
  const [restore] = useMutation(RestoreLogSourceDocument, REFETCH);
  const { id, name, enabled } = source;
  const variables = { id };
  const setEnabled = async (wanted: boolean): Promise<void> => {
    if (wanted) resultOf((await resume({ variables })).data?.resumeLogSource);
    else resultOf((await pause({ variables })).data?.pauseLogSource);
    toast({
      message: wanted ? `“${name}” goes on where it stopped.` : `“${name}” is paused.`,
      undo: () => setEnabled(!wanted),
      id: `log-source-${id}`,
    });
  };
  const takeBack = async () => {
    resultOf((await restore({ variables })).data?.restoreLogSource);
  };
  const drop = async () => {
    resultOf((await remove({ variables })).data?.deleteLogSource);
    toast({ message: `“${name}” is no longer watched. The errors it found stay.`, undo: takeBack, id: `log-source-${id}` });
  };
  const run = (work: () => Promise<void>) => () =>
    void work().catch((error: unknown) => toast({ message: messageOf(error), kind: 'failed' }));
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`Change ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onEdit(source)}>
          Settings
        </Menu.Item>
        {enabled ? (
          <Menu.Item leftSection={<IconPlayerPause size={15} />} onClick={run(() => setEnabled(false))}>
            Pause
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPlay size={15} />} onClick={run(() => setEnabled(true))}>
            Resume
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={run(drop)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
