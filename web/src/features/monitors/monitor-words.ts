import type { MonitorRowFragment, MonitorRunFieldsFragment, MonitorStatus } from '@errata/schema';
import type { Tone } from '../../ui/theme.ts';

type RunStatus = MonitorRunFieldsFragment['status'];

/** Each status in a word and what it means. */
export const MONITOR_STATUSES: Record<MonitorStatus, { word: string; says: string; tone: Tone }> = {
  OK: { word: 'OK', says: 'The last run was well, and none is due', tone: 'green' },
  LATE: { word: 'Late', says: 'A run is due and has not reported; its margin is not over', tone: 'amber' },
  MISSED: { word: 'Missed', says: 'A run did not report within its margin', tone: 'orange' },
  TIMEOUT: { word: 'Timed out', says: 'A run took longer than it may', tone: 'red' },
  FAILED: { word: 'Failed', says: 'A run reported that it failed', tone: 'red' },
  WAITING: { word: 'Waiting', says: 'Nothing has reported yet', tone: 'blue' },
  PAUSED: { word: 'Paused', says: 'Nothing is expected, nothing is judged', tone: 'grey' },
};

/** Each end of a run in a word and what it means. */
export const RUN_STATUSES: Record<RunStatus, { word: string; says: string; tone: Tone }> = {
  OK: { word: 'OK', says: 'ended well', tone: 'green' },
  IN_PROGRESS: { word: 'Running', says: 'has begun and not ended yet', tone: 'blue' },
  FAILED: { word: 'Failed', says: 'reported that it failed', tone: 'red' },
  TIMEOUT: { word: 'Timed out', says: 'took longer than it may', tone: 'pink' },
  MISSED: { word: 'Missed', says: 'did not report', tone: 'orange' },
  UNKNOWN: { word: 'Unknown', says: 'may have reported while the server was not there to hear it', tone: 'grey' },
};

const WORST_FIRST: readonly MonitorStatus[] = ['FAILED', 'TIMEOUT', 'MISSED', 'LATE', 'WAITING', 'OK', 'PAUSED'];

/** What asks for attention first; within that by name. */
export function byUrgency(monitors: readonly MonitorRowFragment[]): MonitorRowFragment[] {
  return [...monitors].sort(
    (a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status) || a.name.localeCompare(b.name),
  );
}

/** The next run that any environment waits for; null when none does. */
export function nextRunOf(monitor: Pick<MonitorRowFragment, 'environments' | 'isPaused'>): string | null {
  if (monitor.isPaused) return null;
  const times = monitor.environments.flatMap(({ nextExpectedAt }) => nextExpectedAt ?? []).sort();
  return times[0] ?? null;
}

/** The last check-in of any environment. */
export function lastCheckInOf(monitor: Pick<MonitorRowFragment, 'environments'>): string | null {
  return (
    monitor.environments
      .flatMap(({ lastCheckInAt }) => lastCheckInAt ?? [])
      .sort()
      .at(-1) ?? null
  );
}

/** Whether somebody should look. */
export const isFailing = ({ status }: { status: MonitorStatus }): boolean =>
  status === 'FAILED' || status === 'TIMEOUT' || status === 'MISSED';
