import { useQuery } from '@apollo/client/react';
import { ReleaseSourceMapsDocument, type SourceMapsTable_BundleFragment } from '@errata/schema';
import { useState } from 'react';
import { messageOf } from '../../lib/refusal.ts';
import { Panel } from '../../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import { BundleFiles } from './bundle-files.tsx';
import { SourceMapsTable } from './source-maps-table.tsx';

/** The source maps of one release, for its page. */
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
  return (
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
  );
}
