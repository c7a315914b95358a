import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { ReleasesDocument } from '@errata/schema';
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconRocket, IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import classes from '../features/releases/releases.module.css';
import { type ReleasesSearch, SORTS, SPANS, sortOf, spanOf } from '../features/releases/releases-search.ts';
import { ReleasesTable } from '../features/releases/releases-table.tsx';
import { useProjectScope } from '../lib/project-scope.ts';
import { messageOf } from '../lib/refusal.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { formatWhole } from '../ui/format.ts';
import { MoreRows } from '../ui/more-rows.tsx';
import { FilterRow, Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

const route = getRouteApi('/shell/releases');

const NAME_IT = `Sentry.init({ dsn: '…', release: 'shop@1.4.0' });`;

const REFRESH_MS = 30_000;

/** Releases of the projects in scope: how each does, and what it brought. */
export function ReleasesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { projectIds } = useProjectScope();
  const span = spanOf(search);
  const variables = {
    projectIds: projectIds ?? null,
    query: search.q ?? null,
    environment: search.env ?? null,
    hours: span.hours,
    orderBy: sortOf(search).field,
  };
  const [grown, setGrown] = useState(false);
  const { data, previousData, error, networkStatus, refetch, fetchMore } = useQuery(ReleasesDocument, {
    variables,
    // A refresh brings the first page only: who has asked for more keeps what is there.
    pollInterval: grown ? 0 : REFRESH_MS,
    notifyOnNetworkStatusChange: true,
  });
  const answer = data ?? previousData;
  const shown = answer?.releases;
  const set = (changes: Partial<Record<keyof ReleasesSearch, string | undefined>>) => {
    setGrown(false);
    void navigate({ search: (before) => ({ ...before, ...changes }) as ReleasesSearch, replace: true });
  };
  const [moreFailed, setMoreFailed] = useState<string | null>(null);
  const more = () => {
    setMoreFailed(null);
    setGrown(true);
    fetchMore({ variables: { ...variables, after: shown?.pageInfo.endCursor } }).catch((reason: unknown) =>
      setMoreFailed(messageOf(reason)),
    );
  };
  const narrowed = search.q !== undefined || search.env !== undefined;
  const known = answer?.filterValues.environments.filter((name) => name !== '') ?? [];
  const environments = [...new Set([...known, ...(search.env === undefined ? [] : [search.env])])];
  return (
    <Page>
      <PageHeader
        title="Releases"
        description="Versions of your programs as their events and sessions name them: how many sessions crash, who uses what, what a version broke."
      />
      <FilterRow>
        <Search value={search.q ?? ''} onChange={(q) => set({ q: q === '' ? undefined : q })} />
        <Select
          size="xs"
          w={150}
          aria-label="Environment"
          placeholder="All environments"
          clearable
          data={environments}
          value={search.env ?? null}
          onChange={(env) => set({ env: env ?? undefined })}
        />
        <Select
          size="xs"
          w={140}
          aria-label="Order"
          allowDeselect={false}
          data={SORTS.map(({ value, label }) => ({ value, label }))}
          value={sortOf(search).value}
          onChange={(sort) => set({ sort: sort === null || sort === '' ? undefined : sort })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Span"
          data={SPANS.map(({ value, label }) => ({ value, label }))}
          value={span.value}
          onChange={(value) => set({ span: value === '7d' ? undefined : value })}
        />
      </FilterRow>
      <Panel
        padded={false}
        title={
          shown === undefined ? 'Releases' : `${formatWhole(shown.totalCount)} ${shown.totalCount === 1 ? 'release' : 'releases'}`
        }
        note={`health over ${span.label}`}
      >
        {shown === undefined ? (
          error === undefined ? (
            <LoadingRows rows={8} lines={2} head />
          ) : (
            <FailedState
              message={messageOf(error)}
              onRetry={() => void refetch()}
              retrying={networkStatus === NetworkStatus.refetch}
            />
          )
        ) : shown.edges.length === 0 ? (
          narrowed ? (
            <EmptyState
              icon={IconSearch}
              title={search.q === undefined ? `No release has sessions in ${search.env}` : 'No release like that'}
              actions={
                <Button variant="default" onClick={() => set({ q: undefined, env: undefined })}>
                  Show all
                </Button>
              }
            >
              {search.env === undefined
                ? 'Any part of a version can be looked for.'
                : `Of an environment only releases are shown that had sessions there within the last 90 days.`}
            </EmptyState>
          ) : (
            <>
              <EmptyState icon={IconRocket} title="No releases yet">
                Name the version in your SDK’s set-up, and each one stands here: its crash-free rate, its adoption, the errors it
                brought and those it mended.
              </EmptyState>
              <div className={classes.code}>
                <CodeBlock code={NAME_IT} title="Name the release" />
              </div>
            </>
          )
        ) : (
          <>
            <ReleasesTable releases={shown.edges.map(({ node }) => node)} />
            {shown.pageInfo.hasNextPage && (
              <MoreRows loading={networkStatus === NetworkStatus.fetchMore} failed={moreFailed} onMore={more} />
            )}
          </>
        )}
      </Panel>
    </Page>
  );
}

/** Words are looked for when they have stood for a moment. */
function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 250);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      size="xs"
      className={classes.grow}
      aria-label="Find a version"
      placeholder="Find a version"
      leftSection={<IconSearch size={14} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
