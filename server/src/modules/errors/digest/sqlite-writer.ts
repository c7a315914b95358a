import type Database from 'better-sqlite3';
import { type activitiesOf, firstReleaseOf, type GroupState, type GroupWork, lastReleaseOf, namingOf } from './assign.ts';
import type { Gathered } from './gather.ts';
import type { PackedBlock } from './pack-blocks.ts';
import { byKeys } from './sorted.ts';
import { type SqliteStatements, sqliteStatements } from './sqlite-statements.ts';
import type { DigestBatch, PreparedEvent } from './store.ts';

/** The digest's reads and writes on SQLite, each for the inside of one transaction. Rows are written in key order. */
export class SqliteWriter {
  readonly #sql: SqliteStatements;
  #projects = new Set<number>();
  /** Projects whose first event is known to be on record. */
  #begun = new Set<number>();

  constructor(db: Database.Database) {
    this.#sql = sqliteStatements(db);
  }

  /** Drops what was remembered about the tables: after a rollback it may be ahead of them. */
  forget(): void {
    this.#begun = new Set();
  }

  position(): number {
    return (this.#sql.position.get() as { log_position: number } | undefined)?.log_position ?? 0;
  }

  /** Moves the log position; false when it does not stand at `from`. */
  movePosition(from: number, to: number): boolean {
    if (this.#sql.movePosition.run(to, from).changes === 1) return true;
    return from === 0 && this.#sql.firstPosition.run(to).changes === 1;
  }

  newestEvents(limit: number): Iterable<{ project_id: number; event_id: Buffer; occurred_at: number }> {
    return this.#sql.newestEvents.iterate(limit) as ReturnType<SqliteWriter['newestEvents']>;
  }

  /** Latest time, as the client said it, of a project's events; -1 when it has none. */
  latestEvent(projectId: number): number {
    return (this.#sql.latestEvent.get(projectId) as { at: number | null }).at ?? -1;
  }

  hasEvent(projectId: number, occurredAt: number, eventId: Buffer): boolean {
    return this.#sql.hasEvent.get(projectId, occurredAt, eventId) !== undefined;
  }

  hasProject(projectId: number): boolean {
    if (this.#projects.has(projectId)) return true;
    if (this.#sql.hasProject.get(projectId) === undefined) return false;
    this.#projects.add(projectId);
    return true;
  }

  findGroup(projectId: number, hash: string): GroupState | undefined {
    return this.#sql.findGroup.get(projectId, hash) as GroupState | undefined;
  }

  countGroupsSince(projectId: number, since: number): number {
    return (this.#sql.countGroupsSince.get(projectId, since) as { n: number }).n;
  }

  releaseSeenAt(projectId: number, version: string): number | undefined {
    return (this.#sql.releaseSeenAt.get(projectId, version) as { first_seen_at: number } | undefined)?.first_seen_at;
  }

  /** Gives new errors their ids and numbers. */
  identify(works: readonly GroupWork[]): void {
    let id = this.#lastId('error_group');
    const perProject = new Map<number, number>();
    const fresh = works.filter((work) => work.state === undefined);
    for (const { bundle } of fresh) perProject.set(bundle.projectId, (perProject.get(bundle.projectId) ?? 0) + 1);
    const next = new Map<number, number>();
    for (const [projectId, count] of perProject) {
      const row = this.#sql.takeNumbers.get(count, projectId) as { last: number } | undefined;
      next.set(projectId, (row?.last ?? count) - count);
    }
    for (const work of fresh) {
      const number = next.get(work.bundle.projectId)! + 1;
      next.set(work.bundle.projectId, number);
      work.number = number;
      work.id = ++id;
    }
  }

  /** Stores events and their payload blocks. Answers row ids and error ids, in order of `kept`. */
  insertEvents(
    works: readonly GroupWork[],
    kept: readonly PreparedEvent[],
    blocks: readonly PackedBlock[],
    now: number,
  ): { ids: number[]; groupIds: number[] } {
    const groupOf = new Array<GroupWork>(kept.length);
    for (const work of works) for (const event of work.bundle.events) groupOf[event.place] = work;
    const blockOf = new Array<number>(kept.length);
    const lineOf = new Array<number>(kept.length);
    let blockId = this.#lastId('event_block');
    for (const { projectId, events, data } of blocks) {
      blockId += 1;
      this.#sql.insertBlock.run(blockId, projectId, events.length, now, data);
      for (const [line, event] of events.entries()) {
        blockOf[event.place] = blockId;
        lineOf[event.place] = line;
      }
    }
    const ids = new Array<number>(kept.length);
    const groupIds = new Array<number>(kept.length);
    let id = this.#lastId('error_event');
    const insert = this.#sql.insertEvent;
    for (let i = 0; i < kept.length; i++) {
      const e = kept[i]!;
      const work = groupOf[i]!;
      const hash = work.bundle.version === 'overflow' ? work.bundle.hash : e.hash;
      id += 1;
      ids[i] = id;
      groupIds[i] = work.id;
      insert.run(
        id,
        e.projectId,
        work.id,
        e.eventIdBytes,
        e.occurredAt,
        e.timestamp,
        e.receivedAt,
        e.level,
        e.environment,
        e.release,
        hash,
        blockOf[i]!,
        lineOf[i]!,
        e.keyId,
      );
    }
    return { ids, groupIds };
  }

  /** Writes one error's row and everything counted by it. */
  writeGroup(work: GroupWork, name: DigestBatch['name'], now: number): void {
    const { bundle, state, id } = work;
    const sql = this.#sql;
    const { firstSeenAt, last, events } = bundle;
    if (state === undefined) {
      const n = namingOf(bundle, name);
      sql.insertGroup.run(
        id,
        bundle.projectId,
        work.number,
        n.title,
        n.type,
        n.value,
        n.culprit,
        n.messageTemplate,
        last.level,
        'NEW',
        n.platform,
        n.handled === null ? null : n.handled ? 1 : 0,
        firstSeenAt,
        last.timestamp,
        events.length,
        0,
        n.firstRelease,
        lastReleaseOf(work),
        now,
      );
      sql.writeGrouping.run(bundle.projectId, bundle.hash, bundle.version, id, JSON.stringify(bundle.why));
    } else {
      // Columns that stand in an index are set only when they change: SQLite rewrites the index entry either way.
      if (last.timestamp < state.lastSeenAt) sql.countGroup.run(events.length, firstReleaseOf(bundle), id);
      else sql.countGroupSeen.run(events.length, firstReleaseOf(bundle), last.timestamp, last.level, lastReleaseOf(work), id);
      if (firstSeenAt < state.firstSeenAt) sql.groupSeenFirst.run(firstSeenAt, id);
      if (work.move) sql.moveGroup.run(work.move.to, now, id);
    }
  }

  insertActivity({ groupId, kind, data }: ReturnType<typeof activitiesOf>[number], now: number): void {
    this.#sql.insertActivity.run(groupId, kind, JSON.stringify(data), now);
  }

  /** Counts per project, release, environment, and the outcomes. */
  writeTotals(gathered: Gathered): void {
    const sql = this.#sql;
    for (const [projectId, firstAt] of gathered.projects) {
      if (this.#begun.has(projectId)) continue;
      sql.firstEvent.run(firstAt, projectId);
      this.#begun.add(projectId);
    }
    for (const m of gathered.minutes.sort(byKeys('at', 'projectId', 'level')))
      sql.countMinute.run(m.at, m.projectId, m.level, m.count);
    for (const h of gathered.hours.sort(byKeys('at', 'projectId', 'level')))
      sql.countProjectHour.run(h.at, h.projectId, h.level, h.count);
    for (const r of gathered.releases.sort(byKeys('projectId', 'version'))) {
      sql.countRelease.run(r.projectId, r.version, r.firstSeenAt, r.lastSeenAt, r.count);
    }
    for (const e of gathered.environments.sort(byKeys('projectId', 'name')))
      sql.seeEnvironment.run(e.projectId, e.name, e.firstSeenAt);
    for (const o of gathered.outcomes) {
      sql.countOutcome.run(o.projectId, o.hour, o.keyId, o.item, o.outcome, o.reason, o.sdk, o.quantity);
    }
  }

  /** The highest id a table ever gave out; the transaction holds the write lock, so the next ones are ours. */
  #lastId(table: 'error_group' | 'error_event' | 'event_block'): number {
    return (this.#sql.lastId.get(table) as { seq: number } | undefined)?.seq ?? 0;
  }
}
