import { useQuery } from '@apollo/client/react';
import { ApiTokensDocument } from '@errata/schema';
import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { TokenDialog } from '../features/access/token-dialog.tsx';
import { TokensTable } from '../features/access/tokens-table.tsx';
import { messageOf } from '../lib/refusal.ts';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

/** Tokens for scripts and other programs. */
export function TokensPage() {
  const [creating, setCreating] = useState(false);
  const { data, error, loading, refetch } = useQuery(ApiTokensDocument);
  const create = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
      Create a token
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title="API tokens"
        description="For scripts and other programs that talk to /graphql. A token acts for whoever made it, within its scopes."
        actions={data === undefined || data.apiTokens.length === 0 ? null : create}
      />
      <Panel padded={false}>
        {data === undefined ? (
          error === undefined ? (
            <LoadingRows rows={4} lines={2} head />
          ) : (
            <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
          )
        ) : data.apiTokens.length === 0 ? (
          <EmptyState icon={IconKey} title="No tokens yet" actions={create}>
            A token lets a script read errors, follow them live with a subscription, or resolve them.
          </EmptyState>
        ) : (
          <TokensTable tokens={data.apiTokens} />
        )}
      </Panel>
      <TokenDialog opened={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}
