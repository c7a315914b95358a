/**
 * The ingest log (DESIGN §4): append a batch → durable; read a batch; acknowledge. What was appended survives `kill -9`.
 * On one node an append-only journal in the data directory, written by group commit.
 */
export interface IngestLogWriter {
  /**
   * Appends records, each framed with length and checksum. Resolves once they are on disk (fdatasync); appends that
   * arrive while one flush is running form the next. Rejects when the disk refuses: answer 503, nothing is half-kept.
   */
  append(records: readonly Uint8Array[]): Promise<void>;
  /** Bytes written and not yet acknowledged by the digest. */
  readonly backlogBytes: number;
  /** Position after the last durable record; told to the reader through `onFlushed`. */
  readonly position: LogPosition;
  onFlushed(listener: (position: LogPosition) => void): () => void;
  /** The reader has committed everything before `position`; older segments are deleted. */
  acknowledged(position: LogPosition): void;
  close(): Promise<void>;
}

/** Position in the log: bytes since the log began, over all segments; grows for ever (2^53). */
export type LogPosition = number;

/** Reads what is durable; positions come from the writer. */
export interface IngestLogReader {
  /** Up to `maxRecords` or `maxBytes` records from `from`, and the position after them. Synchronous: runs in the digest thread. */
  read(
    from: LogPosition,
    until: LogPosition,
    limits: { maxRecords: number; maxBytes: number },
  ): { records: Uint8Array[]; next: LogPosition };
  close(): void;
}
