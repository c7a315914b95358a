import { IconFolderPlus, IconPlugConnected } from '@tabler/icons-react';
import { ButtonLink } from '../../ui/link.tsx';
import { Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';

/** The overview before there is anything to see: the next step towards the first error. */
export function OverviewEmpty({
  projects,
  mayCreate,
}: {
  projects: readonly { slug: string; name: string }[];
  mayCreate: boolean;
}) {
  const [first] = projects;
  if (first === undefined) {
    return (
      <Panel>
        <EmptyState
          icon={IconFolderPlus}
          title="Start with a project"
          actions={mayCreate ? <ButtonLink to="/projects/new">Create a project</ButtonLink> : undefined}
        >
          {mayCreate
            ? 'A project stands for a program. It gets an address (DSN) that the program’s Sentry SDK reports to.'
            : 'You do not see any project yet. An administrator can make you a member of one.'}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel>
      <EmptyState
        icon={IconPlugConnected}
        title="Waiting for the first error"
        actions={
          <>
            <ButtonLink to="/projects/$slug/setup" params={{ slug: first.slug }}>
              Set up {first.name}
            </ButtonLink>
            {projects.length > 1 ? (
              <ButtonLink to="/projects" variant="subtle">
                Other projects
              </ButtonLink>
            ) : null}
          </>
        }
      >
        Put the project’s DSN into your program; any official Sentry SDK will do. Its first error appears here by itself.
      </EmptyState>
    </Panel>
  );
}
