/** How the reading of a source is going; in GraphQL `LogSourceState`. */
export type LogSourceState = 'STARTING' | 'WAITING' | 'FOLLOWING' | 'CATCHING_UP' | 'HELD' | 'FAILED' | 'PAUSED' | 'ABSENT';

/** How the reading of a file is going; in GraphQL `LogFileState`. */
export type LogFileState = 'FOLLOWING' | 'CATCHING_UP' | 'FINISHING' | 'UNREADABLE' | 'BINARY';

/** What stands in the way of reading. */
export interface LogProblem {
  /** permission, no_match, binary, outside_roots, too_many, read, held, … */
  code: string;
  message: string;
  path: string | null;
}

/** How far one file is read. Counts are since the watching began. */
export interface LogFileStatus {
  path: string;
  state: LogFileState;
  positionBytes: number;
  sizeBytes: number;
  lagBytes: number;
  events: number;
  lastLineAt: number | null;
  problem: string | null;
}

/** How the reading of a source is going. Plain data: it crosses threads and machines. */
export interface LogSourceStatus {
  state: LogSourceState;
  fileCount: number;
  sizeBytes: number;
  lagBytes: number;
  linesPerSecond: number;
  lines: number;
  events: number;
  lastLineAt: number | null;
  lastEventAt: number | null;
  problems: LogProblem[];
  /** At most {@link MAX_FILES_SHOWN}, those that lag most or cannot be read first. */
  files: LogFileStatus[];
}

export const MAX_FILES_SHOWN = 200;
export const MAX_PROBLEMS = 20;

/** A status of which nothing is known but the state. */
export function blankStatus(state: LogSourceState): LogSourceStatus {
  return {
    state,
    fileCount: 0,
    sizeBytes: 0,
    lagBytes: 0,
    linesPerSecond: 0,
    lines: 0,
    events: 0,
    lastLineAt: null,
    lastEventAt: null,
    problems: [],
    files: [],
  };
}

/** The state in one sentence, for people. */
export function summaryOf(status: LogSourceStatus): string {
  const files = status.fileCount === 1 ? '1 file' : `${status.fileCount.toLocaleString('en')} files`;
  switch (status.state) {
    case 'STARTING':
      return 'The watching is about to begin.';
    case 'WAITING':
      return status.problems[0]?.message ?? 'No file matches yet; the watching begins with the first that appears.';
    case 'FOLLOWING':
      return `Everything in ${files} is read.`;
    case 'CATCHING_UP':
      return `Reading what was written before in ${files}.`;
    case 'HELD':
      return status.problems.find(({ code }) => code === 'held')?.message ?? 'Reading waits until there is room.';
    case 'FAILED':
      return status.problems[0]?.message ?? 'No file can be read.';
    case 'PAUSED':
      return 'Paused; resumed, it goes on where it stopped.';
    case 'ABSENT':
      return 'No agent watches this source now.';
  }
}
