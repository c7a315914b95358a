import { useMutation } from '@apollo/client/react';
import { UpdateUserDocument, type UserRowFragment } from '@errata/schema';
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { useViewer } from '../../lib/viewer.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './access.module.css';
import { EditUserDialog } from './edit-user-dialog.tsx';
import { roleWords } from './roles.ts';

/** Who is here. People who may not change anything see no menus. */
export function UsersTable({ users }: { users: readonly UserRowFragment[] }) {
  const { viewer, can } = useViewer();
  const [editing, setEditing] = useState<UserRowFragment | null>(null);
  const [update] = useMutation(UpdateUserDocument);
  const setDisabled = async (user: UserRowFragment, disabled: boolean) => {
    try {
      resultOf((await update({ variables: { id: user.id, input: { disabled } } })).data?.updateUser);
      toast({
        message: disabled ? `${user.name} can no longer sign in.` : `${user.name} can sign in again.`,
        undo: () => setDisabled(user, !disabled),
        id: `user-${user.id}`,
      });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  const mayChange = (user: UserRowFragment) => can('users:write') && (user.role !== 'OWNER' || can('owners:write'));
  const columns: Column<UserRowFragment>[] = [
    {
      key: 'name',
      head: 'Name',
      width: '17rem',
      cell: (user) => (
        <span className={classes.two}>
          <span>
            {user.name} {user.id === viewer?.user.id && <ToneBadge tone="green">you</ToneBadge>}{' '}
            {user.disabled && <ToneBadge tone="red">disabled</ToneBadge>}
          </span>
          <span>{user.email}</span>
        </span>
      ),
    },
    { key: 'role', head: 'Role', cell: ({ role }) => <ToneBadge tone={roleWords(role).tone}>{roleWords(role).name}</ToneBadge> },
    { key: 'projects', head: 'Projects', hide: 'phone', cell: (user) => <ProjectNames user={user} /> },
    { key: 'seen', head: 'Last seen', hide: 'phone', cell: (user) => <RelativeTime at={user.lastSeenAt} suffix /> },
    { key: 'since', head: 'Joined', hide: 'tablet', cell: (user) => <RelativeTime at={user.createdAt} suffix /> },
    {
      key: 'menu',
      head: <span className="er-sr-only">Change</span>,
      align: 'end',
      width: '3rem',
      cell: (user) =>
        mayChange(user) ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={`Change ${user.name}`}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setEditing(user)}>
                Name, role, projects
              </Menu.Item>
              {user.id !== viewer?.user.id && (
                <Menu.Item
                  leftSection={user.disabled ? <IconUserCheck size={15} /> : <IconUserOff size={15} />}
                  onClick={() => setDisabled(user, !user.disabled)}
                >
                  {user.disabled ? 'Let sign in again' : 'Disable'}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        ) : null,
    },
  ];
  return (
    <>
      <DataTable
        caption="People"
        lines={2}
        columns={columns}
        rows={users}
        rowKey={(user) => String(user.id)}
        faded={(user) => user.disabled}
      />
      <EditUserDialog user={editing} onClose={() => setEditing(null)} />
    </>
  );
}

function ProjectNames({ user }: { user: UserRowFragment }) {
  if (roleWords(user.role).seesAll) return <span className="er-dim">all</span>;
  if (user.projects.length === 0) return <span className="er-dim">none yet</span>;
  return <>{user.projects.map((project) => project.name).join(', ')}</>;
}
