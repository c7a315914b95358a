import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, days, hours } from '../../platform/clock.ts';
import type { Sql, SqlValue } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import type { ScrubbedEvent } from '../detection/normalized-event.ts';
import { decodeCursor, encodeCursor, pageSize } from './cursor.ts';
import { addEventFilter } from './event-filter.ts';
import { type EventRow, eventColumns, eventsByIds } from './event-row.ts';
import { scanBack } from './event-scan.ts';
import { type CountedPage, countedPageOf, EMPTY_PAGE } from './page.ts';
import { readEvents } from './payload-store.ts';
import type { ErrorFilterInput } from './search-filter.ts';
import type { FrameReport } from './source-maps/explain.ts';
import type { ReadMaps } from './source-maps/read-maps.ts';
import { Conditions, countUpTo, idsParam, inIds } from './sql-lists.ts';
import { scopeOf } from './visibility.ts';

/** What a list of events is asked for: of one error, or of projects. */
export interface EventListQuery {
  errorId?: string | null | undefined;
  projectId?: string | null | undefined;
  filter?: ErrorFilterInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}

/** Lists of events are counted up to here; beyond, an unfiltered list of one error answers the error's own count. */
const COUNT_LIMIT = 10_000;
/** Spans that an event id is looked for in, newest first: the index is ordered by time, not by id. */
const LOOKBACK_MS = [hours(1), ...[1, 3, 7, 14, 21, 30, 45, 60, 75, 90, 180, 365].map(days), Number.POSITIVE_INFINITY];

/** Reads of single reports. */
export class EventService {
  readonly #read: Sql;
  readonly #clock: Clock;
  readonly #maps: ReadMaps | undefined;

  /** @param deps `maps`: applied to events that are read */
  constructor(deps: { read: Sql; clock: Clock; maps?: ReadMaps | undefined }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
    this.#maps = deps.maps;
  }

  /**
   * Events newest first: of one error by the time they happened, of projects by the order they came in.
   * An error or project out of sight has none. @throws Failure FORBIDDEN, BAD_INPUT
   */
  async list(actor: Actor, asked: EventListQuery): Promise<CountedPage<EventRow>> {
    actor.demand('errors:read');
    const size = pageSize(asked.first);
    const where = new Conditions(this.#read.dialect);
    const named = asked.projectId == null ? asked.filter?.projectIds : [asked.projectId];
    const scope = scopeOf(actor, named);
    const both =
      asked.projectId != null && asked.filter?.projectIds != null && !asked.filter.projectIds.includes(asked.projectId);
    if (scope.kind === 'none' || both) return EMPTY_PAGE;
    const filtered = addEventFilter(where, actor, scope, asked.filter);
    if (asked.errorId == null) return this.#ofProjects(where, size, asked.after);
    const groupId = parseId(asked.errorId);
    return groupId === null ? EMPTY_PAGE : this.#ofError(groupId, where, filtered, size, asked.after);
  }

  async #ofError(
    groupId: number,
    where: Conditions,
    filtered: boolean,
    size: number,
    cursor?: string | null,
  ): Promise<CountedPage<EventRow>> {
    const after = cursor ? decodeCursor('event-time', cursor) : undefined;
    const from = `error_event e cross join error_group g where g.id = e.group_id and e.group_id = ? and ${where.sql}`;
    const params: SqlValue[] = [groupId, ...where.params];
    const rows = await this.#read.all<EventRow>(
      `select ${eventColumns(this.#read.dialect)} from ${from}${after ? ' and (e.timestamp, e.id) < (?, ?)' : ''}
       order by e.timestamp desc, e.id desc limit ?`,
      [...params, ...(after ? [after.value, after.id] : []), size + 1],
    );
    const cursorOf = (row: EventRow) => encodeCursor('event-time', row.timestamp, row.id);
    return countedPageOf(rows, { size, after, cursorOf }, async () => {
      const n = await countUpTo(this.#read, COUNT_LIMIT, from, params);
      if (n < COUNT_LIMIT || filtered) return n;
      const group = await this.#read.get<{ n: number }>('select event_count as n from error_group where id = ?', [groupId]);
      return Math.max(n, group?.n ?? 0);
    });
  }

