/** A count over one bucket of time; `at` is the start of the bucket in milliseconds UTC. */
export interface RatePoint {
  at: number;
  value: number;
}

/** Seconds kept. */
const SECONDS = 180;
/** Minutes kept. */
const MINUTES = 60;

/**
 * Counts events as they come in, per second and per minute. Minutes before one came here are filled from the server's
 * own counts (`seed`); seconds are only known since then.
 */
export class RateCounter {
  readonly #seconds = new Map<number, number>();
  readonly #minutes = new Map<number, number>();

  /** Counts `count` events at a moment (milliseconds UTC). */
  add(at: number, count = 1): void {
    bump(this.#seconds, Math.floor(at / 1_000), count, SECONDS + 30);
    bump(this.#minutes, Math.floor(at / 60_000), count, MINUTES + 5);
  }

  /** Takes the server's counts per minute. They are the truth for the minutes they name, live ones included. */
  seed(points: readonly RatePoint[]): void {
    for (const { at, value } of points) {
      const minute = Math.floor(at / 60_000);
      // The running minute may have grown here since the server counted.
      this.#minutes.set(minute, Math.max(value, this.#minutes.get(minute) ?? 0));
    }
  }

  /** The last `count` seconds, oldest first, without the one that still runs. */
  seconds(now: number, count = 120): RatePoint[] {
    return last(this.#seconds, Math.floor(now / 1_000) - 1, count, 1_000);
  }

  /** The last `count` minutes, oldest first, the running one included. */
  minutes(now: number, count = MINUTES): RatePoint[] {
    return last(this.#minutes, Math.floor(now / 60_000), count, 60_000);
  }

  /** Events of the last sixty seconds: the running minute, and of the one before the share that is not over. Known at once. */
  perMinute(now: number): number {
    const minute = Math.floor(now / 60_000);
    const left = 1 - (now - minute * 60_000) / 60_000;
    return (this.#minutes.get(minute) ?? 0) + (this.#minutes.get(minute - 1) ?? 0) * left;
  }

  /** Events per second over the last `over` full seconds. */
  perSecond(now: number, over = 10): number {
    return this.seconds(now, over).reduce((sum, { value }) => sum + value, 0) / over;
  }
}

function bump(buckets: Map<number, number>, bucket: number, count: number, keep: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
  if (buckets.size <= keep) return;
  for (const old of buckets.keys()) if (old < bucket - keep) buckets.delete(old);
}

function last(buckets: ReadonlyMap<number, number>, end: number, count: number, ms: number): RatePoint[] {
  return Array.from({ length: count }, (_, index) => {
    const bucket = end - count + 1 + index;
    return { at: bucket * ms, value: buckets.get(bucket) ?? 0 };
  });
}

/** `0.4`, `12`, `340`: a rate as people read it. */
export function rateText(rate: number): string {
  if (rate === 0) return '0';
  if (rate < 0.1) return '<0.1';
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en');
}

/** How a number changed against the one before: `+12 %`, `−30 %`, `20 times as many`; null when there was nothing before. */
export function changeText(now: number, before: number): string | null {
  if (before === 0) return null;
  const change = ((now - before) / before) * 100;
  if (Math.abs(change) < 0.5) return 'unchanged';
  if (change >= 900) return `${Math.round(now / before).toLocaleString('en')} times as many`;
  return `${change > 0 ? '+' : '−'}${Math.abs(change).toFixed(Math.abs(change) < 10 ? 1 : 0)} %`;
}
