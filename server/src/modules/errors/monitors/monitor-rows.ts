import type { Sql } from '../../../platform/db/sql.ts';
import type { IntervalUnit, Schedule } from '../../analysis/schedule/schedule.ts';
import type { CheckInStatus, RunState } from './monitor.entity.ts';
import type { Expectation, Standing } from './standing.ts';

/** A monitor as prepared SQL reads it. */
export interface MonitorRow {
  id: number;
  projectId: number;
  slug: string;
  name: string;
  scheduleType: 'crontab' | 'interval';
  /** As the table has it: a crontab, or the number of units. */
  scheduleValue: string;
  intervalUnit: string | null;
  timezone: string;
  marginMinutes: number;
  maxRuntimeMinutes: number;
  failureThreshold: number;
  recoveryThreshold: number;
  origin: 'CODE' | 'HAND';
  paused: number;
  muted: number;
  createdAt: number;
  updatedAt: number;
}

/** Columns of {@link MonitorRow} over `monitor m`. */
export const MONITOR_COLUMNS = `m.id, m.project_id as "projectId", m.slug, m.name, m.schedule_type as "scheduleType",
  m.schedule as "scheduleValue", m.interval_unit as "intervalUnit", m.timezone, m.margin_minutes as "marginMinutes",
  m.max_runtime_minutes as "maxRuntimeMinutes", m.failure_threshold as "failureThreshold",
  m.recovery_threshold as "recoveryThreshold", m.origin, m.paused, m.muted, m.created_at as "createdAt",
  m.updated_at as "updatedAt"`;

/** An environment of a monitor as prepared SQL reads it. */
export interface EnvironmentRow {
  id: number;
  monitorId: number;
  projectId: number;
  name: string;
  state: RunState;
  lastCheckInAt: number | null;
  lastOkAt: number | null;
  nextExpectedAt: number | null;
  failuresInRow: number;
  okInRow: number;
  incidentId: number | null;
}

/** Columns of {@link EnvironmentRow} over `monitor_environment e`. */
export const ENVIRONMENT_COLUMNS = `e.id, e.monitor_id as "monitorId", e.project_id as "projectId", e.name, e.state,
  e.last_check_in_at as "lastCheckInAt", e.last_ok_at as "lastOkAt", e.next_expected_at as "nextExpectedAt",
  e.failures_in_row as "failuresInRow", e.ok_in_row as "okInRow", e.incident_id as "incidentId"`;

/** A run as prepared SQL reads it. */
export interface CheckInRow {
  id: number;
  projectId: number;
  monitorId: number;
  environmentId: number;
  checkInId: string;
  status: CheckInStatus;
  startedAt: number;
  endedAt: number | null;
  durationMs: number | null;
  expectedAt: number | null;
  timeoutAt: number | null;
  release: string | null;
  traceId: string | null;
  incidentId: number | null;
}

/** Columns of {@link CheckInRow} over `monitor_check_in c`. */
export const CHECK_IN_COLUMNS = `c.id, c.project_id as "projectId", c.monitor_id as "monitorId",
  c.environment_id as "environmentId", c.check_in_id as "checkInId", c.status, c.started_at as "startedAt",
  c.ended_at as "endedAt", c.duration_ms as "durationMs", c.expected_at as "expectedAt", c.timeout_at as "timeoutAt",
  c."release", c.trace_id as "traceId", c.incident_id as "incidentId"`;

export function scheduleOf(monitor: Pick<MonitorRow, 'scheduleType' | 'scheduleValue' | 'intervalUnit' | 'timezone'>): Schedule {
  const { scheduleType, scheduleValue, intervalUnit, timezone } = monitor;
  return scheduleType === 'crontab'
    ? { type: 'crontab', value: scheduleValue, timezone }
    : { type: 'interval', value: Number(scheduleValue), unit: intervalUnit as IntervalUnit };
}

export function expectationOf(monitor: MonitorRow): Expectation {
  const { marginMinutes, maxRuntimeMinutes, failureThreshold, recoveryThreshold } = monitor;
  return { schedule: scheduleOf(monitor), marginMinutes, maxRuntimeMinutes, failureThreshold, recoveryThreshold };
}

export function standingOf(environment: EnvironmentRow): Standing {
  const { state, nextExpectedAt, lastCheckInAt, lastOkAt, failuresInRow, okInRow, incidentId } = environment;
  return { state, nextExpectedAt, lastCheckInAt, lastOkAt, failuresInRow, okInRow, inIncident: incidentId !== null };
}

/** Writes how an environment stands. */
export async function writeStanding(tx: Sql, id: number, standing: Standing, incidentId: number | null): Promise<void> {
  const { state, nextExpectedAt, lastCheckInAt, lastOkAt, failuresInRow, okInRow } = standing;
  await tx.run(
    `update monitor_environment set state = ?, next_expected_at = ?, last_check_in_at = ?, last_ok_at = ?,
       failures_in_row = ?, ok_in_row = ?, incident_id = ? where id = ?`,
    [state, nextExpectedAt, lastCheckInAt, lastOkAt, failuresInRow, okInRow, incidentId, id],
  );
}

/** Makes a row of a run; answers its id. */
export async function insertCheckIn(tx: Sql, row: Omit<CheckInRow, 'id'>): Promise<number> {
  const made = await tx.get<{ id: number }>(
    `insert into monitor_check_in (project_id, monitor_id, environment_id, check_in_id, status, started_at, ended_at,
       duration_ms, expected_at, timeout_at, "release", trace_id, incident_id)
     values (?,?,?,?,?,?,?,?,?,?,?,?,?) returning id`,
    [
      row.projectId,
      row.monitorId,
      row.environmentId,
      row.checkInId,
      row.status,
      row.startedAt,
      row.endedAt,
      row.durationMs,
      row.expectedAt,
      row.timeoutAt,
      row.release,
      row.traceId,
      row.incidentId,
    ],
  );
  return (made as { id: number }).id;
}
