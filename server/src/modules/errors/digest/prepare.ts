import { hash } from 'node:crypto';
import type { IngestRecord, OutcomeCount } from '../../detection/digest.task.ts';
import { LEVELS, type NormalizedEvent } from '../../detection/normalized-event.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import { eventOfLine, payloadLine } from '../payload-line.ts';
import { hourOf } from './group-budget.ts';
import type { RejectedRecord } from './rejected-records.ts';
import { isSideKind } from './side-writers.ts';
import type { Analysed, Naming, PreparedEvent } from './store.ts';

/** Grouping and naming. Should either throw, which it should not, the event is grouped and named by its message. */
export interface Analyse {
  event(event: NormalizedEvent): Analysed;
  name(event: NormalizedEvent): Naming;
}

/** Source maps, as far as preparing asks for them (see `source-maps/digest-maps.ts`). */
export interface MapGate {
  /** The event has to be mapped before it is analysed. */
  concerns(projectId: number, event: NormalizedEvent): boolean;
  /** Notes what the event lacks, in place; true when it did. */
  note(event: NormalizedEvent): boolean;
}

/** An event that is parsed, but has to be mapped before it is analysed. */
export interface WaitingEvent {
  readonly projectId: number;
  readonly event: NormalizedEvent;
  readonly record: Extract<IngestRecord, { kind: 'event' }>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Its place among the events. */
  readonly at: number;
}

/** What a stretch of the log holds, ready for the tables. */
export interface Prepared {
  /** Holes where events wait, until {@link finishWaiting}. */
  events: PreparedEvent[];
  waiting: WaitingEvent[];
  /** What came besides events, in log order. */
  sides: SideRecord[];
  outcomes: OutcomeCount[];
  /** Records that are no records; each has its outcome among `outcomes`. */
  rejected: RejectedRecord[];
}

/** Parses and analyses records. Pure but for the processor: no table is asked, nothing is remembered. */
export function prepareRecords(records: readonly Uint8Array[], analyse: Analyse, now: number, maps?: MapGate): Prepared {
  const prepared: Prepared = { events: [], waiting: [], sides: [], outcomes: [], rejected: [] };
  for (const bytes of records) {
    let record: IngestRecord | undefined;
    try {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      record = JSON.parse(text) as IngestRecord;
      if (record.kind === 'outcomes') prepared.outcomes.push(...record.outcomes.map(checkedOutcome));
      else if (record.kind === 'event') addEvent(prepared, bytes, text, record, analyse, maps);
      else if (record.kind === 'side') prepared.sides.push(checkedSide(record));
      else throw new TypeError(`unknown kind of record: ${String((record as { kind: unknown }).kind)}`);
    } catch (error) {
      reject(prepared, bytes, record, error, now);
    }
  }
  return prepared;
}

/** Analyses the events that waited for their source maps. @param changed those whose stored form is another one now */
export function finishWaiting(prepared: Prepared, changed: ReadonlySet<NormalizedEvent>, analyse: Analyse, now: number): void {
  let holes = false;
  for (const { at, bytes, text, record, event } of prepared.waiting) {
    try {
      prepared.events[at] = prepareEvent(bytes, changed.has(event) ? '' : text, record, analyse);
    } catch (error) {
      holes = true;
      reject(prepared, bytes, record, error, now);
    }
  }
  prepared.waiting = [];
  if (holes) prepared.events = prepared.events.filter((event) => event !== undefined);
}

function addEvent(
  prepared: Prepared,
  bytes: Uint8Array,
  text: string,
  record: Extract<IngestRecord, { kind: 'event' }>,
  analyse: Analyse,
  maps: MapGate | undefined,
): void {
  const { event, projectId } = record;
  if (maps === undefined) prepared.events.push(prepareEvent(bytes, text, record, analyse));
  else if (maps.concerns(projectId, event)) {
    prepared.waiting.push({ projectId, event, record, bytes, text, at: prepared.events.length });
    prepared.events.length += 1;
  } else prepared.events.push(prepareEvent(bytes, maps.note(event) ? '' : text, record, analyse));
}

function reject(prepared: Prepared, bytes: Uint8Array, record: unknown, error: unknown, now: number): void {
  const reason = error instanceof Error ? error.message : String(error);
  prepared.rejected.push({ reason, bytes });
  prepared.outcomes.push(failedOutcome(record, now));
}

