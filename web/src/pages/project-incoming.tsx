import { getRouteApi } from '@tanstack/react-router';
import { Incoming } from '../features/projects/incoming.tsx';

const route = getRouteApi('/shell/projects/$slug');

/** What a project's SDKs sent, and what became of it. */
export function ProjectIncomingPage() {
  const { slug } = route.useParams();
  return <Incoming key={slug} slug={slug} />;
}
