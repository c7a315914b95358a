import { ValidationRefusal } from '../../platform/graphql/refusals.ts';

/** Data categories that can be limited, in the protocol's words (reference §1.7). */
export const QUOTA_CATEGORIES = ['attachment', 'feedback', 'log_item', 'monitor', 'session'] as const;
export type QuotaCategory = (typeof QUOTA_CATEGORIES)[number];

/** Most items of a category per minute. */
export interface CategoryQuota {
  category: QuotaCategory;
  perMinute: number;
}

/** Keeps a share of some events. The first matching rule decides. */
export interface SamplingRule {
  name: string;
  /** Share of matching events that is kept, 0 … 1. */
  rate: number;
  /** Of every kind of error (as grouping sees it) so many an hour are kept, whatever the rate. */
  keepFirst: number;
  /** What it applies to; an empty list or null matches all. Globs: `*` any text. */
  levels: string[];
  environments: string[];
  releases: string[];
  messages: string[];
}

/** What a project lets in of what clients send. */
export interface InboundSettings {
  /** Errors of extensions and of scripts that browsers inject into pages. */
  filterBrowserExtensions: boolean;
  /** Errors of search engines and other robots. */
  filterCrawlers: boolean;
  /** Errors of programs that run on the developer's own machine. */
  filterLocalhost: boolean;
  /** Errors of requests that only ask whether the program is alive. */
  filterHealthChecks: boolean;
  /** Globs. */
  filterReleases: string[];
  filterEnvironments: string[];
  /** Globs over `Type: message` and the message alone. */
  filterMessages: string[];
  /** Addresses and CIDR ranges of clients. */
  filterIpAddresses: string[];
  quotas: CategoryQuota[];
  /** Holds back what goes far beyond the project's own habit; new kinds of errors still come through. */
  spikeProtection: boolean;
  sampling: SamplingRule[];
}

export const DEFAULT_INBOUND: InboundSettings = {
  filterBrowserExtensions: true,
  filterCrawlers: true,
  filterLocalhost: false,
  filterHealthChecks: false,
  filterReleases: [],
  filterEnvironments: [],
  filterMessages: [],
  filterIpAddresses: [],
  quotas: [],
  spikeProtection: true,
  sampling: [],
};

/** Changes: absent or null keeps; lists are replaced whole. */
export type InboundChanges = { readonly [K in keyof InboundSettings]?: InboundSettings[K] | null | undefined };

const MAX_ENTRIES = 100;
const MAX_LENGTH = 200;
const MAX_RULES = 50;
const MAX_PER_MINUTE = 100_000_000;
const LEVEL_NAMES = ['debug', 'info', 'warning', 'error', 'fatal'];
const FLAGS = ['filterBrowserExtensions', 'filterCrawlers', 'filterLocalhost', 'filterHealthChecks', 'spikeProtection'] as const;
const LISTS = ['filterReleases', 'filterEnvironments', 'filterMessages', 'filterIpAddresses'] as const;

/**
 * The settings after the changes, or what is wrong with them.
 * @param isAddress tells an address or CIDR range from other text
 */
export function changedInbound(
  stored: InboundSettings,
  changes: InboundChanges,
  isAddress: (text: string) => boolean,
): InboundSettings | ValidationRefusal {
  const next = { ...stored };
  for (const flag of FLAGS) next[flag] = changes[flag] ?? next[flag];
  for (const list of LISTS) {
    if (changes[list] == null) continue;
    const entries = cleanList(changes[list]);
    if (entries.length > MAX_ENTRIES) return refusal('TOO_MANY', `At most ${MAX_ENTRIES} entries.`, list);
    if (entries.some((entry) => entry.length > MAX_LENGTH))
      return refusal('TOO_LONG', `At most ${MAX_LENGTH} characters an entry.`, list);
    const odd = list === 'filterIpAddresses' ? entries.find((entry) => !isAddress(entry)) : undefined;
    if (odd !== undefined) return refusal('NOT_AN_ADDRESS', `“${odd}” is neither an address nor a CIDR range.`, list);
    // A filter that lets nothing through is a slip, and a costly one.
    if (list !== 'filterIpAddresses' && entries.some((entry) => /^\*+$/.test(entry)))
      return refusal('MATCHES_ALL', 'This entry would filter everything. To stop taking events, archive the project.', list);
    next[list] = entries;
  }
  if (changes.quotas != null) {
    const quotas = checkedQuotas(changes.quotas, 'settings.inbound.quotas');
    if (quotas instanceof ValidationRefusal) return quotas;
    next.quotas = quotas;
  }
  if (changes.sampling != null) {
    if (changes.sampling.length > MAX_RULES) return refusal('TOO_MANY', `At most ${MAX_RULES} rules.`, 'sampling');
    const rules: SamplingRule[] = [];
    for (const given of changes.sampling) {
      const rule = checkedRule(given);
      if (rule instanceof ValidationRefusal) return rule;
      rules.push(rule);
    }
    next.sampling = rules;
  }
  return next;
}

/** Limits by category, each at most once, or what is wrong with them. */
export function checkedQuotas(given: readonly CategoryQuota[], field: string): CategoryQuota[] | ValidationRefusal {
  const seen = new Set<string>();
  for (const { category, perMinute } of given) {
    if (seen.has(category)) return new ValidationRefusal('REPEATED', `${category} is limited twice.`, field);
    seen.add(category);
    if (!Number.isInteger(perMinute) || perMinute < 0 || perMinute > MAX_PER_MINUTE)
      return new ValidationRefusal('OUT_OF_RANGE', 'A limit is a whole number from 0 up; leave it out for none.', field);
  }
  return given.map(({ category, perMinute }) => ({ category, perMinute }));
}

function checkedRule(given: SamplingRule): SamplingRule | ValidationRefusal {
  const name = given.name.trim();
  if (name === '' || name.length > 60) return refusal('BAD_NAME', 'A rule has a name of up to 60 characters.', 'sampling');
  if (!(given.rate >= 0 && given.rate <= 1)) return refusal('OUT_OF_RANGE', `“${name}”: a share is between 0 and 1.`, 'sampling');
  if (!Number.isInteger(given.keepFirst) || given.keepFirst < 1 || given.keepFirst > 10_000)
    return refusal('OUT_OF_RANGE', `“${name}”: keep between 1 and 10,000 of every kind.`, 'sampling');
  const lists = {
    levels: cleanList(given.levels),
    environments: cleanList(given.environments),
    releases: cleanList(given.releases),
    messages: cleanList(given.messages),
  };
  const level = lists.levels.find((entry) => !LEVEL_NAMES.includes(entry));
  if (level !== undefined) return refusal('BAD_LEVEL', `“${name}”: there is no level ${level}.`, 'sampling');
  for (const entries of Object.values(lists)) {
    if (entries.length > MAX_ENTRIES || entries.some((entry) => entry.length > MAX_LENGTH))
      return refusal('TOO_LONG', `“${name}”: at most ${MAX_ENTRIES} entries of ${MAX_LENGTH} characters.`, 'sampling');
  }
  return { name, rate: given.rate, keepFirst: given.keepFirst, ...lists };
}

function cleanList(entries: readonly string[]): string[] {
  return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}

function refusal(code: string, message: string, field: string): ValidationRefusal {
  return new ValidationRefusal(code, message, `settings.inbound.${field}`);
}
