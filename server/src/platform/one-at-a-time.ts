/**
 * Work that is never done twice at the same time. Whoever asks while it is being done gets the next time: the one under way
 * may have begun before what they want it to see.
 */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param failed hears of errors; nobody who asked does */
  constructor(work: () => Promise<void>, failed: (error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
  }

  /** Resolves once the work was done from its beginning. Never rejects. */
  run(): Promise<void> {
    if (this.#next !== undefined) return this.#next; // promised, and not begun
    if (this.#running === undefined) return this.#begin();
    this.#next = this.#running.then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  /** Resolves when all that was asked for so far is done. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#running);
  }

  #begin(): Promise<void> {
    this.#running = this.#work()
      .catch(this.#failed)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }
}
