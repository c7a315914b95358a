import type { Level } from '../detection/normalized-event.ts';

/** Values of the query language that are more than text: durations, moments, levels. */

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const DAY_MS = 86_400_000;

/** `-24h` (within the last), `+7d` (longer ago than); no sign reads as `-`. Units: s m h d w. */
export const AGE = /^([+-])?(\d{1,6})([smhdw])$/;

/** Milliseconds of a number of units of {@link AGE}. */
export function durationMs(amount: number, unit: string): number {
  return amount * (UNITS[unit] ?? 0);
}

/**
 * Reads `2026-01-31` (the whole UTC day), or a date with a time, UTC unless it names a zone (one whole second, or one
 * millisecond when it has a fraction). Answers milliseconds `[from, until)`, or undefined when it is no such thing.
 */
export function parseMoment(text: string): { from: number; until: number } | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const wholeDay = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(wholeDay).getUTCDate() !== Number(day)) return undefined;
  if (hour === undefined) return { from: wholeDay, until: wholeDay + DAY_MS };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  const offsetMs = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 : 0;
  const ms = Math.floor(Number(fraction ?? 0) * 1000);
  const from = wholeDay + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second ?? 0) * 1000 + ms - offsetMs;
  return { from, until: from + (fraction !== undefined ? 1 : second !== undefined ? 1000 : 60_000) };
}

/** Levels by the words people use for them. */
export const LEVEL_WORDS: ReadonlyMap<string, Level> = new Map([
  ['debug', 'debug'],
  ['info', 'info'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['error', 'error'],
  ['fatal', 'fatal'],
  ['critical', 'fatal'],
]);
