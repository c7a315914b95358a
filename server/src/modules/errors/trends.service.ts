import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import { type Buckets, fillBuckets, HOUR_MS, layBuckets, MINUTE_MS } from './buckets.ts';
import { idsParam, inIds } from './sql-lists.ts';

/** What a trend is asked for; milliseconds. */
export interface TrendQuery {
  from?: number | undefined;
  to?: number | undefined;
  bucketSeconds?: number | undefined;
}

/** Values over time, oldest first, gapless. */
export interface Series {
  name: string;
  unit: string;
  bucketSeconds: number;
  points: { at: number; value: number }[];
}

/** Per-minute counts are kept for two days; finer trends than an hour are answered from them. */
const MINUTES_KEPT_MS = 48 * HOUR_MS;
const MAX_SPARKLINE_HOURS = 168;

/**
 * Events over time, from the rollups the digest keeps: per hour for an error; for a project per minute as long as
 * minutes are kept, else per hour. Many ids are answered by one statement. Decides nothing about visibility.
 */
export class TrendService {
  readonly #read: Sql;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  /**
   * Events per hour of each error over the last `hours`, oldest first, the current hour last.
   * @throws Failure BAD_INPUT when `hours` is not between 1 and 168
   */
  async sparklines(groupIds: readonly number[], hours: number): Promise<Map<number, number[]>> {
    if (hours < 1 || hours > MAX_SPARKLINE_HOURS)
      throw new Failure('BAD_INPUT', `hours: between 1 and ${MAX_SPARKLINE_HOURS}.`, { details: { field: 'hours' } });
    const current = Math.floor(this.#clock.now() / HOUR_MS) * HOUR_MS;
    const start = current - (hours - 1) * HOUR_MS;
    const buckets = { start, until: current + HOUR_MS, sizeMs: HOUR_MS, count: hours };
    return this.#groupSums(groupIds, buckets);
  }

  /** Events of one error. @throws Failure BAD_INPUT for a senseless span */
  async ofError(groupId: number, asked: TrendQuery): Promise<Series> {
    const buckets = layBuckets({ ...asked, now: this.#clock.now(), unitMs: HOUR_MS });
    return seriesOf('events', buckets, (await this.#groupSums([groupId], buckets)).get(groupId));
  }

  /** Events of each project. @throws Failure BAD_INPUT for a senseless span */
  async ofProjects(projectIds: readonly number[], asked: TrendQuery): Promise<Map<number, Series>> {
    const buckets = this.#projectBuckets(asked);
    const { table, column } = sourceOf(buckets);
    const rows = await this.#read.all<{ id: number; at: number; n: number }>(
      `select project_id as id, ${column} as at, sum(event_count) as n from ${table}
       where ${column} >= ? and ${column} < ? and ${inIds(this.#read.dialect, 'project_id')} group by project_id, ${column}`,
      [buckets.start, buckets.until, idsParam(this.#read.dialect, projectIds)],
    );
    const byProject = Map.groupBy(rows, (row) => row.id);
    return new Map(projectIds.map((id) => [id, seriesOf('events', buckets, fillBuckets(buckets, byProject.get(id) ?? []))]));
  }

  /** A trend of minutes where they are asked for and still kept, else of hours. */
  #projectBuckets(asked: TrendQuery): Buckets {
    const now = this.#clock.now();
    const fine = layBuckets({ ...asked, now, unitMs: MINUTE_MS });
    const needsMinutes = fine.start % HOUR_MS !== 0 || fine.sizeMs % HOUR_MS !== 0;
    return needsMinutes && fine.start >= now - MINUTES_KEPT_MS ? fine : layBuckets({ ...asked, now, unitMs: HOUR_MS });
  }

  async #groupSums(groupIds: readonly number[], buckets: Buckets): Promise<Map<number, number[]>> {
    const rows = await this.#read.all<{ id: number; at: number; n: number }>(
      `select group_id as id, hour as at, event_count as n from error_hour
       where ${inIds(this.#read.dialect, 'group_id')} and hour >= ? and hour < ?`,
      [idsParam(this.#read.dialect, groupIds), buckets.start, buckets.until],
    );
    const sums = new Map(groupIds.map((id) => [id, new Array<number>(buckets.count).fill(0)]));
    for (const { id, at, n } of rows) {
      const place = Math.floor((at - buckets.start) / buckets.sizeMs);
      const ofGroup = sums.get(id) as number[];
      ofGroup[place] = (ofGroup[place] as number) + n;
    }
    return sums;
  }
}

/** The table that counts finely enough for some buckets. */
export function sourceOf(buckets: Buckets): { table: string; column: string } {
  const hourly = buckets.start % HOUR_MS === 0 && buckets.sizeMs % HOUR_MS === 0;
  return hourly ? { table: 'project_hour', column: 'hour' } : { table: 'project_minute', column: 'minute' };
}

/** Sums as a series that states its unit. */
export function seriesOf(name: string, buckets: Buckets, sums: readonly number[] = []): Series {
  return {
    name,
    unit: 'events',
    bucketSeconds: buckets.sizeMs / 1000,
    points: Array.from({ length: buckets.count }, (_, i) => ({ at: buckets.start + i * buckets.sizeMs, value: sums[i] ?? 0 })),
  };
}
