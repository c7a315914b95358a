import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import { messageOf } from '../../lib/refusal.ts';
import { useViewer } from '../../lib/viewer.ts';
import { toast } from '../../ui/toast.tsx';
import { type ErrorAct, type ErrorChange, type ErrorTarget, rowAfter, saidOf, sendAct, sendUndo } from './error-acts.ts';
import type { Removed } from './error-list.ts';
import type { ErrorRow } from './error-row.ts';
import { belongs } from './errors-search.ts';
import { currentList, type OpenList } from './open-list.ts';
import { UNDO_MS, undoStack } from './undo-stack.ts';

/** Does things to errors: shown at once in the list, told in a toast that can undo it. */
export interface ErrorActs {
  /** Resolves to whether it was done; a refusal has been told by then. */
  perform: (act: ErrorAct, target: ErrorTarget) => Promise<boolean>;
  /** Takes the latest act of this page back. */
  undoLast: () => Promise<void>;
}

/** See {@link ErrorActs}; stable as long as the viewer is the same. */
export function useErrorActs(): ErrorActs {
  const client = useApolloClient();
  const { viewer } = useViewer();
  const me = viewer?.user.id ?? null;
  return useMemo(() => ({ perform: (act, target) => perform(client, me, act, target), undoLast }), [client, me]);
}

async function undoLast(): Promise<void> {
  try {
    const act = await undoStack.undoLast(Date.now());
    if (act === undefined) toast({ message: 'There is nothing to undo.', kind: 'info', id: 'errors-undo' });
  } catch (error) {
    toast({ message: `Not undone: ${messageOf(error)}`, kind: 'failed', id: 'errors-undo' });
  }
}

async function perform(client: ApolloClient, me: string | null, act: ErrorAct, target: ErrorTarget): Promise<boolean> {
  const open = currentList();
  const shown = open === undefined || !('ids' in target) ? NOTHING_SHOWN : showAtOnce(open, me, act, target.ids);
  let change: ErrorChange;
  try {
    change = await sendAct(client, act, target);
  } catch (error) {
    takeBack(open, shown);
    toast({ message: `Nothing was changed: ${messageOf(error)}`, kind: 'failed' });
    return false;
  }
  settle(client, open, shown, act, target, change);
  announce(client, open, shown, saidOf(act, change.count), change);
  return true;
}

interface Shown {
  removed: Removed;
  before: readonly ErrorRow[];
}
const NOTHING_SHOWN: Shown = { removed: { places: [], active: null }, before: [] };

function showAtOnce(open: OpenList, me: string | null, act: ErrorAct, ids: readonly string[]): Shown {
  const before = ids.map((id) => open.list.row(id)).filter((row) => row !== undefined);
  const after = before.map((row) => ({ id: row.id, row: rowAfter(row, act) }));
  const leaving = after.filter(({ row }) => row === null || !belongs(open.view, row, me)).map(({ id }) => id);
  const removed = open.list.remove(leaving);
  open.list.patch(after.map(({ row }) => row).filter((row) => row !== null));
  open.list.selection.clear();
  return { removed, before };
}

function takeBack(open: OpenList | undefined, shown: Shown): void {
  open?.list.restore(shown.removed);
  open?.list.patch(shown.before);
}

function settle(
  client: ApolloClient,
  open: OpenList | undefined,
  shown: Shown,
  act: ErrorAct,
  target: ErrorTarget,
  change: ErrorChange,
): void {
  open?.list.settle(shown.removed);
  if (act.kind === 'delete')
    for (const { id } of change.errors) client.cache.evict({ id: client.cache.identify({ __typename: 'ErrorGroup', id }) ?? '' });
  if (open === undefined) return;
  if (act.kind !== 'delete') open.list.patch(change.errors.map((error) => open.rows.row(error)));
  // Everything that matched has changed, also what is not on screen: only the server knows what is left.
  if (!('ids' in target)) {
    open.list.selection.clear();
    void open.loader.load();
  }
}

function announce(client: ApolloClient, open: OpenList | undefined, shown: Shown, label: string, change: ErrorChange): void {
  const { undoToken } = change;
  if (undoToken === null) {
    toast({ message: change.count === 0 ? 'Nothing to change: it was so already.' : label, kind: 'info', id: 'errors-act' });
    return;
  }
  const entry = {
    label,
    expiresAt: Date.now() + UNDO_MS,
    undo: async () => {
      const back = await sendUndo(client, undoToken);
      if (open !== undefined) {
        open.list.restore(shown.removed);
        open.list.patch(back.errors.map((error) => open.rows.row(error)));
        if (shown.before.length === 0) void open.loader.load();
      }
      toast({ message: `Undone: ${label}`, kind: 'info', id: 'errors-act' });
    },
  };
  undoStack.push(entry);
  toast({ message: label, id: 'errors-act', undo: async () => void (await undoStack.undo(entry)) });
}