/** The outcome of a record that could not be digested: known by project as far as it can be read. */
export function failedOutcome(record: unknown, now: number): OutcomeCount {
  const { projectId, keyId, item } = (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>;
  return {
    hour: hourOf(now),
    projectId: isId(projectId) ? projectId : 0,
    keyId: isId(keyId) ? keyId : 0,
    item: typeof item === 'string' ? item.slice(0, 64) : 'event',
    outcome: 'failed',
    reason: 'digest',
    sdk: '',
    quantity: 1,
  };
}

/** @param text of the record; empty when the event is no longer what stands there */
function prepareEvent(
  bytes: Uint8Array,
  text: string,
  record: Extract<IngestRecord, { kind: 'event' }>,
  analyse: Analyse,
): PreparedEvent {
  const { event, projectId, keyId, item = 'event' } = record;
  if (!isId(projectId)) throw new TypeError('projectId is not a positive integer');
  if (!/^[0-9a-f]{32}$/.test(event.eventId)) throw new TypeError('eventId is not 32 hex digits');
  for (const field of ['occurredAt', 'timestamp', 'receivedAt'] as const) {
    if (!Number.isSafeInteger(event[field])) throw new TypeError(`${field} is not a moment`);
  }
  if (!LEVELS.includes(event.level)) throw new TypeError('level is unknown');
  const release = cut(event.release, 200);
  const environment = cut(event.environment, 200);
  return {
    ...analysed(event, analyse),
    projectId,
    keyId: isId(keyId) ? keyId : null,
    item: String(item).slice(0, 64),
    eventId: event.eventId,
    eventIdBytes: Buffer.from(event.eventId, 'hex'),
    occurredAt: event.occurredAt,
    timestamp: event.timestamp,
    receivedAt: event.receivedAt,
    level: event.level,
    environment,
    release,
    platform: cut(event.platform, 64) ?? 'other',
    tags: indexedTags(event),
    userHash: userHash(event.user),
    sdk: [event.sdk?.name, event.sdk?.name && event.sdk.version].filter(Boolean).join('/').slice(0, 64),
    line: payloadLine(bytes, text, event),
    place: -1,
  };
}

/** The message is always there to group by, should the analysis fail (step 7 of the path of an event). */
function analysed(event: NormalizedEvent, analyse: Analyse): Analysed {
  try {
    return analyse.event(event);
  } catch (error) {
    const thrown = event.exceptions.at(-1);
    const title = (thrown ? `${thrown.type ?? 'Error'}: ${thrown.value ?? ''}` : (event.message ?? '')).slice(0, 200);
    return {
      hash: hash('sha1', `message\n${event.platform}\n${title}`),
      version: 'message',
      why: [`Grouped by the plain message, because analysing the event failed: ${String(error).slice(0, 200)}`],
      title: title || '<unlabeled event>',
      culprit: event.transaction?.slice(0, 200) ?? null,
    };
  }
}

/** Names a new error after its first event, which is parsed once more for it. */
export function nameBy(analyse: Analyse): (first: PreparedEvent) => Naming {
  return (first) => {
    const event = eventOfLine(`{${Buffer.from(first.line).toString('utf8')}`, first);
    try {
      return analyse.name(event);
    } catch {
      const { type, value, handled } = event.exceptions.at(-1) ?? {};
      return {
        type: type?.slice(0, 200) ?? null,
        value: value?.slice(0, 1000) ?? null,
        messageTemplate: null,
        handled: handled ?? null,
      };
    }
  };
}

/** The tags an event is counted by; those that filters are built on come first. */
export function indexedTags(event: Pick<NormalizedEvent, 'level' | 'environment' | 'release' | 'tags'>): [string, string][] {
  const tags: [string, string][] = [['level', event.level]];
  const environment = cut(event.environment, 200);
  const release = cut(event.release, 200);
  if (environment !== null) tags.push(['environment', environment]);
  if (release !== null) tags.push(['release', release]);
  const given = event.tags;
  for (let i = 0; i < given.length; i++) {
    const [key, value] = given[i]!;
    if (key === 'level' || key === 'environment' || key === 'release' || key === '' || value === '') continue;
    if (repeats(given, i)) continue;
    tags.push([key.length > 200 ? key.slice(0, 200) : key, value.length > 200 ? value.slice(0, 200) : value]);
  }
  return tags;
}

/** A tag that an event repeats counts once. Events have a handful of tags: looking back beats a set. */
function repeats(tags: readonly [string, string][], index: number): boolean {
  const [key, value] = tags[index]!;
  for (let i = 0; i < index; i++) if (tags[i]![0] === key && tags[i]![1] === value) return true;
  return false;
}

/** 8 bytes of the most stable identifier an event names; a removed one ("[Filtered]") names nobody. */
export function userHash(user: NormalizedEvent['user']): string | null {
  for (const name of [user?.id, user?.email, user?.username, user?.ipAddress]) {
    if (name && !name.startsWith('[')) return hash('sha1', name).slice(0, 16);
  }
  return null;
}

/** A record of something else than an event, as far as it can be checked without knowing its kind. */
function checkedSide(record: SideRecord): SideRecord {
  const { side, projectId, receivedAt } = record as { side: unknown; projectId: unknown; receivedAt: unknown };
  if (!isSideKind(side)) throw new TypeError(`unknown kind of side record: ${String(side)}`);
  if (!isId(projectId)) throw new TypeError('projectId is not a positive integer');
  if (!Number.isSafeInteger(receivedAt)) throw new TypeError('receivedAt is not a moment');
  return record;
}

/** A count taken from the log, its texts cut to what the key of the table can hold. */
function checkedOutcome(count: OutcomeCount): OutcomeCount {
  for (const number of [count.hour, count.projectId, count.keyId, count.quantity]) {
    if (!Number.isSafeInteger(number)) throw new TypeError('an outcome count is not whole numbers');
  }
  return {
    ...count,
    item: String(count.item).slice(0, 64),
    outcome: count.outcome,
    reason: String(count.reason).slice(0, 100),
    sdk: String(count.sdk).slice(0, 64),
  };
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function cut(text: string | undefined, max: number): string | null {
  return text === undefined || text === '' ? null : text.length > max ? text.slice(0, max) : text;
}
