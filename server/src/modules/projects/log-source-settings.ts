import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { cleanLine } from '../access/input.ts';
import type { LogPaths } from './log-paths.ts';
import type { LogPolling, LogSource, LogStart, LogWatcher } from './log-source.entity.ts';
import { type DEFAULT_LOG_SOURCE, LOG_ENCODINGS, LOG_WRAPPERS, MIN_LEVELS } from './log-source-values.ts';

/** What a source is set to, without what the server adds (id, times). */
export type LogSourceSettings = Omit<LogSource, 'id' | 'projectId' | 'createdAt' | 'deletedAt' | 'revision' | 'enabled'>;

/** Changes to settings; absent or null: left alone (a null environment or release forgets it). */
export interface LogSourceChanges {
  readonly name?: string | null;
  readonly globs?: readonly string[] | null;
  readonly exclusions?: readonly string[] | null;
  readonly startAt?: LogStart | null;
  readonly startLines?: number | null;
  readonly encoding?: string | null;
  readonly wrapper?: string | null;
  readonly timeZone?: string | null;
  readonly patternsEnabled?: boolean | null;
  readonly minLevel?: string | null;
  readonly errorLines?: boolean | null;
  readonly environment?: string | null;
  readonly release?: string | null;
  readonly tags?: readonly { readonly key: string; readonly value: string }[] | null;
  readonly polling?: LogPolling | null;
  readonly pollIntervalMs?: number | null;
  readonly flushAfterMs?: number | null;
  readonly watcher?: LogWatcher | null;
}

const MAX_GLOBS = 50;
const MAX_GLOB_LENGTH = 1000;
const MAX_TAGS = 50;

/** The settings after the changes, or what is wrong with them (`field` is the name of the setting). */
export function changedLogSource(
  stored: LogSourceSettings | (typeof DEFAULT_LOG_SOURCE & { name: string; globs: string[] }),
  changes: LogSourceChanges,
  paths: LogPaths,
): LogSourceSettings | ValidationRefusal {
  const next: LogSourceSettings = { ...stored };
  const refuse = (code: string, text: string, field: string) => new ValidationRefusal(code, text, field);

  if (changes.name != null || next.name === '') {
    const name = cleanLine(changes.name ?? '', 'name');
    if (name instanceof ValidationRefusal) return name;
    next.name = name;
  }
  for (const field of ['globs', 'exclusions'] as const) {
    const given = changes[field];
    if (given == null) continue;
    const clean = [...new Set(given.map((glob) => glob.trim()).filter((glob) => glob !== ''))];
    if (clean.length > MAX_GLOBS) return refuse('TOO_MANY', `At most ${MAX_GLOBS} entries.`, field);
    const bad = clean.find((glob) => glob.length > MAX_GLOB_LENGTH || glob.includes('\0'));
    if (bad !== undefined) return refuse('TOO_LONG', `At most ${MAX_GLOB_LENGTH} characters an entry.`, field);
    next[field] = clean;
  }
  if (next.globs.length === 0) return refuse('REQUIRED', 'Name at least one file or pattern of files.', 'globs');
  next.watcher = changes.watcher ?? next.watcher;
  for (const glob of next.globs) {
    if (glob.split('/').includes('..')) return refuse('INVALID_PATH', `“${glob}”: a path goes down only, without “..”.`, 'globs');
    const fault = next.watcher === 'SERVER' ? paths.whyNot(glob) : glob.startsWith('/') ? undefined : notAbsolute(glob);
    if (fault !== undefined) return refuse('INVALID_PATH', fault, 'globs');
  }
  next.startAt = changes.startAt ?? next.startAt;
  next.polling = changes.polling ?? next.polling;
  next.patternsEnabled = changes.patternsEnabled ?? next.patternsEnabled;
  next.errorLines = changes.errorLines ?? next.errorLines;
  for (const [field, least, most, unit] of RANGES) {
    const value = changes[field] ?? next[field];
    if (!Number.isInteger(value) || value < least || value > most)
      return refuse('OUT_OF_RANGE', `From ${least} to ${most} ${unit}.`, field);
    next[field] = value;
  }
  for (const [field, known] of [
    ['encoding', LOG_ENCODINGS],
    ['wrapper', LOG_WRAPPERS],
  ] as const) {
    const value = changes[field] ?? next[field];
    if (!(known as readonly string[]).includes(value)) return refuse('INVALID_VALUE', `One of ${known.join(', ')}.`, field);
    next[field] = value;
  }
  if (changes.timeZone !== undefined) {
    const zone = changes.timeZone?.trim() || null;
    if (zone !== null && !isTimeZone(zone))
      return refuse('INVALID_VALUE', 'A name such as Europe/Berlin, or an offset such as +02:00.', 'timeZone');
    next.timeZone = zone;
  }
  const minLevel = MIN_LEVELS.find((level) => level === (changes.minLevel ?? next.minLevel));
  if (minLevel === undefined) return refuse('INVALID_VALUE', `One of ${MIN_LEVELS.join(', ')}.`, 'minLevel');
  next.minLevel = minLevel;
  for (const [field, most] of [
    ['environment', 64],
    ['release', 200],
  ] as const) {
    if (changes[field] === undefined) continue;
    const text = changes[field] === null || changes[field].trim() === '' ? null : cleanLine(changes[field], field, most);
    if (text instanceof ValidationRefusal) return text;
    next[field] = text;
  }
  if (changes.tags != null) {
    const tags = cleanTags(changes.tags);
    if (tags instanceof ValidationRefusal) return tags;
    next.tags = tags;
  }
  return next;
}

const RANGES = [
  ['startLines', 0, 1_000_000, 'lines'],
  ['pollIntervalMs', 100, 600_000, 'ms'],
  ['flushAfterMs', 100, 600_000, 'ms'],
] as const;

const notAbsolute = (glob: string) => `“${glob}” is not an absolute path.`;

function isTimeZone(zone: string): boolean {
  if (/^[+-](0\d|1[0-4]):[0-5]\d$/.test(zone)) return true;
  if (zone.length > 64) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function cleanTags(given: readonly { readonly key: string; readonly value: string }[]) {
  if (given.length > MAX_TAGS) return new ValidationRefusal('TOO_MANY', `At most ${MAX_TAGS} tags.`, 'tags');
  const tags: Record<string, string> = Object.create(null);
  for (const { key, value } of given) {
    if (!/^[A-Za-z0-9_.:-]{1,32}$/.test(key.trim()))
      return new ValidationRefusal('INVALID_TAG', 'The name of a tag is 1 to 32 of letters, digits and _ . : -', 'tags');
    const clean = cleanLine(value, 'tags', 200);
    if (clean instanceof ValidationRefusal) return clean;
    tags[key.trim()] = clean;
  }
  return { ...tags };
}
