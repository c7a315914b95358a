import type { EnvironmentRow, MonitorRow } from './monitor-rows.ts';

/** How an environment, or a monitor with all of them, stands for people. */
export type ShownStatus = 'WAITING' | 'OK' | 'LATE' | 'MISSED' | 'TIMEOUT' | 'FAILED' | 'PAUSED';

const WORST_FIRST: readonly ShownStatus[] = ['FAILED', 'TIMEOUT', 'MISSED', 'LATE', 'OK', 'WAITING', 'PAUSED'];

/** LATE: its time has come, its margin is not over (or nobody has judged yet). */
export function environmentStatus(monitor: MonitorRow, environment: EnvironmentRow, now: number): ShownStatus {
  if (monitor.paused === 1) return 'PAUSED';
  const { state, nextExpectedAt } = environment;
  return state === 'OK' && nextExpectedAt !== null && nextExpectedAt < now ? 'LATE' : state;
}

/** That of the worst environment. */
export function monitorStatus(monitor: MonitorRow, environments: readonly EnvironmentRow[], now: number): ShownStatus {
  if (monitor.paused === 1) return 'PAUSED';
  const statuses = new Set(environments.map((environment) => environmentStatus(monitor, environment, now)));
  return WORST_FIRST.find((status) => statuses.has(status)) ?? 'WAITING';
}
