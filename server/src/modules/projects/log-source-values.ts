import type { LogSourceSettings } from './log-source-settings.ts';

// Apart from the checking of settings: threads and commands that follow files need no GraphQL.

export const DEFAULT_LOG_SOURCE: Omit<LogSourceSettings, 'name' | 'globs'> = {
  exclusions: [],
  startAt: 'END',
  startLines: 1000,
  encoding: 'auto',
  wrapper: 'auto',
  timeZone: null,
  patternsEnabled: true,
  minLevel: 'error',
  errorLines: true,
  environment: null,
  release: null,
  tags: {},
  polling: 'AUTO',
  pollIntervalMs: 500,
  flushAfterMs: 1000,
  watcher: 'SERVER',
};

/** The least level of single lines that become events. */
export const MIN_LEVELS = ['info', 'warning', 'error', 'fatal'] as const;
/** `auto`: by the byte order mark, else UTF-8. */
export const LOG_ENCODINGS = ['auto', 'utf8', 'utf16le', 'utf16be', 'latin1'] as const;
/** What stands around each line: `auto` is recognised line by line, `none` takes lines as they are. */
export const LOG_WRAPPERS = ['auto', 'none', 'docker', 'journal', 'cri', 'syslog', 'prefix', 'kernel'] as const;
