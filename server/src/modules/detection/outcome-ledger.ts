import { type Clock, hours } from '../../platform/clock.ts';
import type { IngestLogWriter } from '../../platform/ingest-log/ingest-log.ts';
import type { Log } from '../../platform/log.ts';
import type { OutcomeCount } from './digest.task.ts';
import { encodeRecord } from './ingest-record.ts';
import { wellFormed } from './normalize/reading.ts';

const HOUR_MS = hours(1);
const FLUSH_EVERY_MS = 1000;
const MAX_TEXT = 64;
/** Rows told apart per project and hour: item, reason and SDK names are text of strangers. */
const MAX_ROWS = 500;
const ROWS_PER_RECORD = 500;

/** The fate of items: what is counted, before it is told when and how often. */
export type Fate = Omit<OutcomeCount, 'hour' | 'quantity'>;

/**
 * Counts every item that does not become an event record, and writes the sums to the ingest log at least every second and
 * at stop. Law (a): items in = outcomes counted here + events appended, whose own outcome the digest counts.
 * What cannot be written stays and is tried again.
 */
export class OutcomeLedger {
  readonly #log: Pick<IngestLogWriter, 'append'>;
  readonly #clock: Clock;
  readonly #logger: Log;
  #rows = new Map<string, OutcomeCount>();
  /** Rows told apart this hour, per project. */
  readonly #told = new Map<number, Set<string>>();
  #hour = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(deps: { log: Pick<IngestLogWriter, 'append'>; clock: Clock; logger: Log }) {
    this.#log = deps.log;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
  }

  count(fate: Fate, quantity = 1): void {
    if (!(quantity > 0)) return;
    const hour = Math.floor(this.#clock.now() / HOUR_MS) * HOUR_MS;
    this.#add({ ...fate, item: named(fate.item), reason: named(fate.reason), sdk: named(fate.sdk), hour, quantity });
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  /** Writes what has been counted. Never rejects: what the disk refuses is kept. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes the rest. Counts that come later are lost. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    if (this.#rows.size > 0) this.#logger.error({ rows: this.#rows.size }, 'outcomes could not be written before the stop');
  }

  #add(row: OutcomeCount): void {
    const key = keyOf(row);
    const known = this.#rows.get(key);
    if (known) {
      known.quantity += row.quantity;
      return;
    }
    if (!this.#mayTell(row, key) && (row.item !== '(other)' || row.reason !== '' || row.sdk !== '')) {
      this.#add({ ...row, item: '(other)', reason: '', sdk: '' });
      return;
    }
    this.#rows.set(key, row);
  }

  #mayTell(row: OutcomeCount, key: string): boolean {
    if (row.hour !== this.#hour) {
      this.#hour = row.hour;
      this.#told.clear();
    }
    let told = this.#told.get(row.projectId);
    if (told === undefined) {
      told = new Set();
      this.#told.set(row.projectId, told);
    }
    if (told.size >= MAX_ROWS && !told.has(key)) return false;
    told.add(key);
    return true;
  }

  async #write(): Promise<void> {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    if (rows.length === 0) return;
    for (let i = 0; i < rows.length; i += ROWS_PER_RECORD) {
      const outcomes = rows.slice(i, i + ROWS_PER_RECORD);
      try {
        await this.#log.append([encodeRecord({ kind: 'outcomes', outcomes })]);
      } catch (err) {
        this.#logger.warn({ err, rows: outcomes.length }, 'outcomes could not be written; they are kept');
        for (const row of rows.slice(i)) this.#keepFor(row);
        return;
      }
    }
  }

  #keepFor(row: OutcomeCount): void {
    const known = this.#rows.get(keyOf(row));
    if (known) known.quantity += row.quantity;
    else this.#rows.set(keyOf(row), row);
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }
}

function keyOf(row: OutcomeCount): string {
  return `${row.hour}\0${row.projectId}\0${row.keyId}\0${row.item}\0${row.outcome}\0${row.reason}\0${row.sdk}`;
}

/** Text that came from outside: valid, printable, cut. */
function named(text: string): string {
  const short = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  return /^[\x20-\x7e]*$/.test(short) ? short : wellFormed(short).replace(/\p{C}/gu, '');
}
