import type { ErrorStatus } from '@errata/schema';
import { useShortcuts } from '../../lib/shortcuts.ts';
import type { ErrorAct } from './error-acts.ts';
import type { RowPerson } from './error-row.ts';
import { isMenuOpen } from './menu-open.ts';
import { currentList } from './open-list.ts';
import { isUnresolved } from './words.ts';

/** What the keys of an error's page act on. */
export interface ErrorKeys {
  errorId: string;
  status: ErrorStatus | undefined;
  me: RowPerson | null;
  mayWrite: boolean;
  previous: string | null;
  next: string | null;
  onAct: (act: ErrorAct) => void;
  onUndo: () => void;
  onGo: (eventId: string) => void;
  onError: (errorId: string) => void;
  onList: () => void;
  onComment: () => void;
}

/** The keyboard of an error's page; listed in the `?` sheet. */
export function useErrorShortcuts({
  errorId,
  status,
  me,
  mayWrite,
  previous,
  next,
  onAct,
  onUndo,
  onGo,
  onError,
  onList,
  onComment,
}: ErrorKeys): void {
  const neighbour = (step: number) => () => {
    const ids = currentList()?.list.shape.ids ?? [];
    const at = ids.indexOf(errorId);
    const other = at === -1 ? undefined : ids[at + step];
    if (other !== undefined) onError(other);
  };
  useShortcuts('This error', [
    ...(mayWrite && status !== undefined
      ? [
          { keys: 'e', label: 'Resolve (or reopen)', run: () => onAct({ kind: isUnresolved(status) ? 'resolve' : 'unresolve' }) },
          { keys: 'a', label: 'Archive', run: () => onAct({ kind: 'archive' }) },
          { keys: 'm', label: 'Assign to me', run: () => me !== null && onAct({ kind: 'assign', to: me }) },
          { keys: 'u', label: 'Undo the last change', run: onUndo },
          { keys: 'c', label: 'Comment', run: onComment },
        ]
      : []),
    { keys: '[', label: 'Previous event', run: () => previous !== null && onGo(previous) },
    { keys: ']', label: 'Next event', run: () => next !== null && onGo(next) },
    { keys: 'j', label: 'Next error of the list', run: neighbour(1) },
    { keys: 'k', label: 'Previous error of the list', run: neighbour(-1) },
    { keys: 'Escape', label: 'Back to the list', run: () => !isMenuOpen() && onList() },
  ]);
}
