import { LRUCache } from 'lru-cache';
import { hours } from '../../../platform/clock.ts';

const HOUR_MS = hours(1);
/** Kinds of errors told apart at once, over all projects; beyond it the one not seen for longest is new again. */
const MAX_KINDS = 50_000;

/** How often each kind of error came within the running hour: what sampling must never swallow is the first of everything. */
export class FirstOfKind {
  readonly #counts = new LRUCache<string, { hour: number; count: number }>({ max: MAX_KINDS });

  /** Counts one more of a kind; answers how many came this hour, itself included. */
  count(projectId: number, kind: string, now: number): number {
    const key = `${projectId} ${kind}`;
    const hour = Math.floor(now / HOUR_MS);
    const known = this.#counts.get(key);
    if (known !== undefined && known.hour === hour) return ++known.count;
    this.#counts.set(key, { hour, count: 1 });
    return 1;
  }
}
