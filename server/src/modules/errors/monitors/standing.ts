import { minutes } from '../../../platform/clock.ts';
import { nextRun, type Schedule } from '../../analysis/schedule/schedule.ts';
import type { CheckInStatus, RunState } from './monitor.entity.ts';

/** What a monitor expects of its runs. */
export interface Expectation {
  schedule: Schedule;
  marginMinutes: number;
  maxRuntimeMinutes: number;
  failureThreshold: number;
  recoveryThreshold: number;
}

/** How its runs stand in one environment: everything that judging changes. */
export interface Standing {
  state: RunState;
  nextExpectedAt: number | null;
  lastCheckInAt: number | null;
  lastOkAt: number | null;
  failuresInRow: number;
  okInRow: number;
  /** An incident is open. */
  inIncident: boolean;
}

/** How a run failed. */
export type Failure = Extract<CheckInStatus, 'FAILED' | 'MISSED' | 'TIMEOUT'>;

/** What a run's end means. `opens`, `closes`: the incident; `reports`: an error is to be made of it. */
export interface Verdict {
  standing: Standing;
  opens: boolean;
  closes: boolean;
  reports: boolean;
}

/** A time in which nobody listened: what was sent then is lost. */
export interface Blind {
  from: number;
  to: number;
}

/** A run that was expected and did not report. */
export interface Absent {
  expectedAt: number;
  status: 'MISSED' | 'UNKNOWN';
}

/** A clock that is a little fast makes a job report before its time; that is still the run that is waited for. */
const EARLY_MS = minutes(1);
/** Missed runs that are written down one by one; of a longer silence only the last are. */
const MOST_ABSENT = 5;
/** Runs looked at in one judgement. */
const MOST_STEPS = 1_000;

/** A run begins (or only says that it ended): which expected run it is, and which is waited for from now on. */
export function begin(
  standing: Standing,
  expectation: Expectation,
  at: number,
): { standing: Standing; expectedAt: number | null } {
  const { schedule } = expectation;
  const expected = standing.nextExpectedAt;
  if (expected !== null && at >= expected - earlyBy(schedule, expected)) {
    const nextExpectedAt = nextRun(schedule, schedule.type === 'crontab' ? Math.max(at, expected) : at) ?? null;
    return { standing: { ...standing, nextExpectedAt, lastCheckInAt: at }, expectedAt: expected };
  }
  // Beside the schedule: a crontab stands as it was, an interval begins again.
  const nextExpectedAt = schedule.type === 'crontab' && expected !== null ? expected : (nextRun(schedule, at) ?? null);
  return { standing: { ...standing, nextExpectedAt, lastCheckInAt: at }, expectedAt: null };
}

function earlyBy(schedule: Schedule, expected: number): number {
  const period = (nextRun(schedule, expected) ?? Number.POSITIVE_INFINITY) - expected;
  return Math.min(EARLY_MS, period / 2);
}

/** A run ended well. */
export function succeed(standing: Standing, expectation: Expectation, at: number): Verdict {
  const okInRow = standing.okInRow + 1;
  const closes = standing.inIncident && okInRow >= expectation.recoveryThreshold;
  const state = standing.inIncident && !closes ? standing.state : 'OK';
  return {
    standing: { ...standing, state, okInRow, failuresInRow: 0, lastOkAt: at, inIncident: standing.inIncident && !closes },
    opens: false,
    closes,
    reports: false,
  };
}

/** A run failed. At the threshold an incident begins; every failure from then on is an event of its error. */
export function fail(standing: Standing, expectation: Expectation, failure: Failure): Verdict {
  const failuresInRow = standing.failuresInRow + 1;
  const opens = !standing.inIncident && failuresInRow >= expectation.failureThreshold;
  const inIncident = standing.inIncident || opens;
  return {
    standing: { ...standing, state: failure, failuresInRow, okInRow: 0, inIncident },
    opens,
    closes: false,
    reports: inIncident,
  };
}

/**
 * Runs that were due by `now`, margin included, and did not report, oldest first; and the run waited for after them. A run
 * whose time falls into one in which nobody listened may have reported: it is UNKNOWN, and no failure. Of a long silence
 * the last five are answered.
 */
export function absences(
  nextExpectedAt: number,
  expectation: Expectation,
  now: number,
  blinds: readonly Blind[],
): { absent: Absent[]; nextExpectedAt: number | null } {
  const { schedule, marginMinutes } = expectation;
  const margin = minutes(marginMinutes);
  let absent: Absent[] = [];
  let expected: number | undefined = nextExpectedAt;
  for (let steps = 0; expected !== undefined && expected + margin < now; steps++) {
    const due: number = expected;
    if (steps === MOST_STEPS) {
      const period = (nextRun(schedule, due) ?? due) - due;
      expected = nextRun(schedule, Math.max(due, now - margin - (MOST_ABSENT + 1) * period));
      continue;
    }
    if (steps > 2 * MOST_STEPS) {
      expected = nextRun(schedule, now - margin);
      break;
    }
    const unheard = blinds.some(({ from, to }) => from < due + margin && to > due - earlyBy(schedule, due));
    const last = absent.at(-1);
    // One mark for a time in which nobody listened, not one a minute.
    if (!(unheard && last?.status === 'UNKNOWN')) absent.push({ expectedAt: due, status: unheard ? 'UNKNOWN' : 'MISSED' });
    if (absent.length > MOST_ABSENT) absent = absent.slice(1);
    expected = nextRun(schedule, due);
  }
  return { absent, nextExpectedAt: expected ?? null };
}

/** What became of a run in progress whose time is up: its end may have been said while nobody listened. */
export function overdue(run: { startedAt: number; timeoutAt: number }, blinds: readonly Blind[]): 'TIMEOUT' | 'UNKNOWN' {
  return blinds.some(({ from, to }) => from < run.timeoutAt && to > run.startedAt) ? 'UNKNOWN' : 'TIMEOUT';
}
