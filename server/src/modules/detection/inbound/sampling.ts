import type { SamplingRule } from '../../projects/inbound-settings.ts';
import type { NormalizedEvent } from '../normalized-event.ts';
import { GlobSet } from './glob.ts';

/** A rule made ready. */
interface ReadyRule {
  rule: SamplingRule;
  environments: GlobSet;
  releases: GlobSet;
  messages: GlobSet;
}

/** A project's sampling rules. */
export class Sampling {
  readonly #rules: readonly ReadyRule[];

  constructor(rules: readonly SamplingRule[]) {
    this.#rules = rules.map((rule) => ({
      rule,
      environments: new GlobSet(rule.environments),
      releases: new GlobSet(rule.releases),
      messages: new GlobSet(rule.messages),
    }));
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** The first rule that an event falls under. */
  ruleFor(event: NormalizedEvent): SamplingRule | undefined {
    return this.#rules.find((ready) => applies(ready, event))?.rule;
  }
}

/**
 * Whether chance keeps an event: decided by its id, so that a repeated delivery is decided the same way, and by its trace
 * if it has one, so that the errors of one trace are kept or dropped together.
 */
export function isKeptByChance(event: Pick<NormalizedEvent, 'eventId' | 'traceId'>, rate: number): boolean {
  const digits = event.traceId !== undefined && /^[0-9a-f]{32}$/.test(event.traceId) ? event.traceId : event.eventId;
  // The last digits: the first of some ids are a time.
  return Number.parseInt(digits.slice(-8), 16) / 0x1_0000_0000 < rate;
}

function applies({ rule, environments, releases, messages }: ReadyRule, event: NormalizedEvent): boolean {
  if (rule.levels.length > 0 && !rule.levels.includes(event.level)) return false;
  if (!environments.isEmpty && !environments.matches(event.environment ?? '')) return false;
  if (!releases.isEmpty && !releases.matches(event.release ?? '')) return false;
  if (messages.isEmpty) return true;
  const thrown = event.exceptions.at(-1);
  if (thrown && messages.matches(`${thrown.type ?? ''}: ${thrown.value ?? ''}`)) return true;
  return messages.matches(event.message ?? thrown?.value ?? '');
}
