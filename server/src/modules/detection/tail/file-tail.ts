import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { hours } from '../../../platform/clock.ts';
import { encodingOfMark, eventId, headOf, isShort, type Print, readAt, tailOf } from './identity.ts';
import type { StoredFile } from './offsets.ts';
import type { Detector, FollowedSource, MakeDetector, TailReport } from './tail-source.ts';
import type { LogFileState } from './tail-status.ts';

/** Bytes before the position that are read again each time: unless they are the same, the file was written anew. */
const OVERLAP = 1024;
const MARKS = 26;
/** Bytes of two files that are compared to know a copy. */
const COMPARED = 4096;

/** What a reading came to. */
export type Reading = { kind: 'read'; bytes: number } | { kind: 'end' } | { kind: 'replaced' };

/** One content of one file: where it stands, what is read of it, and the events found in it. */
export class FileTail {
  path: string;
  readonly dev: number;
  readonly ino: number;
  readonly content: string;
  readonly generation: number;
  /** Size and time of change when last seen. */
  sizeBytes: number;
  mtimeMs: number;
  /** Everything before it is safe with the server. */
  committed: number;
  /** No longer at its path: since when it is being read to its end. */
  finishingSince: number | undefined;
  /** A copy that is still being written: not yet as long as the part that was read elsewhere. */
  awaiting = false;
  problem: { code: string; message: string } | null = null;
  events = 0;
  lastLineAt: number | null = null;
  /** When it last grew, by our own clock. */
  grewAt: number;
  readonly followedSince: number;
  lines = 0;

  readonly #source: FollowedSource;
  readonly #make: MakeDetector;
  #head: Print;
  #position: number;
  #detector: Detector | undefined;
  #fd: number | undefined;
  /** The last bytes read, at most {@link OVERLAP}; empty when nothing is known of them. */
  #last: Buffer = Buffer.alloc(0);
  #endsLine = true;
  #marks: [number, number][];
  #countedLines = 0;
  #lastStart = -1;
  #nth = 0;

  constructor(deps: {
    source: FollowedSource;
    make: MakeDetector;
    stored: Omit<StoredFile, 'seenAt' | 'tail'>;
    sizeBytes: number;
    now: number;
  }) {
    const { source, make, stored, sizeBytes, now } = deps;
    this.#source = source;
    this.#make = make;
    this.path = stored.path;
    this.dev = stored.dev;
    this.ino = stored.ino;
    this.content = stored.content;
    this.generation = stored.generation;
    this.#head = stored.head;
    this.#position = stored.offset;
    this.committed = stored.offset;
    this.#marks = [...stored.marks];
    this.sizeBytes = sizeBytes;
    this.mtimeMs = stored.mtimeMs;
    this.grewAt = now;
    this.followedSince = now;
  }

  get position(): number {
    return this.#position;
  }

  get head(): Print {
    return this.#head;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  get isBinary(): boolean {
    return this.#detector?.stats.binary === true;
  }

  /** Whether an event waits for its end. */
  get holdsEvent(): boolean {
    return this.#detector?.open === true;
  }

  /** Whether the last byte read ended a line. */
  get endsLine(): boolean {
    return this.#endsLine;
  }

  /** How far everything is known to be an event or none. */
  get safeOffset(): number {
    return this.#detector?.safeOffset ?? this.#position;
  }

