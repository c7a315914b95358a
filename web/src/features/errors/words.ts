import type { ErrorStatus, Level } from '@errata/schema';

/** Levels, worst first: the order in menus, charts and legends. */
export const LEVELS: readonly Level[] = ['FATAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'];

/** Statuses in the order an operator meets them. */
export const STATUSES: readonly ErrorStatus[] = ['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED', 'ARCHIVED', 'RESOLVED'];

/** What still needs somebody: the default view of the list. */
export const UNRESOLVED: readonly ErrorStatus[] = ['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED'];

/** Whether an error in this status still needs somebody. */
export function isUnresolved(status: ErrorStatus): boolean {
  return UNRESOLVED.includes(status);
}

/** `ERROR` → `Error`: an enum word as people read it. */
export function wordOf(value: string): string {
  return value.charAt(0) + value.slice(1).toLowerCase();
}

/** `1 error`, `2 errors`, `12,000 errors`; `plural` for the irregular. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** `cloud_resource` → `Cloud resource`: a key of a program as a title. */
export function wordsOf(key: string): string {
  const words = key
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
