/** Spans of the trend chart. */
export type TrendRange = '24h' | '7d' | '30d';

/** The ranges in the order they are offered. */
export const TREND_RANGES: readonly { value: TrendRange; label: string; says: string }[] = [
  { value: '24h', label: '24 h', says: 'Events per hour, last 24 hours' },
  { value: '7d', label: '7 d', says: 'Events per 6 hours, last 7 days' },
  { value: '30d', label: '30 d', says: 'Events per day, last 30 days' },
];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The span and bucket of a range, ending with the bucket that `now` is in. Days begin at midnight where the reader is
 * (`midnight`: the start of today there, in milliseconds), hours at the full hour.
 */
export function trendSpan(range: TrendRange, now: number, midnight: number): { from: number; to: number; bucketSeconds: number } {
  if (range === '24h') {
    const to = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
    return { from: to - DAY_MS, to, bucketSeconds: 3_600 };
  }
  const to = midnight + DAY_MS;
  return range === '7d'
    ? { from: to - 7 * DAY_MS, to, bucketSeconds: 6 * 3_600 }
    : { from: to - 30 * DAY_MS, to, bucketSeconds: 86_400 };
}

/** The start of today where the reader is. */
export function midnightBefore(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
