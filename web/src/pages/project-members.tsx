import { getRouteApi } from '@tanstack/react-router';
import { Members } from '../features/projects/members.tsx';
import { useProject } from '../features/projects/use-project.ts';

const route = getRouteApi('/shell/projects/$slug');

/** Who sees a project. */
export function ProjectMembersPage() {
  const { slug } = route.useParams();
  const state = useProject(slug);
  if (state.kind !== 'ready') return null;
  return <Members slug={slug} projectId={String(state.project.id)} />;
}
