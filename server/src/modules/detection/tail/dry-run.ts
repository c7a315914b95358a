import type { LogProblem } from './tail-status.ts';

/** What a source would do, without doing it; in GraphQL `LogSourceTest`. */
export interface DryRun {
  fileCount: number;
  files: { path: string; sizeBytes: number; wrapper: string | null; encoding: string | null; problem: string | null }[];
  sample: string[];
  lines: number;
  eventCount: number;
  events: {
    path: string;
    line: number;
    title: string;
    level: string;
    category: string;
    pattern: string | null;
    timestamp: number | null;
    frameCount: number;
  }[];
  problems: LogProblem[];
}
