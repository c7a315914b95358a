import { useQuery } from '@apollo/client/react';
import { type ProjectDetailFragment, ProjectDocument } from '@errata/schema';
import { messageOf } from '../../lib/refusal.ts';

/** A project on its way, there, failed or not to be found. */
export type ProjectState =
  | { kind: 'loading' }
  | { kind: 'failed'; message: string; retry: () => void }
  | { kind: 'absent' }
  | { kind: 'ready'; project: ProjectDetailFragment; refetch: () => Promise<unknown> };

/** One project with its keys and settings, by slug. */
export function useProject(slug: string): ProjectState {
  const { data, error, refetch } = useQuery(ProjectDocument, { variables: { slug } });
  if (data?.project !== undefined && data.project !== null) return { kind: 'ready', project: data.project, refetch };
  if (error !== undefined) return { kind: 'failed', message: messageOf(error), retry: () => void refetch() };
  return data === undefined ? { kind: 'loading' } : { kind: 'absent' };
}
