import { statfs } from 'node:fs';
import type { IngestLogWriter } from '../../platform/ingest-log/ingest-log.ts';
import type { Log } from '../../platform/log.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';

/** Below this much free disk nothing more is taken: the digest and the database need room to finish what there is. */
const FREE_DISK_FLOOR_BYTES = 256 * 1024 * 1024;
const CHECK_EVERY_MS = 5000;

/** Free bytes of the file system that holds a path; undefined when they cannot be told. */
export type FreeBytes = (path: string) => Promise<number | undefined>;

const freeBytesOf: FreeBytes = (path) =>
  new Promise((resolve) => statfs(path, (error, stats) => resolve(error ? undefined : stats.bavail * stats.bsize)));

/**
 * Whether there is room for more events: the undigested backlog is bounded in bytes (accepting outruns digesting for large
 * events), and so is the disk. Asked before anything is written.
 */
export class IngestCapacity {
  readonly #log: Pick<IngestLogWriter, 'backlogBytes'>;
  readonly #maxBacklogBytes: number;
  readonly #directory: string;
  readonly #freeBytes: FreeBytes;
  readonly #timer: NodeJS.Timeout;
  readonly #logger: Pick<Log, 'warn' | 'info'>;
  #diskLow = false;

  constructor(options: {
    log: Pick<IngestLogWriter, 'backlogBytes'>;
    maxBacklogBytes: number;
    directory: string;
    freeBytes?: FreeBytes;
    logger: Pick<Log, 'warn' | 'info'>;
  }) {
    this.#logger = options.logger;
    this.#log = options.log;
    this.#maxBacklogBytes = options.maxBacklogBytes;
    this.#directory = options.directory;
    this.#freeBytes = options.freeBytes ?? freeBytesOf;
    this.#timer = setInterval(() => void this.check(), CHECK_EVERY_MS);
    this.#timer.unref();
    void this.check();
  }

  /** Looks at the disk now; the log is told when that changes something. */
  async check(): Promise<void> {
    const freeBytes = await this.#freeBytes(this.#directory);
    const isLow = freeBytes !== undefined && freeBytes < FREE_DISK_FLOOR_BYTES;
    if (isLow === this.#diskLow) return;
    this.#diskLow = isLow;
    const facts = { directory: this.#directory, freeBytes, neededBytes: FREE_DISK_FLOOR_BYTES };
    if (isLow) this.#logger.warn(facts, 'the disk is nearly full: events are refused with 429 until there is room');
    else this.#logger.info(facts, 'there is room on the disk again: events are taken');
  }

  /** What stands in the way of another event, or undefined. */
  limit(): LimitHint | undefined {
    if (this.#diskLow) return { retryAfterSeconds: 60, scope: 'organization', reason: 'disk_low' };
    if (this.#log.backlogBytes > this.#maxBacklogBytes)
      return { retryAfterSeconds: 30, scope: 'organization', reason: 'backlog' };
    return undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
