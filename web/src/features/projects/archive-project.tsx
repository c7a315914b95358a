import { useMutation } from '@apollo/client/react';
import { ArchiveProjectDocument, type ProjectDetailFragment, RestoreProjectDocument } from '@errata/schema';
import { Button } from '@mantine/core';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Panel } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './projects.module.css';

/** Archives a project, or brings it back. */
export function useArchiving(project: Pick<ProjectDetailFragment, 'id' | 'name'>): {
  archive: () => Promise<void>;
  restore: () => Promise<void>;
} {
  const options = { refetchQueries: ['ProjectNames'] };
  const [archiveProject] = useMutation(ArchiveProjectDocument, options);
  const [restoreProject] = useMutation(RestoreProjectDocument, options);
  const restore = async () => {
    try {
      resultOf((await restoreProject({ variables: { id: project.id } })).data?.restoreProject);
      toast({ message: `${project.name} takes events again.`, id: `project-${project.id}` });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  const archive = async () => {
    try {
      resultOf((await archiveProject({ variables: { id: project.id } })).data?.archiveProject);
      toast({ message: `${project.name} was archived.`, undo: restore, id: `project-${project.id}` });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  return { archive, restore };
}

/** The last box of the settings: out of use, or back into it. */
export function ArchivePanel({ project }: { project: ProjectDetailFragment }) {
  const { archive, restore } = useArchiving(project);
  return (
    <Panel title={project.status === 'ARCHIVED' ? 'Archived' : 'Archive'}>
      <div className={classes.danger}>
        {project.status === 'ARCHIVED' ? (
          <>
            <p>Its keys are refused and it stands in no list. Everything it reported is still there.</p>
            <Button onClick={restore}>Restore project</Button>
          </>
        ) : (
          <>
            <p>
              Takes the project out of use: its keys are refused and it leaves the lists. Nothing is deleted, and it can be
              restored.
            </p>
            <ConfirmButton
              color="red"
              question={`What the SDKs of ${project.name} send is refused from now on.`}
              confirm="Archive"
              onConfirm={archive}
            >
              Archive project
            </ConfirmButton>
          </>
        )}
      </div>
    </Panel>
  );
}
