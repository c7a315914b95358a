import type { Deliver, TailReport } from './tail-source.ts';

/** Events that make a batch, and bytes. */
const BATCH = { reports: 500, bytes: 2 * 1024 * 1024 } as const;
const LONGEST_WAIT_MS = 30_000;

/**
 * Events of one source on their way to the server, in order: one batch under way, the next being gathered. What is refused
 * for now is brought again until it is taken; meanwhile {@link isFull} says that nothing more should be read. Positions
 * move only when everything found before them is safe.
 */
export class Outbox {
  readonly #key: string;
  readonly #deliver: Deliver;
  readonly #wake: () => void;
  #gathered: TailReport[] = [];
  #gatheredBytes = 0;
  #sentBytes = 0;
  #isBusy = false;
  #waiting: { timer: NodeJS.Timeout; go: () => void } | undefined;
  #isClosed = false;
  accepted = 0;
  lastAcceptedAt: number | null = null;
  /** Why it waits, for people; null when it does not. */
  heldBecause: string | null = null;

  constructor(deps: { key: string; deliver: Deliver; wake: () => void }) {
    this.#key = deps.key;
    this.#deliver = deps.deliver;
    this.#wake = deps.wake;
  }

  get isFull(): boolean {
    return this.#gathered.length >= BATCH.reports || this.#gatheredBytes >= BATCH.bytes;
  }

  /** Bytes that wait, gathered and under way. */
  get heldBytes(): number {
    return this.#gatheredBytes + this.#sentBytes;
  }

  /** Nothing gathered and nothing under way. */
  get isEmpty(): boolean {
    return this.#gathered.length === 0 && !this.#isBusy;
  }

  add(reports: readonly TailReport[]): void {
    for (const report of reports) {
      this.#gathered.push(report);
      this.#gatheredBytes += report.bytes;
    }
  }

  /**
   * Sends what is gathered, if nothing is under way. `cut` is called at that moment and answers what to do once everything
   * gathered up to then is safe.
   */
  flush(cut: () => () => void, now: () => number): void {
    if (this.#isBusy || this.#isClosed) return;
    const settle = cut();
    if (this.#gathered.length === 0) {
      settle();
      return;
    }
    const batch = this.#gathered;
    this.#gathered = [];
    this.#sentBytes = this.#gatheredBytes;
    this.#gatheredBytes = 0;
    this.#isBusy = true;
    void this.#send(batch, now).then((isSafe) => {
      this.#isBusy = false;
      this.#sentBytes = 0;
      if (isSafe) settle();
      this.#wake();
    });
  }

  /** Gives up waiting; what is not safe is read again at the next start. */
  close(): void {
    this.#isClosed = true;
    this.#waiting?.go();
  }

  async #send(batch: readonly TailReport[], now: () => number): Promise<boolean> {
    let left = batch;
    for (let failures = 0; ; failures += 1) {
      const before = left.length;
      const result = await this.#deliver(this.#key, left).catch((error: unknown) => ({
        accepted: 0,
        again: left.map((_, i) => i),
        waitMs: 0,
        reason: error instanceof Error ? error.message : String(error),
      }));
      if (result.accepted > 0) {
        this.accepted += result.accepted;
        this.lastAcceptedAt = now();
      }
      left = result.again.flatMap((place) => left[place] ?? []);
      if (left.length === 0) {
        this.heldBecause = null;
        return true;
      }
      if (this.#isClosed) return false;
      if (left.length < before) failures = 0;
      this.heldBecause = result.reason;
      this.#wake();
      await this.#wait(Math.min(LONGEST_WAIT_MS, Math.max(result.waitMs, 200 * 2 ** Math.min(failures, 8))));
      if (this.#isClosed) return false;
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.#waiting = { timer, go };
    });
  }
}
