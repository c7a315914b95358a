import { textParam } from '../../lib/search-params.ts';

/** The releases list's part of the address; what is absent is the default. */
export interface ReleasesSearch {
  /** Part of a version. */
  q?: string;
  env?: string;
  /** `24h`, `14d`, `30d`, `90d`. */
  span?: string;
  /** `last-seen`, `events`; absent: newest first. */
  sort?: string;
}

/** Spans that health is shown of. */
export const SPANS = [
  { value: '24h', label: '24 h', hours: 24 },
  { value: '7d', label: '7 days', hours: 168 },
  { value: '30d', label: '30 days', hours: 720 },
  { value: '90d', label: '90 days', hours: 2160 },
] as const;

export const SORTS = [
  { value: '', label: 'Newest first', field: 'FIRST_SEEN' },
  { value: 'last-seen', label: 'Last seen', field: 'LAST_SEEN' },
  { value: 'events', label: 'Most events', field: 'EVENT_COUNT' },
] as const;

/** Reads the address. */
export function validateReleasesSearch(raw: Record<string, unknown>): ReleasesSearch {
  const search: ReleasesSearch = {};
  for (const name of ['q', 'env', 'span', 'sort'] as const) {
    const text = textParam(raw[name]);
    if (text !== undefined) search[name] = text;
  }
  return search;
}

/** The span of an address; a week if it names none. */
export function spanOf(search: ReleasesSearch): (typeof SPANS)[number] {
  return SPANS.find(({ value }) => value === search.span) ?? SPANS[1];
}

/** The order of an address. */
export function sortOf(search: ReleasesSearch): (typeof SORTS)[number] {
  return SORTS.find(({ value }) => value === search.sort) ?? SORTS[0];
}
