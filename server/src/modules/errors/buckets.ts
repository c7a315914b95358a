import { hours, minutes } from '../../platform/clock.ts';
import { Failure } from '../../platform/errors.ts';

/**
 * A row of equal buckets over time: `count` of them, `sizeMs` long, from `start`; the last may be cut short by `until`
 * (exclusive). All milliseconds UTC.
 */
export interface Buckets {
  start: number;
  until: number;
  sizeMs: number;
  count: number;
}

/** What `project_minute` counts by, ms. */
export const MINUTE_MS = minutes(1);
/** What `project_hour` and `error_hour` count by, ms. */
export const HOUR_MS = hours(1);

/** Most points of one series; the bucket is widened to stay below. */
export const MAX_POINTS = 2000;
const DEFAULT_POINTS = 24;
const MAX_SPAN_MS = 3700 * 24 * HOUR_MS;

/**
 * Lays buckets over [from, to). They begin at `from`, rounded down to what the table counts by (`unitMs`), so that a
 * caller gets days of its own time zone by giving its midnight. Without `from`: 24 buckets, the last of which holds
 * `to` (now); those stand on round UTC times, so that a chart does not shiver from one second to the next.
 * @throws Failure BAD_INPUT when `from` is not before `to`, or the bucket is not positive
 */
export function layBuckets(asked: {
  from?: number | undefined;
  to?: number | undefined;
  bucketSeconds?: number | undefined;
  now: number;
  unitMs: number;
}): Buckets {
  const { unitMs } = asked;
  if (asked.bucketSeconds !== undefined && asked.bucketSeconds < 1)
    throw new Failure('BAD_INPUT', 'bucketSeconds: at least 1.', { details: { field: 'bucketSeconds' } });
  const wanted = asked.bucketSeconds === undefined ? HOUR_MS : asked.bucketSeconds * 1000;
  let sizeMs = Math.max(unitMs, Math.ceil(wanted / unitMs) * unitMs);
  const to = asked.to ?? asked.now;
  if (asked.from === undefined) {
    // `to` is exclusive, so a round one belongs to the bucket before it; now is a moment and belongs to its own.
    const last = asked.to === undefined ? to : to - 1;
    const end = (Math.floor(last / sizeMs) + 1) * sizeMs;
    return { start: end - DEFAULT_POINTS * sizeMs, until: end, sizeMs, count: DEFAULT_POINTS };
  }
  const span = to - asked.from;
  if (span <= 0) throw new Failure('BAD_INPUT', 'from: must be before to.', { details: { field: 'from' } });
  if (span > MAX_SPAN_MS) throw new Failure('BAD_INPUT', 'from: at most ten years before to.', { details: { field: 'from' } });
  const start = Math.floor(asked.from / unitMs) * unitMs;
  if ((to - start) / sizeMs > MAX_POINTS) sizeMs = Math.ceil((to - start) / MAX_POINTS / unitMs) * unitMs;
  return { start, until: Math.ceil(to / unitMs) * unitMs, sizeMs, count: Math.ceil((to - start) / sizeMs) };
}

/** Sums counted moments into the buckets; what lies outside is left out. Every bucket is there, empty ones as 0. */
export function fillBuckets(buckets: Buckets, counts: Iterable<{ at: number; n: number }>): number[] {
  const sums = new Array<number>(buckets.count).fill(0);
  for (const { at, n } of counts) {
    const place = Math.floor((at - buckets.start) / buckets.sizeMs);
    if (at < buckets.until && place >= 0 && place < sums.length) sums[place] = (sums[place] as number) + n;
  }
  return sums;
}
