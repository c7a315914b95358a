import type { Bus } from '../../platform/bus/bus.ts';
import { seconds } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import type {} from './access-events.ts';

/** How late a change made by another process (the command line, another node) closes live sockets here. */
const CHECK_MS = seconds(30);

/** What decides about access, as far as a live socket cares. */
interface Snapshot {
  /** User id → role, standing and memberships as one text. */
  readonly users: Map<number, string>;
  readonly sessions: Set<number>;
  readonly tokens: Set<number>;
}

/**
 * Notices what *other* processes changed about access and says it on this one's bus. Requests need no such thing, they
 * ask the database every few seconds; a live socket is told who it belongs to once, when it opens.
 */
export class AccessWatch {
  readonly #sql: Sql;
  readonly #bus: Bus;
  readonly #log: Log;
  #known: Snapshot | null = null;
  #saying = false;
  readonly #stops: (() => void)[] = [];

  constructor(deps: { sql: Sql; bus: Bus; log: Log }) {
    this.#sql = deps.sql;
    this.#bus = deps.bus;
    this.#log = deps.log;
  }

  /** Looks now, and then every half minute until {@link close}. */
  async start(): Promise<void> {
    // What this process says itself is no news at the next look.
    const unsubscribe = this.#bus.subscribe('accessRevoked', ({ userId, sessionId, tokenId }) => {
      if (this.#saying || this.#known === null) return;
      if (sessionId !== undefined) this.#known.sessions.delete(sessionId);
      if (tokenId !== undefined) this.#known.tokens.delete(tokenId);
      if (userId !== undefined) void this.#learn(userId);
    });
    await this.check();
    const timer = setInterval(() => void this.check(), CHECK_MS);
    timer.unref();
    this.#stops.push(unsubscribe, () => clearInterval(timer));
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Compares with the last look and says what is gone or different. Never rejects. */
  async check(): Promise<void> {
    try {
      const now = await this.#look();
      const before = this.#known;
      this.#known = now;
      if (before === null) return;
      this.#saying = true;
      for (const [userId, state] of before.users) {
        if (now.users.get(userId) !== state) this.#bus.publish('accessRevoked', { userId });
      }
      for (const sessionId of before.sessions) {
        if (!now.sessions.has(sessionId)) this.#bus.publish('accessRevoked', { sessionId });
      }
      for (const tokenId of before.tokens) {
        if (!now.tokens.has(tokenId)) this.#bus.publish('accessRevoked', { tokenId });
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'could not look for changes of access by other processes');
    } finally {
      this.#saying = false;
    }
  }

  async #learn(userId: number): Promise<void> {
    try {
      const state = (await this.#users(userId)).get(userId);
      if (state === undefined) this.#known?.users.delete(userId);
      else this.#known?.users.set(userId, state);
    } catch {
      // then the next look says it a second time, which only costs a reconnection
    }
  }

  async #look(): Promise<Snapshot> {
    const [users, sessions, tokens] = await Promise.all([
      this.#users(),
      this.#sql.all<{ id: number }>('select id from session'),
      this.#sql.all<{ id: number }>('select id from api_token where revoked_at is null'),
    ]);
    const ids = (rows: { id: number }[]) => new Set(rows.map((row) => row.id));
    return { users, sessions: ids(sessions), tokens: ids(tokens) };
  }

  async #users(only?: number): Promise<Map<number, string>> {
    const rows = await this.#sql.all<{ id: number; role: string; disabled: number; project_id: number | null }>(
      `select u.id, u.role, case when u.disabled_at is null then 0 else 1 end as disabled, m.project_id
       from app_user u left join project_member m on m.user_id = u.id
       ${only === undefined ? '' : 'where u.id = ?'} order by u.id, m.project_id`,
      only === undefined ? [] : [only],
    );
    const states = new Map<number, string>();
    for (const row of rows) {
      states.set(row.id, `${states.get(row.id) ?? `${row.role} ${row.disabled}`} ${row.project_id ?? ''}`);
    }
    return states;
  }
}
