import { type Clock, days, hours } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { Failure } from '../../../platform/errors.ts';
import { Conditions } from '../sql-lists.ts';
import { addReleases, releaseKey } from './releases.service.ts';

/** What a release's health is asked for. */
export interface HealthQuery {
  /** All of them together if none is named. */
  environment: string | null;
  /** So many hours up to now; 24 to 2160. */
  hours: number;
}

/** Sessions by how they ended; healthy ones are the rest. */
export interface SessionSums {
  sessionCount: number;
  erroredCount: number;
  abnormalCount: number;
  crashedCount: number;
}

/** How a release does. */
export interface Health extends SessionSums {
  userCount: number;
  crashedUserCount: number;
  /** Sessions of the release among all of its project within the last 24 hours; null when there were none. */
  adoption: number | null;
  bucketSeconds: number;
  /** Gapless, oldest first. */
  points: (SessionSums & { at: number })[];
}

/** Most points of a series. */
const POINTS = 60;
const HOUR_MS = hours(1);
const DAY_MS = days(1);
const NOTHING: SessionSums = { sessionCount: 0, erroredCount: 0, abnormalCount: 0, crashedCount: 0 };

/** Crash-free rates, adoption and their course, for many releases by a handful of statements. */
export class HealthService {
  readonly #read: Sql;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  /** By the keys of the releases (see releaseKey). @throws Failure BAD_INPUT for hours that cannot be */
  async healthOf(keys: readonly string[], query: HealthQuery): Promise<Map<string, Health>> {
    const buckets = this.#buckets(query.hours);
    const { start, sizeMs, count } = buckets;
    const found = new Map(keys.map((key) => [key, emptyHealth(start, sizeMs, count)]));
    const dayAgo = this.#clock.now() - DAY_MS;
    const lately = new Map<string, number>();
    for (const row of await this.#hours(keys, query.environment, start)) {
      const key = releaseKey(row);
      const health = found.get(key);
      const point = health?.points[Math.floor((row.hour - start) / sizeMs)];
      if (health === undefined || point === undefined) continue;
      for (const sum of [health, point]) {
        sum.sessionCount += row.sessionCount;
        sum.erroredCount += row.erroredCount;
        sum.abnormalCount += row.abnormalCount;
        sum.crashedCount += row.crashedCount;
      }
      if (row.hour > dayAgo - HOUR_MS) lately.set(key, (lately.get(key) ?? 0) + row.sessionCount);
    }
    for (const row of await this.#days(keys, query.environment, start)) {
      const health = found.get(releaseKey(row));
      if (health === undefined) continue;
      health.userCount += row.userCount;
      health.crashedUserCount += row.crashedUserCount;
    }
    const totals = await this.#totals(keys, query.environment, dayAgo - HOUR_MS);
    for (const [key, health] of found) {
      const all = totals.get(Number(key.slice(0, key.indexOf(' ')))) ?? 0;
      health.adoption = all === 0 ? null : (lately.get(key) ?? 0) / all;
    }
    return found;
  }

  /** Environments in which releases had sessions, in order, by the keys of the releases. */
  async environmentsOf(keys: readonly string[]): Promise<Map<string, string[]>> {
    const where = new Conditions(this.#read.dialect);
    addReleases(where, keys, 'project_id', '"release"');
    where.add("hour >= ? and environment <> ''", this.#clock.now() - days(90));
    const rows = await this.#read.all<{ projectId: number; version: string; name: string }>(
      `select distinct project_id as "projectId", "release" as version, environment as name from release_hour
       where ${where.sql} order by name`,
      where.params,
    );
    return new Map([...Map.groupBy(rows, releaseKey)].map(([key, some]) => [key, some.map(({ name }) => name)]));
  }

  #buckets(span: number): { start: number; sizeMs: number; count: number } {
    if (!Number.isInteger(span) || span < 24 || span > 2160)
      throw new Failure('BAD_INPUT', 'hours: between 24 and 2160.', { details: { field: 'hours' } });
    const sizeMs = Math.ceil(span / POINTS) * HOUR_MS;
    const end = (Math.floor(this.#clock.now() / HOUR_MS) + 1) * HOUR_MS;
    const count = Math.ceil((span * HOUR_MS) / sizeMs);
    return { start: end - count * sizeMs, sizeMs, count };
  }

  #hours(keys: readonly string[], environment: string | null, from: number) {
    const where = new Conditions(this.#read.dialect);
    addReleases(where, keys, 'project_id', '"release"');
    where.add('hour >= ?', from);
    if (environment !== null) where.add('environment = ?', environment);
    return this.#read.all<SessionSums & { projectId: number; version: string; hour: number }>(
      `select project_id as "projectId", "release" as version, hour, sum(session_count) as "sessionCount",
         sum(errored_count) as "erroredCount", sum(abnormal_count) as "abnormalCount", sum(crashed_count) as "crashedCount"
       from release_hour where ${where.sql} group by project_id, "release", hour`,
      where.params,
    );
  }

  #days(keys: readonly string[], environment: string | null, from: number) {
    const where = new Conditions(this.#read.dialect);
    addReleases(where, keys, 'project_id', '"release"');
    where.add('day >= ?', from - (from % DAY_MS));
    if (environment !== null) where.add('environment = ?', environment);
    return this.#read.all<{ projectId: number; version: string; userCount: number; crashedUserCount: number }>(
      `select project_id as "projectId", "release" as version, sum(user_count) as "userCount",
         sum(crashed_user_count) as "crashedUserCount"
       from release_day where ${where.sql} group by project_id, "release"`,
      where.params,
    );
  }

  async #totals(keys: readonly string[], environment: string | null, from: number): Promise<Map<number, number>> {
    const projectIds = [...new Set(keys.map((key) => Number(key.slice(0, key.indexOf(' ')))))];
    const where = new Conditions(this.#read.dialect);
    where.add(`project_id in (${projectIds.map(() => '?').join(',')}) and hour > ?`, ...projectIds, from);
    if (environment !== null) where.add('environment = ?', environment);
    const rows = await this.#read.all<{ projectId: number; n: number }>(
      `select project_id as "projectId", sum(session_count) as n from release_hour where ${where.sql} group by project_id`,
      where.params,
    );
    return new Map(rows.map((row) => [row.projectId, row.n]));
  }
}

function emptyHealth(start: number, sizeMs: number, count: number): Health {
  return {
    ...NOTHING,
    userCount: 0,
    crashedUserCount: 0,
    adoption: null,
    bucketSeconds: sizeMs / 1000,
    points: Array.from({ length: count }, (_, i) => ({ ...NOTHING, at: start + i * sizeMs })),
  };
}

/** Share of a whole that did not crash; null of nothing. */
export function crashFree(total: number, crashed: number): number | null {
  return total <= 0 ? null : Math.max(0, 1 - crashed / total);
}
