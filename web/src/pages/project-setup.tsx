import { getRouteApi } from '@tanstack/react-router';
import { FirstEvent } from '../features/projects/first-event.tsx';
import { SetupGuide } from '../features/projects/setup-guide.tsx';
import { useProject } from '../features/projects/use-project.ts';

const route = getRouteApi('/shell/projects/$slug');

/** How to report to a project, with a live sign that it works. */
export function ProjectSetupPage() {
  const { slug } = route.useParams();
  const state = useProject(slug);
  if (state.kind !== 'ready') return null;
  const { project } = state;
  return (
    <>
      <FirstEvent
        key={project.id}
        projectId={String(project.id)}
        slug={project.slug}
        firstEventAt={project.firstEventAt}
        onFirst={() => void state.refetch()}
      />
      <SetupGuide key={`guide-${project.id}`} keys={project.keys} platform={project.platform} />
    </>
  );
}
