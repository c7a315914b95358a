import type { PatternLevel } from './definition.ts';

/** A level as log lines write it; `ignore` can only be said by a definition. */
export type LineLevel = Exclude<PatternLevel, 'ignore'>;

const WORDS: Record<LineLevel, readonly string[]> = {
  fatal: ['fatal', 'f', 'critical', 'crit', 'c', 'emerg', 'emergency', 'alert', 'panic', 'dpanic', 'severe'],
  error: ['error', 'err', 'e', 'eror', 'failure', 'failed'],
  warning: ['warning', 'warn', 'w'],
  info: ['info', 'i', 'information', 'informational', 'notice', 'n', 'log', 'normal', 'ok'],
  debug: [
    'debug',
    'd',
    'trace',
    't',
    'verbose',
    'v',
    'fine',
    'finer',
    'finest',
    'debug1',
    'debug2',
    'debug3',
    'debug4',
    'debug5',
  ],
};
const LEVELS = new Map<string, LineLevel>();
for (const [level, words] of Object.entries(WORDS)) for (const word of words) LEVELS.set(word, level as LineLevel);
/** RFC 5424 §6.2.1: 0 emergency … 7 debug. */
const SYSLOG: readonly LineLevel[] = ['fatal', 'fatal', 'fatal', 'error', 'warning', 'info', 'info', 'debug'];

/**
 * The level that a captured text means: words of the common loggers in any case and with brackets around them, the single
 * letters of glog and logcat, the numbers of syslog (0–7), of bunyan and pino (10–60), and HTTP statuses. Undefined when it
 * means none.
 */
export function levelOf(text: string): LineLevel | undefined {
  // Cut first: looking for the brackets at the end of a long row of them takes time by the square of its length.
  const word = text
    .slice(0, 100)
    .replace(/^[\s<[(]+|[\s>\]):]+$/g, '')
    .toLowerCase();
  const known = LEVELS.get(word);
  if (known !== undefined || !/^\d{1,3}$/.test(word)) return known;
  const number = Number(word);
  if (number <= 7) return SYSLOG[number];
  if (number >= 100) return number >= 500 ? 'error' : number >= 400 ? 'warning' : 'info';
  if (number < 10) return undefined;
  return number >= 60 ? 'fatal' : number >= 50 ? 'error' : number >= 40 ? 'warning' : number >= 30 ? 'info' : 'debug';
}
