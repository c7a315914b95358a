/** How a session stands: errored had errors, abnormal ended without saying so, crashed died. */
export const SESSION_STATES = ['healthy', 'errored', 'abnormal', 'crashed'] as const;
/** One of {@link SESSION_STATES}. */
export type SessionState = (typeof SESSION_STATES)[number];

/** One item of sessions: an update of a session, or sessions counted by their client (see sessions.ts). */
export interface SessionRecord {
  /** 32 hex digits: the session's own id; of counted sessions what makes sending them twice a duplicate. */
  id: string;
  release: string;
  /** Empty if none is named. */
  environment: string;
  /** One session, as it stands now. */
  update?: SessionUpdate;
  /** Sessions counted by their client. */
  counts?: SessionCounts[];
}

/** How one session stands. */
export interface SessionUpdate {
  /** Of the update; higher wins. */
  sequence: number;
  state: SessionState;
  /** Hash of the distinct user id, 16 hex digits. */
  userHash?: string;
  /** When the session began, ms. */
  startedAt: number;
}

/** Sessions that began in the same minute. */
export interface SessionCounts {
  startedAt: number;
  /** How many ended how. */
  states: Record<SessionState, number>;
  userHash?: string;
}
