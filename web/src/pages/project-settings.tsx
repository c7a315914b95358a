import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ArchivePanel } from '../features/projects/archive-project.tsx';
import { ProjectSettingsForm } from '../features/projects/project-settings-form.tsx';
import { useProject } from '../features/projects/use-project.ts';
import { useViewer } from '../lib/viewer.ts';

const route = getRouteApi('/shell/projects/$slug');

/** Name, scrubbing, own code, limit; archive. */
export function ProjectSettingsPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const navigate = useNavigate();
  const state = useProject(slug);
  if (state.kind !== 'ready') return null;
  const mayWrite = can('projects:write');
  const follow = (renamed: string) => void navigate({ to: '/projects/$slug/settings', params: { slug: renamed }, replace: true });
  return (
    <>
      <ProjectSettingsForm key={state.project.id} project={state.project} readOnly={!mayWrite} onSlug={follow} />
      {mayWrite && <ArchivePanel project={state.project} />}
    </>
  );
}