  get lagBytes(): number {
    return this.isBinary ? 0 : Math.max(0, this.sizeBytes - this.#position);
  }

  get state(): LogFileState {
    if (this.problem !== null) return this.problem.code === 'binary' ? 'BINARY' : 'UNREADABLE';
    if (this.finishingSince !== undefined) return 'FINISHING';
    return this.lagBytes > 0 ? 'CATCHING_UP' : 'FOLLOWING';
  }

  /** Wrappers recognised so far, the commonest first. */
  get wrapper(): string | null {
    const counted = Object.entries(this.#detector?.stats.wrappers ?? {});
    return counted.sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  }

  /**
   * Reads on by at most what the buffer holds. The caller then takes the events.
   * @throws what the file system says
   */
  read(buffer: Buffer, now: number): Reading {
    const fd = this.open();
    const from = this.#position - this.#last.length;
    const count = readSync(fd, buffer, 0, buffer.length, from);
    const known = this.#last.length;
    if (count < known || (known > 0 && this.#last.compare(buffer, 0, known) !== 0)) return { kind: 'replaced' };
    if (count === known) return { kind: 'end' };
    const fresh = buffer.subarray(known, count);
    if (this.#detector === undefined) this.#detector = this.#newDetector(fd);
    this.#detector.referenceTime = this.mtimeMs;
    this.#detector.write(fresh);
    this.#position += fresh.length;
    this.sizeBytes = Math.max(this.sizeBytes, this.#position);
    this.#endsLine = fresh.at(-1) === 0x0a || (fresh.at(-1) === 0 && fresh.at(-2) === 0x0a);
    this.#last = Buffer.from(buffer.subarray(Math.max(0, count - OVERLAP), count));
    this.grewAt = now;
    this.#mark(now);
    if (isShort(this.#head)) this.#head = headOf(fd, this.#position);
    const { lines } = this.#detector.stats;
    if (lines > this.#countedLines) this.lastLineAt = this.mtimeMs;
    this.lines += lines - this.#countedLines;
    this.#countedLines = lines;
    return { kind: 'read', bytes: fresh.length };
  }

  /** Whether before the position still stands what was read there. @throws what the file system says */
  isUnchanged(): boolean {
    const known = this.#last.length;
    return readAt(this.open(), this.#position - known, known).equals(this.#last);
  }

  /** Finishes what is open: after silence, or at the end of a file that is given up. */
  finish(): void {
    this.#detector?.flush();
  }

  /** Events found since the last call, as the server takes them. */
  take(): TailReport[] {
    return (this.#detector?.take() ?? []).map(({ start, end, event }) => {
      this.#nth = start === this.#lastStart ? this.#nth + 1 : 0;
      this.#lastStart = start;
      this.events += 1;
      const extra = typeof event['extra'] === 'object' && event['extra'] !== null ? event['extra'] : {};
      const value = {
        ...event,
        event_id: eventId(this.#source.key, this.content, start, this.#nth),
        extra: { ...extra, 'log.file': this.path, 'log.offset': start },
      };
      return { value, bytes: end - start };
    });
  }

  /** Whether another file holds the same as this one, as far as both were read or written. */
  isSameSoFar(other: number, otherSize: number): boolean {
    if (this.#position === 0 || otherSize === 0) return false;
    const from = Math.max(0, Math.min(this.#position, otherSize) - COMPARED);
    const length = Math.min(this.#position, otherSize) - from;
    const head = readAt(other, 0, Math.min(this.#head.bytes, otherSize));
    if (this.#head.bytes <= otherSize && hash('sha1', head) !== this.#head.hash) return false;
    // Of a file that was emptied only what was remembered is left.
    if (otherSize >= this.#position && this.#last.length > 0)
      return readAt(other, this.#position - this.#last.length, this.#last.length).equals(this.#last);
    return readAt(this.open(), from, length).equals(readAt(other, from, length));
  }

  /** The descriptor, opened if it is not. @throws what the file system says; `ESTALE` when the path leads elsewhere by now */
  open(): number {
    if (this.#fd !== undefined) return this.#fd;
    // Not blocking: a pipe that took the file's place must not hold everything up.
    const fd = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (stat.ino !== this.ino || !stat.isFile()) {
      closeSync(fd);
      throw Object.assign(new Error(`${this.path} is another file by now`), { code: 'ESTALE' });
    }
    this.#fd = fd;
    // What was read by an earlier process is taken as it is here: it was compared when the file was taken up again.
    if (this.#last.length === 0 && this.#position > 0) this.#last = this.#before(fd);
    return fd;
  }

  /** Gives the descriptor back; it is opened again when it is needed. */
  close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Gives the detector back, when it holds nothing: a file that grows again gets a new one. */
  rest(): void {
    if (this.#detector === undefined || this.#detector.open || this.isBinary || !this.#endsLine) return;
    this.#detector = undefined;
    this.#countedLines = 0;
  }

  /** What is to be kept of it. Undefined when the bytes before the offset cannot be read. */
  stored(now: number): StoredFile | undefined {
    const { path, dev, ino, content, generation, mtimeMs } = this;
    const wasOpen = this.isOpen;
    try {
      const tail = tailOf(this.open(), this.committed);
      const marks = this.#marks.slice(-MARKS);
      return { path, dev, ino, head: this.#head, tail, content, generation, offset: this.committed, mtimeMs, seenAt: now, marks };
    } catch {
      return undefined;
    } finally {
      if (!wasOpen) this.close();
    }
  }

  /** Looks at its size through the descriptor: its path leads elsewhere. */
  refresh(): void {
    const { size, mtimeMs } = fstatSync(this.open());
    this.sizeBytes = size;
    this.mtimeMs = mtimeMs;
  }

  /** Where the reading stood at a moment of the last day, or before it. */
  markAt(at: number): number {
    return this.#marks.findLast(([hour]) => hour <= at)?.[1] ?? 0;
  }

  #before(fd: number): Buffer {
    const length = Math.min(OVERLAP, this.#position);
    return Buffer.from(readAt(fd, this.#position - length, length));
  }

  #newDetector(fd: number): Detector {
    // In the middle of a file its mark is not seen by the detector.
    const marked = this.#source.encoding === 'auto' && this.#position > 0 ? encodingOfMark(fd) : undefined;
    const encoding = marked ?? this.#source.encoding;
    return this.#make(this.#source, { baseOffset: this.#position, encoding, referenceTime: this.mtimeMs });
  }

  #mark(now: number): void {
    const hour = Math.floor(now / hours(1)) * hours(1);
    if (this.#marks.at(-1)?.[0] === hour) return;
    this.#marks.push([hour, this.safeOffset]);
    if (this.#marks.length > MARKS) this.#marks.shift();
  }
}
