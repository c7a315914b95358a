import type { DsnKeyFieldsFragment } from '@errata/schema';
import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { KeyDialog, RotateDialog } from '../features/projects/key-dialog.tsx';
import { KeysTable } from '../features/projects/keys-table.tsx';
import { useProject } from '../features/projects/use-project.ts';
import { useViewer } from '../lib/viewer.ts';
import { Panel } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

const route = getRouteApi('/shell/projects/$slug');

/** The keys with which programs report to a project. */
export function ProjectKeysPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const state = useProject(slug);
  const [editing, setEditing] = useState<DsnKeyFieldsFragment | 'new' | null>(null);
  const [rotating, setRotating] = useState<DsnKeyFieldsFragment | null>(null);
  if (state.kind !== 'ready') return null;
  const { project } = state;
  const mayWrite = can('projects:write');
  const create = mayWrite ? (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setEditing('new')}>
      Create a key
    </Button>
  ) : null;
  return (
    <>
      <Panel title="Keys" note="one per program or team lets you stop one without the others" actions={create} padded={false}>
        {project.keys.length === 0 ? (
          <EmptyState icon={IconKey} title="No keys" actions={create}>
            Without a key nothing can report to this project.
          </EmptyState>
        ) : (
          <KeysTable keys={project.keys} mayWrite={mayWrite} onEdit={setEditing} onRotate={setRotating} />
        )}
      </Panel>
      <KeyDialog projectId={String(project.id)} subject={editing} onClose={() => setEditing(null)} />
      <RotateDialog subject={rotating} onClose={() => setRotating(null)} />
    </>
  );
}
