import type { ErrorChange, SideFact } from '../facts.ts';
import type { Touched } from './store.ts';

/** What the worker thread is started with. */
export interface DigestWorkerData {
  dataDir: string;
  databaseUrl: string | undefined;
  /** Three 64-bit words, see below. */
  shared: SharedArrayBuffer;
  /** How often in a row the thread died without getting any further. */
  suspicion: number;
  /** It died lately: go record by record until it is past the place. */
  careful: boolean;
}

/** Word: the position up to which the log may be read. Host to worker. */
export const FLUSHED = 0;
/** Word: when the worker last showed that it is alive, in milliseconds. Worker to host. */
export const HEARTBEAT = 1;
export const HEARTBEAT_EVERY_MS = 1_000;
/** Word: 1 while the worker sleeps and wants to be told of new records. Worker to host. */
export const ASLEEP = 2;
export const SHARED_BYTES = 3 * 8;

/** Host to worker. */
export type DigestOrder = { kind: 'wake' } | { kind: 'stop'; timeoutMs: number };

/** Worker to host. */
export type DigestNews =
  | { kind: 'started' }
  /** Facts of a commit, ahead of its `committed`. JSON of `EventFact[]`: cheaper to pass on than the objects themselves. */
  | { kind: 'facts'; json: string }
  | {
      kind: 'committed';
      position: number;
      events: number;
      refused: number;
      rejected: number;
      records: number;
      ms: number;
      changes: ErrorChange[];
      touched: Touched[];
      sides: SideFact[];
    }
  /** Errors changed beside the log: counters written late, statuses moved by time. */
  | { kind: 'changed'; changes: ErrorChange[]; touched: Touched[] }
  /** Everything up to `position` is committed and counted. */
  | { kind: 'idle'; position: number }
  | { kind: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; fields: Record<string, unknown>; text: string }
  | { kind: 'stopped'; drained: boolean };
