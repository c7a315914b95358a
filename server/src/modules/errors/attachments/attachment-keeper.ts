import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, hours, minutes } from '../../../platform/clock.ts';
import { fromJson } from '../../../platform/db/json-column.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { ContentStore } from '../../../platform/files/content-store.ts';
import type { Log } from '../../../platform/log.ts';
import { DEFAULT_SETTINGS, type ProjectSettings } from '../../projects/project.entity.ts';
import { WAITS_MS } from '../event-links.ts';
import { idsParam, inIds } from '../sql-lists.ts';
import { dropFiles, GRACE_MS } from './drop-files.ts';

const EVERY_MS = minutes(1);
/** Files are compared with the table this often. */
const WALK_EVERY_MS = hours(1);
const CHUNK = 200;

/**
 * Keeps attachments within bounds: removes the oldest of a project that is over its quota, those whose event never came,
 * and files that nothing refers to (their event was a duplicate or was deleted).
 */
export class AttachmentKeeper {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #store: ContentStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #isDigested: () => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #walkedAt: number;
  /** All attachments by the last look, as their rows say; the same content under several is counted as often. */
  bytes = 0;

  /** @param deps.isDigested waits until everything accepted so far is in the tables; false when that takes too long */
  constructor(deps: { read: Sql; write: Sql; store: ContentStore; clock: Clock; log: Log; isDigested: () => Promise<boolean> }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#isDigested = deps.isDigested;
    this.#walkedAt = deps.clock.now() - WALK_EVERY_MS + minutes(5); // not while the server is busy starting
  }

  start(): void {
    this.#timer = setInterval(() => this.#queue(), EVERY_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #queue(): void {
    this.#running = this.#running
      .then(() => this.#round())
      .catch((err: unknown) => this.#log.warn({ err }, 'attachments could not be tidied up; it will be tried again'));
  }

  async #round(): Promise<void> {
    await this.dropLost();
    await this.evict();
    const now = this.#clock.now();
    if (now - this.#walkedAt < WALK_EVERY_MS) return;
    this.#walkedAt = now;
    const freed = await this.dropOrphans();
    if (freed > 0) this.#log.info({ bytes: freed }, 'removed files that no attachment refers to');
  }

  /** Attachments whose event did not come in its time. Answers how many. */
  async dropLost(): Promise<number> {
    const rows = await this.#read.all<{ id: number; sha256: string }>(
      `select id, sha256 from attachment where owner = 'pending' and received_at < ? order by received_at limit 5000`,
      [this.#clock.now() - WAITS_MS],
    );
    await this.#remove(rows);
    return rows.length;
  }

  /** The oldest attachments of projects that are over their quota. Answers how many went. */
  async evict(): Promise<number> {
    const sums = await this.#read.all<{ id: number; settings: unknown; bytes: number }>(
      `select p.id, p.settings, t.bytes from project p
       join (select project_id, sum(size_bytes) as bytes from attachment group by project_id) t on t.project_id = p.id`,
    );
    let evicted = 0;
    this.bytes = sums.reduce((sum, row) => sum + Number(row.bytes), 0);
    for (const { id, settings, bytes } of sums) {
      const { attachmentQuotaMegabytes } = { ...DEFAULT_SETTINGS, ...fromJson<Partial<ProjectSettings>>(settings) };
      let surplus = Number(bytes) - attachmentQuotaMegabytes * 1024 * 1024;
      while (surplus > 0) {
        const oldest = await this.#read.all<{ id: number; sha256: string; sizeBytes: number }>(
          `select id, sha256, size_bytes as "sizeBytes" from attachment where project_id = ? order by id limit ${CHUNK}`,
          [id],
        );
        const going: typeof oldest = [];
        for (const row of oldest) {
          if (surplus <= 0) break;
          surplus -= row.sizeBytes;
          going.push(row);
        }
        if (going.length === 0) break;
        await this.#remove(going);
        evicted += going.length;
        await nextTurn();
      }
    }
    if (evicted > 0) this.#log.info({ attachments: evicted }, 'removed the oldest attachments of projects over their quota');
    return evicted;
  }

  /** Files that no row refers to. Answers the bytes freed. */
  async dropOrphans(): Promise<number> {
    const before = this.#clock.now() - GRACE_MS;
    // A backlog may hold records of files that are older than that.
    if (!(await this.#isDigested())) return 0;
    let freed = 0;
    for await (const names of this.#store.names()) freed += await dropFiles(this.#read, this.#store, names, before);
    return freed;
  }

  async #remove(rows: readonly { id: number; sha256: string }[]): Promise<void> {
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await this.#write.transaction((tx) =>
      tx.run(`delete from attachment where ${inIds(tx.dialect, 'id')}`, [idsParam(tx.dialect, ids)]),
    );
    await dropFiles(this.#write, this.#store, [...new Set(rows.map(({ sha256 }) => sha256))], this.#clock.now() - GRACE_MS);
  }
}
