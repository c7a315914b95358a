import { Modal } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useShortcutGroups } from '../../lib/shortcuts.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import classes from './help.module.css';

let open = false;
const listeners = new Set<() => void>();

function setOpen(next: boolean): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Opens the sheet with the keys that work on this page. */
export const openHelp = (): void => setOpen(true);

/** The sheet itself; the shell renders it once. */
export function HelpSheet() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  const groups = useShortcutGroups();
  return (
    <Modal opened={shown} onClose={() => setOpen(false)} title="Keyboard shortcuts" size="lg">
      <div className={classes.groups}>
        {groups.toReversed().map((group) => (
          <section key={group.id}>
            <h3 className={classes.title}>{group.title}</h3>
            <dl className={classes.list}>
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.keys} className={classes.line}>
                  <dt>{shortcut.label}</dt>
                  <dd>
                    <KeyHint keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
