import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import type { Actor } from '../access/actor.ts';
import { type Buckets, fillBuckets, HOUR_MS, MINUTE_MS } from './buckets.ts';
import { GROUP_COLUMNS, type GroupRow } from './group-row.ts';
import { Conditions } from './sql-lists.ts';
import { type Series, seriesOf, sourceOf } from './trends.service.ts';
import { addScope, type Scope, scopeOf } from './visibility.ts';

/** What an overview is of: the projects, and the moment all its figures are of (ms). */
export interface OverviewOf {
  scope: Scope;
  now: number;
}

/** Events of a project at a level. */
export interface EventCount {
  projectId: number;
  level: string;
  n: number;
}

const DAY_MS = 24 * HOUR_MS;
/** Up to this many hours the overview's trend is per minute. */
const FINE_HOURS = 6;
const MAX_HOURS = 24 * 60;
/** Severest first: the order of the series. */
const SEVEREST_FIRST = ['fatal', 'error', 'warning', 'info', 'debug'];
/** Errors that are weighed for `busiest`: the last seen. One that stopped earlier is not busy now. */
const BUSIEST_CANDIDATES = 2000;
/** Users are counted up to here, the dearest figure of all, and as often as this. */
const MAX_USERS = 100_000;
const USERS_FRESH_MS = 15_000;

/** The landing page's figures, over the projects an actor may see; from rollups and covering indexes only. */
export class OverviewService {
  readonly #read: Sql;
  readonly #clock: Clock;
  /** Several figures of one answer are sums of the same rows. */
  readonly #counted = new WeakMap<OverviewOf, Map<number, Promise<EventCount[]>>>();
  readonly #users = new LRUCache<string, Promise<number>>({ max: 200 });

