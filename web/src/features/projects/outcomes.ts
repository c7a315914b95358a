import type { IngestOutcomeKind, ProjectOutcomesQuery } from '@errata/schema';
import { toMs } from '../../ui/format.ts';
import type { Tone } from '../../ui/theme.ts';

/** Counted items of one hour that met the same fate. */
export type OutcomeRow = NonNullable<ProjectOutcomesQuery['project']>['outcomes'][number];

/** Each fate in words, in the order of charts and lists. */
export const FATES: readonly { kind: IngestOutcomeKind; name: string; says: string; tone: Tone }[] = [
  { kind: 'ACCEPTED', name: 'Kept', says: 'Stored and counted', tone: 'green' },
  {
    kind: 'UNSUPPORTED',
    name: 'No room yet',
    says: 'Understood and counted by name; this version keeps no such items',
    tone: 'grey',
  },
  { kind: 'DUPLICATE', name: 'Duplicate', says: 'The same event came before; counted once', tone: 'blue' },
  { kind: 'FILTERED', name: 'Filtered', says: 'Left out on purpose, here or in the SDK', tone: 'violet' },
  { kind: 'RATE_LIMITED', name: 'Over the limit', says: 'More than the project or key may send', tone: 'amber' },
  { kind: 'INVALID', name: 'Invalid', says: 'Could not be read', tone: 'pink' },
  { kind: 'FAILED', name: 'Failed', says: 'A fault of ours', tone: 'red' },
];

/** What the server calls the causes of a refusal, in words. An unknown one is shown as it is. */
const REASONS: Record<string, string> = {
  auth: 'the key did not fit',
  method: 'not sent by POST',
  empty: 'nothing was in it',
  incomplete: 'broke off before its end',
  too_large: 'larger than allowed',
  json: 'not valid JSON',
  framing: 'the envelope’s lengths or lines are wrong',
  encoding: 'compressed in a way that could not be undone',
  project_quota: 'the project’s events per minute were used up',
  key_quota: 'the key’s events per minute were used up',
  no_room: 'kept in a later version',
  no_error: 'tells of no error; only counted',
  error_status: 'a span that failed without an exception; only counted',
  same_exception: 'the same exception, recorded in its span and in a log',
  media_type: 'a content type other than JSON and protobuf',
  protobuf: 'damaged protobuf',
  too_many: 'more than is taken at once',
  below_level: 'logs below error; only counted',
  counted: 'only counted',
  attachments_off: 'the project keeps no attachments',
  no_event: 'its event was not kept',
  no_event_id: 'does not say which event it belongs to',
  about_blank: 'from an empty page, not from the site',
  injected: 'put into the page on the visitor’s machine',
  multipart: 'a damaged form',
  minidump: 'no minidump',
  unreal: 'no crash report of Unreal Engine',
  report: 'no report that browsers send',
  feedback: 'feedback that says nothing',
  item_count: 'holds another number of items than it says',
  event_id: 'no UUID for an id',
  not_text: 'type or message is no text',
  timestamp: 'no time, or one before 2000 or after 2099',
  level: 'a level that is none',
  transaction: 'a transaction among events',
  browser_extension: 'filter: browser extensions',
  crawler: 'filter: search engines and robots',
  localhost: 'filter: a developer’s own machine',
  health_check: 'filter: health checks',
  release: 'filter: release',
  environment: 'filter: environment',
  message: 'filter: message',
  ip_address: 'filter: client address',
  spike: 'spike protection: far more than usual',
  no_release: 'names no release',
  too_old: 'began more than five days ago',
  started: 'does not say when it began',
  unknown_monitor: 'there is no monitor of that name',
  monitor_config: 'the monitor’s description cannot be',
  too_often: 'more check-ins than a job can have runs',
  too_many_monitors: 'the project has as many monitors as it may',
  no_project: 'the project is gone',
  backlog: 'the server was too far behind',
  disk_low: 'the disk is nearly full',
  disk: 'the disk did not take it',
  busy: 'too many large requests at once',
  internal: 'a fault of the server; its log says more',
  digest: 'could not be stored; the log says more',
};

/** A reason in words. `sdk:x`: the SDK itself dropped it and told us so. */
export function reasonWords(reason: string): string {
  if (reason === '') return '';
  if (reason.startsWith('sdk:')) return `dropped by the SDK: ${reason.slice(4).replaceAll('_', ' ')}`;
  if (reason.startsWith('sampled:')) return `sampling: ${reason.slice(8)}`;
  return REASONS[reason] ?? reason.replaceAll('_', ' ');
}

/** Fate in words. */
export const fateOf = (kind: IngestOutcomeKind) => FATES.find((fate) => fate.kind === kind) ?? FATES[0]!;

/** What the rows are narrowed to; null: all. */
export interface Narrowing {
  item: string | null;
  outcome: string | null;
  sdk: string | null;
}

/** The rows that fit a choice. */
export function narrowed(rows: readonly OutcomeRow[], { item, outcome, sdk }: Narrowing): readonly OutcomeRow[] {
  if (item === null && outcome === null && sdk === null) return rows;
  return rows.filter(
    (row) =>
      (item === null || row.item === item) && (outcome === null || row.outcome === outcome) && (sdk === null || row.sdk === sdk),
  );
}

/** Sum of every fate, and of all. */
export function totals(rows: readonly OutcomeRow[]): { all: number; by: Map<IngestOutcomeKind, number> } {
  const by = new Map<IngestOutcomeKind, number>();
  let all = 0;
  for (const row of rows) {
    by.set(row.outcome, (by.get(row.outcome) ?? 0) + row.quantity);
    all += row.quantity;
  }
  return { all, by };
}

/** One series per fate that occurs, with a point for every hour from `from` to `to` (ms), empty hours as 0. */
export function byHour(
  rows: readonly OutcomeRow[],
  from: number,
  to: number,
): { kind: IngestOutcomeKind; points: { at: number; value: number }[] }[] {
  const hour = 3_600_000;
  const first = Math.floor(from / hour) * hour;
  const hours = Array.from({ length: Math.max(1, Math.ceil((to - first) / hour)) }, (_, index) => first + index * hour);
  return FATES.filter(({ kind }) => rows.some((row) => row.outcome === kind)).map(({ kind }) => {
    const sums = new Map<number, number>();
    for (const row of rows) {
      if (row.outcome === kind) sums.set(toMs(row.hour), (sums.get(toMs(row.hour)) ?? 0) + row.quantity);
    }
    return { kind, points: hours.map((at) => ({ at, value: sums.get(at) ?? 0 })) };
  });
}

/** Rows with the same item, fate, reason and SDK put together over all hours, most first. */
export function grouped(rows: readonly OutcomeRow[]): Omit<OutcomeRow, 'hour'>[] {
  const groups = new Map<string, Omit<OutcomeRow, 'hour'>>();
  for (const { hour: _, ...row } of rows) {
    const key = JSON.stringify([row.item, row.outcome, row.reason, row.sdk]);
    const known = groups.get(key);
    groups.set(key, { ...row, quantity: row.quantity + (known?.quantity ?? 0) });
  }
  return [...groups.values()].sort((a, b) => b.quantity - a.quantity);
}
