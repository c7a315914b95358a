import type { Clock } from '../../platform/clock.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';

/** What a request's key allows: events per minute of the key and of its project; null: no limit. */
export interface Quota {
  keyId: number;
  projectId: number;
  keyEventsPerMinute: number | null;
  projectEventsPerMinute: number | null;
}

interface Bucket {
  perMinute: number;
  tokens: number;
  filledAt: number;
}

/**
 * Token buckets per key and per project: a minute's worth may come at once, then as many as flow in. In memory: after a
 * restart everybody starts with a full bucket.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #keys = new Map<number, Bucket>();
  readonly #projects = new Map<number, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one event's worth; the limit that stands in the way, or undefined. Nothing is taken when one of the two is empty. */
  take(quota: Quota): LimitHint | undefined {
    if (quota.keyEventsPerMinute === null && quota.projectEventsPerMinute === null) return undefined;
    const now = this.#clock.now();
    const key = fill(this.#keys, quota.keyId, quota.keyEventsPerMinute, now);
    const project = fill(this.#projects, quota.projectId, quota.projectEventsPerMinute, now);
    const refusal = limitOf(key, 'key') ?? limitOf(project, 'project');
    if (refusal) return refusal;
    if (key) key.tokens--;
    if (project) project.tokens--;
    return undefined;
  }

  /** The limit the next event would meet, if it has to wait for a second or more. */
  next(quota: Quota): LimitHint | undefined {
    if (quota.keyEventsPerMinute === null && quota.projectEventsPerMinute === null) return undefined;
    const key = quota.keyEventsPerMinute === null ? undefined : this.#keys.get(quota.keyId);
    const project = quota.projectEventsPerMinute === null ? undefined : this.#projects.get(quota.projectId);
    const hint = limitOf(key, 'key') ?? limitOf(project, 'project');
    return hint && hint.retryAfterSeconds > 1 ? hint : undefined;
  }
}

function fill(buckets: Map<number, Bucket>, id: number, perMinute: number | null, now: number): Bucket | undefined {
  if (perMinute === null) return undefined;
  let bucket = buckets.get(id);
  if (bucket === undefined || bucket.perMinute !== perMinute) {
    bucket = { perMinute, tokens: perMinute, filledAt: now };
    buckets.set(id, bucket);
  }
  const elapsed = Math.max(0, now - bucket.filledAt);
  bucket.tokens = Math.min(perMinute, bucket.tokens + (elapsed * perMinute) / 60_000);
  bucket.filledAt = now;
  return bucket;
}

function limitOf(bucket: Bucket | undefined, scope: 'key' | 'project'): LimitHint | undefined {
  if (bucket === undefined || bucket.tokens >= 1) return undefined;
  const waitMs = bucket.perMinute > 0 ? ((1 - bucket.tokens) * 60_000) / bucket.perMinute : 60_000;
  return { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)), scope, reason: `${scope}_quota` };
}
