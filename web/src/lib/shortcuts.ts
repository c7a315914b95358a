import { useEffect, useId, useRef, useSyncExternalStore } from 'react';

/** One keyboard shortcut of a page. */
export interface Shortcut {
  /** `j`, `shift+x`, `mod+enter`, `?`, `Escape`, or a sequence like `g e`. `mod` is Ctrl, or Command on a Mac. */
  keys: string;
  /** What it does, for the help sheet. */
  label: string;
  run: (event: KeyboardEvent) => void;
}

/** A titled set of shortcuts that are active now. */
export interface ShortcutGroup {
  id: string;
  title: string;
  shortcuts: readonly Shortcut[];
}

/** Two keys of a sequence may be this far apart. */
const SEQUENCE_MS = 1_200;
/** `?` and friends need Shift on most keyboards, so Shift says nothing about them. */
const SHIFTED = /^[^a-z0-9]$/i;

let groups: readonly ShortcutGroup[] = [];
const listeners = new Set<() => void>();
let pending: { key: string; at: number } | undefined;

function publish(next: readonly ShortcutGroup[]): void {
  groups = next;
  for (const listener of listeners) listener();
}

/** How an event is written in {@link Shortcut.keys}. */
export function describeKey(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = key === ' ' ? 'space' : key;
  const mods = [event.ctrlKey || event.metaKey ? 'mod' : '', event.altKey ? 'alt' : ''];
  if (event.shiftKey && !SHIFTED.test(key)) mods.push('shift');
  return [...mods.filter(Boolean), name].join('+');
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    ? !/^(checkbox|radio|button)$/.test(target.getAttribute('type') ?? '')
    : false;
}

/** Enter and Space on a control press that control, whatever they mean elsewhere on the page. */
function isPress(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' && event.key !== ' ') return false;
  return (
    event.target instanceof Element &&
    event.target.closest('a, button, summary, input, [role="button"], [role="option"], [role="menuitem"]') !== null
  );
}

const sameKeys = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Runs the shortcut an event asks for. The newest group wins; nothing runs while one types or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isTyping(event)) return;
  if (document.querySelector('[role="dialog"]') !== null) return;
  if (isPress(event)) return;
  const key = describeKey(event);
  const sequence = pending !== undefined && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${key}` : undefined;
  const all = groups.toReversed().flatMap((group) => group.shortcuts);
  const hit =
    all.find((one) => sequence !== undefined && sameKeys(one.keys, sequence)) ?? all.find((one) => sameKeys(one.keys, key));
  if (hit !== undefined) {
    pending = undefined;
    event.preventDefault();
    hit.run(event);
    return;
  }
  pending = all.some((one) => one.keys.toLowerCase().startsWith(`${key.toLowerCase()} `))
    ? { key, at: event.timeStamp }
    : undefined;
}

/**
 * Makes shortcuts active while the component lives and lists them in the help sheet under `title`. The functions may
 * change with every render.
 */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[], enabled = true): void {
  const id = useId();
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map(({ keys, label }) => `${keys}\t${label}`).join('\n');
  useEffect(() => {
    if (!enabled || shape === '') return;
    const bound = shape.split('\n').map((line, index): Shortcut => {
      const [keys = '', label = ''] = line.split('\t');
      return { keys, label, run: (event) => latest.current[index]?.run(event) };
    });
    publish([...groups, { id, title, shortcuts: bound }]);
    return () => publish(groups.filter((group) => group.id !== id));
  }, [id, title, shape, enabled]);
}

/** The shortcuts active now, for the help sheet. */
export function useShortcutGroups(): readonly ShortcutGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => groups,
  );
}

/** Starts listening on the document; answers the function that stops. Called once by the shell. */
export function listenForShortcuts(): () => void {
  document.addEventListener('keydown', handleKey);
  return () => document.removeEventListener('keydown', handleKey);
}
