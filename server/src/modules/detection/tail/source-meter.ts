import type { FileTail } from './file-tail.ts';
import {
  type LogFileStatus,
  type LogProblem,
  type LogSourceState,
  type LogSourceStatus,
  MAX_FILES_SHOWN,
} from './tail-status.ts';

const WINDOW_MS = 10_000;

/** Makes the status of a source out of its files. */
export class SourceMeter {
  /** Lines counted at some moments of the last seconds. */
  readonly #samples: { at: number; lines: number }[] = [];
  /** Lines of files that are not followed any more. */
  #gone = 0;
  #seen = new Map<FileTail, number>();

  constructor(now: number) {
    this.#samples.push({ at: now, lines: 0 });
  }

  status(
    files: readonly FileTail[],
    facts: {
      now: number;
      problems: LogProblem[];
      isStarting: boolean;
      isHeld: boolean;
      accepted: number;
      lastEventAt: number | null;
    },
  ): LogSourceStatus {
    const lines = this.#count(files);
    const { now, problems, accepted, lastEventAt } = facts;
    const shown = files.map(statusOf).sort(byUrgency).slice(0, MAX_FILES_SHOWN);
    const sum = (of: (file: FileTail) => number) => files.reduce((total, file) => total + of(file), 0);
    const lagBytes = sum((file) => file.lagBytes);
    const lastLineAt = files.reduce((latest, file) => Math.max(latest, file.lastLineAt ?? 0), 0) || null;
    return {
      state: stateOf(files, lagBytes, facts),
      fileCount: files.length,
      sizeBytes: sum((file) => file.sizeBytes),
      lagBytes,
      linesPerSecond: this.#rate(now, lines),
      lines,
      events: accepted,
      lastLineAt,
      lastEventAt,
      problems,
      files: shown,
    };
  }

  #count(files: readonly FileTail[]): number {
    const seen = new Map(files.map((file) => [file, file.lines]));
    for (const [file, lines] of this.#seen) if (!seen.has(file)) this.#gone += lines;
    this.#seen = seen;
    let total = this.#gone;
    for (const lines of seen.values()) total += lines;
    return total;
  }

  #rate(now: number, lines: number): number {
    this.#samples.push({ at: now, lines });
    while (this.#samples.length > 2 && now - (this.#samples[1] as { at: number }).at > WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] as { at: number; lines: number };
    const ms = now - first.at;
    return ms < 500 ? 0 : Math.round(((lines - first.lines) * 10_000) / ms) / 10;
  }
}

function statusOf(file: FileTail): LogFileStatus {
  return {
    path: file.path,
    state: file.state,
    positionBytes: file.position,
    sizeBytes: file.sizeBytes,
    lagBytes: file.lagBytes,
    events: file.events,
    lastLineAt: file.lastLineAt,
    problem: file.problem?.message ?? null,
  };
}

function byUrgency(a: LogFileStatus, b: LogFileStatus): number {
  const troubled = Number(b.problem !== null) - Number(a.problem !== null);
  return troubled || b.lagBytes - a.lagBytes || (b.lastLineAt ?? 0) - (a.lastLineAt ?? 0) || (a.path < b.path ? -1 : 1);
}

function stateOf(
  files: readonly FileTail[],
  lagBytes: number,
  { isStarting, isHeld, problems }: { isStarting: boolean; isHeld: boolean; problems: readonly LogProblem[] },
): LogSourceState {
  if (isHeld) return 'HELD';
  if (isStarting) return 'STARTING';
  const isBarred = problems.some(({ code }) => code === 'permission' || code === 'read' || code === 'outside_roots');
  if (files.length === 0) return isBarred ? 'FAILED' : 'WAITING';
  if (files.every(({ problem }) => problem !== null)) return 'FAILED';
  return lagBytes > 0 ? 'CATCHING_UP' : 'FOLLOWING';
}
