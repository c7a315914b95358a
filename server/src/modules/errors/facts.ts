import type { Level } from '../detection/normalized-event.ts';
import type { SideKind } from '../detection/records/side-records.ts';

/** What the live side learns about one kept event. Small on purpose: whoever needs more asks for the event. */
export interface EventFact {
  /** Row id of the event; rises in order of digestion, so it serves as the cursor of catching up. */
  id: number;
  /** 32 lower-case hex digits. */
  eventId: string;
  groupId: number;
  projectId: number;
  /** The first event of a new error. */
  isNew: boolean;
  /** The event that brought a resolved error back. */
  isRegression: boolean;
  title: string;
  culprit: string | null;
  level: Level;
  environment: string | null;
  release: string | null;
  timestamp: number;
  receivedAt: number;
}

/** An error appeared, changed or went away. */
export interface ErrorChange {
  kind: 'CREATED' | 'UPDATED' | 'DELETED';
  errorId: number;
  projectId: number;
}

/** Something besides events was written: an attachment, feedback, a check-in, … */
export interface SideFact {
  side: SideKind;
  projectId: number;
  /** Row id in the table of its kind; 0 when the kind has no rows of its own. */
  id: number;
}

declare module '../../platform/bus/bus.ts' {
  interface BusEvents {
    /** Events that were committed, in order of their ids; at most a few hundred in one message. */
    errorEventsDigested: { facts: EventFact[] };
    /** What came besides events, after the commit. */
    sidesDigested: { facts: SideFact[] };
    /** Errors that were created, changed (counts, status, assignee, …) or deleted, after the commit. */
    errorChanged: { changes: ErrorChange[] };
  }
}
