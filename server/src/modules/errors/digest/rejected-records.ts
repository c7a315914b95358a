import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Room for records that could not be digested; beyond it they are counted and logged only. */
const MAX_BYTES = 64 * 1024 * 1024;

/** One record that was put aside. */
export interface RejectedRecord {
  /** Why, for people. */
  reason: string;
  bytes: Uint8Array;
}

/**
 * Keeps what the digest could not store in `<dataDir>/ingest-log/rejected.ndjson`, one line each: when, why, and the record
 * as text, so that a person can look at it or send it again. On disk before the log position moves past it.
 */
export class RejectedRecords {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'ingest-log', 'rejected.ndjson');
  }

  /** Answers how many were kept; fewer than given when the file is full. @throws the file system's error */
  keep(records: readonly RejectedRecord[], at: number): number {
    if (records.length === 0) return 0;
    mkdirSync(dirname(this.#path), { recursive: true });
    const file = openSync(this.#path, 'a', 0o600);
    try {
      let size = fstatSync(file).size;
      let kept = 0;
      for (const record of records) {
        const line = `${JSON.stringify({ at, reason: record.reason, record: Buffer.from(record.bytes).toString('utf8') })}\n`;
        if (size + Buffer.byteLength(line) > MAX_BYTES) break;
        size += writeSync(file, line);
        kept += 1;
      }
      fsyncSync(file);
      return kept;
    } finally {
      closeSync(file);
    }
  }
}
