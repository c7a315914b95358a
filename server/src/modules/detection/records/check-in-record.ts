/** A scheduled job says that it began or ended. */
export interface CheckInRecord {
  /** 32 lower-case hex digits; absent: update the monitor's latest check-in in progress. */
  checkInId?: string;
  monitorSlug: string;
  status: 'in_progress' | 'ok' | 'error';
  /** Seconds the job took, as it says itself. */
  durationSeconds?: number;
  environment: string;
  release?: string;
  /** Creates or changes the monitor. */
  config?: CheckInConfig;
}

/** A monitor as an SDK describes it. */
export interface CheckInConfig {
  schedule:
    | { type: 'crontab'; value: string }
    | { type: 'interval'; value: number; unit: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' };
  checkinMarginMinutes?: number;
  maxRuntimeMinutes?: number;
  timezone?: string;
  failureIssueThreshold?: number;
  recoveryThreshold?: number;
}
