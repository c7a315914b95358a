import type { Clock } from '../../../platform/clock.ts';
import type { IngestLogReader, LogPosition } from '../../../platform/ingest-log/ingest-log.ts';
import type { DigestMaps } from '../source-maps/digest-maps.ts';
import { failureKind } from './failure-kind.ts';
import { type Analyse, failedOutcome, finishWaiting, nameBy, type Prepared, prepareRecords } from './prepare.ts';
import type { RejectedRecord, RejectedRecords } from './rejected-records.ts';
import { type DigestResult, type DigestStore, PositionMoved, type Touched } from './store.ts';

/**
 * Most records in one transaction. How many it is depends on how long the store takes (see `targetMs`); but bigger batches
 * are cheaper by the event, so on a busy machine they do not shrink below `floor`.
 */
export const BATCH = { records: 2_000, floor: 250, bytes: 4 * 1024 * 1024 } as const;

/** How long counters may lag behind their events while the log is never empty. */
const SETTLE_AFTER_MS = 5_000;
/** Records rejected in a row before the digest slows down: by then the fault is hardly theirs. */
const PATIENCE = 20;

/** A piece of the log as it was read. */
interface Stretch {
  from: LogPosition;
  to: LogPosition;
  records: readonly Uint8Array[];
  /** It reaches to the end of what may be read. */
  drained: boolean;
}

/** How a step went. */
export type Step =
  /** Nothing to read. */
  | { kind: 'idle' }
  /** A batch is committed; the log may be acknowledged up to `position`. Before the next one wait `pauseMs`. */
  | {
      kind: 'committed';
      position: LogPosition;
      records: number;
      rejected: number;
      ms: number;
      pauseMs: number;
      result: DigestResult;
    }
  /** Only counters were written; call again. */
  | { kind: 'settled'; touched: Touched[] }
  /** Nothing was written and nothing is lost: call again after the wait. `error` is undefined for a mere retry. */
  | { kind: 'waiting'; waitMs: number; error: unknown };

/**
 * Moves records from the log into the tables, batch by batch, each exactly once: the log position is part of the
 * transaction. Decides what a failure means (see {@link failureKind}): waits for a database that is busy or away, for as
 * long as it takes; narrows a batch that cannot be stored down to the record at fault, puts that aside, and goes on.
 */
export class Digester {
  readonly #store: DigestStore;
  readonly #reader: IngestLogReader;
  readonly #analyse: Analyse;
  readonly #clock: Clock;
  readonly #rejects: RejectedRecords;
  readonly #maps: DigestMaps | undefined;
  #position: LogPosition | undefined;
  /** Adapts to how long batches take and, downwards to one, to failures. */
  #limit = 200;
  #recordBytes = 4_096;
  #failures = 0;
  #settledAt = 0;
  #settledLast = false;
  #rejectedInARow = 0;
  /** Rejected records are on file up to here: a retried batch does not put them there twice. */
  #keptUpTo: LogPosition = -1;

  /** Deaths of earlier threads at the place where this one begins. */
  #suspicion: number;

  constructor(deps: {
    store: DigestStore;
    reader: IngestLogReader;
    analyse: Analyse;
    clock: Clock;
    rejects: RejectedRecords;
    /** Source maps; undefined: events are digested as they are. */
    maps?: DigestMaps;
    /** How often in a row a thread died without getting further: from the second time the record it begins at is put aside. */
    suspicion?: number;
    /** Begin record by record. */
    careful?: boolean;
  }) {
    this.#store = deps.store;
    this.#reader = deps.reader;
    this.#analyse = deps.analyse;
    this.#clock = deps.clock;
    this.#rejects = deps.rejects;
    this.#maps = deps.maps;
    this.#suspicion = deps.suspicion ?? 0;
    if (deps.careful) this.#limit = 1;
  }

