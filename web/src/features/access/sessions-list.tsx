import { useMutation, useQuery } from '@apollo/client/react';
import { RevokeSessionDocument, type SessionRowFragment, SessionsDocument } from '@errata/schema';
import { IconDeviceLaptop, IconDeviceMobile, IconTerminal2 } from '@tabler/icons-react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { FailedState, LoadingRows } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './access.module.css';
import { deviceOf } from './user-agent.ts';

const ICONS = { desktop: IconDeviceLaptop, phone: IconDeviceMobile, program: IconTerminal2 };

function DeviceCell({ session }: { session: SessionRowFragment }) {
  const device = deviceOf(session.userAgent);
  const Icon = ICONS[device.kind];
  return (
    <span className={classes.who} title={session.userAgent ?? undefined}>
      <Icon size={18} stroke={1.6} />
      <span>{device.name}</span>
      {session.current && <ToneBadge tone="green">this one</ToneBadge>}
    </span>
  );
}

/** Where one is signed in, with a way to end each of them. */
export function SessionsList() {
  const { data, error, loading, refetch } = useQuery(SessionsDocument);
  const [revoke] = useMutation(RevokeSessionDocument, { refetchQueries: ['Sessions'] });
  const end = async (id: string) => {
    try {
      resultOf((await revoke({ variables: { id } })).data?.revokeSession);
      toast({ message: 'The session was ended.' });
    } catch (thrown) {
      toast({ message: messageOf(thrown), kind: 'failed' });
    }
  };
  if (data === undefined) {
    return error === undefined ? (
      <LoadingRows rows={2} head />
    ) : (
      <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
    );
  }
  const columns: Column<SessionRowFragment>[] = [
    { key: 'device', head: 'Device', cell: (session) => <DeviceCell session={session} /> },
    { key: 'ip', head: 'Address', hide: 'phone', cell: (session) => <span className="er-mono">{session.ip ?? '–'}</span> },
    { key: 'since', head: 'Signed in', hide: 'tablet', cell: (session) => <RelativeTime at={session.createdAt} suffix /> },
    { key: 'seen', head: 'Last seen', cell: (session) => <RelativeTime at={session.lastSeenAt} suffix /> },
    {
      key: 'end',
      head: <span className="er-sr-only">End</span>,
      align: 'end',
      cell: (session) =>
        session.current ? null : (
          <ConfirmButton
            size="compact-xs"
            question="Whoever uses it there is signed out at once."
            confirm="End session"
            onConfirm={() => end(String(session.id))}
          >
            End
          </ConfirmButton>
        ),
    },
  ];
  return <DataTable caption="Sessions" columns={columns} rows={data.sessions} rowKey={(session) => String(session.id)} />;
}
