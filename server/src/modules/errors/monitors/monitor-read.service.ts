import type { Clock } from '../../../platform/clock.ts';
import { days } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { Actor } from '../../access/actor.ts';
import { parseId } from '../../access/input.ts';
import { decodeCursor, encodeCursor, pageSize } from '../cursor.ts';
import { type Page, pageOf } from '../page.ts';
import { Conditions, idsParam, inIds } from '../sql-lists.ts';
import { addScope, scopeOf } from '../visibility.ts';
import type { CheckInStatus } from './monitor.entity.ts';
import {
  CHECK_IN_COLUMNS,
  type CheckInRow,
  ENVIRONMENT_COLUMNS,
  type EnvironmentRow,
  MONITOR_COLUMNS,
  type MonitorRow,
} from './monitor-rows.ts';

/** A run with the name of its environment. */
export type RunRow = CheckInRow & { environment: string };

/** An incident with the name of its environment. */
export interface IncidentRow {
  id: number;
  environment: string;
  startedAt: number;
  recoveredAt: number | null;
}

/** How runs ended lately. */
export interface RunCounts {
  ok: number;
  failed: number;
}

/** Monitors in one answer. */
const MOST = 1_000;
const LATELY_MS = days(7);
const RUNS = `select ${CHECK_IN_COLUMNS}, e.name as environment
  from monitor_check_in c join monitor_environment e on e.id = c.environment_id`;

/** Reads monitors and their runs. */
export class MonitorReadService {
  readonly #read: Sql;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Monitors of the projects in sight, by name; at most a thousand. @throws Failure FORBIDDEN, BAD_INPUT */
  async list(actor: Actor, projectIds?: readonly string[] | null): Promise<MonitorRow[]> {
    actor.demand('errors:read');
    const where = new Conditions(this.#read.dialect);
    addScope(where, scopeOf(actor, projectIds), 'm.project_id');
    return this.#read.all<MonitorRow>(
      `select ${MONITOR_COLUMNS} from monitor m where ${where.sql} order by lower(m.name), m.id limit ${MOST}`,
      where.params,
    );
  }

  /** One monitor; null when there is none in sight. @throws Failure FORBIDDEN without errors:read */
  async find(actor: Actor, id: string): Promise<MonitorRow | null> {
    actor.demand('errors:read');
    const number = parseId(id);
    const row = number === null ? undefined : (await this.byIds([number])).get(number);
    return row !== undefined && actor.can('errors:read', row.projectId) ? row : null;
  }

  /** For what was found under visibility. */
  async byIds(ids: readonly number[]): Promise<Map<number, MonitorRow>> {
    const rows = await this.#read.all<MonitorRow>(
      `select ${MONITOR_COLUMNS} from monitor m where ${inIds(this.#read.dialect, 'm.id')}`,
      [idsParam(this.#read.dialect, ids)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async environmentsOf(monitorIds: readonly number[]): Promise<Map<number, EnvironmentRow[]>> {
    const rows = await this.#read.all<EnvironmentRow>(
      `select ${ENVIRONMENT_COLUMNS} from monitor_environment e where ${inIds(this.#read.dialect, 'e.monitor_id')} order by e.name`,
      [idsParam(this.#read.dialect, monitorIds)],
    );
    return Map.groupBy(rows, (row) => row.monitorId);
  }

  /** The latest runs of each monitor, oldest first. */
  async latestRuns(monitorIds: readonly number[], first: number): Promise<Map<number, RunRow[]>> {
    const found = new Map<number, RunRow[]>();
    // One short walk along an index each: ranking all runs of a month would read them all.
    for (const id of monitorIds) {
      const rows = await this.#read.all<RunRow>(`${RUNS} where c.monitor_id = ? order by c.started_at desc, c.id desc limit ?`, [
        id,
        first,
      ]);
      found.set(id, rows.reverse());
    }
    return found;
  }

  /** How the runs of the last seven days ended. */
  async countsOf(monitorIds: readonly number[]): Promise<Map<number, RunCounts>> {
    const rows = await this.#read.all<{ monitorId: number; status: CheckInStatus; n: number }>(
      `select c.monitor_id as "monitorId", c.status, count(*) as n from monitor_check_in c
       where ${inIds(this.#read.dialect, 'c.monitor_id')} and c.started_at >= ? group by c.monitor_id, c.status`,
      [idsParam(this.#read.dialect, monitorIds), this.#clock.now() - LATELY_MS],
    );
    const counts = new Map<number, RunCounts>();
    for (const { monitorId, status, n } of rows) {
      const sum = counts.get(monitorId) ?? { ok: 0, failed: 0 };
      counts.set(monitorId, sum);
      if (status === 'OK') sum.ok += n;
      else if (status === 'FAILED' || status === 'MISSED' || status === 'TIMEOUT') sum.failed += n;
    }
    return counts;
  }

  /** Runs of a monitor, newest first. @throws Failure BAD_INPUT for a cursor or page size that cannot be */
  async runs(
    monitorId: number,
    asked: { environment?: string | null | undefined; first?: number | null | undefined; after?: string | null | undefined },
  ): Promise<Page<RunRow>> {
    const size = pageSize(asked.first, 50);
    const after = asked.after == null ? undefined : decodeCursor('run', asked.after);
    const where = new Conditions(this.#read.dialect).add('c.monitor_id = ?', monitorId);
    if (asked.environment != null) where.add('e.name = ?', asked.environment);
    if (after) where.add('(c.started_at, c.id) < (?, ?)', after.value, after.id);
    const rows = await this.#read.all<RunRow>(`${RUNS} where ${where.sql} order by c.started_at desc, c.id desc limit ?`, [
      ...where.params,
      size + 1,
    ]);
    return pageOf(rows, { size, after, cursorOf: (row) => encodeCursor('run', row.startedAt, row.id) });
  }

  /** Incidents of a monitor, newest first. */
  incidents(monitorId: number, first: number): Promise<IncidentRow[]> {
    return this.#read.all<IncidentRow>(
      `select i.id, e.name as environment, i.started_at as "startedAt", i.recovered_at as "recoveredAt"
       from monitor_incident i join monitor_environment e on e.id = i.environment_id
       where i.monitor_id = ? order by i.started_at desc, i.id desc limit ?`,
      [monitorId, Math.min(Math.max(first, 1), 100)],
    );
  }
}
