/** One bucket or update of sessions: what the digest adds to a release's health. */
export interface SessionRecord {
  release: string;
  environment: string;
  /** Single session updates name the session, so that later updates correct earlier ones; aggregates do not. */
  sessionId?: string;
  /** Of an update; higher wins. */
  sequence?: number;
  /** First update of the session. */
  init?: boolean;
  status?: 'ok' | 'exited' | 'errored' | 'crashed' | 'abnormal';
  errors?: number;
  /** Hash of the distinct user id, 16 hex digits. */
  userHash?: string;
  /** When the session, or the bucket's sessions, began, ms. */
  startedAt: number;
  /** Aggregates: sessions by how they ended. */
  counts?: { exited: number; errored: number; crashed: number; abnormal: number };
}