  async #ofProjects(where: Conditions, size: number, cursor?: string | null): Promise<CountedPage<EventRow>> {
    const after = cursor ? decodeCursor('event-id', cursor) : undefined;
    const rows = await scanBack(this.#read, where, { before: after?.id, limit: size + 1 });
    const cursorOf = (row: EventRow) => encodeCursor('event-id', row.id, row.id);
    return countedPageOf(rows, { size, after, cursorOf }, async () => {
      return (await scanBack(this.#read, where, { before: undefined, limit: COUNT_LIMIT, idsOnly: true })).length;
    });
  }

  /**
   * One event, by its row id or by the id its client gave it (then the newest, of one project if it is named). Both given
   * must agree. Null when there is none in sight. @throws Failure FORBIDDEN; BAD_INPUT when neither is given
   */
  async find(
    actor: Actor,
    by: { id?: string | null | undefined; eventId?: string | null | undefined; projectId?: string | null | undefined },
  ): Promise<EventRow | null> {
    if (by.id == null && by.eventId == null) throw new Failure('BAD_INPUT', 'Give id or eventId.', { details: { field: 'id' } });
    if (by.id == null) return this.byEventId(actor, by.eventId as string, by.projectId);
    const row = await this.byId(actor, by.id);
    if (!row || (by.projectId != null && by.projectId !== String(row.projectId))) return null;
    return by.eventId == null || plainId(by.eventId) === row.eventId ? row : null;
  }

  /** One event by its row id, or null when there is none, its error is deleted, or it is out of sight. */
  async byId(actor: Actor, id: string): Promise<EventRow | null> {
    actor.demand('errors:read');
    const number = parseId(id);
    return number === null ? null : this.#visible(actor, 'e.id = ?', [number]);
  }

  /**
   * The newest event with a client-given id among the projects in sight (or the one named).
   * The tables have no index of these random ids, which would halve the rate of ingestion, so recent time is searched first.
   */
  async byEventId(actor: Actor, eventId: string, projectId?: string | null): Promise<EventRow | null> {
    actor.demand('errors:read');
    const plain = plainId(eventId);
    const scope = scopeOf(actor, projectId == null ? undefined : [projectId]);
    if (!/^[0-9a-f]{32}$/.test(plain) || scope.kind === 'none') return null;
    const projects =
      scope.kind === 'some'
        ? scope.ids
        : (await this.#read.all<{ id: number }>('select id from project order by id')).map((row) => row.id);
    const now = this.#clock.now();
    let until = Number.MAX_SAFE_INTEGER;
    const { dialect } = this.#read;
    for (const span of LOOKBACK_MS) {
      const from = Number.isFinite(span) ? now - span : Number.MIN_SAFE_INTEGER;
      const found = await this.#visible(
        actor,
        `${inIds(dialect, 'e.project_id')} and e.occurred_at >= ? and e.occurred_at < ? and e.event_id = ?`,
        [idsParam(dialect, projects), from, until, Buffer.from(plain, 'hex')],
      );
      if (found) return found;
      until = from;
      await nextTurn();
    }
    return null;
  }

  async #visible(actor: Actor, condition: string, params: SqlValue[]): Promise<EventRow | null> {
    const row = await this.#read.get<EventRow>(
      `select ${eventColumns(this.#read.dialect)} from error_event e cross join error_group g
       where g.id = e.group_id and ${condition} and g.deleted_at is null order by e.id desc limit 1`,
      params,
    );
    return row && actor.can('errors:read', row.projectId) ? row : null;
  }

  /** The neighbour of an event inside its error, by time; null at the ends. */
  async neighbour(event: EventRow, side: 'previous' | 'next'): Promise<EventRow | null> {
    const [compare, direction] = side === 'previous' ? ['<', 'desc'] : ['>', 'asc'];
    const row = await this.#read.get<EventRow>(
      `select ${eventColumns(this.#read.dialect)} from error_event e
       where e.group_id = ? and (e.timestamp, e.id) ${compare} (?, ?) order by e.timestamp ${direction}, e.id ${direction} limit 1`,
      [event.groupId, event.timestamp, event.id],
    );
    return row ?? null;
  }

  /** Events by row id, for ids learnt under visibility. */
  byIds(ids: readonly number[]): Promise<Map<number, EventRow>> {
    return eventsByIds(this.#read, ids);
  }

  /** The stored reports of some events, by row id. An event whose payload is gone is left out. */
  async payloads(ids: readonly number[]): Promise<Map<number, ScrubbedEvent>> {
    const events = await readEvents(this.#read, ids);
    await this.#maps?.apply(events);
    return events;
  }

  /** What source maps come to for each frame of an event that was found under visibility. */
  async frameReports(event: EventRow): Promise<FrameReport[]> {
    const payload = (await readEvents(this.#read, [event.id])).get(event.id);
    return payload === undefined || this.#maps === undefined ? [] : this.#maps.explain(event.projectId, payload);
  }
}

/** An event id as it is stored: UUIDs are written with dashes too. */
function plainId(eventId: string): string {
  return eventId.toLowerCase().replaceAll('-', '');
}
