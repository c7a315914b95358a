import { refusals } from '../protocols/refusal.ts';

/** Lets one work at a time: what large requests are read into never stands in memory twice. */
export class Turns {
  readonly #most: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param most works that may wait or run at once */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** @throws IngestRefusal 503 `busy` when too many wait already, and what the work throws */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#most) return Promise.reject(refusals.busy());
    this.#waiting += 1;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
