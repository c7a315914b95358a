import type { BreadcrumbPanel_EventFragment, Level } from '@errata/schema';

/** A breadcrumb as the server gives it. */
export type Crumb = BreadcrumbPanel_EventFragment['breadcrumbs'][number];

/** What a breadcrumb was about; chooses its icon. */
export type CrumbKind = 'http' | 'navigation' | 'ui' | 'console' | 'query' | 'error' | 'system' | 'other';

/** A breadcrumb with its place in the trail (0: the oldest). */
export interface PlacedCrumb {
  index: number;
  kind: CrumbKind;
  crumb: Crumb;
}

/** What the trail is narrowed to; empty sets and text mean everything. */
export interface CrumbFilter {
  text: string;
  kinds: ReadonlySet<CrumbKind>;
  levels: ReadonlySet<Level>;
}

/** Nothing narrowed. */
export const EVERY_CRUMB: CrumbFilter = { text: '', kinds: new Set(), levels: new Set() };

/** What a breadcrumb was about, from its type and category (Sentry's words; SDKs are loose with both). */
export function kindOf({ type, category, level }: Crumb): CrumbKind {
  const words = `${type ?? ''} ${category ?? ''}`.toLowerCase();
  if (/\b(error|exception)\b/.test(words)) return 'error';
  if (/\b(http|xhr|fetch|axios|httplib|request|grpc)\b/.test(words)) return 'http';
  if (/\b(navigation|route|router)\b/.test(words)) return 'navigation';
  if (/\b(ui|user|touch|click|input)\b/.test(words)) return 'ui';
  if (/\b(query|db|sql|redis|database|mongo|postgres)\b/.test(words)) return 'query';
  if (/\b(console|log|logging|debug|logger)\b/.test(words)) return 'console';
  if (/\b(system|device|app|transaction|info|session|worker|queue|job)\b/.test(words)) return 'system';
  return level === 'ERROR' || level === 'FATAL' ? 'error' : 'other';
}

/** The trail with places and kinds, oldest first as the server gives it. */
export function placeCrumbs(crumbs: readonly Crumb[]): PlacedCrumb[] {
  return crumbs.map((crumb, index) => ({ index, kind: kindOf(crumb), crumb }));
}

/** Those that pass the filter; all words of the text must occur somewhere in the breadcrumb, in any case. */
export function filterCrumbs(crumbs: readonly PlacedCrumb[], filter: CrumbFilter): PlacedCrumb[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return crumbs.filter(({ kind, crumb }) => {
    if (filter.kinds.size > 0 && !filter.kinds.has(kind)) return false;
    if (filter.levels.size > 0 && !filter.levels.has(crumb.level ?? 'INFO')) return false;
    if (words.length === 0) return true;
    const text =
      `${crumb.type ?? ''} ${crumb.category ?? ''} ${crumb.message ?? ''} ${crumb.data === null ? '' : JSON.stringify(crumb.data)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** One line for a breadcrumb without a message: `GET https://… 404`, `/from → /to`, or the start of its data. */
export function summaryOf({ crumb, kind }: PlacedCrumb): string {
  if (crumb.message !== null && crumb.message !== '') return crumb.message;
  const data = typeof crumb.data === 'object' && crumb.data !== null ? (crumb.data as Record<string, unknown>) : {};
  const text = (key: string): string => {
    const value = data[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const known =
    kind === 'http'
      ? [text('method').toUpperCase(), text('url'), text('status_code') || text('statusCode')]
      : kind === 'navigation' && (text('from') !== '' || text('to') !== '')
        ? [text('from'), '→', text('to')]
        : [];
  const line = known.filter((part) => part !== '').join(' ');
  if (line !== '') return line;
  const keys = Object.entries(data).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return keys.join(' ').slice(0, 300);
}

/** How long before the event, for the second column: `−1.2 s`, `−3 min`. */
export function beforeEvent(at: string | null, event: string): string | null {
  if (at === null) return null;
  const ms = Date.parse(event) - Date.parse(at);
  if (Number.isNaN(ms)) return null;
  if (ms === 0) return '0 ms';
  const sign = ms > 0 ? '−' : '+';
  const size = Math.abs(ms);
  if (size < 1_000) return `${sign}${size} ms`;
  if (size < 60_000) return `${sign}${(size / 1_000).toFixed(size < 10_000 ? 1 : 0)} s`;
  if (size < 3_600_000) return `${sign}${Math.floor(size / 60_000)} min`;
  return `${sign}${Math.floor(size / 3_600_000)} h`;
}
