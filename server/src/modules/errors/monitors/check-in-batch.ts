import { minutes } from '../../../platform/clock.ts';
import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import type { CheckInRecord } from '../../detection/records/check-in-record.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import { inChunks, insertRows } from '../release-health/rows.ts';
import { idsParam, inIds } from '../sql-lists.ts';
import { findEnvironment } from './find-environment.ts';
import { findMonitor, monitorIsAs } from './find-monitor.ts';
import {
  CHECK_IN_COLUMNS,
  type CheckInRow,
  ENVIRONMENT_COLUMNS,
  type EnvironmentRow,
  MONITOR_COLUMNS,
  type MonitorRow,
} from './monitor-rows.ts';

/** A run as the table has it, or will: rows that are new have no id yet. */
export interface Run extends Omit<CheckInRow, 'id'> {
  id: number | undefined;
  endedBy: string | null;
  reportState: string | null;
}

type Record_ = Extract<SideRecord, { side: 'checkIn' }>;

/** Runs looked back on for one that a record without an id has ended already. */
const LOOK_BACK = 50;
const RUN_COLUMNS = `${CHECK_IN_COLUMNS}, c.ended_by as "endedBy", c.report_state as "reportState"`;

/**
 * What check-ins of one batch need to know, read by a few statements, and what they change, written by a few at the end:
 * a statement for each took PostgreSQL seven round trips a check-in. Environments are locked for the transaction before
 * runs are read, so that nothing is judged in between.
 */
export class CheckInBatch {
  readonly #tx: Sql;
  readonly #from: number;
  /** By project and slug. */
  readonly #monitors = new Map<string, MonitorRow>();
  readonly #environments = new Map<number, EnvironmentRow>();
  readonly #byName = new Map<string, number>();
  /** By project and check-in. */
  readonly #runs = new Map<string, Run>();
  readonly #byId = new Map<number, Run>();
  readonly #new: Run[] = [];
  readonly #changedRuns = new Set<Run>();
  readonly #changedEnvironments = new Set<number>();
  /** When runs of an environment were last heard of, ms. */
  readonly #heard = new Map<number, number[]>();
  readonly #recent = new Map<number, Run[]>();

  private constructor(tx: Sql, from: number) {
    this.#tx = tx;
    this.#from = from;
  }

  static async load(tx: Sql, records: readonly Record_[]): Promise<CheckInBatch> {
    const batch = new CheckInBatch(
      tx,
      records.reduce((least, { receivedAt }) => Math.min(least, receivedAt), Number.MAX_SAFE_INTEGER),
    );
    const projects = [...Map.groupBy(records, ({ projectId }) => projectId)].sort(([a], [b]) => a - b);
    for (const [projectId, mine] of projects) {
      const slugs = [...new Set(mine.map(({ data }) => data.monitorSlug))];
      const monitors = await inChunks(slugs, (list, some) =>
        tx.all<MonitorRow>(`select ${MONITOR_COLUMNS} from monitor m where m.project_id = ? and m.slug in (${list})`, [
          projectId,
          ...some,
        ]),
      );
      for (const monitor of monitors) batch.#monitors.set(keyOf(projectId, monitor.slug), monitor);
      await batch.#loadEnvironments(monitors.map(({ id }) => id));
      await batch.#loadRuns(projectId, [...new Set(mine.map(({ data }) => data.checkInId ?? data.recordId))]);
    }
    return batch;
  }

