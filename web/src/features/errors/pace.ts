/**
 * Runs something soon after it was asked for, but never twice within a gap: the first asking is answered at once, the
 * following are answered together when the gap is over. Milliseconds.
 */
export class Pace {
  readonly #run: () => void;
  readonly #gap: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = 0;
  #ranAt = Number.NEGATIVE_INFINITY;

  constructor(run: () => void, gap: number) {
    this.#run = run;
    this.#gap = gap;
  }

  /** Asks for a run; `delay` puts the first one off a little, so that what comes together is answered together. */
  ask(delay = 0): void {
    const now = performance.now();
    const dueAt = now + Math.max(delay, this.#ranAt + this.#gap - now);
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ranAt = performance.now();
      this.#run();
    }, dueAt - now);
  }

  /** Forgets what was asked. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
