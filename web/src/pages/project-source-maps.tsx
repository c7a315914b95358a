import { getRouteApi } from '@tanstack/react-router';
import { useProject } from '../features/projects/use-project.ts';
import { SourceMapsScreen } from '../features/source-maps/source-maps-screen.tsx';
import { useViewer } from '../lib/viewer.ts';

const route = getRouteApi('/shell/projects/$slug');

/** The source maps of a project. */
export function ProjectSourceMapsPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const state = useProject(slug);
  if (state.kind !== 'ready') return null;
  return <SourceMapsScreen slug={slug} mayWrite={can('artifacts:write')} />;
}
