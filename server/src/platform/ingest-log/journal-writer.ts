import { Failure } from '../errors.ts';
import type { Log } from '../log.ts';
import { FRAME_HEADER_BYTES, MAX_RECORD_BYTES, writeFrameHeader } from './frame.ts';
import type { IngestLogWriter, LogPosition } from './ingest-log.ts';
import { type JournalDisk, realDisk } from './journal-disk.ts';
import { lockJournal } from './journal-lock.ts';
import { listSegments, scanSegment, segmentPath } from './segment.ts';

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** One flush writes at most this much, so that the first append of a flood does not wait for the last. */
const FLUSH_BYTES = 4 * 1024 * 1024;
/** A segment this full is given up when everything in it has been digested and nothing has come for a while: a quiet server keeps little. */
const IDLE_ROLL_BYTES = 1024 * 1024;
const IDLE_MS = 3000;

interface Waiting {
  records: readonly Uint8Array[];
  /** Frame headers included. */
  bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Where the journal is and how it behaves. */
export interface JournalOptions {
  directory: string;
  log: Log;
  /** Size at which a new segment is begun. Default 64 MiB. */
  segmentBytes?: number;
  /** The log never continues before this position: the digest's watermark, in case the directory was lost. */
  atLeast?: LogPosition;
  /** Quiet time after which a digested segment is given up, ms. Default 3000. */
  idleMs?: number;
  disk?: JournalDisk;
  /** What {@link lockJournal} answered, by whoever holds the lock already; given up when the writer closes. */
  unlock?: () => void;
}

/**
 * Opens the journal for writing and recovers it: what stands behind the last sound frame was never acknowledged (it was
 * cut by a crash) and is cut away.
 * @throws Failure UNAVAILABLE when another process has it open; the file system's error when it cannot be read or repaired.
 */
export async function openJournalWriter(options: JournalOptions): Promise<JournalWriter> {
  const unlock = options.unlock ?? lockJournal(options.directory);
  try {
    return await recover(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function recover(options: JournalOptions, unlock: () => void): Promise<JournalWriter> {
  const { directory, log, atLeast = 0, disk = realDisk } = options;
  const segments = listSegments(directory);
  let start = segments.at(-1);
  let bytes = 0;
  let fd: number | undefined;
  if (start !== undefined) {
    const scan = scanSegment(segmentPath(directory, start), start);
    bytes = scan.soundBytes;
    if (scan.damaged > 0) log.error({ segment: start, frames: scan.damaged }, 'the ingest log holds damaged records');
    fd = await disk.open(segmentPath(directory, start));
    if (scan.fileBytes > bytes) {
      log.warn({ segment: start, bytes: scan.fileBytes - bytes }, 'cut an unfinished write off the ingest log');
      await disk.truncate(fd, bytes);
    }
    // Frames that reached the page cache of a process that was killed may not be on the disk yet.
    await disk.datasync(fd);
  }
  if (start === undefined || fd === undefined || start + bytes < atLeast) {
    if (start !== undefined) log.error({ end: start + bytes, atLeast }, 'the ingest log ends before what was digested');
    if (fd !== undefined) await disk.close(fd);
    start = atLeast;
    bytes = 0;
    fd = await disk.open(segmentPath(directory, start));
    await disk.syncDirectory(directory);
    segments.push(start);
  }
  return new JournalWriter({ ...options, disk, unlock }, segments, fd, bytes);
}

/**
 * The ingest log of one node: append-only segment files, group commit. One flush (write, fdatasync) runs at a time;
 * appends that arrive meanwhile form the next. No linger timer: measured, it only adds latency.
 */
export class JournalWriter implements IngestLogWriter {
  readonly #directory: string;
  readonly #log: Log;
  readonly #disk: JournalDisk;
  readonly #unlock: () => void;
  readonly #segmentBytes: number;
  readonly #segments: LogPosition[];
  readonly #listeners = new Set<(position: LogPosition) => void>();
  #fd: number;
  /** Durable bytes of the last segment. */
  #bytes: number;
  #acknowledged: LogPosition;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  /** A write or fdatasync failed: the file may hold half a flush and must be cut before it is used again. */
  #torn = false;
  #rollWanted = false;
  #closed = false;
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;

  constructor(
    options: JournalOptions & { disk: JournalDisk; unlock: () => void },
    segments: LogPosition[],
    fd: number,
    bytes: number,
  ) {
    this.#directory = options.directory;
    this.#log = options.log;
    this.#disk = options.disk;
    this.#unlock = options.unlock;
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.#idleMs = options.idleMs ?? IDLE_MS;
    this.#segments = segments;
    this.#fd = fd;
    this.#bytes = bytes;
    this.#acknowledged = segments[0] as LogPosition;
  }

  /** Oldest position still on disk. */
  get start(): LogPosition {
    return this.#segments[0] as LogPosition;
  }

  get position(): LogPosition {
    return (this.#segments.at(-1) as LogPosition) + this.#bytes;
  }

  get backlogBytes(): number {
    return this.position - this.#acknowledged;
  }

  onFlushed(listener: (position: LogPosition) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  append(records: readonly Uint8Array[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Failure('UNAVAILABLE', 'The ingest log is closed.'));
    let bytes = 0;
    for (const record of records) {
      if (record.length === 0 || record.length > MAX_RECORD_BYTES) {
        return Promise.reject(new Failure('PAYLOAD_TOO_LARGE', `A record of ${record.length} bytes cannot be logged.`));
      }
      bytes += FRAME_HEADER_BYTES + record.length;
    }
    if (bytes === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  acknowledged(position: LogPosition): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(position, this.position));
    while (this.#segments.length > 1 && (this.#segments[1] as LogPosition) <= this.#acknowledged) {
      const path = segmentPath(this.#directory, this.#segments.shift() as LogPosition);
      this.#disk.remove(path).catch((err) => this.#log.warn({ err, path }, 'a digested segment could not be deleted'));
    }
    this.#watchIdle();
  }

  /** Once everything is digested and it stays quiet: begins a new segment, so that the old one can be deleted. */
  #watchIdle(): void {
    const at = this.position;
    const done = this.#acknowledged === at && this.#bytes >= Math.min(IDLE_ROLL_BYTES, this.#segmentBytes);
    if (!done || this.#closed) return;
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined;
      if (this.position !== at) return this.#watchIdle();
      this.#rollWanted = true;
      this.#running ??= this.#run();
    }, this.#idleMs).unref();
  }

  /** Writes what is waiting, then closes. Later appends are refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#running;
    this.#listeners.clear();
    await this.#disk.close(this.#fd).finally(this.#unlock);
  }

  async #run(): Promise<void> {
    do {
      const batch = this.#takeBatch();
      if (this.#bytes > 0 && this.#bytes + batch.bytes > this.#segmentBytes) this.#rollWanted = true;
      try {
        await this.#repair();
        if (this.#rollWanted) await this.#roll();
        if (batch.appends.length > 0) await this.#flush(batch.appends, batch.bytes);
      } catch (err) {
        await this.#refuse(batch.appends, err);
      }
    } while (this.#waiting.length > 0);
    this.#running = undefined;
  }

  #takeBatch(): { appends: Waiting[]; bytes: number } {
    let count = 0;
    let bytes = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && bytes + more > FLUSH_BYTES) break;
      bytes += more;
      count++;
    }
    if (count === this.#waiting.length) {
      const appends = this.#waiting;
      this.#waiting = [];
      return { appends, bytes };
    }
    return { appends: this.#waiting.splice(0, count), bytes };
  }

  async #flush(appends: readonly Waiting[], bytes: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(bytes);
    const base = this.position;
    let offset = 0;
    for (const { records } of appends) {
      for (const record of records) {
        writeFrameHeader(buffer, offset, record, base + offset);
        buffer.set(record, offset + FRAME_HEADER_BYTES);
        offset += FRAME_HEADER_BYTES + record.length;
      }
    }
    this.#torn = true;
    await this.#disk.write(this.#fd, buffer, this.#bytes);
    await this.#disk.datasync(this.#fd);
    this.#torn = false;
    this.#bytes += bytes;
    for (const { resolve } of appends) resolve();
    const position = this.position;
    for (const listener of this.#listeners) {
      try {
        listener(position);
      } catch (err) {
        this.#log.error({ err }, 'a listener of the ingest log failed');
      }
    }
  }

  /** Cuts half a flush away, back to the last durable offset. */
  async #repair(): Promise<void> {
    if (!this.#torn) return;
    await this.#disk.truncate(this.#fd, this.#bytes);
    await this.#disk.datasync(this.#fd);
    this.#torn = false;
  }

  /**
   * Begins a new segment. The old one is complete and durable; the new one's name must be too. While this fails nothing is
   * written at all: the new file may stand there already, and the old one must not grow past its start.
   */
  async #roll(): Promise<void> {
    const start = this.position;
    const fd = await this.#disk.open(segmentPath(this.#directory, start));
    try {
      await this.#disk.truncate(fd, 0); // left over from a roll whose second half failed
      await this.#disk.syncDirectory(this.#directory);
    } catch (error) {
      await this.#disk.close(fd).catch(() => undefined);
      throw error;
    }
    const old = this.#fd;
    this.#fd = fd;
    this.#segments.push(start);
    this.#bytes = 0;
    this.#rollWanted = false;
    this.acknowledged(this.#acknowledged);
    await this.#disk.close(old).catch((err) => this.#log.warn({ err }, 'an old segment did not close'));
  }

  /** The disk refused: nobody who waits is told a lie. The next append tries again. */
  async #refuse(batch: readonly Waiting[], err: unknown): Promise<void> {
    const all = [...batch, ...this.#waiting];
    this.#waiting = [];
    this.#log.error({ err, appends: all.length }, 'the ingest log could not be written');
    const failure = new Failure('UNAVAILABLE', 'The ingest log could not be written.', { cause: err });
    for (const { reject } of all) reject(failure);
    await this.#repair().catch(() => undefined); // give the space back at once; if that fails, the next append repairs
  }
}
