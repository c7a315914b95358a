import { useQuery } from '@apollo/client/react';
import { ReleaseSourceMapsDocument, type ReleaseSourceMapsQuery, type SourceMapsTable_BundleFragment } from '@errata/schema';
import { useState } from 'react';
import { messageOf } from '../../lib/refusal.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import { BundleFiles } from './bundle-files.tsx';
import classes from './source-maps.module.css';
import { SourceMapsTable } from './source-maps-table.tsx';

type Told = NonNullable<ReleaseSourceMapsQuery['release']>;

const DEPLOYS: Column<Told['deploys'][number]>[] = [
  { key: 'environment', head: 'Environment', cell: (deploy) => deploy.environment },
  { key: 'name', head: 'Name', hide: 'phone', cell: ({ name }) => name ?? <span className="er-dim">–</span> },
  { key: 'at', head: 'Finished', cell: ({ finishedAt }) => <RelativeTime at={finishedAt} suffix /> },
];
const COMMITS: Column<Told['commits'][number]>[] = [
  {
    key: 'commit',
    head: 'Commit',
    cell: ({ commit, message, repository }) => (
      <span className={classes.release}>
        <span>{message?.split('\n')[0] ?? commit.slice(0, 12)}</span>
        <span className={classes.id}>
          {commit.slice(0, 12)}
          {repository === null ? '' : ` in ${repository}`}
        </span>
      </span>
    ),
  },
  { key: 'author', head: 'Author', hide: 'phone', cell: ({ authorName }) => authorName ?? <span className="er-dim">–</span> },
];

/** What a build told of one release, for its page: deploys, commits, source maps. */
export function ReleaseSourceMaps({ projectId, version }: { projectId: string; version: string }) {
  const [opened, setOpened] = useState<SourceMapsTable_BundleFragment | null>(null);
  const { data, error, refetch } = useQuery(ReleaseSourceMapsDocument, { variables: { projectId, release: version } });
  const project = data?.project;
  if (project === undefined || project === null)
    return (
      <Panel title="Source maps" padded={false}>
        {error === undefined ? (
          <LoadingRows rows={1} lines={2} head />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} />
        )}
      </Panel>
    );
  const { deploys = [], commits = [] } = data?.release ?? {};
  return (
    <>
      {deploys.length > 0 && (
        <Panel title="Deploys" note="as the build told" padded={false}>
          <DataTable caption="Deploys" columns={DEPLOYS} rows={deploys} rowKey={(deploy) => String(deploy.id)} />
        </Panel>
      )}
      {commits.length > 0 && (
        <Panel title="Commits" note="newest first" padded={false}>
          <DataTable caption="Commits" columns={COMMITS} rows={commits} rowKey={(one) => one.commit} lines={2} />
        </Panel>
      )}
      <Panel title="Source maps" padded={false}>
        {project.artifactBundles.length === 0 ? (
          <EmptyState compact title="No source maps were uploaded under this release">
            Maps that are found by debug id need none.
          </EmptyState>
        ) : (
          <SourceMapsTable bundles={project.artifactBundles} onOpen={setOpened} />
        )}
        <BundleFiles slug={project.slug} bundle={opened} onClose={() => setOpened(null)} />
      </Panel>
    </>
  );
}
