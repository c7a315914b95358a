import type Database from 'better-sqlite3';
import type { LRUCache } from 'lru-cache';
import { type PayloadRow, payloadsOfRows } from '../payload-store.ts';
import type { Counted, GroupCounts } from './group-counts.ts';
import { indexedTags, userHash } from './prepare.ts';
import { ALWAYS, admitValue, OTHER, shapeCache, type TagShape } from './tag-shapes.ts';
import { Tally } from './tally.ts';

/** How many events may wait to be counted, and how many counters for them (about 150 bytes each). */
const MAX_EVENTS = 50_000;
const MAX_SIZE = 250_000;
/** Values announced for a new error; it seldom starts with more than one of each. */
const MAX_ANNOUNCED = 50;
/** Counted together with the batch that brings them, when the log is drained: nothing lags under light load. */
const SMALL = 1_000;

/**
 * Counters by tag, user and hour of each error on SQLite. They lie all over the file, so that writing them with every
 * batch costs about as much as everything else together, more as the file grows. They are
 * summed in memory over up to 50,000 events and written in slices instead. Still exactly once: how far the tables count
 * is part of every transaction, and what a crash forgets is counted again from the stored events.
 *
 * `digest_state`: events up to `counted_id` are counted; while a flush runs also those up to `counting_id` of errors up
 * to `counting_group`.
 */
export class SqliteCounters {
  readonly #sql;
  readonly #shapes: LRUCache<number, TagShape> = shapeCache();
  #pending: Tally;
  /** The flush under way: what is left of it, last error first. */
  #running: { left: [number, GroupCounts][]; upTo: number } | undefined;

  constructor(db: Database.Database) {
    this.#sql = statements(db);
    this.#pending = this.#recover();
  }

  /** Takes an event of the running transaction into account. If that fails, throw the counters away and make new ones. */
  add(eventId: number, groupId: number, event: Counted): void {
    this.#pending.add(eventId, groupId, event);
  }

  /** Gives a new error its rows for the tags that lists are filtered by; their counts follow. */
  announce(groupId: number, events: readonly Counted[]): void {
    const announced = new Set<string>();
    for (const { tags, timestamp } of events) {
      for (const [key, value] of tags.slice(0, ALWAYS.size)) {
        if (!ALWAYS.has(key) || announced.size >= MAX_ANNOUNCED || announced.has(`${key} ${value}`)) continue;
        announced.add(`${key} ${value}`);
        this.#sql.announceTag.run(groupId, key, value, timestamp);
      }
    }
  }

  /** Is there so much to write that it should not wait? */
  get full(): boolean {
    return this.#running !== undefined || this.#pending.events >= MAX_EVENTS || this.#pending.size >= MAX_SIZE;
  }

  /** Is there anything to write? */
  get waiting(): boolean {
    return this.#running !== undefined || this.#pending.events > 0;
  }

  /** Is what waits little enough to be written within the batch's own transaction? */
  get small(): boolean {
    return this.#running === undefined && this.#pending.events <= SMALL;
  }

