import { useQuery } from '@apollo/client/react';
import { type ProjectNameFragment, ProjectNamesDocument } from '@errata/schema';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

/** The projects that the top bar narrows every page to. */
export interface ProjectScope {
  /** All active projects one may see, by name. */
  projects: readonly ProjectNameFragment[];
  /** Whether `projects` is known; false while they load, and when they could not be had. */
  known: boolean;
  /** Why the projects could not be had; null while there is no such reason. */
  failure: unknown;
  /** Asks for the projects again. */
  retry: () => void;
  /** The chosen ones; empty means all. */
  selected: readonly ProjectNameFragment[];
  /** For `projectIds` arguments: undefined means all. */
  projectIds: string[] | undefined;
  /** Chooses by slug and writes `?project=a,b` into the address; an empty list means all. */
  select: (slugs: readonly string[]) => void;
}

const NONE: readonly ProjectNameFragment[] = [];

/** The project filter, which lives in the address (`?project=shop,api`) and stays across pages. */
export function useProjectScope(): ProjectScope {
  const { data, error, refetch } = useQuery(ProjectNamesDocument, { fetchPolicy: 'cache-first' });
  const projects = data?.projects ?? NONE;
  const search = useSearch({ strict: false }) as { project?: string };
  const navigate = useNavigate();
  const chosen = search.project;
  const select = useCallback(
    (slugs: readonly string[]) =>
      navigate({
        to: '.',
        search: ((before: Record<string, unknown>) => ({
          ...before,
          project: slugs.length === 0 ? undefined : slugs.join(','),
        })) as never,
      }),
    [navigate],
  );
  return useMemo(() => {
    const slugs = new Set(chosen?.split(',') ?? []);
    const selected = projects.filter((project) => slugs.has(project.slug));
    return {
      projects,
      known: data !== undefined,
      failure: data === undefined ? (error ?? null) : null,
      retry: () => void refetch().catch(() => undefined),
      selected,
      projectIds: selected.length === 0 ? undefined : selected.map((project) => String(project.id)),
      select,
    };
  }, [projects, data, error, refetch, chosen, select]);
}
