import type { User } from '../access/access.entity.ts';
import type { AccessContext } from '../access/access-context.ts';
import type { ScrubbedEvent } from '../detection/normalized-event.ts';
import type { Project } from '../projects/project.entity.ts';
import { Batch, batchOf } from './batch.ts';
import type { EventRow } from './event-row.ts';
import type { EventService } from './events.service.ts';
import type { GroupRow } from './group-row.ts';
import { type ErrorReadService, type GroupingRow, groupingKey } from './read.service.ts';
import type { Series, TrendQuery, TrendService } from './trends.service.ts';

/** What the errors room needs of the rooms below, both in the order of the ids asked for. */
export interface LowerRooms {
  projects: { projectsByIds(ids: readonly number[]): Promise<(Project | null)[]> };
  users: { usersByIds(ids: readonly number[]): Promise<(User | null)[]> };
}

/** Per-request batches of everything that rows of a list refer to. All are asked for rows found under visibility. */
export class ErrorLoaders {
  readonly #rooms: LowerRooms;
  readonly #read: ErrorReadService;
  readonly #events: EventService;
  readonly #trends: TrendService;

  constructor(deps: LowerRooms & { read: ErrorReadService; events: EventService; trends: TrendService }) {
    this.#rooms = { projects: deps.projects, users: deps.users };
    this.#read = deps.read;
    this.#events = deps.events;
    this.#trends = deps.trends;
  }

  projects({ loaders }: AccessContext): Batch<number, Project | null> {
    const fetch = async (ids: number[]) => zip(ids, await this.#rooms.projects.projectsByIds(ids));
    return batchOf(loaders, 'errors.projects', () => new Batch(fetch, () => null));
  }

  users({ loaders }: AccessContext): Batch<number, User | null> {
    const fetch = async (ids: number[]) => zip(ids, await this.#rooms.users.usersByIds(ids));
    return batchOf(loaders, 'errors.users', () => new Batch(fetch, () => null));
  }

  groups({ loaders }: AccessContext): Batch<number, GroupRow | null> {
    return batchOf(
      loaders,
      'errors.groups',
      () =>
        new Batch<number, GroupRow | null>(
          (ids) => this.#read.byIds(ids),
          () => null,
        ),
    );
  }

  environments({ loaders }: AccessContext): Batch<number, string[]> {
    return batchOf(
      loaders,
      'errors.environments',
      () =>
        new Batch(
          (ids) => this.#read.environments(ids),
          () => [],
        ),
    );
  }

  /** @throws Failure BAD_INPUT (on load) for hours that cannot be */
  sparklines({ loaders }: AccessContext, hours: number): Batch<number, number[]> {
    const fetch = (ids: number[]) => this.#trends.sparklines(ids, hours);
    return batchOf(loaders, `errors.sparklines.${hours}`, () => new Batch(fetch, () => new Array<number>(hours).fill(0)));
  }

  latestEvents({ loaders }: AccessContext): Batch<number, EventRow | null> {
    const fetch = (ids: number[]) => this.#read.latestEvents(ids);
    return batchOf(loaders, 'errors.latest', () => new Batch<number, EventRow | null>(fetch, () => null));
  }

  oldestEvents({ loaders }: AccessContext): Batch<number, EventRow | null> {
    const fetch = (ids: number[]) => this.#read.oldestEvents(ids);
    return batchOf(loaders, 'errors.oldest', () => new Batch<number, EventRow | null>(fetch, () => null));
  }

  events({ loaders }: AccessContext): Batch<number, EventRow | null> {
    return batchOf(
      loaders,
      'errors.events',
      () =>
        new Batch<number, EventRow | null>(
          (ids) => this.#events.byIds(ids),
          () => null,
        ),
    );
  }

  /** Stored reports by event row id; undefined when the payload is gone. */
  payloads({ loaders }: AccessContext): Batch<number, ScrubbedEvent | undefined> {
    const fetch = (ids: number[]) => this.#events.payloads(ids);
    return batchOf(loaders, 'errors.payloads', () => new Batch<number, ScrubbedEvent | undefined>(fetch, () => undefined));
  }

  /** The grouping that chose an event's error; keys are {@link groupingKey}. */
  grouping(context: AccessContext, event: EventRow): GroupingRow | Promise<GroupingRow> {
    const split = (key: string) => ({ projectId: Number(key.slice(0, key.indexOf(':'))), hash: key.slice(key.indexOf(':') + 1) });
    const fetch = (keys: string[]) => this.#read.groupingsOf(keys.map(split));
    const gone = (key: string): GroupingRow => ({ version: 'unknown', hash: split(key).hash, why: [] });
    return batchOf(context.loaders, 'errors.grouping', () => new Batch(fetch, gone)).load(groupingKey(event));
  }

  openCounts({ loaders }: AccessContext): Batch<number, number> {
    return batchOf(
      loaders,
      'errors.open',
      () =>
        new Batch<number, number>(
          (ids) => this.#read.openCounts(ids),
          () => 0,
        ),
    );
  }

  lastEventTimes({ loaders }: AccessContext): Batch<number, number | null> {
    const fetch = (ids: number[]) => this.#read.lastEventTimes(ids);
    return batchOf(loaders, 'errors.lastEvent', () => new Batch<number, number | null>(fetch, () => null));
  }

  projectTrends({ loaders }: AccessContext, asked: TrendQuery): Batch<number, Series> {
    const fetch = (ids: number[]) => this.#trends.ofProjects(ids, asked);
    const absent = (): Series => {
      throw new Error('every project asked for has a trend');
    };
    return batchOf(loaders, `errors.trend.${JSON.stringify(asked)}`, () => new Batch(fetch, absent));
  }
}

function zip<V>(ids: readonly number[], values: readonly V[]): Map<number, V> {
  return new Map(ids.map((id, place) => [id, values[place] as V]));
}
