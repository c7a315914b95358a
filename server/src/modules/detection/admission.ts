import type { IngestCapacity } from './capacity.ts';
import type { IngestKey } from './ingest-keys.ts';
import type { NormalizedEvent } from './normalized-event.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Decides what of a project's traffic is let in: the server's own capacity, then quotas, then the project's filters. */
export class Admission {
  readonly #capacity: IngestCapacity;
  readonly #limiter: RateLimiter;

  constructor(deps: { capacity: IngestCapacity; limiter: RateLimiter }) {
    this.#capacity = deps.capacity;
    this.#limiter = deps.limiter;
  }

  /** The limit one item of a category meets now; takes its share of the quota if there is none. */
  limit(key: IngestKey, category: string): LimitHint | undefined {
    return this.#capacity.limit() ?? (category === 'error' ? this.#limiter.take(quotaOf(key)) : undefined);
  }

  /** The limit the next event would meet, as a hint for the answer. */
  next(key: IngestKey): LimitHint | undefined {
    return this.#limiter.next(quotaOf(key));
  }

  /** Why a project does not want an event; undefined if it does. */
  filter(_event: NormalizedEvent, _key: IngestKey): string | undefined {
    return undefined;
  }
}

function quotaOf(key: IngestKey) {
  return {
    keyId: key.keyId,
    projectId: key.projectId,
    keyEventsPerMinute: key.keyEventsPerMinute,
    projectEventsPerMinute: key.settings.eventsPerMinute,
  };
}
