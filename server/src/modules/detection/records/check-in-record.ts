import type { Schedule } from '../../analysis/schedule/schedule.ts';

/** A scheduled job says that it began or ended. */
export interface CheckInRecord {
  /** 32 lower-case hex digits; absent: the monitor's latest check-in in progress, or a new one. */
  checkInId?: string;
  /** 32 lower-case hex digits, made here: by it the same record is recognised should the log be read twice. */
  recordId: string;
  monitorSlug: string;
  status: 'in_progress' | 'ok' | 'error';
  /** Seconds the job took, as it says itself. */
  durationSeconds?: number;
  environment: string;
  release?: string;
  /** Of the trace the run belongs to, 32 hex digits. */
  traceId?: string;
  /** Creates or changes the monitor. */
  config?: CheckInConfig;
}

/** A monitor as an SDK describes it, checked. What is absent is left as it is, or takes the default. */
export interface CheckInConfig {
  schedule: Schedule;
  checkinMarginMinutes?: number;
  maxRuntimeMinutes?: number;
  failureIssueThreshold?: number;
  recoveryThreshold?: number;
}
