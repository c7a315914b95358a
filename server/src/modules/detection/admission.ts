import type { Clock } from '../../platform/clock.ts';
import { fingerprint } from '../analysis/fingerprint/fingerprint.ts';
import type { ProjectSettings } from '../projects/project.entity.ts';
import type { IngestCapacity } from './capacity.ts';
import type { Delivery } from './delivery.ts';
import { InboundFilters } from './inbound/filters.ts';
import { FirstOfKind } from './inbound/first-of-kind.ts';
import { isKeptByChance, Sampling } from './inbound/sampling.ts';
import type { SpikeGuard } from './inbound/spike-guard.ts';
import type { IngestKey } from './ingest-keys.ts';
import type { NormalizedEvent } from './normalized-event.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';
import type { Quota, RateLimiter } from './rate-limiter.ts';

/** Of each kind of error so many an hour come through a spike. */
const FIRST_IN_SPIKE = 10;
const NO_QUOTAS: readonly Quota[] = [];

/** Why an event is not kept. The client is answered 200: it did nothing wrong. */
export interface Unwanted {
  outcome: 'filtered' | 'rate_limited';
  reason: string;
}

/** A project's settings, made ready once for all its events. */
interface Ready {
  filters: InboundFilters;
  sampling: Sampling;
}

/**
 * Decides what of a project's traffic is let in: the server's own capacity and quotas before an item is parsed; then, on
 * the normal event, the project's filters, spike protection and sampling, in this order. Whatever is dropped is counted
 * with its reason by the caller.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #capacity: IngestCapacity;
  readonly #limiter: RateLimiter;
  readonly #spikes: SpikeGuard;
  readonly #first = new FirstOfKind();
  /** Settings are replaced, never changed, so that the object itself is the key. */
  readonly #ready = new WeakMap<ProjectSettings, Ready>();

  constructor(deps: { clock: Clock; capacity: IngestCapacity; limiter: RateLimiter; spikes: SpikeGuard }) {
    this.#clock = deps.clock;
    this.#capacity = deps.capacity;
    this.#limiter = deps.limiter;
    this.#spikes = deps.spikes;
  }

  /** The limit one item of a category meets now; takes its share of the quotas if there is none. */
  limit(key: IngestKey, category: string): LimitHint | undefined {
    return this.#capacity.limit() ?? this.#limiter.take(quotasOf(key, category));
  }

  /** The limit the next event would meet, as a hint for the answer. */
  next(key: IngestKey): LimitHint | undefined {
    return this.#limiter.next(quotasOf(key, 'error'));
  }

  /** Why a project does not want an event; undefined if it does. */
  unwanted(event: NormalizedEvent, delivery: Delivery): Unwanted | undefined {
    const { key, clientIp } = delivery;
    const { projectId, settings } = key;
    const { filters, sampling } = this.#readyFor(settings);
    const reason = filters.reason(event, clientIp);
    if (reason !== undefined) return { outcome: 'filtered', reason };
    const isSpike = delivery.followed !== true && settings.inbound.spikeProtection && this.#spikes.count(projectId);
    const rule = sampling.isEmpty ? undefined : sampling.ruleFor(event);
    if (!isSpike && (rule === undefined || rule.rate === 1)) return undefined;
    // The same kinds as grouping will find: the first of every error comes through.
    const count = this.#first.count(projectId, fingerprint(event).hash, this.#clock.now());
    if (isSpike && count > FIRST_IN_SPIKE) return { outcome: 'rate_limited', reason: 'spike' };
    if (rule !== undefined && count > rule.keepFirst && !isKeptByChance(event, rule.rate))
      return { outcome: 'filtered', reason: `sampled:${rule.name}` };
    return undefined;
  }

  #readyFor(settings: ProjectSettings): Ready {
    let ready = this.#ready.get(settings);
    if (ready === undefined) {
      ready = { filters: new InboundFilters(settings.inbound), sampling: new Sampling(settings.inbound.sampling) };
      this.#ready.set(settings, ready);
    }
    return ready;
  }
}

/** What limits a category, of the key and of the project. */
function quotasOf({ keyId, projectId, keyEventsPerMinute, keyQuotas, settings }: IngestKey, category: string): readonly Quota[] {
  if (category !== 'error') {
    const found: Quota[] = [];
    const own = keyQuotas?.find((one) => one.category === category);
    if (own !== undefined) found.push({ scope: 'key', id: keyId, category, perMinute: own.perMinute });
    const shared = settings.inbound.quotas.find((one) => one.category === category);
    if (shared !== undefined) found.push({ scope: 'project', id: projectId, category, perMinute: shared.perMinute });
    return found;
  }
  const ofProject = settings.eventsPerMinute;
  if (keyEventsPerMinute === null && ofProject === null) return NO_QUOTAS;
  const quotas: Quota[] = [];
  if (keyEventsPerMinute !== null) quotas.push({ scope: 'key', id: keyId, category, perMinute: keyEventsPerMinute });
  if (ofProject !== null) quotas.push({ scope: 'project', id: projectId, category, perMinute: ofProject });
  return quotas;
}
