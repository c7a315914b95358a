import { type Counted, countEvent, type GroupCounts, noCounts } from './group-counts.ts';

/** Counters of many errors, summed over many batches. Bounded by whoever fills it (see {@link Tally.size}). */
export class Tally {
  readonly #groups = new Map<number, GroupCounts>();
  #events = 0;
  #size = 0;
  #upTo: number;

  /** @param upTo id of the last event that is counted already */
  constructor(upTo: number) {
    this.#upTo = upTo;
  }

  /** Events in the tally. */
  get events(): number {
    return this.#events;
  }

  /** Distinct counters in the tally. */
  get size(): number {
    return this.#size;
  }

  /** Id of the last event in the tally, or counted before it. */
  get upTo(): number {
    return this.#upTo;
  }

  /** Adds an event; ids must rise. */
  add(eventId: number, groupId: number, event: Counted): void {
    let counts = this.#groups.get(groupId);
    if (counts === undefined) {
      counts = noCounts();
      this.#groups.set(groupId, counts);
    }
    const before = counts.size;
    countEvent(counts, event);
    this.#size += counts.size - before;
    this.#events += 1;
    this.#upTo = eventId;
  }

  /** Errors with counts, by id. */
  sorted(): [number, GroupCounts][] {
    return [...this.#groups].sort((a, b) => a[0] - b[0]);
  }
}
