import type { AssigneePicker_UserFragment } from '@errata/schema';
import { Button } from '@mantine/core';
import { IconTrash, IconX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { ArchiveButton, AssignButton, ReopenButton, ResolveButton } from './act-buttons.tsx';
import classes from './bulk-bar.module.css';
import type { ErrorAct } from './error-acts.ts';
import type { RowPerson } from './error-row.ts';
import type { OpenList } from './open-list.ts';
import { counted, isUnresolved } from './words.ts';

/** What {@link BulkBar} takes. */
export interface BulkBarProps {
  open: OpenList;
  people: readonly AssigneePicker_UserFragment[];
  releases: readonly string[];
  me: RowPerson | null;
  mayWrite: boolean;
  mayDelete: boolean;
  onAct: (act: ErrorAct) => void;
}

/** What can be done to the ticked rows; takes the place of the column heads while there are any. */
export function BulkBar({ open: { list }, people, releases, me, mayWrite, mayDelete, onAct }: BulkBarProps) {
  const shape = useSyncExternalStore(list.subscribe, () => list.shape);
  const size = useSyncExternalStore(list.subscribe, () => list.selection.size);
  const matching = useSyncExternalStore(list.subscribe, () => list.selection.allMatching);
  const settled = useSyncExternalStore(list.subscribe, () =>
    list.selection.list().every((id) => !isUnresolved(list.row(id)?.status ?? 'NEW')),
  );
  const total = `${shape.totalCount.toLocaleString('en')}${shape.totalCountIsExact ? '' : '+'}`;
  const more = !matching && shape.hasNextPage && size === shape.ids.length;
  const count = matching ? `All ${total} matching` : counted(size, 'error');
  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected errors">
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconX size={14} />}
        onClick={() => list.selection.clear()}
        aria-label="Clear the selection (Esc)"
      >
        <span className={classes.count} aria-live="polite">
          {count}
        </span>
      </Button>
      {more ? (
        <Button variant="light" onClick={() => list.selection.selectMatching()}>
          Select all {total} matching
        </Button>
      ) : null}
      {matching || more || size === shape.ids.length ? null : (
        <Button variant="subtle" onClick={() => list.selection.selectLoaded()}>
          Select {shape.hasNextPage ? `the ${shape.ids.length.toLocaleString('en')} loaded` : 'all'}
        </Button>
      )}
      <span className={classes.space} />
      {mayWrite ? (
        <span className={classes.acts}>
          {settled ? <ReopenButton onAct={onAct} /> : <ResolveButton onAct={onAct} releases={releases} filled />}
          {settled ? null : <ArchiveButton onAct={onAct} />}
          <AssignButton onAct={onAct} people={people} me={me} />
        </span>
      ) : null}
      {mayDelete ? (
        <ConfirmButton
          question={`Delete ${matching ? `all ${total} matching errors` : counted(size, 'error')} with all their events? This can be undone for ten minutes.`}
          confirm="Delete"
          onConfirm={() => onAct({ kind: 'delete' })}
          leftSection={<IconTrash size={14} />}
          aria-label="Delete"
          className={classes.delete ?? ''}
        >
          Delete
        </ConfirmButton>
      ) : null}
    </div>
  );
}
