import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { ErrorsPage_RowsDocument } from '@errata/schema';
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { ErrorList } from './error-list.ts';
import { RowFactory } from './error-row.ts';
import { type ErrorsView, filterOf, orderOf } from './errors-search.ts';
import { ListLoader, type LoaderState, type PageSource } from './list-loader.ts';
import { keepList, keptList, type OpenList } from './open-list.ts';
import { faultAt, type QueryFault } from './query-language.ts';

/** Makes the list of a view, empty as yet. `projectIds`: undefined means all. */
export function createOpenList(
  client: ApolloClient,
  key: string,
  view: ErrorsView,
  projectIds: readonly string[] | undefined,
): OpenList {
  const list = new ErrorList();
  const rows = new RowFactory();
  const source: PageSource = async (after, first) => {
    const { data } = await client.query({
      query: ErrorsPage_RowsDocument,
      variables: {
        filter: filterOf(view, Date.now(), projectIds),
        query: view.text === '' ? null : view.text,
        orderBy: orderOf(view),
        first,
        after,
      },
      // A hundred thousand rows are kept light in the list itself; the cache would double them.
      fetchPolicy: 'no-cache',
    });
    if (data === undefined) throw new TypeError('The server answered nothing.');
    const { edges, pageInfo, totalCount, totalCountIsExact } = data.errors;
    return { rows: edges.map(({ node }) => rows.row(node)), ...pageInfo, totalCount, totalCountIsExact };
  };
  return { key, view, list, rows, loader: new ListLoader(list, source, () => Date.now()), scrollTop: 0 };
}

/** The list to show and whether it is still the former one, until the new one is there. */
export interface ShownList {
  open: OpenList;
  outdated: boolean;
}

/**
 * The list of a view, loaded or brought up to date; the one kept from before if the view is the same. While a new view
 * loads the former stays in sight. Null as long as it is not known which projects are meant (`ready`).
 */
export function useOpenList(view: ErrorsView, projectIds: readonly string[] | undefined, ready: boolean): ShownList | null {
  const client = useApolloClient();
  const key = ready ? JSON.stringify([view, projectIds ?? null]) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for view and projects
  const open = useMemo(() => {
    if (key === null) return null;
    const kept = keptList(key) ?? createOpenList(client, key, view, projectIds);
    keepList(kept);
    return kept;
  }, [client, key]);
  const former = useRef<OpenList | null>(null);
  const settled = useSyncExternalStore(
    open?.loader.subscribe ?? noSubscription,
    () => open !== null && (open.list.shape.loaded || open.loader.state.phase === 'failed'),
  );
  useEffect(() => {
    if (open === null) return;
    if (!open.list.shape.loaded) void open.loader.load();
    else void open.loader.peek(() => open.scrollTop < 4);
  }, [open]);
  useEffect(() => {
    if (settled) former.current = open;
  }, [open, settled]);
  if (open === null) return null;
  if (settled || former.current === null) return { open, outdated: false };
  return { open: former.current, outdated: true };
}

const noSubscription = (): (() => void) => () => undefined;

/** What the loader says, as React state. */
export function useLoaderState(open: OpenList): LoaderState {
  return useSyncExternalStore(open.loader.subscribe, () => open.loader.state);
}

/** The fault in the search text that made a load fail, or null if it failed for another reason. */
export function queryFaultOf(state: LoaderState, text: string): QueryFault | null {
  if (state.phase !== 'failed' || !CombinedGraphQLErrors.is(state.error)) return null;
  for (const { extensions, message } of state.error.errors) {
    const position = extensions?.['position'];
    if (extensions?.['field'] !== 'query' || typeof position !== 'number') continue;
    return faultAt(text, position, message.replace(/ \(at character \d+\)\.?$/, ''));
  }
  return null;
}
