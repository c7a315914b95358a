import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { wantsMaps } from '../../analysis/source-map/candidates.ts';
import type { NormalizedEvent } from '../../detection/normalized-event.ts';
import { projectsWithMaps } from '../../projects/artifacts/artifact-lookup.ts';
import { type EventMapper, type MappingTask, noteMissingMaps, OPENING_BUDGET_MS } from './event-mapper.ts';

/** Which projects have maps is looked up again after this. What an upload in between misses is made good by `late-maps.ts`. */
export const DIRECTORY_KEPT_MS = 1_000;

/**
 * Of the digest's time, opening maps may take a quarter, and so much in one go as was saved up: maps that are uploaded to
 * cost, or more than can be held open, slow everybody's events down only so far.
 */
const OPENING_SHARE = 0.25;
const OPENING_SAVED_MS = 3_000;

/**
 * Source maps in the digest: before events are grouped, so that grouping sees original frames. Costs an event that no map
 * can concern one look at its platform.
 */
export class DigestMaps {
  readonly #mapper: EventMapper;
  readonly #clock: Clock;
  #projects = new Set<number>();
  #until = Number.NEGATIVE_INFINITY;
  #saved = OPENING_SAVED_MS;
  #savedAt = performance.now();

  constructor(deps: { mapper: EventMapper; clock: Clock }) {
    this.#mapper = deps.mapper;
    this.#clock = deps.clock;
  }

  /** Learns which projects have maps; call before a batch. Never throws: without it events go by as they are. */
  async refresh(sql: () => Promise<Sql>): Promise<void> {
    const now = this.#clock.now();
    if (this.#until > now) return;
    this.#until = now + DIRECTORY_KEPT_MS;
    this.#projects = await sql()
      .then(projectsWithMaps)
      .catch(() => this.#projects);
  }

  /** Whether an event has to wait for {@link apply}. */
  concerns(projectId: number, event: NormalizedEvent): boolean {
    return this.#projects.has(projectId) && wantsMaps(event);
  }

  /** Notes that a script names a map, where a project has none at all. True when the event was changed. */
  note(event: NormalizedEvent): boolean {
    return event.debugMeta !== undefined && noteMissingMaps(event);
  }

  /** Maps events in place; answers the changed ones. Never throws: an event without its map is better than none. */
  async apply(sql: () => Promise<Sql>, tasks: readonly MappingTask[]): Promise<ReadonlySet<NormalizedEvent>> {
    if (tasks.length === 0) return new Set();
    const now = performance.now();
    this.#saved = Math.min(OPENING_SAVED_MS, this.#saved + (now - this.#savedAt) * OPENING_SHARE);
    this.#savedAt = now;
    const before = this.#mapper.openingMs;
    try {
      return await this.#mapper.apply(await sql(), tasks, this.#clock.now(), Math.min(this.#saved, OPENING_BUDGET_MS));
    } catch {
      return new Set();
    } finally {
      this.#saved -= this.#mapper.openingMs - before;
    }
  }
}
