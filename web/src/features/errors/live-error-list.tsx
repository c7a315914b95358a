import { LiveErrors_ChangedDocument, type LiveErrors_ChangedSubscription } from '@errata/schema';
import { useEffect, useRef } from 'react';
import { useLive } from '../../lib/live.ts';
import { belongs } from './errors-search.ts';
import type { OpenList } from './open-list.ts';

type Change = LiveErrors_ChangedSubscription['errorChanged'];

/** Changes are gathered this long before they are drawn, in milliseconds. */
const GATHER_MS = 250;
/** The top of the list is looked at no more often than this, in milliseconds. */
const PEEK_MS = 1_500;

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
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const peekTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef({ open, me, mayInsert });
  latest.current = { open, me, mayInsert };

  const peekSoon = () => {
    peekTimer.current ??= setTimeout(() => {
      peekTimer.current = undefined;
      void latest.current.open.loader.peek(() => latest.current.mayInsert());
    }, PEEK_MS);
  };
  const draw = () => {
    timer.current = undefined;
    const changes = gathered.current;
    gathered.current = [];
    if (applyChanges(latest.current.open, changes, latest.current.me)) peekSoon();
  };

  useLive(LiveErrors_ChangedDocument, {
    variables: projectIds === undefined ? {} : { projectIds: [...projectIds] },
    onData: ({ errorChanged }) => {
      gathered.current.push(errorChanged);
      timer.current ??= setTimeout(draw, GATHER_MS);
    },
    onReconnect: () => void latest.current.open.loader.peek(() => latest.current.mayInsert()),
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      clearTimeout(peekTimer.current);
      timer.current = undefined;
      peekTimer.current = undefined;
    },
    [],
  );
  return null;
}

/** Draws changes into the list; true when the top may hold something that the list does not. */
export function applyChanges({ list, rows, view }: OpenList, changes: readonly Change[], me: string | null): boolean {
  const gone = changes.filter(({ kind }) => kind === 'DELETED').map(({ errorId }) => errorId);
  const changed = new Map(changes.flatMap(({ error }) => (error === null ? [] : [[error.id, rows.row(error)]])));
  for (const id of gone) changed.delete(id);
  if (gone.length > 0) list.markGone(gone);
  const unknown = list.patch([...changed.values()], (row) => belongs(view, row, me));
  return unknown.some((id) => belongs(view, changed.get(id)!, me));
}
