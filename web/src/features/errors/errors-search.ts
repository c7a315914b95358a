import type { ErrorFilter, ErrorOrder, ErrorOrderField, ErrorStatus, Level } from '@errata/schema';
import { namesStatus } from './query-language.ts';
import { LEVELS, STATUSES, UNRESOLVED } from './words.ts';

/**
 * The list's part of the address, as the router keeps it: flat strings only, lists joined by commas (a comma or backslash
 * inside a value is escaped with a backslash), and a key is absent where the default holds, so that addresses stay short.
 */
export interface ErrorsSearch {
  /** Project slugs; shared with the other pages. */
  project?: string;
  /** `all`, or statuses in lower case; absent: the unresolved ones. */
  status?: string;
  level?: string;
  env?: string;
  release?: string;
  /** User ids, `me`, `none`. */
  assignee?: string;
  /** `1h`, `24h`, `7d`, `30d`, or `from..to` in ISO form, either side may be missing. */
  time?: string;
  /** Words and `key:value` terms. */
  q?: string;
  /** `last-seen` (absent), `first-seen`, `events`, `users`; a leading `-` turns it round. */
  sort?: string;
}

/** Which errors the list shows, in which order: the same as {@link ErrorsSearch}, taken apart. */
export interface ErrorsView {
  /** Slugs; empty means all. */
  projects: readonly string[];
  /** `all` or a list; empty never occurs. */
  statuses: readonly ErrorStatus[] | 'all';
  levels: readonly Level[];
  environments: readonly string[];
  releases: readonly string[];
  assignees: readonly string[];
  time: TimeRange | null;
  text: string;
  sort: ErrorOrderField;
  ascending: boolean;
}

/** The last so many hours, or two moments (milliseconds UTC, either may be open). */
export type TimeRange = { hours: number } | { from: number | null; to: number | null };

/** Ranges offered by name. */
export const TIME_CHOICES: readonly { key: string; hours: number; label: string }[] = [
  { key: '1h', hours: 1, label: 'Last hour' },
  { key: '24h', hours: 24, label: 'Last 24 hours' },
  { key: '7d', hours: 24 * 7, label: 'Last 7 days' },
  { key: '30d', hours: 24 * 30, label: 'Last 30 days' },
];

const SORTS: Record<string, ErrorOrderField> = {
  'last-seen': 'LAST_SEEN',
  'first-seen': 'FIRST_SEEN',
  events: 'EVENT_COUNT',
  users: 'USER_COUNT',
};
const SORT_KEYS = Object.fromEntries(Object.entries(SORTS).map(([key, field]) => [field, key])) as Record<
  ErrorOrderField,
  string
>;

/** The view without any filter set: unresolved errors of all projects, latest first. */
export const DEFAULT_VIEW: ErrorsView = {
  projects: [],
  statuses: UNRESOLVED,
  levels: [],
  environments: [],
  releases: [],
  assignees: [],
  time: null,
  text: '',
  sort: 'LAST_SEEN',
  ascending: false,
};

/** Joins values with commas; the inverse of {@link splitList}. */
export function joinList(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(/[\\,]/g, (special) => `\\${special}`)).join(',');
}

/** Takes a comma list apart; empty values and repetitions are dropped. */
export function splitList(joined: string): string[] {
  const values = new Set<string>();
  for (const [, value = ''] of `${joined},`.matchAll(/((?:\\.|[^,\\])*)\\?,/gs)) {
    const plain = value.replaceAll(/\\(.)/gs, '$1').trim();
    if (plain !== '') values.add(plain);
  }
  return [...values];
}

/**
 * For the route's `validateSearch`: takes whatever stands in the address, hands back only what is known and well formed.
 * Never throws; what it does not understand is left out, so that an old or mistyped link still opens the list.
 */
export function validateErrorsSearch(raw: Record<string, unknown>): ErrorsSearch {
  return searchOf(viewOf(textOnly(raw)));
}

function textOnly(raw: Record<string, unknown>): ErrorsSearch {
  const search: ErrorsSearch = {};
  for (const key of ['project', 'status', 'level', 'env', 'release', 'assignee', 'time', 'q', 'sort'] as const) {
    const value = raw[key];
    if (Array.isArray(value)) search[key] = joinList(value.filter((each) => each !== null).map(String));
    else if (typeof value === 'string' || typeof value === 'number') search[key] = String(value);
  }
  return search;
}

/** The view an address stands for. */
export function viewOf(search: ErrorsSearch): ErrorsView {
  const sort = search.sort ?? '';
  const ascending = sort.startsWith('-');
  return {
    projects: splitList(search.project ?? ''),
    statuses: statusesOf(search.status),
    levels: known(search.level, LEVELS),
    environments: splitList(search.env ?? ''),
    releases: splitList(search.release ?? ''),
    assignees: splitList(search.assignee ?? '').filter((one) => one === 'me' || one === 'none' || /^\d+$/.test(one)),
    time: timeOf(search.time ?? ''),
    text: (search.q ?? '').trim().slice(0, 500),
    sort: SORTS[ascending ? sort.slice(1) : sort] ?? 'LAST_SEEN',
    ascending: ascending && SORTS[sort.slice(1)] !== undefined,
  };
}

