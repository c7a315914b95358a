import { useMutation, useQuery } from '@apollo/client/react';
import { ProjectMembersDocument, UpdateUserDocument, type UserRowFragment, UsersDocument } from '@errata/schema';
import { Button, Select } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { useViewer } from '../../lib/viewer.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './projects.module.css';

/** Owners and administrators see every project and are not listed as its members by hand. */
const seesAll = (role: string) => role === 'ADMIN' || role === 'OWNER';

/** Who sees a project; those who manage people add and remove here. */
export function Members({ slug, projectId }: { slug: string; projectId: string }) {
  const { can } = useViewer();
  const mayChange = can('users:write');
  const { data, error, loading, refetch } = useQuery(ProjectMembersDocument, { variables: { slug } });
  const users = useQuery(UsersDocument, { skip: !mayChange });
  const [update] = useMutation(UpdateUserDocument, { refetchQueries: ['ProjectMembers'], awaitRefetchQueries: true });
  const members = data?.project?.members;
  if (members === undefined) {
    return (
      <Panel padded={false}>
        {error === undefined ? (
          <LoadingRows rows={4} lines={2} head />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
        )}
      </Panel>
    );
  }
  const all = users.data?.users ?? [];
  const setMember = async (user: UserRowFragment, member: boolean) => {
    const others = user.projects.map((project) => String(project.id)).filter((id) => id !== projectId);
    try {
      const { data: answer } = await update({
        variables: { id: user.id, input: { projectIds: member ? [...others, projectId] : others } },
      });
      resultOf(answer?.updateUser);
      toast({ message: member ? `${user.name} sees this project now.` : `${user.name} no longer sees this project.` });
    } catch (thrown) {
      toast({ message: messageOf(thrown), kind: 'failed' });
    }
  };
  const columns: Column<(typeof members)[number]>[] = [
    {
      key: 'name',
      head: 'Name',
      cell: (user) => (
        <span className={classes.name}>
          {user.name} {user.disabled && <ToneBadge tone="red">disabled</ToneBadge>}
          <small>{user.email}</small>
        </span>
      ),
    },
    {
      key: 'why',
      head: 'Sees it as',
      cell: ({ role }) => (seesAll(role) ? `${role.toLowerCase()}, like every project` : `member, ${role.toLowerCase()}`),
    },
    { key: 'seen', head: 'Last seen', hide: 'phone', cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} suffix /> },
    {
      key: 'remove',
      head: <span className="er-sr-only">Remove</span>,
      align: 'end',
      cell: (user) => {
        const row = all.find((one) => one.id === user.id);
        return mayChange && row !== undefined && !seesAll(user.role) ? (
          <Button size="compact-xs" variant="default" onClick={() => setMember(row, false)}>
            Remove
          </Button>
        ) : null;
      },
    },
  ];
  const ids = new Set(members.map((user) => user.id));
  const addable = all.filter((user) => !ids.has(user.id) && !user.disabled && !seesAll(user.role));
  return (
    <Panel
      title="Members"
      padded={false}
      actions={mayChange && addable.length > 0 && <Add users={addable} onAdd={(user) => setMember(user, true)} />}
    >
      {members.length === 0 ? (
        <EmptyState icon={IconUsers} title="Nobody sees this project">
          Operators and viewers see only the projects they are members of.
        </EmptyState>
      ) : (
        <DataTable
          caption="Members"
          lines={2}
          columns={columns}
          rows={members}
          rowKey={(user) => String(user.id)}
          faded={(user) => user.disabled}
        />
      )}
    </Panel>
  );
}

function Add({ users, onAdd }: { users: readonly UserRowFragment[]; onAdd: (user: UserRowFragment) => Promise<void> }) {
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Select
      size="xs"
      w={220}
      aria-label="Add a member"
      placeholder="Add a member…"
      data={users.map((user) => ({ value: String(user.id), label: `${user.name} (${user.email})` }))}
      value={chosen}
      searchable
      nothingFoundMessage="Nobody is called that"
      onChange={(id) => {
        const user = users.find((one) => String(one.id) === id);
        if (user === undefined) return;
        setChosen(id);
        void onAdd(user).finally(() => setChosen(null));
      }}
    />
  );
}
