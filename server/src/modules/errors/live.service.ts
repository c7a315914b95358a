import type { Bus } from '../../platform/bus/bus.ts';
import { fromJson } from '../../platform/db/json-column.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import { type LiveSource, LiveTopic } from '../../platform/graphql/live-topic.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import { summarize } from '../analysis/summary.ts';
import { type EventRow, eventColumns } from './event-row.ts';
import type { ErrorChange, EventFact } from './facts.ts';
import { type FactFilter, factFilter } from './live-filter.ts';
import { readEvents } from './payload-store.ts';
import type { ErrorFilterInput } from './search-filter.ts';
import { idsParam, inIds } from './sql-lists.ts';
import { parseIds } from './visibility.ts';

/** Events looked back on when a subscriber comes back: those before the last 10,000 are not replayed. */
export const REPLAY_LIMIT = 10_000;
const REPLAY_PAGE = 200;

/** A change with its place in the stream. */
export type SequencedChange = ErrorChange & { seq: number };

/**
 * What subscribers see. Facts come from the bus after the commit; those missed while away are read from the table.
 * Filters are pure functions of the arguments and of what the actor may see, so that one result serves many.
 */
export class LiveErrorsService {
  readonly events: LiveTopic<EventFact>;
  readonly changes: LiveTopic<SequencedChange>;
  readonly #read: Sql;

  constructor(deps: { read: Sql; bus: Bus }) {
    this.#read = deps.read;
    let seq = 0;
    this.events = new LiveTopic<EventFact>({
      name: 'errorEventReceived',
      seq: (fact) => fact.id,
      whileListened: () =>
        deps.bus.subscribe('errorEventsDigested', ({ facts }) => {
          for (const fact of facts) this.events.publish(fact);
        }),
    });
    this.changes = new LiveTopic<SequencedChange>({
      name: 'errorChanged',
      seq: (change) => change.seq,
      whileListened: () =>
        deps.bus.subscribe('errorChanged', ({ changes }) => {
          for (const change of changes) this.changes.publish({ ...change, seq: ++seq });
        }),
    });
  }

  /**
   * Subscribes to kept events. @throws Failure FORBIDDEN; BAD_INPUT for an `after`, a filter or a query that cannot be, and
   * for terms of the query that an arriving event cannot be asked (assignee, counts, …)
   */
  async received(
    actor: Actor,
    asked: { filter?: ErrorFilterInput | null; query?: string | null; after?: string | null },
  ): Promise<LiveSource<EventFact>> {
    actor.demand('errors:read');
    const after = asked.after == null || asked.after === '0' ? 0 : parseId(asked.after);
    if (after === null) throw new Failure('BAD_INPUT', 'after: not the id of an event.', { details: { field: 'after' } });
    // Slugs are looked up when the subscription begins; a project made later is not followed by its pattern.
    const slugs = asked.query?.includes(':')
      ? await this.#read.all<{ id: number; slug: string }>('select id, slug from project')
      : [];
    const shows = factFilter(actor, asked.filter, asked.query, new Map(slugs.map(({ id, slug }) => [id, slug])));
    return this.events.subscribe({
      filter: shows,
      ...(asked.after == null ? {} : { after, replay: (since: number) => this.#replay(since, shows) }),
    });
  }

  /** Subscribes to changes of errors. @throws Failure FORBIDDEN, BAD_INPUT */
  changed(actor: Actor, projectIds: readonly string[] | null | undefined): LiveSource<SequencedChange> {
    actor.demand('errors:read');
    const named = projectIds == null ? undefined : new Set(parseIds(projectIds, 'projectIds'));
    return this.changes.subscribe({
      filter: ({ projectId }) => (named?.has(projectId) ?? true) && actor.can('errors:read', projectId),
    });
  }

  /** The facts after an event, in order, as they were told when they were new. */
  async *#replay(after: number, shows: FactFilter): AsyncGenerator<EventFact> {
    const newest = await this.#read.get<{ id: number | null }>('select max(id) as id from error_event');
    let last = Math.max(after, (newest?.id ?? 0) - REPLAY_LIMIT);
    for (;;) {
      const rows = await this.#read.all<EventRow>(
        `select ${eventColumns(this.#read.dialect)} from error_event e where e.id > ? order by e.id limit ${REPLAY_PAGE}`,
        [last],
      );
      for (const fact of await this.#factsOf(rows)) if (shows(fact)) yield fact;
      if (rows.length < REPLAY_PAGE) return;
      last = (rows.at(-1) as EventRow).id;
    }
  }

  async #factsOf(rows: readonly EventRow[]): Promise<EventFact[]> {
    if (rows.length === 0) return [];
    const { dialect } = this.#read;
    const groupIds = idsParam(dialect, [...new Set(rows.map((row) => row.groupId))]);
    const groups = await this.#read.all<{ id: number; title: string; culprit: string | null; deletedAt: number | null }>(
      `select id, title, culprit, deleted_at as "deletedAt" from error_group where ${inIds(dialect, 'id')}`,
      [groupIds],
    );
    const byId = new Map(groups.map((group) => [group.id, group]));
    const turns = await this.#read.all<{ kind: string; groupId: number; data: unknown }>(
      `select kind, group_id as "groupId", data from activity
       where ${inIds(dialect, 'group_id')} and kind in ('created', 'regressed')`,
      [groupIds],
    );
    const turnedBy = new Set(
      turns.map(({ kind, groupId, data }) => `${kind} ${groupId} ${fromJson<{ eventId?: string }>(data).eventId}`),
    );
    const payloads = await readEvents(
      this.#read,
      rows.map((row) => row.id),
    );
    return rows.flatMap((row): EventFact[] => {
      const group = byId.get(row.groupId);
      if (!group || group.deletedAt !== null) return [];
      const payload = payloads.get(row.id);
      const { title, culprit } = payload ? summarize(payload) : group;
      const { hash: _, ...known } = row;
      return [
        {
          ...known,
          title,
          culprit,
          isNew: turnedBy.has(`created ${row.groupId} ${row.eventId}`),
          isRegression: turnedBy.has(`regressed ${row.groupId} ${row.eventId}`),
        },
      ];
    });
  }
}
