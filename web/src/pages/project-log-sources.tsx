import { useQuery } from '@apollo/client/react';
import { type LogSourceSettingsFragment, ProjectLogSourcesDocument } from '@errata/schema';
import { Button } from '@mantine/core';
import { IconFileSearch, IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { LogFilesPanel } from '../features/log-sources/log-files-panel.tsx';
import { LogSourcesTable } from '../features/log-sources/log-sources-table.tsx';
import { SourceDialog } from '../features/log-sources/source-dialog.tsx';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

const route = getRouteApi('/shell/projects/$slug');
const LIVE_MS = 2_000;

/** Log files in which errors of a project are looked for, and how the reading goes. */
export function ProjectLogSourcesPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const { data, error, loading, refetch } = useQuery(ProjectLogSourcesDocument, { variables: { slug }, pollInterval: LIVE_MS });
  const [editing, setEditing] = useState<LogSourceSettingsFragment | 'new' | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const project = data?.project;
  if (project === undefined || project === null) {
    return (
      <Panel title="Log files" padded={false}>
        {error === undefined ? (
          <LoadingRows rows={4} />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
        )}
      </Panel>
    );
  }
  const mayWrite = can('projects:write');
  const sources = project.logSources;
  const shown = sources.find(({ id }) => id === opened);
  const create = mayWrite ? (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setEditing('new')}>
      Watch files
    </Button>
  ) : undefined;
  return (
    <>
      <Panel
        title="Log files"
        note="errors are found in what programs write, without any SDK"
        actions={sources.length === 0 ? undefined : create}
        padded={false}
      >
        {sources.length === 0 ? (
          <EmptyState icon={IconFileSearch} title="No log files are watched" actions={create}>
            Name log files of this machine, or of another one with an agent, and every stack trace and error line in them becomes
            an event of this project, once. Rotation and restarts are taken care of.
            {mayWrite ? '' : ' An administrator can set this up.'}
          </EmptyState>
        ) : (
          <LogSourcesTable sources={sources} opened={opened} mayWrite={mayWrite} onOpen={setOpened} onEdit={setEditing} />
        )}
      </Panel>
      {shown !== undefined && <LogFilesPanel source={shown} onClose={() => setOpened(null)} />}
      <SourceDialog projectId={project.id} subject={editing} onClose={() => setEditing(null)} />
    </>
  );
}
