/** Patience with a body that comes slowly. */
export interface Patience {
  /** No byte for so long ends the request, ms. */
  idleMs: number;
  /** So does a body that is not whole after this, ms. */
  totalMs: number;
}

/** Shorter than the server's own request timeout, whose answer browsers cannot read. */
export const PATIENCE: Patience = { idleMs: 15_000, totalMs: 110_000 };

/** One body under way. */
export interface WatchedBody {
  startedAt: number;
  lastByteAt: number;
  tooSlow(): void;
}

/**
 * Ends requests whose bodies do not arrive (a client that stalls, or one that sends a byte now and then to hold the
 * connection). One timer for all of them, running only while there are any: a timer per request would cost more than parsing.
 */
export class BodyWatch {
  readonly #patience: Patience;
  readonly #bodies = new Set<WatchedBody>();
  #timer: NodeJS.Timeout | undefined;

  constructor(patience: Patience = PATIENCE) {
    this.#patience = patience;
  }

  add(body: WatchedBody): void {
    this.#bodies.add(body);
    this.#timer ??= setInterval(() => this.#sweep(), Math.max(10, this.#patience.idleMs / 5)).unref();
  }

  remove(body: WatchedBody): void {
    this.#bodies.delete(body);
  }

  #sweep(): void {
    const now = performance.now();
    for (const body of this.#bodies) {
      if (now - body.lastByteAt > this.#patience.idleMs || now - body.startedAt > this.#patience.totalMs) {
        this.#bodies.delete(body);
        body.tooSlow();
      }
    }
    if (this.#bodies.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
