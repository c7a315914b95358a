import { randomUUID } from 'node:crypto';
import type { Sql } from '../../../platform/db/sql.ts';
import { nextRun } from '../../analysis/schedule/schedule.ts';
import { findEnvironment } from './find-environment.ts';
import {
  CHECK_IN_COLUMNS,
  type CheckInRow,
  type EnvironmentRow,
  expectationOf,
  insertCheckIn,
  MONITOR_COLUMNS,
  type MonitorRow,
  scheduleOf,
  standingOf,
} from './monitor-rows.ts';
import { noteRun, settleRun } from './settle-run.ts';
import { absences, type Blind, overdue } from './standing.ts';

/** Environments and runs looked at in one go; what is left is due again at once. */
const MOST_AT_ONCE = 500;

/** A monitor whose runs were judged. */
export interface Judged {
  monitorId: number;
  projectId: number;
}

/**
 * Judges what is due by `now`: runs in progress whose time is up, and runs that did not report. Each environment is its own
 * short transaction, so that check-ins which come meanwhile wait for one only. Depends on nothing but the tables, `now` and
 * the times in which nobody listened.
 */
export async function judgeMonitors(
  { read, write }: { read: Sql; write: Sql },
  now: number,
  blinds: readonly Blind[],
): Promise<Judged[]> {
  const judged = new Map<number, Judged>();
  for (const { id, monitorId, projectId } of await dueEnvironments(read, now)) {
    if (await write.transaction((tx) => judgeEnvironment(tx, { id, monitorId }, now, blinds)))
      judged.set(monitorId, { monitorId, projectId });
  }
  return [...judged.values()];
}

async function dueEnvironments(sql: Sql, now: number): Promise<{ id: number; monitorId: number; projectId: number }[]> {
  const columns = 'e.id, e.monitor_id as "monitorId", e.project_id as "projectId"';
  const running = await sql.all<{ id: number; monitorId: number; projectId: number }>(
    `select distinct ${columns} from monitor_check_in c join monitor_environment e on e.id = c.environment_id
     join monitor m on m.id = e.monitor_id
     where c.timeout_at <= ? and c.status = 'IN_PROGRESS' and m.paused = 0 limit ${MOST_AT_ONCE}`,
    [now],
  );
  const silent = await sql.all<{ id: number; monitorId: number; projectId: number }>(
    `select ${columns} from monitor_environment e join monitor m on m.id = e.monitor_id
     where e.next_expected_at < cast(? as bigint) - m.margin_minutes * 60000 and m.paused = 0
     order by e.next_expected_at limit ${MOST_AT_ONCE}`,
    [now],
  );
  return [...new Map([...running, ...silent].map((row) => [row.id, row])).values()].sort((a, b) => a.id - b.id);
}

/** Judges one environment, from what the tables say inside the transaction. False when there was nothing to say. */
async function judgeEnvironment(
  tx: Sql,
  { id, monitorId }: { id: number; monitorId: number },
  now: number,
  blinds: readonly Blind[],
): Promise<boolean> {
  const monitor = await tx.get<MonitorRow>(`select ${MONITOR_COLUMNS} from monitor m where m.id = ?`, [monitorId]);
  if (monitor === undefined || monitor.paused === 1) return false;
  const found = await findEnvironment(tx, monitor, id, now);
  if (found === undefined) return false;
  const live = await tx.get("select 1 from project where id = ? and status = 'ACTIVE'", [monitor.projectId]);
  if (live === undefined) return await setAside(tx, monitor, found, now);
  const running = await tx.all<CheckInRow & { timeoutAt: number }>(
    `select ${CHECK_IN_COLUMNS} from monitor_check_in c
     where c.environment_id = ? and c.status = 'IN_PROGRESS' and c.timeout_at <= ? order by c.started_at, c.id`,
    [id, now],
  );
  let environment = found;
  for (const run of running) environment = await timeOut(tx, monitor, environment, run, blinds);
  const silent = await markAbsent(tx, monitor, environment, now, blinds);
  return running.length > 0 || silent;
}

async function timeOut(
  tx: Sql,
  monitor: MonitorRow,
  environment: EnvironmentRow,
  run: CheckInRow & { timeoutAt: number },
  blinds: readonly Blind[],
): Promise<EnvironmentRow> {
  const status = overdue(run, blinds);
  await tx.run('update monitor_check_in set status = ?, timeout_at = null where id = ?', [status, run.id]);
  if (status === 'UNKNOWN') return environment;
  return settleRun(tx, monitor, environment, standingOf(environment), { id: run.id, result: status, at: run.timeoutAt });
}

async function markAbsent(
  tx: Sql,
  monitor: MonitorRow,
  environment: EnvironmentRow,
  now: number,
  blinds: readonly Blind[],
): Promise<boolean> {
  if (environment.nextExpectedAt === null) return false;
  const { absent, nextExpectedAt } = absences(environment.nextExpectedAt, expectationOf(monitor), now, blinds);
  if (nextExpectedAt === environment.nextExpectedAt) return false;
  let current = await noteRun(tx, environment, { ...standingOf(environment), nextExpectedAt });
  for (const { expectedAt, status } of absent) {
    const runId = await insertCheckIn(tx, {
      projectId: monitor.projectId,
      monitorId: monitor.id,
      environmentId: environment.id,
      checkInId: randomUUID().replaceAll('-', ''),
      status,
      startedAt: expectedAt,
      endedAt: null,
      durationMs: null,
      expectedAt,
      timeoutAt: null,
      release: null,
      traceId: null,
      incidentId: current.incidentId,
    });
    if (status === 'UNKNOWN') continue;
    const at = expectedAt + monitor.marginMinutes * 60_000;
    current = await settleRun(tx, monitor, current, standingOf(current), { id: runId, result: 'MISSED', at });
  }
  return true;
}

/** An archived project's jobs may well be gone: nothing is said of them, and they are waited for again when it is back. */
async function setAside(tx: Sql, monitor: MonitorRow, environment: EnvironmentRow, now: number): Promise<boolean> {
  const nextExpectedAt = nextRun(scheduleOf(monitor), now) ?? null;
  await noteRun(tx, environment, { ...standingOf(environment), nextExpectedAt });
  await tx.run(
    "update monitor_check_in set status = 'UNKNOWN', timeout_at = null where environment_id = ? and status = 'IN_PROGRESS'",
    [environment.id],
  );
  return false;
}

/** Removes runs from before a moment, and incidents that ended before it; at most `limit` runs. */
export async function forgetRuns(write: Sql, before: number, limit = 2_000): Promise<number> {
  return write.transaction(async (tx) => {
    await tx.run('delete from monitor_incident where recovered_at < ?', [before]);
    return tx.run(
      `delete from monitor_check_in where id in (
         select id from monitor_check_in where started_at < ? and status <> 'IN_PROGRESS' order by id limit ?)`,
      [before, limit],
    );
  });
}
