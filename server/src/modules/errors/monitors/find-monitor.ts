import type { Sql } from '../../../platform/db/sql.ts';
import { nextRun } from '../../analysis/schedule/schedule.ts';
import type { CheckInConfig, CheckInRecord } from '../../detection/records/check-in-record.ts';
import { MONITOR_COLUMNS, type MonitorRow, scheduleOf } from './monitor-rows.ts';

/** Monitors of one project. */
export const MOST_MONITORS = 500;
/** What a monitor is judged by unless it says otherwise (Sentry's defaults). */
export const MONITOR_DEFAULTS = { marginMinutes: 1, maxRuntimeMinutes: 30, failureThreshold: 1, recoveryThreshold: 1 } as const;

/** The monitor of a check-in, made or changed by its configuration; or why there is none. */
export async function findMonitor(
  tx: Sql,
  projectId: number,
  { monitorSlug, config }: CheckInRecord,
  now: number,
): Promise<MonitorRow | 'unknown_monitor' | 'too_many_monitors'> {
  const found = await monitorBySlug(tx, projectId, monitorSlug);
  if (config === undefined) return found ?? 'unknown_monitor';
  if (found !== undefined) {
    if (monitorIsAs(found, config)) return found;
    const settings = settingsOf(config, found);
    await changeMonitor(tx, found, { ...settings, origin: 'CODE' }, now);
    return { ...found, ...settings, origin: 'CODE', updatedAt: now };
  }
  const row = await tx.get<{ n: number }>('select count(*) as n from monitor where project_id = ?', [projectId]);
  if ((row?.n ?? 0) >= MOST_MONITORS) return 'too_many_monitors';
  await insertMonitor(tx, projectId, { slug: monitorSlug, name: monitorSlug, ...settingsOf(config), origin: 'CODE' }, now);
  return (await monitorBySlug(tx, projectId, monitorSlug)) ?? 'unknown_monitor';
}

/** Whether a check-in's configuration leaves its monitor as it is. */
export function monitorIsAs(monitor: MonitorRow, config: CheckInConfig): boolean {
  return monitor.origin === 'CODE' && sameSettings(settingsOf(config, monitor), monitor);
}

export function monitorBySlug(tx: Sql, projectId: number, slug: string): Promise<MonitorRow | undefined> {
  return tx.get<MonitorRow>(`select ${MONITOR_COLUMNS} from monitor m where m.project_id = ? and m.slug = ?`, [projectId, slug]);
}

/** What a monitor is judged by, as columns. */
export type MonitorSettings = Pick<
  MonitorRow,
  | 'scheduleType'
  | 'scheduleValue'
  | 'intervalUnit'
  | 'timezone'
  | 'marginMinutes'
  | 'maxRuntimeMinutes'
  | 'failureThreshold'
  | 'recoveryThreshold'
>;

/** A configuration as columns; what it leaves out is as it was, or the default. */
export function settingsOf(config: CheckInConfig, before: Partial<MonitorSettings> = {}): MonitorSettings {
  const { schedule } = config;
  const { marginMinutes, maxRuntimeMinutes, failureThreshold, recoveryThreshold } = { ...MONITOR_DEFAULTS, ...before };
  return {
    scheduleType: schedule.type,
    scheduleValue: String(schedule.value),
    intervalUnit: schedule.type === 'interval' ? schedule.unit : null,
    timezone: schedule.type === 'crontab' ? schedule.timezone : 'UTC',
    marginMinutes: config.checkinMarginMinutes ?? marginMinutes,
    maxRuntimeMinutes: config.maxRuntimeMinutes ?? maxRuntimeMinutes,
    failureThreshold: config.failureIssueThreshold ?? failureThreshold,
    recoveryThreshold: config.recoveryThreshold ?? recoveryThreshold,
  };
}

function sameSettings(settings: MonitorSettings, row: MonitorRow): boolean {
  return (Object.keys(settings) as (keyof MonitorSettings)[]).every((key) => settings[key] === row[key]);
}

/** Makes a monitor; answers its id. @throws the driver's error when the slug is taken */
export async function insertMonitor(
  tx: Sql,
  projectId: number,
  monitor: MonitorSettings & Pick<MonitorRow, 'slug' | 'name' | 'origin'>,
  now: number,
): Promise<number> {
  const made = await tx.get<{ id: number }>(
    `insert into monitor (project_id, slug, name, schedule_type, schedule, interval_unit, timezone, margin_minutes,
       max_runtime_minutes, failure_threshold, recovery_threshold, origin, paused, muted, created_at, updated_at)
     values (?,?,?,?,?,?,?,?,?,?,?,?,0,0,?,?) returning id`,
    [
      projectId,
      monitor.slug,
      monitor.name,
      monitor.scheduleType,
      monitor.scheduleValue,
      monitor.intervalUnit,
      monitor.timezone,
      monitor.marginMinutes,
      monitor.maxRuntimeMinutes,
      monitor.failureThreshold,
      monitor.recoveryThreshold,
      monitor.origin,
      now,
      now,
    ],
  );
  return (made as { id: number }).id;
}

/** Changes a monitor; another schedule is waited for from now on. */
export async function changeMonitor(
  tx: Sql,
  before: MonitorRow,
  changes: MonitorSettings & Partial<Pick<MonitorRow, 'name' | 'origin' | 'paused' | 'muted'>>,
  now: number,
): Promise<void> {
  const after = { ...before, ...changes };
  await tx.run(
    `update monitor set name = ?, schedule_type = ?, schedule = ?, interval_unit = ?, timezone = ?, margin_minutes = ?,
       max_runtime_minutes = ?, failure_threshold = ?, recovery_threshold = ?, origin = ?, paused = ?, muted = ?, updated_at = ?
     where id = ?`,
    [
      after.name,
      after.scheduleType,
      after.scheduleValue,
      after.intervalUnit,
      after.timezone,
      after.marginMinutes,
      after.maxRuntimeMinutes,
      after.failureThreshold,
      after.recoveryThreshold,
      after.origin,
      after.paused,
      after.muted,
      now,
      before.id,
    ],
  );
  // What runs while nobody judges may end unheard.
  if (before.paused === 0 && after.paused === 1)
    await tx.run(
      "update monitor_check_in set status = 'UNKNOWN', timeout_at = null where monitor_id = ? and status = 'IN_PROGRESS'",
      [before.id],
    );
  const resumed = before.paused === 1 && after.paused === 0;
  const moved = (['scheduleType', 'scheduleValue', 'intervalUnit', 'timezone'] as const).some(
    (key) => before[key] !== after[key],
  );
  if (!moved && !resumed) return;
  const next = nextRun(scheduleOf(after), now) ?? null;
  await tx.run('update monitor_environment set next_expected_at = ? where monitor_id = ? and last_check_in_at is not null', [
    next,
    before.id,
  ]);
}
