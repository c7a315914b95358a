import type { Sql } from '../../../platform/db/sql.ts';
import type { OutcomeCount } from '../../detection/digest.task.ts';
import type { Level } from '../../detection/normalized-event.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import type { ErrorChange, EventFact, SideFact } from '../facts.ts';

/** What grouping and naming say about an event (from the analysis room), in the shape the digest needs. */
export interface Analysed {
  hash: string;
  version: string;
  why: readonly string[];
  title: string;
  culprit: string | null;
}

/** What a new error takes from its first event besides. */
export interface Naming {
  type: string | null;
  value: string | null;
  messageTemplate: string | null;
  handled: boolean | null;
}

/** An event taken from the log: parsed, analysed, and stripped of what its row will hold. No table has been asked yet. */
export interface PreparedEvent extends Analysed {
  readonly projectId: number;
  readonly keyId: number | null;
  /** What its fate is counted as. */
  readonly item: string;
  /** 32 lower-case hex digits, and the same as 16 bytes. */
  readonly eventId: string;
  readonly eventIdBytes: Buffer;
  readonly occurredAt: number;
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly level: Level;
  readonly environment: string | null;
  readonly release: string | null;
  readonly platform: string;
  /** Distinct, non-empty; always with level, environment and release if the event has them. */
  readonly tags: readonly (readonly [string, string])[];
  /** 16 hex digits, null when the event names no user. */
  readonly userHash: string | null;
  /** `name/version`, empty if unknown. */
  readonly sdk: string;
  /** One line of a payload block, without its opening brace and the newline (see `payload-line.ts`). */
  readonly line: Uint8Array;
  /** Index among the kept events of the batch; set while gathering. */
  place: number;
}

/** What one transaction digests: everything between two positions of the log. */
export interface DigestBatch {
  /** Position the database must stand at, and the one it moves to. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly PreparedEvent[];
  /** What came besides events; written after them. */
  readonly sides: readonly SideRecord[];
  /** Fates decided before the log, and those of records that could not be digested. */
  readonly outcomes: readonly OutcomeCount[];
  /** Names a new error after its first event. Dear, therefore not done for every event. */
  readonly name: (first: PreparedEvent) => Naming;
  /** Nothing more lies in the log now. */
  readonly drained: boolean;
}

/** An error whose row or counters were written. */
export interface Touched {
  errorId: number;
  projectId: number;
}

/** What a committed batch did. */
export interface DigestResult {
  /** Kept events, in order of ids. */
  facts: EventFact[];
  /** What was written of what came besides events. */
  sides: SideFact[];
  /** New errors and moved statuses. */
  changes: ErrorChange[];
  /** Every error that was counted up, the ones in `changes` included. */
  touched: Touched[];
  /** Events that were not stored: duplicates, mostly. */
  refused: number;
  /** How long the transaction took. */
  lockMs: number;
}

/** Where the digest writes: one engine per dialect. Only one call runs at a time. */
export interface DigestStore {
  /** How long a transaction of this engine should take at most. */
  readonly targetMs: number;
  /** The log position that was committed last; 0 in a new database. Opens or reopens the connection if need be. */
  position(): Promise<number>;
  /**
   * Digests a batch in one transaction: all of it or nothing.
   * @throws the driver's error (see `failure-kind.ts`); {@link PositionMoved} when another digest was faster
   */
  commit(batch: DigestBatch, now: number): Promise<DigestResult>;
  /** Is something committed, but not in all counters yet? `full`: so much that it should not wait for a quiet moment. */
  uncounted(): 'nothing' | 'some' | 'full';
  /** Writes outstanding counters for a few milliseconds, in a transaction of its own. */
  settle(): Promise<Touched[]>;
  /** A connection for other work between two calls; not to be closed. */
  quiet(): Promise<Sql>;
  /** Forgets the connection and everything remembered about the tables; the next call opens anew. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The committed position is not the one the batch starts from: another digest works on the same log. */
export class PositionMoved extends Error {
  override readonly name = 'PositionMoved';
}