  /** Writes counters for about `ms`, inside a transaction. Answers the errors whose counters were written. */
  writeSlice(ms: number): { errorId: number; projectId: number }[] {
    if (this.#running === undefined) {
      this.#running = { left: this.#pending.sorted().reverse(), upTo: this.#pending.upTo };
      this.#pending = new Tally(this.#pending.upTo);
    }
    const { left, upTo } = this.#running;
    const until = performance.now() + ms;
    const written: { errorId: number; projectId: number }[] = [];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [groupId, counts] = next;
      const group = this.#sql.projectOf.get(groupId) as { project_id: number } | undefined;
      // An error that is gone by now: nobody wants its counters any more.
      if (group !== undefined) {
        this.#write(groupId, counts);
        written.push({ errorId: groupId, projectId: group.project_id });
      }
      if (left.length > 0 && performance.now() >= until) {
        this.#sql.counting.run(upTo, groupId);
        return written;
      }
    }
    this.#sql.counted.run(upTo, upTo);
    this.#running = undefined;
    return written;
  }

  #write(groupId: number, counts: GroupCounts): void {
    const sql = this.#sql;
    let users = 0;
    for (const user of [...counts.users].sort()) users += sql.insertUser.run(groupId, user).changes;
    if (users > 0) sql.countUsers.run(users, groupId);
    for (const [hour, count] of [...counts.hours].sort((a, b) => a[0] - b[0])) sql.countHour.run(groupId, hour, count);
    let shape = this.#shapes.get(groupId);
    for (const [key, values] of counts.tags) {
      let others = 0;
      let othersSeenAt = 0;
      for (const [value, seen] of values) {
        if (sql.countTag.run(seen.count, seen.lastSeenAt, groupId, key, value).changes === 1) continue;
        shape ??= this.#loadShape(groupId);
        const under = admitValue(shape, key, value);
        if (under === undefined) break; // the key is one too many, and so are all its values
        if (under === OTHER) {
          others += seen.count;
          othersSeenAt = Math.max(othersSeenAt, seen.lastSeenAt);
        } else sql.upsertTag.run(groupId, key, value, seen.count, seen.lastSeenAt);
      }
      if (others > 0) sql.upsertTag.run(groupId, key, OTHER, others, othersSeenAt);
    }
    if (shape) this.#shapes.set(groupId, shape);
  }

  #loadShape(groupId: number): TagShape {
    const rows = this.#sql.tagShape.all(groupId) as { key: string; n: number }[];
    return new Map(rows.map(({ key, n }) => [key, n]));
  }

  /** Counts anew what was stored and not counted when the last run ended; finishes its flush first. */
  #recover(): Tally {
    type State = { counted_id: number; counting_id: number; counting_group: number };
    const state = (this.#sql.state.get() as State | undefined) ?? { counted_id: 0, counting_id: 0, counting_group: 0 };
    const pending = new Tally(Math.max(state.counted_id, state.counting_id));
    const rest = new Tally(state.counted_id);
    let after = state.counted_id;
    for (;;) {
      const rows = this.#sql.uncounted.all(after) as (PayloadRow & { group_id: number })[];
      if (rows.length === 0) break;
      const blocks = new Map(
        [...new Set(rows.map((row) => row.block_id))].map((id) => [
          id,
          (this.#sql.block.get(id) as { data: Buffer } | undefined)?.data,
        ]),
      );
      const events = payloadsOfRows(rows, (id) => blocks.get(id));
      for (const row of rows) {
        after = row.id;
        const inFlush = row.id <= state.counting_id;
        if (inFlush && row.group_id <= state.counting_group) continue;
        const event = events.get(row.id);
        if (event === undefined) continue;
        const counted = { timestamp: event.timestamp, tags: indexedTags(event), userHash: userHash(event.user) };
        (inFlush ? rest : pending).add(row.id, row.group_id, counted);
      }
    }
    if (state.counting_id > state.counted_id) this.#running = { left: rest.sorted().reverse(), upTo: state.counting_id };
    return pending;
  }
}

function statements(db: Database.Database) {
  const sql = (text: string) => db.prepare<unknown[]>(text);
  return {
    state: sql('select counted_id, counting_id, counting_group from digest_state where id = 1'),
    counting: sql('update digest_state set counting_id = ?, counting_group = ? where id = 1'),
    counted: sql('update digest_state set counted_id = ?, counting_id = ?, counting_group = 0 where id = 1'),
    uncounted: sql(
      `select id, event_id, occurred_at, timestamp, received_at, block_id, block_index, group_id from error_event
       where id > ? order by id limit 2000`,
    ),
    block: sql('select data from event_block where id = ?'),
    projectOf: sql('select project_id from error_group where id = ?'),
    insertUser: sql('insert into error_user (group_id, user_hash) values (?, ?) on conflict do nothing'),
    countUsers: sql('update error_group set user_count = user_count + ? where id = ?'),
    countHour: sql(
      `insert into error_hour (group_id, hour, event_count) values (?, ?, ?)
       on conflict (group_id, hour) do update set event_count = event_count + excluded.event_count`,
    ),
    announceTag: sql(
      `insert into error_tag (group_id, key, value, event_count, last_seen_at) values (?, ?, ?, 0, ?)
       on conflict (group_id, key, value) do nothing`,
    ),
    countTag: sql(
      `update error_tag set event_count = event_count + ?, last_seen_at = max(last_seen_at, ?)
       where group_id = ? and key = ? and value = ?`,
    ),
    upsertTag: sql(
      `insert into error_tag (group_id, key, value, event_count, last_seen_at) values (?, ?, ?, ?, ?)
       on conflict (group_id, key, value) do update set event_count = event_count + excluded.event_count,
         last_seen_at = max(last_seen_at, excluded.last_seen_at)`,
    ),
    tagShape: sql(`select key, count(*) as n from error_tag where group_id = ? and value <> '' group by key`),
  };
}
