import type { RunningServer } from '../server.ts';
import { eventually } from '../server.ts';

/** Makes a log source of the first project; answers its id. */
export async function makeSource(server: RunningServer, input: Record<string, unknown>): Promise<string> {
  const { projects } = await server.graphql<{ projects: { id: string }[] }>('{ projects { id } }');
  type Made = { createLogSource: { id?: string; message?: string } };
  const { createLogSource } = await server.graphql<Made>(
    'mutation ($projectId: ID!, $input: LogSourceInput!) { createLogSource(projectId: $projectId, input: $input) { ... on LogSource { id } ... on UserError { message } } }',
    { projectId: projects[0]?.id, input },
  );
  if (createLogSource.id === undefined) throw new Error(createLogSource.message);
  return createLogSource.id;
}

export interface SourceStatus {
  state: string;
  fileCount: number;
  lagBytes: number;
  events: number;
  host: string | null;
  problems: { code: string; message: string }[];
  files: { path: string; state: string; problem: string | null }[];
}

export async function statusOf(server: RunningServer, id: string): Promise<SourceStatus> {
  const { logSource } = await server.graphql<{ logSource: { status: SourceStatus } }>(
    'query ($id: ID!) { logSource(id: $id) { status { state fileCount lagBytes events host problems { code message } files { path state problem } } } }',
    { id },
  );
  return logSource.status;
}

/** How often each mark is found in the events that are kept. */
export async function marksOf(server: RunningServer): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let after: string | null = null; ; ) {
    type Page = {
      errorEvents: {
        edges: { node: { title: string; message: string | null } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
    const page: Page = await server.graphql<Page>(
      'query ($after: String) { errorEvents(first: 200, after: $after) { edges { node { title message } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    for (const { node } of page.errorEvents.edges) {
      const mark = /mark-[\w-]+?-end/.exec(`${node.title} ${node.message ?? ''}`)?.[0] ?? `without a mark: ${node.title}`;
      found.set(mark, (found.get(mark) ?? 0) + 1);
    }
    if (!page.errorEvents.pageInfo.hasNextPage) return found;
    after = page.errorEvents.pageInfo.endCursor;
  }
}

/** Waits until every mark is found, then says what is wrong with the rest: lost, doubled, or of nobody. */
export async function faults(server: RunningServer, marks: ReadonlySet<string>, withinMs = 30_000) {
  const found = await eventually(
    () => marksOf(server),
    (now) => [...marks].every((mark) => now.has(mark)),
    withinMs,
  ).catch(() => marksOf(server));
  const some = <T>(list: T[]): (T | string)[] =>
    list.length <= 10 ? list : [...list.slice(0, 10), `and ${list.length - 10} more`];
  return {
    lost: some([...marks].filter((mark) => !found.has(mark))),
    doubled: some([...found].filter(([mark, count]) => count > 1 && marks.has(mark))),
    strange: some([...found.keys()].filter((mark) => !marks.has(mark))),
  };
}
