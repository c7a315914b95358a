import { minutes } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { CheckInRecord } from '../../detection/records/check-in-record.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import type { SideFate, SideWriter } from '../digest/side-writers.ts';
import { findEnvironment } from './find-environment.ts';
import { findMonitor } from './find-monitor.ts';
import {
  CHECK_IN_COLUMNS,
  type CheckInRow,
  type EnvironmentRow,
  expectationOf,
  insertCheckIn,
  type MonitorRow,
  standingOf,
} from './monitor-rows.ts';
import { noteRun, settleRun } from './settle-run.ts';
import { begin } from './standing.ts';

/** New runs of a monitor in one environment that are kept of one minute. */
const MOST_A_MINUTE = 60;
/** Runs looked back on for one that a record without an id has ended already. */
const LOOK_BACK = 50;

const STATUS = { in_progress: 'IN_PROGRESS', ok: 'OK', error: 'FAILED' } as const;

/**
 * Writes check-ins: one row a run, begun and ended by two check-ins or told by one; and how its monitor stands after it.
 * They are few, so they are written one after the other.
 */
export const checkInWriter: SideWriter<'checkIn'> = async (tx, records) => {
  const fates: SideFate[] = [];
  for (const record of records) fates.push(await write(tx, record));
  return fates;
};

async function write(tx: Sql, record: Extract<SideRecord, { side: 'checkIn' }>): Promise<SideFate> {
  const { projectId, receivedAt: at, data } = record;
  const monitor = await findMonitor(tx, projectId, data, at);
  if (typeof monitor === 'string') return refused(monitor);
  const known = await findRun(tx, projectId, data);
  if (known !== undefined) {
    if (known.monitorId !== monitor.id) return refused('other_monitor');
    return end(tx, monitor, known, data, at);
  }
  const environment = await findEnvironment(tx, monitor, data.environment, at);
  if (environment === undefined) return refused('too_many_environments');
  if (data.checkInId === undefined) {
    const open = await unnamedRun(tx, environment, data);
    if (open === 'done') return { outcome: 'duplicate', reason: '', id: monitor.id };
    if (open !== undefined) return end(tx, monitor, open, data, at);
  }
  if (await tooOften(tx, environment, at)) return refused('too_often');
  return start(tx, monitor, environment, data, at);
}

/** A run is heard of for the first time: it began now, or it tells of itself after it ended. */
async function start(
  tx: Sql,
  monitor: MonitorRow,
  environment: EnvironmentRow,
  data: CheckInRecord,
  at: number,
): Promise<SideFate> {
  const durationMs = data.durationSeconds === undefined ? null : Math.round(data.durationSeconds * 1000);
  const running = data.status === 'in_progress';
  const startedAt = running ? at : at - (durationMs ?? 0);
  const begun = begin(standingOf(environment), expectationOf(monitor), startedAt);
  const id = await insertCheckIn(tx, {
    projectId: monitor.projectId,
    monitorId: monitor.id,
    environmentId: environment.id,
    checkInId: data.checkInId ?? data.recordId,
    status: STATUS[data.status],
    startedAt,
    endedAt: running ? null : at,
    durationMs: running ? null : durationMs,
    expectedAt: begun.expectedAt,
    timeoutAt: running ? at + minutes(monitor.maxRuntimeMinutes) : null,
    release: data.release ?? null,
    traceId: data.traceId ?? null,
    incidentId: environment.incidentId,
  });
  if (monitor.paused === 1) return accepted(monitor);
  if (running) await noteRun(tx, environment, begun.standing);
  else await settleRun(tx, monitor, environment, begun.standing, { id, result: data.status === 'ok' ? 'OK' : 'FAILED', at });
  return accepted(monitor);
}

/** A run that is known says how it ended. What was timed out stays so: it was too late. */
async function end(tx: Sql, monitor: MonitorRow, run: CheckInRow, data: CheckInRecord, at: number): Promise<SideFate> {
  const ended = run.status === 'OK' || run.status === 'FAILED' || (run.status === 'TIMEOUT' && run.endedAt !== null);
  if (ended || data.status === 'in_progress' || run.status === 'MISSED')
    return { outcome: 'duplicate', reason: '', id: monitor.id };
  const late = run.status === 'TIMEOUT';
  const durationMs = data.durationSeconds === undefined ? at - run.startedAt : Math.round(data.durationSeconds * 1000);
  await tx.run(
    `update monitor_check_in set status = ?, ended_at = ?, duration_ms = ?, timeout_at = null, ended_by = ?,
       "release" = coalesce("release", ?), trace_id = coalesce(trace_id, ?) where id = ?`,
    [
      late ? 'TIMEOUT' : STATUS[data.status],
      at,
      Math.max(0, durationMs),
      data.checkInId === undefined ? data.recordId : null,
      data.release ?? null,
      data.traceId ?? null,
      run.id,
    ],
  );
  if (late || monitor.paused === 1) return accepted(monitor);
  const environment = await findEnvironment(tx, monitor, run.environmentId, at);
  if (environment !== undefined)
    await settleRun(tx, monitor, environment, standingOf(environment), {
      id: run.id,
      result: data.status === 'ok' ? 'OK' : 'FAILED',
      at,
    });
  return accepted(monitor);
}

/** The run that a check-in names; also the one it made itself, should the log be read twice. */
function findRun(tx: Sql, projectId: number, { checkInId, recordId }: CheckInRecord): Promise<CheckInRow | undefined> {
  return tx.get<CheckInRow>(
    `select ${CHECK_IN_COLUMNS} from monitor_check_in c where c.project_id = ? and c.check_in_id = ? order by c.id limit 1`,
    [projectId, checkInId ?? recordId],
  );
}

/** The run that an end without an id ends: the latest in progress. `done`: this very record has ended one already. */
async function unnamedRun(tx: Sql, environment: EnvironmentRow, data: CheckInRecord): Promise<CheckInRow | 'done' | undefined> {
  const rows = await tx.all<CheckInRow & { endedBy: string | null }>(
    `select ${CHECK_IN_COLUMNS}, c.ended_by as "endedBy" from monitor_check_in c where c.environment_id = ?
     order by c.started_at desc, c.id desc limit ${LOOK_BACK}`,
    [environment.id],
  );
  if (rows.some((row) => row.endedBy === data.recordId)) return 'done';
  return data.status === 'in_progress' ? undefined : rows.find((row) => row.status === 'IN_PROGRESS');
}

async function tooOften(tx: Sql, environment: EnvironmentRow, at: number): Promise<boolean> {
  // By when they were heard of: a run that tells of itself at its end says itself how long ago it began.
  const since = at - minutes(1);
  const row = await tx.get<{ n: number }>(
    `select (select count(*) from monitor_check_in where environment_id = ? and ended_at > ? and ended_at <= ?)
       + (select count(*) from monitor_check_in where environment_id = ? and started_at > ? and started_at <= ?
          and ended_at is null and status <> 'MISSED') as n`,
    [environment.id, since, at, environment.id, since, at],
  );
  return (row?.n ?? 0) >= MOST_A_MINUTE;
}

function accepted(monitor: MonitorRow): SideFate {
  return { outcome: 'accepted', reason: '', id: monitor.id };
}

function refused(reason: string): SideFate {
  return { outcome: 'invalid', reason, id: 0 };
}
