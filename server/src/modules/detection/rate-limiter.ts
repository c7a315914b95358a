import type { Clock } from '../../platform/clock.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';

/** One limit that applies to an item. */
export interface Quota {
  scope: 'key' | 'project';
  /** Id of the key or project. */
  id: number;
  /** Data category in the protocol's words; `error` for events. */
  category: string;
  perMinute: number;
}

interface Bucket {
  perMinute: number;
  tokens: number;
  filledAt: number;
}

/**
 * Token buckets per key or project and category: a minute's worth may come at once, then as many as flow in. In memory:
 * after a restart everybody starts with a full bucket.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one item's worth of every quota; the limit that stands in the way, or undefined. Nothing is taken when one is empty. */
  take(quotas: readonly Quota[]): LimitHint | undefined {
    if (quotas.length === 0) return undefined;
    const now = this.#clock.now();
    const buckets = quotas.map((quota) => this.#filled(quota, now));
    for (const [i, bucket] of buckets.entries()) {
      const refusal = limitOf(bucket, quotas[i] as Quota);
      if (refusal) return refusal;
    }
    for (const bucket of buckets) bucket.tokens--;
    return undefined;
  }

  /** The limit the next item would meet, if it has to wait for a second or more. */
  next(quotas: readonly Quota[]): LimitHint | undefined {
    for (const quota of quotas) {
      const bucket = this.#buckets.get(nameOf(quota));
      const hint = bucket && limitOf(bucket, quota);
      if (hint && hint.retryAfterSeconds > 1) return hint;
    }
    return undefined;
  }

  #filled(quota: Quota, now: number): Bucket {
    const { perMinute } = quota;
    const name = nameOf(quota);
    let bucket = this.#buckets.get(name);
    if (bucket === undefined || bucket.perMinute !== perMinute) {
      bucket = { perMinute, tokens: perMinute, filledAt: now };
      this.#buckets.set(name, bucket);
    }
    const elapsed = Math.max(0, now - bucket.filledAt);
    bucket.tokens = Math.min(perMinute, bucket.tokens + (elapsed * perMinute) / 60_000);
    bucket.filledAt = now;
    return bucket;
  }
}

function nameOf({ scope, id, category }: Quota): string {
  return `${scope} ${id} ${category}`;
}

function limitOf(bucket: Bucket, { scope, category }: Quota): LimitHint | undefined {
  if (bucket.tokens >= 1) return undefined;
  const waitMs = bucket.perMinute > 0 ? ((1 - bucket.tokens) * 60_000) / bucket.perMinute : 60_000;
  const hint: LimitHint = { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)), scope, reason: `${scope}_quota` };
  return category === 'error' ? hint : { ...hint, categories: category };
}
