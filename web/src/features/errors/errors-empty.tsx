import { Button } from '@mantine/core';
import { IconCircleCheck, IconFilterOff, IconFolderPlus } from '@tabler/icons-react';
import { ButtonLink } from '../../ui/link.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { DEFAULT_VIEW, type ErrorsView, filterCount } from './errors-search.ts';

/** Why there are no rows, and what to do about it. */
export function ErrorsEmpty({
  view,
  anyProject,
  onChange,
}: {
  view: ErrorsView;
  anyProject: boolean;
  onChange: (view: ErrorsView) => void;
}) {
  if (!anyProject) {
    return (
      <EmptyState icon={IconFolderPlus} title="No project yet" actions={<ButtonLink to="/projects">Go to projects</ButtonLink>}>
        A project has the address (DSN) that your programs report to. Once one reports an error, it stands here.
      </EmptyState>
    );
  }
  const narrowed = filterCount({ ...view, projects: [] }) > 0 || view.text !== '';
  if (narrowed) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="No error matches"
        actions={
          <>
            <Button variant="default" onClick={() => onChange({ ...DEFAULT_VIEW, projects: view.projects })}>
              Clear search and filters
            </Button>
            {view.statuses === 'all' ? null : (
              <Button variant="subtle" onClick={() => onChange({ ...view, statuses: 'all' })}>
                Look in every status
              </Button>
            )}
          </>
        }
      >
        New errors that match appear here by themselves.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconCircleCheck}
      title="Nothing is unresolved"
      actions={
        <>
          <Button variant="default" onClick={() => onChange({ ...view, statuses: 'all' })}>
            Show resolved and archived
          </Button>
          <ButtonLink to="/projects" variant="subtle">
            Set up a program
          </ButtonLink>
        </>
      }
    >
      New errors appear here by themselves, within a second.
    </EmptyState>
  );
}