  constructor(deps: { read: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  /** @throws Failure FORBIDDEN without errors:read */
  open(actor: Actor, projectIds?: readonly string[] | null): OverviewOf {
    actor.demand('errors:read');
    return { scope: scopeOf(actor, projectIds), now: this.#clock.now() };
  }

  /** Unresolved errors now. */
  openErrors({ scope }: OverviewOf): Promise<number> {
    return this.#countGroups(scope, "g.status in ('NEW','ONGOING','ESCALATING','REGRESSED')");
  }

  /** Errors first seen within the last 24 hours, whatever became of them. */
  newErrors({ scope, now }: OverviewOf): Promise<number> {
    return this.#countGroups(scope, 'g.first_seen_at >= ?', now - DAY_MS);
  }

  /** Users hurt by the errors that were seen within the last 24 hours. Counted up to 100,000; up to 15 seconds old. */
  users(of: OverviewOf): Promise<number> {
    const slot = Math.floor(of.now / USERS_FRESH_MS);
    const key = `${slot} ${JSON.stringify(of.scope)}`;
    const known = this.#users.get(key);
    if (known) return known;
    const counting = this.#countUsers(of);
    this.#users.set(key, counting);
    counting.catch(() => this.#users.delete(key));
    return counting;
  }

  async #countUsers({ scope, now }: OverviewOf): Promise<number> {
    const where = new Conditions(this.#read.dialect);
    addScope(where, scope, 'g.project_id');
    where.add('g.deleted_at is null and g.last_seen_at >= ?', now - DAY_MS);
    const row = await this.#read.get<{ n: number }>(
      `select count(distinct user_hash) as n from (
         select u.user_hash from error_user u where u.group_id in (select g.id from error_group g where ${where.sql})
         limit ${MAX_USERS}) as hurt`,
      where.params,
    );
    return row?.n ?? 0;
  }

  /** Events of a span of 24 hours that ended `daysAgo` days before now, by project and level. */
  events(of: OverviewOf, daysAgo = 0): Promise<EventCount[]> {
    const known = this.#counted.get(of) ?? new Map<number, Promise<EventCount[]>>();
    this.#counted.set(of, known);
    const counting = known.get(daysAgo) ?? this.#countEvents(of, daysAgo);
    known.set(daysAgo, counting);
    return counting;
  }

  #countEvents({ scope, now }: OverviewOf, daysAgo: number): Promise<EventCount[]> {
    const until = now - daysAgo * DAY_MS;
    const from = until - DAY_MS;
    // Whole hours from the hourly table, the cut ones at both ends from the minutes.
    const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS;
    const lastHour = Math.floor(until / HOUR_MS) * HOUR_MS;
    const where = new Conditions(this.#read.dialect);
    addScope(where, scope, 'project_id');
    const minutes = `select project_id, level, event_count from project_minute where minute >= ? and minute < ? and ${where.sql}`;
    return this.#read.all(
      `select project_id as "projectId", level, sum(event_count) as n from (
         select project_id, level, event_count from project_hour where hour >= ? and hour < ? and ${where.sql}
         union all ${minutes} union all ${minutes}) as counted group by project_id, level`,
      [
        ...[firstHour, lastHour, ...where.params],
        ...[Math.floor(from / MINUTE_MS) * MINUTE_MS, firstHour, ...where.params],
        ...[lastHour, until, ...where.params],
      ],
    );
  }

  /**
   * Events over the last `hours`, one series per level that occurred (named after it, severest first; `error` always).
   * Per minute up to six hours, else per hour. @throws Failure BAD_INPUT for hours outside 1 … 1440
   */
  async trend({ scope, now }: OverviewOf, hours: number): Promise<Series[]> {
    if (hours < 1 || hours > MAX_HOURS)
      throw new Failure('BAD_INPUT', `hours: between 1 and ${MAX_HOURS}.`, { details: { field: 'hours' } });
    const sizeMs = hours <= FINE_HOURS ? MINUTE_MS : HOUR_MS;
    const until = (Math.floor(now / sizeMs) + 1) * sizeMs;
    const buckets: Buckets = { start: until - hours * HOUR_MS, until, sizeMs, count: (hours * HOUR_MS) / sizeMs };
    // Minutes are asked for even where the first bucket happens to begin a full hour.
    const { table, column } = sizeMs === MINUTE_MS ? { table: 'project_minute', column: 'minute' } : sourceOf(buckets);
    const where = new Conditions(this.#read.dialect);
    where.add(`${column} >= ? and ${column} < ?`, buckets.start, until);
    addScope(where, scope, 'project_id');
    const rows = await this.#read.all<{ level: string; at: number; n: number }>(
      `select level, ${column} as at, sum(event_count) as n from ${table} where ${where.sql} group by level, ${column}`,
      where.params,
    );
    const byLevel = Map.groupBy(rows, (row) => row.level);
    return SEVEREST_FIRST.filter((level) => level === 'error' || byLevel.has(level)).map((level) =>
      seriesOf(level, buckets, fillBuckets(buckets, byLevel.get(level) ?? [])),
    );
  }

  /** Unresolved errors with the most events within the last 24 hours, the busiest first. */
  async busiest({ scope, now }: OverviewOf, first: number): Promise<GroupRow[]> {
    const where = new Conditions(this.#read.dialect);
    addScope(where, scope, 'g.project_id');
    where.add(
      "g.deleted_at is null and g.status in ('NEW','ONGOING','ESCALATING','REGRESSED') and g.last_seen_at >= ?",
      now - DAY_MS,
    );
    const rows = await this.#read.all<GroupRow & { busy: number }>(
      `select ${GROUP_COLUMNS} from (
         select h.group_id as busy_id, sum(h.event_count) as busy from error_hour h
         where h.hour >= ? and h.group_id in (
           select g.id from error_group g where ${where.sql} order by g.last_seen_at desc limit ${BUSIEST_CANDIDATES})
         group by h.group_id order by busy desc, busy_id desc limit ?) as busiest
       join error_group g on g.id = busy_id join project p on p.id = g.project_id order by busy desc, g.id desc`,
      [now - DAY_MS, ...where.params, first],
    );
    return rows;
  }

  /** Environments (by name) and releases (newest first, at most 500) of the projects an actor may see. */
  async filterValues(
    actor: Actor,
    projectIds?: readonly string[] | null,
  ): Promise<{ environments: string[]; releases: string[] }> {
    const { scope } = this.open(actor, projectIds);
    const where = new Conditions(this.#read.dialect);
    addScope(where, scope, 'project_id');
    const environments = await this.#read.all<{ name: string }>(
      `select distinct name from environment where ${where.sql} order by name limit 500`,
      where.params,
    );
    const releases = await this.#read.all<{ version: string }>(
      `select version from "release" where ${where.sql} group by version order by max(first_seen_at) desc, version limit 500`,
      where.params,
    );
    return { environments: environments.map((row) => row.name), releases: releases.map((row) => row.version) };
  }

  async #countGroups(scope: Scope, condition: string, ...params: number[]): Promise<number> {
    const where = new Conditions(this.#read.dialect);
    addScope(where, scope, 'g.project_id');
    where.add(`g.deleted_at is null and ${condition}`, ...params);
    const row = await this.#read.get<{ n: number }>(`select count(*) as n from error_group g where ${where.sql}`, where.params);
    return row?.n ?? 0;
  }
}
