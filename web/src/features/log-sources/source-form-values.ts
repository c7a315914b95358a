import type { LogSourceInput, LogSourceSettingsFragment } from '@errata/schema';

/** A source's settings as the form has them: lists as lines, tags as `key=value`. */
export interface SourceFormValues {
  name: string;
  globs: string;
  exclusions: string;
  watcher: 'SERVER' | 'AGENT';
  startAt: 'BEGINNING' | 'END' | 'LAST_LINES';
  startLines: number | string;
  encoding: string;
  wrapper: string;
  timeZone: string;
  patternsEnabled: boolean;
  minLevel: string;
  errorLines: boolean;
  environment: string;
  release: string;
  tags: string[];
  polling: 'AUTO' | 'ALWAYS';
  pollIntervalMs: number | string;
  flushAfterMs: number | string;
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The form's first values; those of a new source without one. */
export function valuesOf(source: LogSourceSettingsFragment | null): SourceFormValues {
  return {
    name: source?.name ?? '',
    globs: source?.globs.join('\n') ?? '',
    exclusions: source?.exclusions.join('\n') ?? '',
    watcher: source?.watcher ?? 'SERVER',
    startAt: source?.startAt ?? 'END',
    startLines: source?.startLines ?? 1000,
    encoding: source?.encoding ?? 'auto',
    wrapper: source?.wrapper ?? 'auto',
    timeZone: source?.timeZone ?? '',
    patternsEnabled: source?.patternsEnabled ?? true,
    minLevel: source?.minLevel ?? 'error',
    errorLines: source?.errorLines ?? true,
    environment: source?.environment ?? '',
    release: source?.release ?? '',
    tags: source?.tags.map(({ key, value }) => `${key}=${value}`) ?? [],
    polling: source?.polling ?? 'AUTO',
    pollIntervalMs: source?.pollIntervalMs ?? 500,
    flushAfterMs: source?.flushAfterMs ?? 1000,
  };
}

/** What the server is told. A tag without `=` has an empty name, which it refuses with a clear word. */
export function inputOf(values: SourceFormValues): LogSourceInput {
  const { name, watcher, startAt, encoding, wrapper, patternsEnabled, minLevel, errorLines, polling } = values;
  const number = (value: number | string) => (value === '' ? null : Number(value));
  return {
    ...{ name: name.trim(), watcher, startAt, encoding, wrapper, patternsEnabled, minLevel, errorLines, polling },
    globs: lines(values.globs),
    exclusions: lines(values.exclusions),
    startLines: number(values.startLines),
    pollIntervalMs: number(values.pollIntervalMs),
    flushAfterMs: number(values.flushAfterMs),
    timeZone: values.timeZone.trim() || null,
    environment: values.environment.trim() || null,
    release: values.release.trim() || null,
    tags: values.tags.map((tag) => {
      const at = tag.indexOf('=');
      return at < 0 ? { key: '', value: tag } : { key: tag.slice(0, at).trim(), value: tag.slice(at + 1).trim() };
    }),
  };
}
