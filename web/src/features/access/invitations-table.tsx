import { useMutation } from '@apollo/client/react';
import { type InvitationRowFragment, RevokeInvitationDocument } from '@errata/schema';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { toMs } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toast } from '../../ui/toast.tsx';
import { roleWords } from './roles.ts';

/** An invitation that can still be used. */
export const isOpen = (invitation: Pick<InvitationRowFragment, 'acceptedAt' | 'expiresAt'>, now = Date.now()): boolean =>
  invitation.acceptedAt === null && toMs(invitation.expiresAt) > now;

/** Invitations that nobody has used yet. */
export function InvitationsTable({ invitations }: { invitations: readonly InvitationRowFragment[] }) {
  const [revoke] = useMutation(RevokeInvitationDocument, { refetchQueries: ['Invitations'] });
  const takeBack = async (id: string) => {
    try {
      resultOf((await revoke({ variables: { id } })).data?.revokeInvitation);
      toast({ message: 'The link no longer works.' });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  const columns: Column<InvitationRowFragment>[] = [
    { key: 'for', head: 'For', cell: ({ email }) => email ?? <span className="er-dim">anybody with the link</span> },
    { key: 'role', head: 'Role', cell: ({ role }) => <ToneBadge tone={roleWords(role).tone}>{roleWords(role).name}</ToneBadge> },
    {
      key: 'projects',
      head: 'Projects',
      hide: 'phone',
      cell: ({ role, projects }) =>
        roleWords(role).seesAll ? (
          <span className="er-dim">all</span>
        ) : (
          projects.map((project) => project.name).join(', ') || <span className="er-dim">none yet</span>
        ),
    },
    { key: 'by', head: 'By', hide: 'tablet', cell: ({ createdBy }) => createdBy?.name ?? '–' },
    { key: 'lapses', head: 'Lapses', hide: 'phone', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
    {
      key: 'revoke',
      head: <span className="er-sr-only">Take back</span>,
      align: 'end',
      cell: ({ id }) => (
        <ConfirmButton
          size="compact-xs"
          question="The link stops working at once."
          confirm="Take back"
          onConfirm={() => takeBack(String(id))}
        >
          Take back
        </ConfirmButton>
      ),
    },
  ];
  return <DataTable caption="Open invitations" columns={columns} rows={invitations} rowKey={({ id }) => String(id)} />;
}
