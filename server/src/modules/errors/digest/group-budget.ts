import { hours } from '../../../platform/clock.ts';

/** New errors a project may make in one hour; events beyond go to one overflow error. */
export const NEW_GROUPS_PER_HOUR = 10_000;

/** Hash, version and words of the error that takes events over the budget. One per project. */
export const OVERFLOW = {
  hash: 'overflow',
  version: 'overflow',
  title: 'Too many distinct errors',
  why: [
    `The project made more than ${NEW_GROUPS_PER_HOUR.toLocaleString('en')} new errors within one hour, so that further unknown ones were gathered here.`,
    'Most often a message or fingerprint holds something that differs in every event, such as an id or a time.',
  ],
} as const;

/**
 * Counts new errors per project and hour of the clock, so that a flood of distinct messages costs neither memory nor
 * time without bound. Spent after the commit; what earlier runs spent in this hour is asked of the database once.
 */
export class GroupBudget {
  readonly #perHour: number;
  readonly #spent = new Map<number, { hour: number; count: number }>();

  constructor(perHour = NEW_GROUPS_PER_HOUR) {
    this.#perHour = perHour;
  }

  /** Is the count of this hour known? If not, call {@link load} first. */
  knows(projectId: number, now: number): boolean {
    return this.#spent.get(projectId)?.hour === hourOf(now);
  }

  load(projectId: number, now: number, count: number): void {
    this.#spent.set(projectId, { hour: hourOf(now), count });
  }

  /** How many more new errors the project may make in this hour. */
  room(projectId: number, now: number): number {
    const spent = this.#spent.get(projectId);
    return Math.max(0, this.#perHour - (spent?.hour === hourOf(now) ? spent.count : 0));
  }

  spend(projectId: number, now: number, count: number): void {
    const spent = this.#spent.get(projectId);
    if (spent?.hour === hourOf(now)) spent.count += count;
    else this.load(projectId, now, count);
  }

  forget(): void {
    this.#spent.clear();
  }
}

export function hourOf(ms: number): number {
  return Math.floor(ms / hours(1)) * hours(1);
}
