import type { Delivered, FollowedSource, TailReport } from './tail-source.ts';
import type { LogSourceStatus } from './tail-status.ts';

/** What the worker thread is started with. */
export interface TailWorkerData {
  stateDir: string;
  logRoots: readonly string[];
  dataDir: string;
}

/** Host to worker. */
export type TailOrder =
  | { kind: 'sources'; sources: readonly FollowedSource[] }
  | { kind: 'forget'; keep: readonly string[] }
  | { kind: 'delivered'; batch: number; result: Delivered }
  | { kind: 'ask'; id: number; ask: TailQuestion }
  | { kind: 'stop' };

export type TailQuestion =
  | { what: 'test'; source: FollowedSource }
  | { what: 'recent'; key: string; sinceAt: number; maxBytes: number; limit: number };

/** Worker to host. */
export type TailNews =
  | { kind: 'started' }
  | { kind: 'batch'; batch: number; key: string; reports: readonly TailReport[] }
  | { kind: 'status'; statuses: readonly [string, LogSourceStatus][] }
  | { kind: 'answer'; id: number; value?: unknown; failure?: string }
  | { kind: 'log'; level: 'info' | 'warn' | 'error'; fields: Record<string, unknown>; text: string }
  | { kind: 'stopped' };
