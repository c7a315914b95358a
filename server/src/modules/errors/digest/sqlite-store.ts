import type Database from 'better-sqlite3';
import type { Config } from '../../../platform/config.ts';
import { openSqlite, type Sql, sqliteSql } from '../../../platform/db/sql.ts';
import {
  activitiesOf,
  admitBundles,
  assignGroups,
  decideMoves,
  type GroupState,
  type GroupWork,
  releasesInQuestion,
  resultOf,
} from './assign.ts';
import { addOutcomes, type Bundle, type Gathered, gather } from './gather.ts';
import { GroupBudget, hourOf, OVERFLOW } from './group-budget.ts';
import { packBlocks } from './pack-blocks.ts';
import { RecentIds } from './recent-ids.ts';
import { NO_SIDES, writeSides } from './side-writers.ts';
import { sift } from './sift.ts';
import { SqliteCounters } from './sqlite-counters.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import { type DigestBatch, type DigestResult, type DigestStore, PositionMoved, type Touched } from './store.ts';

/** How long one slice of counters may hold the write lock. */
const SLICE_MS = 25;

/** 48 MB of log at most, under load; given back in quiet moments (see `housekeeping.ts`). */
const CHECKPOINT_PAGES = 12_000;
const CACHE_KIB = 32 * 1024;

/** The connection and what is remembered about its tables. */
interface Opened {
  db: Database.Database;
  sql: Sql;
  writer: SqliteWriter;
  recent: RecentIds;
  counters: SqliteCounters;
}

/**
 * The digest on SQLite: one connection, synchronous prepared statements. What needs no lock (finding duplicates: nobody
 * else writes events; compressing) is done before the transaction begins, so that other writers wait as short as can be.
 */
export class SqliteStore implements DigestStore {
  /** Nobody else can write meanwhile. */
  readonly targetMs = 50;
  readonly #config: Pick<Config, 'dataDir'>;
  readonly #budget: GroupBudget;
  #opened: Opened | undefined;

  constructor(options: { config: Pick<Config, 'dataDir'>; newGroupsPerHour?: number }) {
    this.#config = options.config;
    this.#budget = new GroupBudget(options.newGroupsPerHour);
  }

  async quiet(): Promise<Sql> {
    return this.#open().sql;
  }

  async position(): Promise<number> {
    return this.#open().writer.position();
  }

  async commit(batch: DigestBatch, now: number): Promise<DigestResult> {
    const { db, sql, writer, recent, counters } = this.#open();
    const { kept, refused } = sift(batch.events, recent, {
      hasProject: (projectId) => writer.hasProject(projectId),
      hasEvent: (projectId, occurredAt, eventId) => {
        if (recent.forgottenUpTo(projectId) === undefined) recent.forget(projectId, writer.latestEvent(projectId));
        return occurredAt <= recent.forgottenUpTo(projectId)! && writer.hasEvent(projectId, occurredAt, eventId);
      },
    });
    const gathered = gather(kept, refused, batch.outcomes, now);
    const blocks = packBlocks(kept);
    let counting = false;
    db.exec('begin immediate');
    const locked = performance.now();
    try {
      if (!writer.movePosition(batch.from, batch.to)) throw new PositionMoved();
      const works = this.#assign(gathered, writer, now);
      writer.identify(works);
      const { ids, groupIds } = writer.insertEvents(works, kept, blocks, now);
      for (const work of works) {
        writer.writeGroup(work, batch.name, now);
        if (work.state === undefined) counters.announce(work.id, work.bundle.events);
      }
      for (const activity of activitiesOf(works)) writer.insertActivity(activity, now);
      const sides = batch.sides.length === 0 ? NO_SIDES : await writeSides(sql, batch.sides, (id) => writer.hasProject(id), now);
      addOutcomes(gathered, sides.outcomes);
      writer.writeTotals(gathered);
      counting = true;
      for (const event of kept) counters.add(ids[event.place]!, groupIds[event.place]!, event);
      const settled = batch.drained && counters.small && counters.waiting ? counters.writeSlice(Number.POSITIVE_INFINITY) : [];
      db.exec('commit');
      const lockMs = performance.now() - locked;

      for (const event of kept) recent.add(event.projectId, event.eventIdBytes, event.occurredAt);
      for (const { state, bundle } of works) {
        if (state === undefined && bundle.hash !== OVERFLOW.hash) this.#budget.spend(bundle.projectId, now, 1);
      }
      const result = resultOf(works, kept, ids, refused.length);
      return { ...result, sides: sides.facts, lockMs, touched: [...result.touched, ...settled] };
    } catch (error) {
      if (db.inTransaction) db.exec('rollback');
      writer.forget();
      // What was counted may be rolled back: read it again from the tables.
      if (counting) await this.reset();
      throw error;
    }
  }

  uncounted(): 'nothing' | 'some' | 'full' {
    const counters = this.#opened?.counters;
    return counters?.full ? 'full' : counters?.waiting ? 'some' : 'nothing';
  }

  async settle(): Promise<Touched[]> {
    const { db, counters } = this.#open();
    if (!counters.waiting) return [];
    db.exec('begin immediate');
    try {
      const touched = counters.writeSlice(SLICE_MS);
      db.exec('commit');
      return touched;
    } catch (error) {
      if (db.inTransaction) db.exec('rollback');
      await this.reset();
      throw error;
    }
  }

  async reset(): Promise<void> {
    await this.close();
    this.#budget.forget();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.db.close();
  }

  #open(): Opened {
    if (this.#opened === undefined) {
      const db = openSqlite(this.#config, 'write');
      try {
        // A reopened WAL file falls back to NORMAL, which does not flush commits: never digest without FULL.
        if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('the SQLite connection is not synchronous=FULL');
        // The pages that a batch touches are touched by the next ones, too: copying them back less often spares writes.
        db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
        db.pragma(`cache_size = -${CACHE_KIB}`);
        const writer = new SqliteWriter(db);
        const recent = new RecentIds();
        for (const row of writer.newestEvents(RecentIds.reload)) recent.add(row.project_id, row.event_id, row.occurred_at);
        this.#opened = { db, sql: sqliteSql(db), writer, recent, counters: new SqliteCounters(db) };
      } catch (error) {
        db.close();
        throw error;
      }
    }
    return this.#opened;
  }

  #assign(gathered: Gathered, writer: SqliteWriter, now: number): GroupWork[] {
    const groups = new Map<string, GroupState | undefined>();
    const find = (projectId: number, hash: string): GroupState | undefined => {
      const key = `${projectId} ${hash}`;
      if (!groups.has(key)) groups.set(key, writer.findGroup(projectId, hash));
      return groups.get(key);
    };
    for (const projectId of gathered.projects.keys()) {
      if (this.#budget.knows(projectId, now)) continue;
      this.#budget.load(projectId, now, writer.countGroupsSince(projectId, hourOf(now)));
    }
    const isKnown = ({ projectId, hash }: Bundle) => find(projectId, hash)?.deletedAt === null;
    const works = assignGroups(
      admitBundles(gathered.bundles, isKnown, (projectId) => this.#budget.room(projectId, now)),
      find,
    );
    const seen = new Map(
      releasesInQuestion(works).map((r) => [`${r.projectId} ${r.version}`, writer.releaseSeenAt(r.projectId, r.version)]),
    );
    decideMoves(works, (projectId) => (version) => seen.get(`${projectId} ${version}`), now);
    return works;
  }
}
