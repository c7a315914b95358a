import { type Clock, days, hours, minutes, seconds } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { pruneMinutes } from '../retention.ts';
import { DELETED_KEPT_MS, purgeDeletedGroups } from '../retention-groups.ts';
import { moveByClock } from '../status-clock.ts';
import { compactBlocks } from './compact-blocks.ts';
import type { DigestNews } from './digest-messages.ts';
import type { DigestStore } from './store.ts';

type News = Extract<DigestNews, { kind: 'changed' | 'log' }>;

/** A chore: does one short piece of work; answers whether there is more, and what the world should learn. */
export interface Chore {
  everyMs: number;
  run(sql: Sql, now: number): Promise<{ more: boolean; news: News[] }>;
}

/** A chore is done even under full load once it is this many times overdue. */
const PATIENCE = 10;

const CHORES: Chore[] = [
  {
    everyMs: minutes(1),
    async run(sql, now) {
      const changes = await moveByClock(sql, now);
      return { more: changes.length > 0, news: changes.length > 0 ? [{ kind: 'changed', changes, touched: [] }] : [] };
    },
  },
  {
    everyMs: seconds(30),
    async run(sql, now) {
      const { purged, more } = await purgeDeletedGroups(sql, now - DELETED_KEPT_MS, 2);
      const text = 'removed deleted errors for good';
      const news: News[] = purged.length > 0 ? [{ kind: 'log', level: 'info', fields: { errors: purged.length }, text }] : [];
      return { more, news };
    },
  },
  {
    everyMs: seconds(10),
    run: async (sql, now) => ({ more: (await compactBlocks(sql, now)) > 0, news: [] }),
  },
  {
    everyMs: hours(1),
    async run(sql, now) {
      await pruneMinutes(sql, now - days(2));
      return { more: false, news: [] };
    },
  },
  {
    // The log of SQLite stays as long as it once had to be, as when a reader took its time: give the space back.
    everyMs: minutes(1),
    async run(sql) {
      if (sql.dialect !== 'sqlite') return { more: false, news: [] };
      const before = await sql.get<{ timeout: number }>('pragma busy_timeout');
      await sql.get('pragma busy_timeout = 0'); // never wait for a reader: there is always a next minute
      await sql.get('pragma wal_checkpoint(truncate)');
      await sql.get(`pragma busy_timeout = ${before?.timeout ?? 10_000}`);
      return { more: false, news: [] };
    },
  },
];

/**
 * What the digest thread does in quiet moments: moves statuses by time, removes deleted errors, merges small payload
 * blocks, drops counts by the minute. One short piece a call, so that events never wait for it.
 */
export class Housekeeping {
  readonly #store: Pick<DigestStore, 'quiet'>;
  readonly #clock: Clock;
  readonly #chores: readonly Chore[];
  readonly #due: number[];

  /** @param deps `chores`: further ones, of those who know more than the digest */
  constructor(deps: { store: Pick<DigestStore, 'quiet'>; clock: Clock; chores?: readonly Chore[] }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#chores = [...CHORES, ...(deps.chores ?? [])];
    // Not all at once, and not while the server is busy starting.
    this.#due = this.#chores.map((chore) => deps.clock.now() + Math.min(chore.everyMs, seconds(5)));
  }

  /**
   * Does one piece of the chore that is due longest. `pressed`: there are events to digest; only what is long overdue is
   * done. Answers undefined when nothing was due. @throws the driver's error; the chore is due again after its time
   */
  async run(pressed: boolean): Promise<News[] | undefined> {
    const now = this.#clock.now();
    let next = -1;
    for (const [i, due] of this.#due.entries()) {
      const patience = pressed ? this.#chores[i]!.everyMs * PATIENCE : 0;
      if (due + patience <= now && (next < 0 || due < this.#due[next]!)) next = i;
    }
    const chore = this.#chores[next];
    if (chore === undefined) return undefined;
    this.#due[next] = now + chore.everyMs;
    const { more, news } = await chore.run(await this.#store.quiet(), now);
    if (more) this.#due[next] = now;
    return news;
  }
}
