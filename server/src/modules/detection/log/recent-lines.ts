import type { LogLine } from './log-line.ts';

const KEPT = 32;
/** Bytes kept of a line that may be looked back at. */
const KEPT_BYTES = 4096;

interface Entry {
  bytes: Buffer;
  from: number;
  to: number;
  start: number;
  end: number;
  number: number;
  line: LogLine | undefined;
}

/**
 * The last lines of a stream, as bytes: most are never looked at again. A line is read when somebody looks back at it, for the
 * head of a trace or for what went before an error.
 */
export class RecentLines {
  readonly #entries: Entry[] = [];
  readonly #read: (bytes: Buffer, from: number, to: number) => LogLine | undefined;
  #next = 0;

  /** @param read a line's bytes → the line; undefined when it is no text */
  constructor(read: (bytes: Buffer, from: number, to: number) => LogLine | undefined) {
    this.#read = read;
    for (let i = 0; i < KEPT; i++)
      this.#entries.push({ bytes: EMPTY, from: 0, to: 0, start: -1, end: -1, number: 0, line: undefined });
  }

  /** Remembers a line; its bytes are only borrowed until {@link own}. */
  push(bytes: Buffer, from: number, to: number, start: number, end: number, number: number, line?: LogLine): void {
    const entry = this.#entries[this.#next] as Entry;
    this.#next = (this.#next + 1) % KEPT;
    entry.bytes = bytes;
    entry.from = from;
    entry.to = to;
    entry.start = start;
    entry.end = end;
    entry.number = number;
    entry.line = line;
  }

  /** Copies what is still borrowed: the buffer goes back to its owner. */
  own(): void {
    for (const entry of this.#entries) {
      if (entry.line !== undefined) entry.bytes = EMPTY;
      else if (entry.bytes !== EMPTY && !owned.has(entry.bytes)) {
        const copy = Buffer.from(entry.bytes.subarray(entry.from, Math.min(entry.to, entry.from + KEPT_BYTES)));
        owned.add(copy);
        entry.bytes = copy;
        entry.from = 0;
        entry.to = copy.length;
      }
    }
  }

  /** Lines before an offset, the nearest first. */
  *before(offset: number): Generator<LogLine> {
    for (let i = 1; i <= KEPT; i++) {
      const entry = this.#entries[(this.#next - i + KEPT) % KEPT] as Entry;
      if (entry.start < 0) return;
      if (entry.start >= offset) continue;
      if (entry.line === undefined) {
        entry.line = this.#read(entry.bytes, entry.from, Math.min(entry.to, entry.from + KEPT_BYTES));
        if (entry.line === undefined) continue;
        Object.assign(entry.line, { start: entry.start, end: entry.end, number: entry.number });
      }
      yield entry.line;
    }
  }

  /** Where the last `count` lines begin; undefined when there are none. */
  startOf(count: number): number | undefined {
    let start: number | undefined;
    for (let i = 1; i <= Math.min(count, KEPT); i++) {
      const entry = this.#entries[(this.#next - i + KEPT) % KEPT] as Entry;
      if (entry.start < 0) break;
      start = entry.start;
    }
    return start;
  }
}

const EMPTY = Buffer.alloc(0);
const owned = new WeakSet<Buffer>();
