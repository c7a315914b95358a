import type { Bus } from '../../platform/bus/bus.ts';
import { type Clock, days } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { Session } from './access.entity.ts';
import type {} from './access-events.ts';
import { hashToken, newLinkToken } from './secret-token.ts';

/** A session ends after 30 days without a request … */
export const SESSION_IDLE_MS = days(30);
/** … and after 90 days whatever happens. */
export const SESSION_MAX_MS = days(90);

/** More live sessions than anybody has browsers; a script that signs in at every run ends its oldest ones. */
const MAX_SESSIONS = 100;

/** Where a session was opened from, for its owner to recognise it by. */
export interface Place {
  readonly ip: string;
  readonly userAgent: string | null;
}

/** The sessions of signed-in browsers. Says nothing about who may end whose: callers pass the user they act for. */
export class SessionService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #bus: Bus;

  constructor(deps: { orm: Orm; clock: Clock; bus: Bus }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
  }

  /** Opens a session. The token goes into the cookie and is kept nowhere. Lapsed sessions of anybody are swept out. */
  async start(userId: number, place: Place): Promise<{ token: string; session: Session }> {
    const now = this.#clock.now();
    const token = newLinkToken();
    const em = this.#orm.em.fork();
    await em.nativeDelete(Session, { expiresAt: { $lte: now } });
    const session = em.create(Session, {
      tokenHash: hashToken(token),
      userId,
      ip: place.ip.slice(0, 64),
      userAgent: place.userAgent?.slice(0, 300) ?? null,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + SESSION_IDLE_MS,
    });
    await em.persist(session).flush();
    const page = { offset: MAX_SESSIONS, limit: MAX_SESSIONS }; // SQLite takes no offset without a limit
    const oldest = await em.find(Session, { userId }, { orderBy: { lastSeenAt: 'desc', id: 'desc' }, ...page });
    for (const { id } of oldest) await this.end(id, userId);
    return { token, session };
  }

  /** The user's live sessions, last used first. */
  listOf(userId: number): Promise<Session[]> {
    const live = { userId, expiresAt: { $gt: this.#clock.now() } };
    return this.#orm.em.fork().find(Session, live, { orderBy: { lastSeenAt: 'desc', id: 'desc' } });
  }

  /** One session of that user; null when it is another's, lapsed or never was. */
  byId(id: number, userId: number): Promise<Session | null> {
    return this.#orm.em.fork().findOne(Session, { id, userId, expiresAt: { $gt: this.#clock.now() } });
  }

  /** Whether the user has a live session that was opened from this address. */
  async wasOpenedFrom(userId: number, ip: string): Promise<boolean> {
    return (await this.#orm.em.fork().count(Session, { userId, ip, expiresAt: { $gt: this.#clock.now() } })) > 0;
  }

  /** Ends one session of that user; false when there is none such. */
  async end(id: number, userId: number): Promise<boolean> {
    const ended = await this.#orm.em.fork().nativeDelete(Session, { id, userId });
    if (ended > 0) this.#bus.publish('accessRevoked', { sessionId: id });
    return ended > 0;
  }

  /** Ends every session of a user. Sockets of his tokens are closed too, and come back at once. */
  async endAllOf(userId: number): Promise<void> {
    await this.#orm.em.fork().nativeDelete(Session, { userId });
    this.#bus.publish('accessRevoked', { userId });
  }

  /** Ends every session of a user but one: after a change of password in that one. */
  async endOthersOf(userId: number, keptId: number): Promise<void> {
    const em = this.#orm.em.fork();
    const others = await em.find(Session, { userId, id: { $ne: keptId } });
    await em.nativeDelete(Session, { userId, id: { $ne: keptId } });
    for (const { id } of others) this.#bus.publish('accessRevoked', { sessionId: id });
  }
}
