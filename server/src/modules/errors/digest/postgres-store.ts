import { postgresSql, type Sql } from '../../../platform/db/sql.ts';
import { activitiesOf, admitBundles, assignGroups, decideMoves, type GroupWork, releasesInQuestion, resultOf } from './assign.ts';
import { addOutcomes, type Bundle, type Gathered, gather } from './gather.ts';
import { GroupBudget, hourOf, OVERFLOW } from './group-budget.ts';
import { packBlocks } from './pack-blocks.ts';
import { writeCounters } from './postgres-counters.ts';
import * as rows from './postgres-rows.ts';
import { writeTotals } from './postgres-totals.ts';
import { RecentIds } from './recent-ids.ts';
import { NO_SIDES, writeSides } from './side-writers.ts';
import { sift } from './sift.ts';
import { type DigestBatch, type DigestResult, type DigestStore, PositionMoved, type Touched } from './store.ts';

interface Opened {
  sql: Sql;
  recent: RecentIds;
}

/**
 * The digest on PostgreSQL: one transaction a batch, every table written by one statement over arrays. Several nodes may
 * digest at once: each transaction first locks the rows of its projects, in order of their ids, and everything it writes
 * hangs on them. So batches of different projects run side by side, those of the same one after the other, and making
 * errors, numbering them and finding duplicates need no further care.
 */
export class PostgresStore implements DigestStore {
  /** Only writers of the same rows wait, and each batch costs two dozen round trips. */
  readonly targetMs = 250;
  readonly #connectionString: string;
  readonly #stateId: number;
  readonly #budget: GroupBudget;
  #opened: Opened | undefined;

  /** @param options.stateId row of `digest_state`: one for each log that is digested into the same database */
  constructor(options: { connectionString: string; newGroupsPerHour?: number; stateId?: number }) {
    this.#connectionString = options.connectionString;
    this.#stateId = options.stateId ?? 1;
    this.#budget = new GroupBudget(options.newGroupsPerHour);
  }

  async quiet(): Promise<Sql> {
    return (await this.#open()).sql;
  }

  async position(): Promise<number> {
    const { sql } = await this.#open();
    return rows.position(sql, this.#stateId);
  }

  async commit(batch: DigestBatch, now: number): Promise<DigestResult> {
    const { sql, recent } = await this.#open();
    const begun = performance.now();
    const done = await sql.transaction(async (tx) => {
      const projectIds = new Set([...batch.events, ...batch.sides].map(({ projectId }) => projectId));
      const projects = await rows.lockProjects(tx, projectIds);
      if (!(await rows.movePosition(tx, this.#stateId, batch.from, batch.to))) throw new PositionMoved();
      const stored = await rows.storedEvents(tx, batch.events);
      const { kept, refused } = sift(batch.events, recent, {
        hasProject: (projectId) => projects.has(projectId),
        hasEvent: (projectId, occurredAt, eventId) => stored.has(rows.eventKey(projectId, occurredAt, eventId)),
      });
      const gathered = gather(kept, refused, batch.outcomes, now);
      const works = await this.#assign(tx, gathered, now);
      await rows.identify(tx, works);
      const ids = await rows.insertEvents(tx, works, kept, packBlocks(kept), now);
      await rows.insertGroups(tx, works, batch.name, now);
      const users = await writeCounters(tx, works);
      await rows.countGroups(tx, works, users);
      await rows.moveGroups(tx, works, now);
      await rows.insertActivities(tx, activitiesOf(works), now);
      const sides = batch.sides.length === 0 ? NO_SIDES : await writeSides(tx, batch.sides, (id) => projects.has(id), now);
      addOutcomes(gathered, sides.outcomes);
      await writeTotals(tx, gathered, projects);
      return { kept, works, result: { ...resultOf(works, kept, ids, refused.length), sides: sides.facts } };
    });
    for (const event of done.kept) recent.add(event.projectId, event.eventIdBytes, event.occurredAt);
    for (const { state, bundle } of done.works) {
      if (state === undefined && bundle.hash !== OVERFLOW.hash) this.#budget.spend(bundle.projectId, now, 1);
    }
    return { ...done.result, lockMs: performance.now() - begun };
  }

  /** The server bears the counters of each batch; nothing waits here. */
  uncounted(): 'nothing' {
    return 'nothing';
  }

  async settle(): Promise<Touched[]> {
    return [];
  }

  async reset(): Promise<void> {
    await this.close();
    this.#budget.forget();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.sql.close();
  }

  async #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      const sql = postgresSql(this.#connectionString, 2);
      try {
        const recent = new RecentIds();
        for (const row of await rows.newestEvents(sql, RecentIds.reload)) {
          recent.add(row.project_id, row.event_id, row.occurred_at);
        }
        this.#opened = { sql, recent };
      } catch (error) {
        await sql.close().catch(() => undefined);
        throw error;
      }
    }
    return this.#opened;
  }

  async #assign(tx: Sql, gathered: Gathered, now: number): Promise<GroupWork[]> {
    const { bundles, projects } = gathered;
    const unknown = [...projects.keys()].filter((projectId) => !this.#budget.knows(projectId, now));
    const counts = await rows.countGroupsSince(tx, unknown, hourOf(now));
    for (const projectId of unknown) this.#budget.load(projectId, now, counts.get(projectId) ?? 0);

    const overflows = [...projects.keys()].map((projectId) => ({ projectId, hash: OVERFLOW.hash }));
    const groups = await rows.findGroups(tx, [...bundles, ...overflows]);
    const find = (projectId: number, hash: string) => groups.get(`${projectId} ${hash}`);
    const isKnown = ({ projectId, hash }: Bundle) => find(projectId, hash)?.deletedAt === null;
    const works = assignGroups(
      admitBundles(bundles, isKnown, (projectId) => this.#budget.room(projectId, now)),
      find,
    );
    const seen = await rows.releasesSeenAt(tx, releasesInQuestion(works));
    decideMoves(works, (projectId) => (version) => seen.get(`${projectId} ${version}`), now);
    return works;
  }
}