  /** Digests the next batch of what lies before `until`. Never throws. */
  async step(until: LogPosition): Promise<Step> {
    const begun = performance.now();
    let stretch: Stretch | undefined;
    try {
      this.#position ??= await this.#store.position();
      const from = this.#position;
      if (from >= until || this.#mustSettle()) {
        if (this.#store.uncounted() === 'nothing') {
          this.#settledAt = begun;
          return { kind: 'idle' };
        }
        this.#settledLast = true;
        return { kind: 'settled', touched: await this.#store.settle() };
      }
      // What is read beyond the limit is read again: ask for little more than is used.
      const maxBytes = Math.min(BATCH.bytes, Math.max(65_536, this.#limit * this.#recordBytes));
      const read = this.#reader.read(from, until, { maxRecords: this.#limit, maxBytes });
      if (read.next <= from) return { kind: 'idle' };
      stretch = { from, to: read.next, records: read.records, drained: read.next >= until };
      if (this.#suspicion > 1 && stretch.records.length === 1) {
        const reason = `the digest thread died ${this.#suspicion} times while working on this record`;
        return await this.#putAside(stretch, reason, undefined);
      }
      const now = this.#clock.now();
      return await this.#commit(await this.#prepare(read.records, now), stretch, now, begun);
    } catch (error) {
      return this.#failed(error, stretch);
    }
  }

  async #prepare(records: readonly Uint8Array[], now: number): Promise<Prepared> {
    const maps = this.#maps;
    if (maps === undefined) return prepareRecords(records, this.#analyse, now);
    const sql = () => this.#store.quiet();
    await maps.refresh(sql);
    const prepared = prepareRecords(records, this.#analyse, now, maps);
    if (prepared.waiting.length > 0) finishWaiting(prepared, await maps.apply(sql, prepared.waiting), this.#analyse, now);
    return prepared;
  }

  async #commit(prepared: Prepared, stretch: Stretch, now: number, begun: number): Promise<Step> {
    const { from, to, records, drained } = stretch;
    const { events, sides, outcomes, rejected } = prepared;
    this.#keep(rejected, to, now);
    const name = nameBy(this.#analyse);
    const result = await this.#store.commit({ from, to, events, sides, outcomes, name, drained }, now);
    this.#position = to;
    this.#failures = 0;
    this.#suspicion = 0;
    const ms = performance.now() - begun;
    this.#adapt(records.length, to - from, result.lockMs);
    // A fault that hits every record must not empty the log into the file of rejects at full speed.
    this.#rejectedInARow = rejected.length < records.length ? 0 : this.#rejectedInARow + rejected.length;
    const pauseMs = this.#rejectedInARow > PATIENCE ? 1_000 : 0;
    return { kind: 'committed', position: to, records: records.length, rejected: rejected.length, ms, pauseMs, result };
  }

  async #failed(error: unknown, stretch: Stretch | undefined): Promise<Step> {
    this.#failures += 1;
    if (error instanceof PositionMoved) {
      this.#position = undefined;
      return { kind: 'waiting', waitMs: backoff(this.#failures), error };
    }
    switch (failureKind(error)) {
      case 'busy':
        return { kind: 'waiting', waitMs: Math.min(backoff(this.#failures), 200), error: undefined };
      case 'poison':
        if (stretch === undefined || stretch.records.length === 0) break;
        if (stretch.records.length === 1) return this.#putAside(stretch, error, parsed(stretch.records[0]!));
        this.#limit = Math.ceil(stretch.records.length / 2);
        return { kind: 'waiting', waitMs: 0, error: undefined };
      case 'gone':
        break;
    }
    return this.#startAfresh(error);
  }

  /** Moves past one record that cannot be stored, keeping it on file and its fate in the counts. `record`: what is known of it. */
  async #putAside(stretch: Stretch, cause: unknown, record: unknown): Promise<Step> {
    const bytes = stretch.records[0]!;
    const now = this.#clock.now();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const outcomes = [failedOutcome(record, now)];
    try {
      return await this.#commit(
        { events: [], waiting: [], sides: [], outcomes, rejected: [{ reason, bytes }] },
        stretch,
        now,
        performance.now(),
      );
    } catch (error) {
      return this.#startAfresh(error);
    }
  }

  /** The connection may be broken, and whether the last commit went through is for the database to say. */
  async #startAfresh(error: unknown): Promise<Step> {
    this.#position = undefined;
    await this.#store.reset().catch(() => undefined);
    return { kind: 'waiting', waitMs: backoff(this.#failures), error };
  }

  #keep(rejected: readonly RejectedRecord[], to: LogPosition, now: number): void {
    if (rejected.length === 0 || to <= this.#keptUpTo) return;
    this.#rejects.keep(rejected, now);
    this.#keptUpTo = to;
  }

  /** Under steady load there is no quiet moment: counters may lag by five seconds, or by what the store likes to hold. */
  #mustSettle(): boolean {
    const uncounted = this.#store.uncounted();
    if (uncounted === 'nothing') this.#settledAt = performance.now();
    // Turn and turn about, so that events do not wait for a long row of slices.
    if (this.#settledLast) {
      this.#settledLast = false;
      return false;
    }
    return uncounted === 'full' || (uncounted === 'some' && performance.now() - this.#settledAt > SETTLE_AFTER_MS);
  }

  /** Aims at the time that the store wants transactions to take; grows at most twofold a step, so that one quick batch does not make a slow one. */
  #adapt(records: number, bytes: number, lockMs: number): void {
    if (records === 0) return;
    this.#recordBytes += (bytes / records - this.#recordBytes) / 4;
    if (records < this.#limit) return;
    const ideal = Math.max(BATCH.floor, Math.floor((this.#store.targetMs / Math.max(lockMs, 0.1)) * records));
    this.#limit = Math.min(BATCH.records, ideal, this.#limit * 2);
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** 10 ms, 20, 40 … 5 s. */
function backoff(failures: number): number {
  return Math.min(5_000, 10 * 2 ** Math.min(failures - 1, 9));
}
