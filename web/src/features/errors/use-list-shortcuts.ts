import type { RefObject } from 'react';
import { useShortcuts } from '../../lib/shortcuts.ts';
import type { ErrorAct } from './error-acts.ts';
import type { RowPerson } from './error-row.ts';
import { isMenuOpen } from './menu-open.ts';
import type { OpenList } from './open-list.ts';
import { isUnresolved } from './words.ts';

/** What the keys of the list act on. */
export interface ListKeys {
  open: OpenList | null;
  me: RowPerson | null;
  mayWrite: boolean;
  search: RefObject<HTMLInputElement | null>;
  /** Acts on what is ticked, else on the active row. */
  onAct: (act: ErrorAct) => void;
  onOpen: (id: string) => void;
  onUndo: () => void;
}

/** The keyboard of the errors list; listed in the `?` sheet. */
export function useListShortcuts({ open, me, mayWrite, search, onAct, onOpen, onUndo }: ListKeys): void {
  const selection = open?.list.selection;
  const withTarget = (act: () => void) => () => {
    if (selection !== undefined && selection.target().length > 0) act();
  };
  const next = () => void selection?.move(1);
  const previous = () => void selection?.move(-1);
  const openActive = () => {
    if (selection?.active != null) onOpen(selection.active);
  };
  useShortcuts('Errors', [
    { keys: 'j', label: 'Next error', run: next },
    { keys: 'k', label: 'Previous error', run: previous },
    { keys: 'ArrowDown', label: 'Next error', run: next },
    { keys: 'ArrowUp', label: 'Previous error', run: previous },
    { keys: 'Enter', label: 'Open the error', run: openActive },
    { keys: 'x', label: 'Select', run: () => selection?.active != null && selection.toggle(selection.active) },
    {
      keys: 'shift+x',
      label: 'Select from the last selected to here',
      run: () => selection?.active != null && selection.range(selection.active),
    },
    { keys: 'mod+a', label: 'Select all loaded errors', run: () => selection?.selectLoaded() },
    ...(mayWrite
      ? [
          {
            keys: 'e',
            label: 'Resolve (or reopen what is resolved)',
            run: withTarget(() => {
              const settled = selection?.target().every((id) => !isUnresolved(open?.list.row(id)?.status ?? 'NEW')) === true;
              onAct({ kind: settled ? 'unresolve' : 'resolve' });
            }),
          },
          { keys: 'a', label: 'Archive', run: withTarget(() => onAct({ kind: 'archive' })) },
          { keys: 'm', label: 'Assign to me', run: withTarget(() => me !== null && onAct({ kind: 'assign', to: me })) },
          { keys: 'u', label: 'Undo the last change', run: onUndo },
        ]
      : []),
    { keys: '/', label: 'Search', run: () => search.current?.focus() },
    {
      keys: 'Escape',
      label: 'Clear the selection',
      run: () => {
        if (selection === undefined || isMenuOpen()) return;
        if (selection.size > 0) selection.clear();
        else selection.setActive(null);
      },
    },
  ]);
}
