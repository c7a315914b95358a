import type { Bus } from '../../platform/bus/bus.ts';
import { type Clock, minutes, seconds } from '../../platform/clock.ts';
import { fromJson } from '../../platform/db/json-column.ts';
import type { Orm } from '../../platform/db/orm.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import type { Credentials, Identity } from '../../platform/graphql/context.ts';
import type { Log } from '../../platform/log.ts';
import { ApiToken, Session, User } from './access.entity.ts';
import type {} from './access-events.ts';
import type { Actor } from './actor.ts';
import { ANONYMOUS, tokenActor, userActor } from './actor-for.ts';
import { type Role, seesEveryProject } from './permissions.ts';
import { hashToken, isApiToken, isLinkToken } from './secret-token.ts';
import { SESSION_IDLE_MS, SESSION_MAX_MS } from './session.service.ts';

/** Other nodes learn of a revocation this late at the latest; this one learns of it at once, over the bus. */
const KEPT_MS = seconds(5);
const MAX_KEPT = 10_000;
/** "Last seen" is written at most this often. */
const TOUCH_MS = minutes(1);

interface Kept {
  readonly identity: Identity<Actor>;
  readonly until: number;
}
interface UserRow {
  user_id: number;
  user_name: string;
  role: Role;
  disabled_at: number | null;
}
interface SessionRow extends UserRow {
  id: number;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
}
interface TokenRow extends UserRow {
  id: number;
  name: string;
  scopes: unknown;
  project_ids: unknown;
  expires_at: number | null;
  last_used_at: number | null;
}

const USER_COLUMNS = 'u.id as user_id, u.name as user_name, u.role, u.disabled_at';

/** Tells who is asking, from the session cookie or the bearer token of a request or socket. */
export class Authenticator {
  readonly #sql: Sql;
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #kept = new Map<string, Kept>();
  /** Counts revocations: what was read before one must not be kept after it. */
  #era = 0;

  constructor(deps: { sql: Sql; orm: Orm; clock: Clock; bus: Bus; log: Log }) {
    this.#sql = deps.sql;
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#log = deps.log;
    deps.bus.subscribe('accessRevoked', () => {
      this.#era++;
      this.#kept.clear();
    });
  }

  /**
   * Who is asking. A token wins over a cookie. No cookie, or one that is forged or has lapsed: anonymous.
   * @throws Failure UNAUTHENTICATED for a token that is forged, expired, revoked or whose user is disabled: a script
   *   must not go on as nobody.
   */
  async authenticate(credentials: Pick<Credentials, 'cookie' | 'bearer'>): Promise<Identity<Actor>> {
    const { bearer, cookie } = credentials;
    if (bearer !== null) {
      const identity = isApiToken(bearer) ? await this.#remembered(hashToken(bearer), (hash) => this.#byToken(hash)) : null;
      if (identity === null) throw new Failure('UNAUTHENTICATED', 'The token is not valid: it is unknown, expired or revoked.');
      return identity;
    }
    const identity =
      cookie !== null && isLinkToken(cookie) ? await this.#remembered(hashToken(cookie), (hash) => this.#bySession(hash)) : null;
    return identity ?? { actor: ANONYMOUS, sessionId: null };
  }

  async #remembered(hash: string, load: (hash: string) => Promise<Identity<Actor> | null>): Promise<Identity<Actor> | null> {
    const now = this.#clock.now();
    const kept = this.#kept.get(hash);
    if (kept && kept.until > now) return kept.identity;
    const era = this.#era;
    const identity = await load(hash);
    if (identity && era === this.#era) {
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
      this.#kept.set(hash, { identity, until: Math.min(now + KEPT_MS, identity.expiresAt ?? Number.POSITIVE_INFINITY) });
    } else {
      this.#kept.delete(hash);
    }
    return identity;
  }

  async #bySession(hash: string): Promise<Identity<Actor> | null> {
    const now = this.#clock.now();
    const row = await this.#sql.get<SessionRow>(
      `select s.id, s.created_at, s.last_seen_at, s.expires_at, ${USER_COLUMNS}
       from session s join app_user u on u.id = s.user_id where s.token_hash = ?`,
      [hash],
    );
    if (!row || row.disabled_at !== null || row.expires_at <= now) return null;
    let expiresAt = row.expires_at;
    if (now - row.last_seen_at >= TOUCH_MS) {
      expiresAt = Math.min(now + SESSION_IDLE_MS, row.created_at + SESSION_MAX_MS);
      await this.#touch(row.user_id, (em) => em.nativeUpdate(Session, { id: row.id }, { lastSeenAt: now, expiresAt }));
    }
    return { actor: userActor(actingUser(row), await this.#memberOf(row)), sessionId: row.id, expiresAt };
  }

  async #byToken(hash: string): Promise<Identity<Actor> | null> {
    const now = this.#clock.now();
    const row = await this.#sql.get<TokenRow>(
      `select t.id, t.name, t.scopes, t.project_ids, t.expires_at, t.last_used_at, ${USER_COLUMNS}
       from api_token t join app_user u on u.id = t.user_id where t.token_hash = ? and t.revoked_at is null`,
      [hash],
    );
    if (!row || row.disabled_at !== null || (row.expires_at !== null && row.expires_at <= now)) return null;
    if (now - (row.last_used_at ?? 0) >= TOUCH_MS) {
      await this.#touch(row.user_id, (em) => em.nativeUpdate(ApiToken, { id: row.id }, { lastUsedAt: now }));
    }
    const token = {
      id: row.id,
      name: row.name,
      scopes: fromJson<string[] | null>(row.scopes) ?? [],
      projectIds: fromJson<number[] | null>(row.project_ids),
    };
    return { actor: tokenActor(actingUser(row), token, await this.#memberOf(row)), sessionId: null, expiresAt: row.expires_at };
  }

  async #memberOf(row: UserRow): Promise<number[]> {
    if (seesEveryProject(row.role)) return [];
    const rows = await this.#sql.all<{ project_id: number }>('select project_id from project_member where user_id = ?', [
      row.user_id,
    ]);
    return rows.map((member) => member.project_id);
  }

  /** A request never fails because "last seen" could not be written. */
  async #touch(userId: number, write: (em: Orm['em']) => Promise<unknown>): Promise<void> {
    try {
      const em = this.#orm.em.fork();
      await write(em);
      await em.nativeUpdate(User, { id: userId }, { lastSeenAt: this.#clock.now() });
    } catch (error) {
      this.#log.warn({ err: error }, 'could not write when a session or token was last used');
    }
  }
}

const actingUser = (row: UserRow) => ({ id: row.user_id, name: row.user_name, role: row.role });