  /** The monitor of a check-in, made or changed by its configuration; or why there is none. */
  async monitorOf(projectId: number, data: CheckInRecord, at: number): Promise<Awaited<ReturnType<typeof findMonitor>>> {
    const known = this.#monitors.get(keyOf(projectId, data.monitorSlug));
    if (data.config === undefined) return known ?? 'unknown_monitor';
    if (known !== undefined && monitorIsAs(known, data.config)) return known;
    // A change of schedule touches the environments: they are written before, and read after it.
    await this.#writeEnvironments();
    const monitor = await findMonitor(this.#tx, projectId, data, at);
    if (typeof monitor === 'string') return monitor;
    this.#monitors.set(keyOf(projectId, monitor.slug), monitor);
    await this.#loadEnvironments([monitor.id]);
    return monitor;
  }

  /** An environment by name (made when it is new) or id; undefined when there are too many, or none with the id. */
  async environmentOf(monitor: MonitorRow, key: string | number, at: number): Promise<EnvironmentRow | undefined> {
    const id = typeof key === 'number' ? key : this.#byName.get(keyOf(monitor.id, key));
    const known = id === undefined ? undefined : this.#environments.get(id);
    if (known !== undefined || typeof key === 'number') return known;
    const made = await findEnvironment(this.#tx, monitor, key, at);
    if (made !== undefined) this.#holdEnvironment(made);
    return made;
  }

  /** How an environment stands now. */
  stands(environment: EnvironmentRow): void {
    this.#environments.set(environment.id, environment);
    this.#changedEnvironments.add(environment.id);
  }

  /** The run that a check-in names; also the one it made itself, should the log be read twice. */
  named(projectId: number, { checkInId, recordId }: CheckInRecord): Run | undefined {
    return this.#runs.get(keyOf(projectId, checkInId ?? recordId));
  }

  /** The latest runs of an environment, latest first. */
  async recentOf({ id }: EnvironmentRow): Promise<readonly Run[]> {
    let recent = this.#recent.get(id);
    if (recent === undefined) {
      const rows = await this.#tx.all<Run & { id: number }>(
        `select ${RUN_COLUMNS} from monitor_check_in c where c.environment_id = ?
         order by c.started_at desc, c.id desc limit ${LOOK_BACK}`,
        [id],
      );
      recent = rows.map((row) => this.#hold(row));
      for (const run of this.#new) if (run.environmentId === id) place(recent, run);
      this.#recent.set(id, recent);
    }
    return recent;
  }

  /** New runs of an environment that were heard of within a minute. */
  async heardLately({ id }: EnvironmentRow, at: number): Promise<number> {
    let heard = this.#heard.get(id);
    if (heard === undefined) {
      const since = this.#from - minutes(1);
      // By when they were heard of: a run that tells of itself at its end says itself how long ago it began.
      const rows = await this.#tx.all<{ at: number }>(
        `select ended_at as at from monitor_check_in where environment_id = ? and ended_at > ?
         union all
         select started_at as at from monitor_check_in where environment_id = ? and started_at > ?
           and ended_at is null and status <> 'MISSED'`,
        [id, since, id, since],
      );
      heard = rows.map((row) => row.at);
      this.#heard.set(id, heard);
    }
    return heard.reduce((count, one) => (one > at - minutes(1) && one <= at ? count + 1 : count), 0);
  }

  /** A run is heard of for the first time. */
  add(run: Run, at: number): void {
    this.#new.push(run);
    const key = keyOf(run.projectId, run.checkInId);
    if (!this.#runs.has(key)) this.#runs.set(key, run);
    this.#heard.get(run.environmentId)?.push(at);
    const recent = this.#recent.get(run.environmentId);
    if (recent !== undefined) place(recent, run);
  }

  /** A run that was known is another now. */
  changed(run: Run): void {
    if (run.id !== undefined) this.#changedRuns.add(run);
  }

  /** Writes everything. The batch is used up. */
  async write(): Promise<void> {
    await insertRows(this.#tx, `insert into monitor_check_in (${WRITTEN})`, '', this.#new.map(valuesOf));
    await insertRows(
      this.#tx,
      `insert into monitor_check_in (id, ${WRITTEN})`,
      `on conflict (id) do update set status = excluded.status, ended_at = excluded.ended_at, duration_ms = excluded.duration_ms,
         timeout_at = excluded.timeout_at, ended_by = excluded.ended_by, "release" = excluded."release",
         trace_id = excluded.trace_id, incident_id = excluded.incident_id, report_state = excluded.report_state`,
      [...this.#changedRuns].map((run) => [run.id as number, ...valuesOf(run)]),
    );
    await this.#writeEnvironments();
  }

  async #writeEnvironments(): Promise<void> {
    const rows = [...this.#changedEnvironments].map((id): SqlValue[] => {
      const one = this.#environments.get(id) as EnvironmentRow;
      const { monitorId, projectId, name, state, nextExpectedAt, lastCheckInAt, lastOkAt, failuresInRow, okInRow, incidentId } =
        one;
      const stands = [state, nextExpectedAt, lastCheckInAt, lastOkAt, failuresInRow, okInRow, incidentId];
      return [id, monitorId, projectId, name, 0, ...stands];
    });
    this.#changedEnvironments.clear();
    await insertRows(
      this.#tx,
      `insert into monitor_environment (id, monitor_id, project_id, name, created_at, state, next_expected_at, last_check_in_at,
         last_ok_at, failures_in_row, ok_in_row, incident_id)`,
      `on conflict (id) do update set state = excluded.state, next_expected_at = excluded.next_expected_at,
         last_check_in_at = excluded.last_check_in_at, last_ok_at = excluded.last_ok_at,
         failures_in_row = excluded.failures_in_row, ok_in_row = excluded.ok_in_row, incident_id = excluded.incident_id`,
      rows,
    );
  }

  async #loadEnvironments(monitorIds: readonly number[]): Promise<void> {
    if (monitorIds.length === 0) return;
    const { dialect } = this.#tx;
    const rows = await this.#tx.all<EnvironmentRow>(
      `select ${ENVIRONMENT_COLUMNS} from monitor_environment e where ${inIds(dialect, 'e.monitor_id')}
       order by e.id${dialect === 'postgres' ? ' for update' : ''}`,
      [idsParam(dialect, monitorIds)],
    );
    for (const row of rows) this.#holdEnvironment(row);
  }

  #holdEnvironment(row: EnvironmentRow): void {
    this.#environments.set(row.id, row);
    this.#byName.set(keyOf(row.monitorId, row.name), row.id);
  }

