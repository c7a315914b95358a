import type { Clock } from '../../../platform/clock.ts';

/** How the digest is doing. Totals count since the process started. */
export interface DigestFigures {
  /** Age of the oldest flushed record that is not committed; 0 when all are. */
  lagMs: number;
  /** Kept events a second, over the last ten seconds. */
  eventsPerSecond: number;
  eventsDigested: number;
  /** Events that were there already, or had no project. */
  refused: number;
  /** Records put aside because they could not be digested. */
  rejected: number;
  /** Records and time of the last batch. */
  batchSize: number;
  batchMs: number;
  /** Committed position in the ingest log. */
  position: number;
  /** How often the thread had to be started again. */
  restarts: number;
}

const WINDOW_SECONDS = 10;
/** Marks are made at most this often: enough for a lag in milliseconds that people read, and bounded. */
const MARK_EVERY_MS = 50;
const MAX_MARKS = 2_000;

/** Keeps the {@link DigestFigures}. */
export class DigestMeter {
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** When the log was flushed up to where: oldest first, only what is not committed. */
  #marks: { position: number; at: number }[] = [];
  #flushed: number;
  readonly #perSecond = new Map<number, number>();
  #totals = { eventsDigested: 0, refused: 0, rejected: 0, batchSize: 0, batchMs: 0, position: 0, restarts: 0 };

  /** @param backlog position up to which the log was flushed before: it may hold what an earlier run left undone */
  constructor(clock: Clock, backlog: number) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#flushed = backlog;
    this.#marks.push({ position: backlog, at: this.#startedAt });
  }

  flushed(position: number): void {
    this.#flushed = position;
    const last = this.#marks.at(-1);
    const at = this.#clock.now();
    if (last !== undefined && at - last.at < MARK_EVERY_MS && this.#marks.length > 1) last.position = position;
    else if (this.#marks.length < MAX_MARKS) this.#marks.push({ position, at });
    else last!.position = position;
  }

  /** Everything before the position is done. */
  reached(position: number): void {
    this.#totals.position = position;
    let done = 0;
    while (done < this.#marks.length && this.#marks[done]!.position <= position) done += 1;
    if (done > 0) this.#marks = this.#marks.slice(done);
  }

  committed(batch: { position: number; events: number; refused: number; rejected: number; records: number; ms: number }): void {
    this.reached(batch.position);
    this.#totals.eventsDigested += batch.events;
    this.#totals.refused += batch.refused;
    this.#totals.rejected += batch.rejected;
    this.#totals.batchSize = batch.records;
    this.#totals.batchMs = batch.ms;
    const second = Math.floor(this.#clock.now() / 1000);
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + batch.events);
    for (const old of this.#perSecond.keys()) {
      if (old > second - WINDOW_SECONDS) break;
      this.#perSecond.delete(old);
    }
  }

  restarted(): void {
    this.#totals.restarts += 1;
  }

  figures(): DigestFigures {
    const now = this.#clock.now();
    const since = Math.floor(now / 1000) - WINDOW_SECONDS;
    let events = 0;
    for (const [second, count] of this.#perSecond) if (second > since) events += count;
    const seconds = Math.min(WINDOW_SECONDS, Math.max(1, (now - this.#startedAt) / 1000));
    const oldest = this.#totals.position < this.#flushed ? this.#marks[0]?.at : undefined;
    return { ...this.#totals, lagMs: oldest === undefined ? 0 : Math.max(0, now - oldest), eventsPerSecond: events / seconds };
  }
}
