import type { PatternDefinition } from '../../analysis/patterns/definition.ts';
import type { LogPolling, LogStart } from '../../projects/log-source.entity.ts';

/** What is followed, as plain data: it crosses to the worker thread and comes over the wire to agents. */
export interface FollowedSource {
  /** Part of every event id and the name of the file of offsets; must never change. */
  key: string;
  globs: readonly string[];
  exclusions: readonly string[];
  startAt: LogStart;
  startLines: number;
  encoding: string;
  /** `none`: lines are taken as they are. */
  wrapper: string;
  timeZone: string | null;
  minLevel: string;
  errorLines: boolean;
  /** Put under every event. */
  base: Readonly<Record<string, unknown>>;
  patterns: readonly PatternDefinition[];
  polling: LogPolling;
  pollIntervalMs: number;
  flushAfterMs: number;
}

/** An event on its way to the server. */
export interface TailReport {
  value: Record<string, unknown>;
  /** Bytes of the file that it was made of. */
  bytes: number;
}

/** What became of a batch: which of it to bring again, and after how long. */
export interface Delivered {
  accepted: number;
  /** Places in the batch. */
  again: readonly number[];
  waitMs: number;
  /** Why it has to be brought again, for people. */
  reason: string;
}

/**
 * Takes events and resolves once what it does not name is safe for good. Rejects when nothing is known: everything is
 * brought again.
 */
export type Deliver = (sourceKey: string, reports: readonly TailReport[]) => Promise<Delivered>;

/** Finds events in bytes; `detection/log/log-detector` is one. */
export interface Detector {
  write(chunk: Buffer): void;
  take(): DetectedEvent[];
  flush(): void;
  readonly offset: number;
  readonly safeOffset: number;
  readonly open: boolean;
  readonly stats: { lines: number; binary: boolean; wrappers: Record<string, number> };
  referenceTime?: number;
}

export interface DetectedEvent {
  start: number;
  end: number;
  line: number;
  event: Record<string, unknown>;
  category: string;
  pattern?: string;
}

/** Makes the detector of a file. @param baseOffset where in the file its first byte stands */
export type MakeDetector = (
  source: FollowedSource,
  options: { baseOffset: number; encoding?: string; referenceTime: number },
) => Detector;