  async #loadRuns(projectId: number, ids: readonly string[]): Promise<void> {
    const rows = await inChunks(ids, (list, some) =>
      this.#tx.all<Run & { id: number }>(
        `select ${RUN_COLUMNS} from monitor_check_in c where c.project_id = ? and c.check_in_id in (${list})`,
        [projectId, ...some],
      ),
    );
    for (const row of rows.sort((a, b) => a.id - b.id)) {
      const key = keyOf(projectId, row.checkInId);
      if (!this.#runs.has(key)) this.#runs.set(key, this.#hold(row));
    }
  }

  /** The one object of a row, however often it is read. */
  #hold(row: Run & { id: number }): Run {
    const known = this.#byId.get(row.id);
    if (known === undefined) this.#byId.set(row.id, row);
    return known ?? row;
  }
}

/** Puts a run among the latest: what came last goes before what began at the same moment. */
function place(recent: Run[], run: Run): void {
  const at = recent.findIndex((one) => one.startedAt <= run.startedAt);
  recent.splice(at < 0 ? recent.length : at, 0, run);
  if (recent.length > LOOK_BACK) recent.length = LOOK_BACK;
}

const WRITTEN = `project_id, monitor_id, environment_id, check_in_id, status, started_at, ended_at, duration_ms, expected_at,
  timeout_at, "release", trace_id, incident_id, ended_by, report_state`;

function valuesOf(run: Run): SqlValue[] {
  const { projectId, monitorId, environmentId, checkInId, status, startedAt, endedAt, durationMs, expectedAt, timeoutAt } = run;
  const when = [status, startedAt, endedAt, durationMs, expectedAt, timeoutAt];
  return [
    projectId,
    monitorId,
    environmentId,
    checkInId,
    ...when,
    run.release,
    run.traceId,
    run.incidentId,
    run.endedBy,
    run.reportState,
  ];
}

function keyOf(id: number, text: string): string {
  return `${id}\n${text}`;
}
