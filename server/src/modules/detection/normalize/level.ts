import { LEVELS, type Level } from '../normalized-event.ts';

const KNOWN = new Map<string, Level>(LEVELS.map((level) => [level, level]));
const OTHER_WORDS: [string, Level][] = [
  ['warn', 'warning'],
  ['critical', 'fatal'],
  ['crit', 'fatal'],
  ['emergency', 'fatal'],
  ['alert', 'fatal'],
  ['panic', 'fatal'],
  ['err', 'error'],
  ['exception', 'error'],
  ['log', 'info'],
  ['notice', 'info'],
  ['information', 'info'],
  ['trace', 'debug'],
  ['verbose', 'debug'],
];
for (const [word, level] of OTHER_WORDS) KNOWN.set(word, level);

/** A level from Sentry's words, the words of common loggers, or Python's numbers (10 to 50). Undefined if it is none. */
export function readLevel(value: unknown): Level | undefined {
  if (typeof value === 'string') return KNOWN.get(value) ?? KNOWN.get(value.trim().toLowerCase());
  if (typeof value !== 'number' || !(value > 0)) return undefined;
  if (value >= 50) return 'fatal';
  if (value >= 40) return 'error';
  if (value >= 30) return 'warning';
  return value >= 20 ? 'info' : 'debug';
}