/** The address of a view; defaults are left out. The inverse of {@link viewOf}. */
export function searchOf(view: ErrorsView): ErrorsSearch {
  const sort = `${view.ascending ? '-' : ''}${SORT_KEYS[view.sort]}`;
  return {
    ...text('project', joinList(view.projects)),
    ...text('status', statusText(view.statuses)),
    ...text('level', view.levels.map((level) => level.toLowerCase()).join(',')),
    ...text('env', joinList(view.environments)),
    ...text('release', joinList(view.releases)),
    ...text('assignee', joinList(view.assignees)),
    ...text('time', timeText(view.time)),
    ...text('q', view.text),
    ...text('sort', sort === 'last-seen' ? '' : sort),
  };
}

function text<K extends keyof ErrorsSearch>(key: K, value: string): Pick<ErrorsSearch, K> {
  return (value === '' ? {} : { [key]: value }) as Pick<ErrorsSearch, K>;
}

function known<T extends string>(joined: string | undefined, words: readonly T[]): T[] {
  const asked = splitList(joined ?? '').map((word) => word.toUpperCase());
  return words.filter((word) => asked.includes(word));
}

function statusesOf(status: string | undefined): readonly ErrorStatus[] | 'all' {
  if (status === 'all') return 'all';
  const listed = known(status, STATUSES);
  if (listed.length === STATUSES.length) return 'all';
  return listed.length === 0 ? UNRESOLVED : listed;
}

function statusText(statuses: readonly ErrorStatus[] | 'all'): string {
  if (statuses === 'all') return 'all';
  const isDefault = statuses.length === UNRESOLVED.length && UNRESOLVED.every((status) => statuses.includes(status));
  return isDefault ? '' : statuses.map((status) => status.toLowerCase()).join(',');
}

function timeOf(time: string): TimeRange | null {
  const choice = TIME_CHOICES.find(({ key }) => key === time);
  if (choice !== undefined) return { hours: choice.hours };
  const [from = '', to = ''] = time.split('..');
  const range = { from: moment(from), to: moment(to) };
  return range.from === null && range.to === null ? null : range;
}

function moment(iso: string): number | null {
  const at = /^\d{4}-\d\d/.test(iso) ? Date.parse(iso) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

function timeText(time: TimeRange | null): string {
  if (time === null) return '';
  if ('hours' in time) return TIME_CHOICES.find(({ hours }) => hours === time.hours)?.key ?? '';
  const iso = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());
  return `${iso(time.from)}..${iso(time.to)}`;
}

/** Whether the search text says which statuses are meant (`is:resolved`); the default then steps back. */
export function statusBySearch(view: ErrorsView): boolean {
  return statusText(view.statuses) === '' && namesStatus(view.text);
}

/** How many filters besides the default are set, for the button on a narrow screen. */
export function filterCount(view: ErrorsView): number {
  const { project, status, level, env, release, assignee, time } = searchOf(view);
  return [project, status, level, env, release, assignee, time].filter((value) => value !== undefined).length;
}

/** The order a view asks of the server. */
export function orderOf(view: ErrorsView): ErrorOrder {
  return { field: view.sort, direction: view.ascending ? 'ASC' : 'DESC' };
}

/**
 * The filter a view asks of the server, without its text. `now` (milliseconds UTC) anchors relative times; `projectIds`
 * are the ids of `view.projects` (undefined: all).
 */
export function filterOf(view: ErrorsView, now: number, projectIds?: readonly string[]): ErrorFilter {
  const range =
    view.time === null ? null : 'hours' in view.time ? { from: now - view.time.hours * 3_600_000, to: null } : view.time;
  return {
    ...(projectIds === undefined ? {} : { projectIds: [...projectIds] }),
    ...(view.statuses === 'all' || statusBySearch(view) ? {} : { status: [...view.statuses] }),
    ...(view.levels.length > 0 ? { level: [...view.levels] } : {}),
    ...(view.environments.length > 0 ? { environment: [...view.environments] } : {}),
    ...(view.releases.length > 0 ? { release: [...view.releases] } : {}),
    ...(view.assignees.length > 0 ? { assignee: [...view.assignees] } : {}),
    ...(range === null || range.from === null ? {} : { seenFrom: new Date(range.from).toISOString() }),
    ...(range === null || range.to === null ? {} : { seenTo: new Date(range.to).toISOString() }),
  };
}

/**
 * Whether a row still belongs into a view, as far as its fields tell (environment, release, time and text are not decided
 * here and count as belonging). `me` is the id of the viewer.
 */
export function belongs(
  view: ErrorsView,
  row: { status: ErrorStatus; level: Level; project: { slug: string }; assignee: { id: string } | null },
  me: string | null,
): boolean {
  if (view.statuses !== 'all' && !statusBySearch(view) && !view.statuses.includes(row.status)) return false;
  if (view.levels.length > 0 && !view.levels.includes(row.level)) return false;
  if (view.projects.length > 0 && !view.projects.includes(row.project.slug)) return false;
  if (view.assignees.length === 0) return true;
  return view.assignees.some((one) => (one === 'none' ? row.assignee === null : (one === 'me' ? me : one) === row.assignee?.id));
}

/** Whether {@link belongs} decides alone: nothing is asked that only the server knows of an error. */
export function isDecidedByRow(view: ErrorsView): boolean {
  return view.environments.length === 0 && view.releases.length === 0 && view.time === null && view.text === '';
}
