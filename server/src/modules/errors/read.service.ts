import { fromJson } from '../../platform/db/json-column.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import { type EventRow, eventColumns } from './event-row.ts';
import { GROUP_COLUMNS, type GroupRow, groupsByIds } from './group-row.ts';
import { Conditions, idsParam, idTable, inIds, inTexts } from './sql-lists.ts';
import { addScope, type Scope } from './visibility.ts';

/** The most frequent values of one tag of an error. `total` counts the events that have the tag. */
export interface TagSummary {
  key: string;
  total: number;
  values: { value: string; count: number; lastSeen: number }[];
}

/** A way that leads to an error: version and hash of a fingerprint, and the reasons in words. */
export interface GroupingRow {
  version: string;
  hash: string;
  why: string[];
}

/**
 * Reads about single errors, and the per-page reads of lists: the latter take many ids and run one statement. Those
 * that take ids decide nothing about visibility: the rows they belong to were found under it.
 */
export class ErrorReadService {
  readonly #read: Sql;

  constructor(deps: { read: Sql }) {
    this.#read = deps.read;
  }

  /** One error, or null when there is none, it is deleted, or out of the actor's sight. @throws Failure FORBIDDEN */
  async byId(actor: Actor, id: string): Promise<GroupRow | null> {
    actor.demand('errors:read');
    const number = parseId(id);
    const row = number === null ? undefined : (await groupsByIds(this.#read, [number])).get(number);
    return row && actor.can('errors:read', row.projectId) ? row : null;
  }

  /** Errors by id, for rows found under visibility; deleted ones are left out. */
  byIds(ids: readonly number[]): Promise<Map<number, GroupRow>> {
    return groupsByIds(this.#read, ids);
  }

  /** The first errors of a scope by one order, for the overview. */
  async top(scope: Scope, column: 'first_seen_at' | 'last_seen_at', first: number): Promise<GroupRow[]> {
    const where = new Conditions(this.#read.dialect);
    addScope(where, scope, 'g.project_id');
    where.add("g.deleted_at is null and g.status in ('NEW','ONGOING','ESCALATING','REGRESSED')");
    return this.#read.all<GroupRow>(
      `select ${GROUP_COLUMNS} from error_group g join project p on p.id = g.project_id
       where g.id in (select g.id from error_group g where ${where.sql} order by g.${column} desc, g.id desc limit ?)
       order by g.${column} desc, g.id desc`,
      [...where.params, first],
    );
  }

  /** Environments each error was seen in, last seen first. */
  async environments(ids: readonly number[]): Promise<Map<number, string[]>> {
    const rows = await this.#read.all<{ id: number; value: string }>(
      `select group_id as id, value from error_tag
       where ${inIds(this.#read.dialect, 'group_id')} and key = 'environment' and value <> ''
       order by last_seen_at desc, value`,
      [idsParam(this.#read.dialect, ids)],
    );
    const found = new Map<number, string[]>();
    for (const { id, value } of rows) {
      const list = found.get(id);
      if (list) list.push(value);
      else found.set(id, [value]);
    }
    return found;
  }

  /** The newest event of each error. */
  latestEvents(ids: readonly number[]): Promise<Map<number, EventRow>> {
    return this.#eventsAtEnd(ids, 'desc');
  }

  /** The first event of each error that is still kept. */
  oldestEvents(ids: readonly number[]): Promise<Map<number, EventRow>> {
    return this.#eventsAtEnd(ids, 'asc');
  }

  async #eventsAtEnd(ids: readonly number[], order: 'asc' | 'desc'): Promise<Map<number, EventRow>> {
    const { dialect } = this.#read;
    const rows = await this.#read.all<EventRow>(
      `select ${eventColumns(dialect)} from ${idTable(dialect, 'wanted')} join error_event e on e.id =
        (select n.id from error_event n where n.group_id = wanted.value order by n.timestamp ${order}, n.id ${order} limit 1)`,
      [idsParam(dialect, ids)],
    );
    return new Map(rows.map((row) => [row.groupId, row]));
  }

  /** The `first` most frequent values of every tag of an error; tags by the number of events that have them. */
  async tags(groupId: number, first: number): Promise<TagSummary[]> {
    const rows = await this.#read.all<{ key: string; value: string; count: number; lastSeen: number; total: number }>(
      `select key, value, count, "lastSeen", total from (
         select key, value, event_count as count, last_seen_at as "lastSeen",
                sum(event_count) over (partition by key) as total,
                row_number() over (partition by key order by event_count desc, last_seen_at desc, value) as place
         from error_tag where group_id = ?) as ranked
       where place <= ? order by total desc, key, place`,
      [groupId, first],
    );
    const tags: TagSummary[] = [];
    for (const { key, total, ...value } of rows) {
      if (tags.at(-1)?.key !== key) tags.push({ key, total, values: [] });
      tags.at(-1)?.values.push(value);
    }
    return tags;
  }

  /** All ways that lead to an error. */
  async groupings(groupId: number): Promise<GroupingRow[]> {
    const rows = await this.#read.all<{ version: string; hash: string; why: unknown }>(
      'select version, hash, why from "grouping" where group_id = ? order by version, hash limit 200',
      [groupId],
    );
    return rows.map((row) => ({ ...row, why: fromJson<string[]>(row.why) }));
  }

  /** The groupings that chose the errors of some events; keys are {@link groupingKey}. */
  async groupingsOf(events: readonly { projectId: number; hash: string }[]): Promise<Map<string, GroupingRow>> {
    const hashes = new Map<number, Set<string>>();
    for (const { projectId, hash } of events) {
      const ofProject = hashes.get(projectId) ?? new Set();
      hashes.set(projectId, ofProject.add(hash));
    }
    const found = new Map<string, GroupingRow>();
    for (const [projectId, ofProject] of hashes) {
      const rows = await this.#read.all<{ version: string; hash: string; why: unknown }>(
        `select version, hash, why from "grouping" where project_id = ? and ${inTexts(this.#read.dialect, 'hash')}`,
        [projectId, JSON.stringify([...ofProject])],
      );
      for (const row of rows) found.set(groupingKey({ projectId, hash: row.hash }), { ...row, why: fromJson<string[]>(row.why) });
    }
    return found;
  }

  /** Unresolved errors per project. */
  async openCounts(projectIds: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.#read.all<{ id: number; n: number }>(
      `select g.project_id as id, count(*) as n from error_group g
       where ${inIds(this.#read.dialect, 'g.project_id')} and g.deleted_at is null
         and g.status in ('NEW','ONGOING','ESCALATING','REGRESSED') group by g.project_id`,
      [idsParam(this.#read.dialect, projectIds)],
    );
    return new Map(rows.map((row) => [row.id, row.n]));
  }

  /** When each project's latest event happened, epoch ms; without those that have none. */
  async lastEventTimes(projectIds: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.#read.all<{ id: number; at: number }>(
      `select g.project_id as id, max(g.last_seen_at) as at from error_group g
       where ${inIds(this.#read.dialect, 'g.project_id')} and g.deleted_at is null group by g.project_id`,
      [idsParam(this.#read.dialect, projectIds)],
    );
    return new Map(rows.map((row) => [row.id, row.at]));
  }
}

/** Name of an event's grouping among others. */
export function groupingKey(event: { projectId: number; hash: string }): string {
  return `${event.projectId}:${event.hash}`;
}
