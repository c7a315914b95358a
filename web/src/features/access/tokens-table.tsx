import { useMutation } from '@apollo/client/react';
import { type ApiTokenRowFragment, RevokeApiTokenDocument } from '@errata/schema';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { useViewer } from '../../lib/viewer.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { toMs } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useNow } from '../../ui/ticker.ts';
import { toast } from '../../ui/toast.tsx';
import classes from './access.module.css';

function Expiry({ at }: { at: string | null }) {
  const over = useNow((now) => at !== null && toMs(at) <= now);
  if (at === null) return <span className="er-dim">never</span>;
  return over ? <ToneBadge tone="red">expired</ToneBadge> : <RelativeTime at={at} />;
}

/** API tokens with what they may do; revoking takes effect at once. */
export function TokensTable({ tokens }: { tokens: readonly ApiTokenRowFragment[] }) {
  const { viewer, can } = useViewer();
  const [revoke] = useMutation(RevokeApiTokenDocument, { refetchQueries: ['ApiTokens'] });
  const end = async (id: string) => {
    try {
      resultOf((await revoke({ variables: { id } })).data?.revokeApiToken);
      toast({ message: 'The token no longer works.' });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  const others = tokens.some((token) => token.user.id !== viewer?.user.id);
  const columns: Column<ApiTokenRowFragment>[] = [
    {
      key: 'name',
      head: 'Name',
      cell: (token) => (
        <span className={classes.two}>
          <span>{token.name}</span>
          <span className="er-mono">{token.prefix}…</span>
        </span>
      ),
    },
    {
      key: 'scopes',
      head: 'May',
      hide: 'phone',
      cell: (token) => (
        <span className={classes.badges}>
          {token.scopes.map((scope) => (
            <ToneBadge key={scope} tone={/write|delete/.test(scope) ? 'orange' : 'grey'}>
              {scope}
            </ToneBadge>
          ))}
        </span>
      ),
    },
    {
      key: 'projects',
      head: 'Projects',
      hide: 'tablet',
      cell: ({ projects }) =>
        projects === null ? <span className="er-dim">all of theirs</span> : projects.map((project) => project.name).join(', '),
    },
    ...(others
      ? [{ key: 'user', head: 'Of', hide: 'tablet' as const, cell: (token: ApiTokenRowFragment) => token.user.name }]
      : []),
    {
      key: 'used',
      head: 'Last used',
      hide: 'phone',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span className="er-dim">never</span> : <RelativeTime at={lastUsedAt} suffix />,
    },
    { key: 'expires', head: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
    {
      key: 'revoke',
      head: <span className="er-sr-only">Revoke</span>,
      align: 'end',
      cell: (token) =>
        token.user.id === viewer?.user.id || can('users:write') ? (
          <ConfirmButton
            size="compact-xs"
            question={`Whatever uses “${token.name}” is refused from now on.`}
            confirm="Revoke"
            onConfirm={() => end(String(token.id))}
          >
            Revoke
          </ConfirmButton>
        ) : null,
    },
  ];
  return <DataTable caption="API tokens" lines={2} columns={columns} rows={tokens} rowKey={(token) => String(token.id)} />;
}
