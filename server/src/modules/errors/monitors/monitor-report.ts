import { hash } from 'node:crypto';
import type { Sql } from '../../../platform/db/sql.ts';
import { CHECK_IN_COLUMNS, type CheckInRow, MONITOR_COLUMNS, type MonitorRow, scheduleOf } from './monitor-rows.ts';
import type { Failure } from './standing.ts';

/** A failed run of which an error is to be made. */
export interface PendingReport {
  run: CheckInRow & { status: Failure };
  monitor: MonitorRow;
  environment: string;
}

const SAYS: Record<Failure, { kind: string; words: string }> = {
  MISSED: { kind: 'missed', words: 'did not run' },
  TIMEOUT: { kind: 'timeout', words: 'ran too long' },
  FAILED: { kind: 'failed', words: 'failed' },
};

/** Failed runs without their event, oldest first. */
export async function pendingReports(read: Sql, limit = 100): Promise<PendingReport[]> {
  const runs = await read.all<PendingReport['run'] & { environment: string }>(
    `select ${CHECK_IN_COLUMNS}, e.name as environment from monitor_check_in c join monitor_environment e on e.id = c.environment_id
     join monitor m on m.id = c.monitor_id
     where c.report_state = 'PENDING' order by c.id limit ?`,
    [limit],
  );
  const reports: PendingReport[] = [];
  for (const { environment, ...run } of runs) {
    const monitor = await read.get<MonitorRow>(`select ${MONITOR_COLUMNS} from monitor m where m.id = ?`, [run.monitorId]);
    if (monitor !== undefined) reports.push({ run, monitor, environment });
  }
  return reports;
}

/** The id of a run's event: always the same, so that telling of it twice is a duplicate. */
export function eventIdOf(run: Pick<CheckInRow, 'id' | 'projectId' | 'checkInId'>): string {
  return hash('sha256', `monitor ${run.projectId} ${run.id} ${run.checkInId}`, 'hex').slice(0, 32);
}

/** When a failure was one: a missed run when its margin was over. */
export function failedAt({ run, monitor }: Pick<PendingReport, 'run' | 'monitor'>): number {
  if (run.status === 'MISSED') return (run.expectedAt ?? run.startedAt) + monitor.marginMinutes * 60_000;
  if (run.status === 'TIMEOUT') return run.startedAt + monitor.maxRuntimeMinutes * 60_000;
  return run.endedAt ?? run.startedAt;
}

/** The event of a failed run, in the shape of Sentry's. One error a monitor and way of failing. */
export function reportOf(report: PendingReport): Record<string, unknown> {
  const { run, monitor, environment } = report;
  const { kind, words } = SAYS[run.status];
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    event_id: eventIdOf(run),
    timestamp: time(failedAt(report)),
    platform: 'other',
    level: 'error',
    logger: 'errata.monitor',
    logentry: { message: 'Monitor %s %s', params: [monitor.name, words], formatted: `Monitor ${monitor.name} ${words}` },
    transaction: monitor.slug,
    environment,
    ...(run.release === null ? {} : { release: run.release }),
    fingerprint: ['monitor', monitor.slug, kind],
    tags: { 'monitor.slug': monitor.slug, 'monitor.id': String(monitor.id), 'monitor.failure': kind },
    contexts: {
      monitor: {
        id: String(monitor.id),
        slug: monitor.slug,
        name: monitor.name,
        failure: kind,
        schedule: scheduleText(monitor),
        expected_at: time(run.expectedAt),
        started_at: run.status === 'MISSED' ? null : time(run.startedAt),
        ended_at: time(run.endedAt),
        duration_seconds: run.durationMs === null ? null : run.durationMs / 1000,
        margin_minutes: monitor.marginMinutes,
        max_runtime_minutes: monitor.maxRuntimeMinutes,
        check_in_id: run.status === 'MISSED' ? null : run.checkInId,
      },
      ...(run.traceId === null ? {} : { trace: { trace_id: run.traceId, span_id: run.traceId.slice(0, 16) } }),
    },
  };
}

/** A schedule in one line: `0 4 * * * (Europe/Berlin)`, `every 5 minutes`. */
export function scheduleText(monitor: Parameters<typeof scheduleOf>[0]): string {
  const schedule = scheduleOf(monitor);
  if (schedule.type === 'crontab') return `${schedule.value} (${schedule.timezone})`;
  return schedule.value === 1 ? `every ${schedule.unit}` : `every ${schedule.value} ${schedule.unit}s`;
}
