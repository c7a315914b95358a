import { useQuery } from '@apollo/client/react';
import { InvitationsDocument, UsersDocument } from '@errata/schema';
import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { InvitationsTable, isOpen } from '../features/access/invitations-table.tsx';
import { InviteDialog } from '../features/access/invite-dialog.tsx';
import { RolesExplained } from '../features/access/roles-explained.tsx';
import { UsersTable } from '../features/access/users-table.tsx';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

const route = getRouteApi('/shell/people');

/** Who is here, who is invited, and what the roles mean. */
export function PeoplePage() {
  const { can } = useViewer();
  const mayInvite = can('users:write');
  const { invite = false } = route.useSearch();
  const navigate = route.useNavigate();
  const setInvite = (open: boolean) => void navigate({ search: open ? { invite: true } : {}, replace: true });
  return (
    <Page>
      <PageHeader
        title="People"
        actions={
          mayInvite && (
            <Button leftSection={<IconUserPlus size={15} />} onClick={() => setInvite(true)}>
              Invite somebody
            </Button>
          )
        }
      />
      <Panel padded={false}>
        <Users />
      </Panel>
      {mayInvite && <Invitations />}
      <RolesExplained />
      {mayInvite && <InviteDialog opened={invite} onClose={() => setInvite(false)} />}
    </Page>
  );
}

function Users() {
  const { data, error, loading, refetch } = useQuery(UsersDocument);
  if (data !== undefined) return <UsersTable users={data.users} />;
  return error === undefined ? (
    <LoadingRows rows={3} lines={2} head />
  ) : (
    <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
  );
}

function Invitations() {
  const { data, error, loading, refetch } = useQuery(InvitationsDocument);
  const open = data?.invitations.filter((invitation) => isOpen(invitation));
  return (
    <Panel title="Open invitations" padded={false}>
      {open === undefined ? (
        error === undefined ? (
          <LoadingRows rows={1} head />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
        )
      ) : open.length === 0 ? (
        <EmptyState compact title="Nobody is invited at the moment">
          An invitation is a link: send it however you like. It works once, for seven days.
        </EmptyState>
      ) : (
        <InvitationsTable invitations={open} />
      )}
    </Panel>
  );
}
