import { LiveErrors_ChangedDocument, type LiveErrors_ChangedSubscription } from '@errata/schema';
import { useEffect, useRef, useState } from 'react';
import { useLive } from '../../lib/live.ts';
import type { ErrorRow } from './error-row.ts';
import { belongs, isDecidedByRow } from './errors-search.ts';
import type { OpenList } from './open-list.ts';
import { Pace } from './pace.ts';

type Change = LiveErrors_ChangedSubscription['errorChanged'];

/** Changes are gathered this long before they are drawn, in milliseconds. */
const GATHER_MS = 120;
/** The first look at the top comes at once, the following no sooner than this after the one before, in milliseconds. */
const PEEK_MS = 500;

/** What {@link LiveErrorList} takes. */
export interface LiveErrorListProps {
  open: OpenList;
  projectIds: readonly string[] | undefined;
  /** Id of the viewer, for `assignee: me`. */
  me: string | null;
  /** Whether rows may come in by themselves now (at the top, nobody is about to click). */
  mayInsert: () => boolean;
}

/**
 * Keeps a list live; draws nothing. Rows on screen change in place; anything else that changed makes it look at the top,
 * because only the server knows what a filter with tags, releases or a search text lets through.
 */
export function LiveErrorList({ open, projectIds, me, mayInsert }: LiveErrorListProps) {
  const gathered = useRef<Change[]>([]);
  const latest = useRef({ open, me, mayInsert });
  latest.current = { open, me, mayInsert };
  const [{ peek, draw }] = useState(() => {
    const look = new Pace(() => void latest.current.open.loader.peek(() => latest.current.mayInsert()), PEEK_MS);
    const show = new Pace(() => {
      const changes = gathered.current;
      gathered.current = [];
      if (applyChanges(latest.current.open, changes, latest.current.me)) look.ask();
    }, GATHER_MS);
    return { peek: look, draw: show };
  });

  useLive(LiveErrors_ChangedDocument, {
    variables: projectIds === undefined ? {} : { projectIds: [...projectIds] },
    onData: ({ errorChanged }) => {
      gathered.current.push(errorChanged);
      draw.ask(GATHER_MS);
    },
    onCatchUp: () => {
      const { loader } = latest.current.open;
      if (loader.state.phase === 'failed') void loader.load();
      else peek.ask();
    },
  });
  useEffect(
    () => () => {
      draw.stop();
      peek.stop();
    },
    [draw, peek],
  );
  return null;
}

/** Draws changes into the list; true when the top may hold something that the list does not. */
export function applyChanges({ list, rows, view }: OpenList, changes: readonly Change[], me: string | null): boolean {
  const gone = changes.filter(({ kind }) => kind === 'DELETED').map(({ errorId }) => errorId);
  const changed = new Map(changes.flatMap(({ error }) => (error === null ? [] : [[error.id, rows.row(error)]])));
  for (const id of gone) changed.delete(id);
  if (gone.length > 0) list.markGone(gone);
  const fits = (row: ErrorRow): boolean => belongs(view, row, me);
  const unknown = list
    .patch([...changed.values()], fits)
    .map((id) => changed.get(id)!)
    .filter(fits);
  if (isDecidedByRow(view) && view.sort === 'LAST_SEEN' && !view.ascending) {
    const created = new Set(changes.filter(({ kind }) => kind === 'CREATED').map(({ errorId }) => errorId));
    list.offer(unknown.filter(({ id }) => created.has(id)));
  }
  return unknown.length > 0;
}
