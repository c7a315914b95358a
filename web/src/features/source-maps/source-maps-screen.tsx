import { useMutation, useQuery } from '@apollo/client/react';
import { DeleteArtifactBundlesDocument, ProjectSourceMapsDocument, type SourceMapsTable_BundleFragment } from '@errata/schema';
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMap2, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { Figure, Figures } from '../../ui/figure.tsx';
import { formatBytes, formatWhole } from '../../ui/format.ts';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Panel } from '../../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { BundleFiles } from './bundle-files.tsx';
import { HowToUpload } from './how-to-upload.tsx';
import { SourceMapsTable } from './source-maps-table.tsx';

const FIRST = 50;
const MOST = 200;

/** The source maps of a project: what was uploaded, what it takes up, how to upload more. */
export function SourceMapsScreen({ slug, mayWrite }: { slug: string; mayWrite: boolean }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const [first, setFirst] = useState(FIRST);
  const [opened, setOpened] = useState<SourceMapsTable_BundleFragment | null>(null);
  const [remove] = useMutation(DeleteArtifactBundlesDocument);
  const { data, previousData, error, loading, refetch } = useQuery(ProjectSourceMapsDocument, {
    variables: { slug, search: search === '' ? null : search, first },
    fetchPolicy: 'cache-and-network',
    pollInterval: 15_000, // uploads come from builds, and their state changes within seconds
  });
  const project = (data ?? previousData)?.project;
  if (project === undefined || project === null) {
    return (
      <Panel title="Source maps" padded={false}>
        {error === undefined ? (
          <LoadingRows rows={5} lines={2} head />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} />
        )}
      </Panel>
    );
  }
  const { artifactBundles: bundles, artifactUsage: usage } = project;
  const drop = async (bundle: SourceMapsTable_BundleFragment) => {
    try {
      resultOf((await remove({ variables: { ids: [String(bundle.id)] } })).data?.deleteArtifactBundles);
      await refetch();
      toast({ message: 'The upload was deleted.' });
    } catch (fault) {
      toast({ message: messageOf(fault), kind: 'failed' });
    }
  };
  if (usage.bundles === 0)
    return (
      <Panel title="Source maps">
        <EmptyState icon={IconMap2} title="No source maps yet">
          With them, stacks of minified scripts show the original files, functions and lines – those of events that came before
          the upload, too.
        </EmptyState>
        <HowToUpload slug={slug} mayWrite={mayWrite} />
      </Panel>
    );
  const full = usage.storedBytes / usage.quotaBytes;
  return (
    <>
      <Figures>
        <Figure label="Uploads" value={formatWhole(usage.bundles)} />
        <Figure label="Source maps" value={formatWhole(usage.maps)} />
        <Figure
          label="On disk"
          value={formatBytes(usage.storedBytes)}
          note={`of ${formatBytes(usage.quotaBytes)}; beyond that the oldest go`}
          tone={full > 0.9 ? 'amber' : undefined}
        />
        <Figure
          label="Kept"
          value={formatWhole(usage.retentionDays)}
          unit="days"
          note="unused; longer while their release sends"
        />
      </Figures>
      <Panel
        title="Uploads"
        note="newest first"
        padded={false}
        actions={
          <TextInput
            size="xs"
            aria-label="Search uploads"
            placeholder="Release, file or debug id"
            leftSection={<IconSearch size={14} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        }
      >
        {bundles.length === 0 ? (
          <EmptyState
            title="Nothing like that was uploaded"
            compact
            actions={
              <Button variant="default" onClick={() => setTyped('')}>
                Show all
              </Button>
            }
          >
            The search looks at releases, addresses of files and debug ids.
          </EmptyState>
        ) : (
          <SourceMapsTable bundles={bundles} onOpen={setOpened} onDelete={mayWrite ? drop : undefined} />
        )}
        {bundles.length >= first && first < MOST && <MoreRows loading={loading} onMore={() => setFirst(MOST)} />}
      </Panel>
      <Panel title="Upload from a build">
        <HowToUpload slug={slug} mayWrite={mayWrite} />
      </Panel>
      <BundleFiles slug={slug} bundle={opened} onClose={() => setOpened(null)} />
    </>
  );
}
