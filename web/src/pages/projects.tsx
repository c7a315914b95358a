import { useQuery } from '@apollo/client/react';
import { ProjectsDocument } from '@errata/schema';
import { Switch } from '@mantine/core';
import { IconFolderPlus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ProjectsTable } from '../features/projects/projects-table.tsx';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { ButtonLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

/** The projects, with how each is doing. */
export function ProjectsPage() {
  const { can } = useViewer();
  const [archived, setArchived] = useState(false);
  const { data, previousData, error, loading, refetch } = useQuery(ProjectsDocument, {
    variables: { includeArchived: archived },
    pollInterval: 30_000,
  });
  const projects = (data ?? previousData)?.projects;
  const create = can('projects:write') ? (
    <ButtonLink to="/projects/new" leftSection={<IconPlus size={15} />}>
      Create a project
    </ButtonLink>
  ) : null;
  return (
    <Page>
      <PageHeader
        title="Projects"
        actions={
          <>
            <Switch
              size="xs"
              label="Show archived"
              checked={archived}
              onChange={(event) => setArchived(event.currentTarget.checked)}
            />
            {create}
          </>
        }
      />
      <Panel padded={false}>
        {projects === undefined ? (
          error === undefined ? (
            <LoadingRows rows={4} lines={2} head />
          ) : (
            <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
          )
        ) : projects.length === 0 ? (
          <EmptyState
            icon={IconFolderPlus}
            title={can('projects:write') ? 'No project yet' : 'You are not a member of a project yet'}
            actions={create}
          >
            {can('projects:write')
              ? 'A project is a program, or a group of them, that reports its errors with one DSN.'
              : 'An administrator can add you to one.'}
          </EmptyState>
        ) : (
          <ProjectsTable projects={projects} />
        )}
      </Panel>
    </Page>
  );
}
