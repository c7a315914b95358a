import { LRUCache } from 'lru-cache';
import { type Clock, minutes } from '../../../../platform/clock.ts';

/** Span and log of one failure come with different exporters, each on its own interval; a minute is much for them. */
const WINDOW_MS = minutes(10);
const PER_PROJECT = 10_000;
const PROJECTS = 200;

/**
 * Remembers for a while which exceptions came in, each project on its own, so that one that is recorded in its span *and* in a
 * log is one event. Lives in memory: after a restart a second record may become a second event.
 */
export class OtlpMemory {
  readonly #perf: { now: () => number };
  readonly #projects = new LRUCache<number, LRUCache<string, true>>({ max: PROJECTS });

  constructor(clock: Clock) {
    this.#perf = { now: () => clock.now() };
  }

  /** Notes one down; false when it was there. */
  note(projectId: number, sameAs: string): boolean {
    let seen = this.#projects.get(projectId);
    if (seen === undefined) {
      seen = new LRUCache({ max: PER_PROJECT, ttl: WINDOW_MS, ttlResolution: 0, perf: this.#perf });
      this.#projects.set(projectId, seen);
    }
    if (seen.has(sameAs)) return false;
    seen.set(sameAs, true);
    return true;
  }

  /** It did not get in after all: the next one counts. */
  forget(projectId: number, sameAs: string): void {
    this.#projects.get(projectId)?.delete(sameAs);
  }
}
