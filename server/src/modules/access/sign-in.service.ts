import type { Orm } from '../../platform/db/orm.ts';
import { Failure } from '../../platform/errors.ts';
import { ThrottledRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { type Session, User } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { userActor } from './actor-for.ts';
import type { MembershipService } from './membership.service.ts';
import type { PasswordHasher } from './password.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import type { Place, SessionService } from './session.service.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';
import type { UserService } from './user.service.ts';

/** A person as he sees himself. */
export interface Viewer {
  readonly user: User;
  readonly permissions: readonly Permission[];
  /** null for an API token. */
  readonly sessionExpiresAt: number | null;
  readonly preferences: Readonly<Record<string, unknown>>;
}

/** A session just opened: its token belongs into the cookie and nowhere else. */
export interface SignedIn {
  readonly viewer: Viewer;
  readonly token: string;
  /** Who the rest of the request is from. */
  readonly actor: Actor;
  readonly sessionId: number;
}

/** Opens and ends sessions, and tells a person who he is. */
export class SignInService {
  readonly #orm: Orm;
  readonly #hasher: PasswordHasher;
  readonly #throttle: SignInThrottle;
  readonly #sessions: SessionService;
  readonly #users: UserService;
  readonly #memberships: MembershipService;

  constructor(deps: {
    orm: Orm;
    hasher: PasswordHasher;
    throttle: SignInThrottle;
    sessions: SessionService;
    users: UserService;
    memberships: MembershipService;
  }) {
    this.#orm = deps.orm;
    this.#hasher = deps.hasher;
    this.#throttle = deps.throttle;
    this.#sessions = deps.sessions;
    this.#users = deps.users;
    this.#memberships = deps.memberships;
  }

  /**
   * Opens a session. A wrong password, an unknown e-mail and a disabled user are answered alike and take the same time.
   * @throws Failure RATE_LIMITED when too many sign-ins run at once on this node
   */
  async signIn(email: string, password: string, place: Place): Promise<SignedIn | ValidationRefusal | ThrottledRefusal> {
    const user = await this.#users.byEmail(email.slice(0, 254));
    const known = async () => user !== null && this.#sessions.wasOpenedFrom(user.id, place.ip.slice(0, 64));
    const attempt = await this.#throttle.admit(email.trim().toLowerCase().slice(0, 254), place.ip, known);
    if ('retryAfterSeconds' in attempt) return new ThrottledRefusal(attempt.retryAfterSeconds);
    const fits = await this.#hasher.verify(user?.passwordHash ?? null, password);
    if (!fits || user === null || user.disabledAt !== null)
      return new ValidationRefusal('WRONG_CREDENTIALS', 'The e-mail address or the password is wrong.');
    this.#throttle.succeeded(attempt);
    return this.open(user, place);
  }

  /** Opens a session for somebody who has proved who he is (here, or by an invitation). */
  async open(user: User, place: Place): Promise<SignedIn> {
    const { token, session } = await this.#sessions.start(user.id, place);
    await this.#orm.em.fork().nativeUpdate(User, { id: user.id }, { lastSeenAt: session.lastSeenAt });
    const [memberOf = []] = await this.#memberships.visibleTo([user.id]);
    const actor = userActor(user, memberOf === 'all' ? [] : memberOf);
    return { token, actor, sessionId: session.id, viewer: viewerOf(user, actor, session) };
  }

  /** Ends the session of the request, or all of its user's. Nothing to do for a stranger. */
  async signOut(actor: Actor, sessionId: number | null, everywhere: boolean): Promise<void> {
    if (actor.kind !== 'user' || actor.userId === null) return;
    if (everywhere) await this.#sessions.endAllOf(actor.userId);
    else if (sessionId !== null) await this.#sessions.end(sessionId, actor.userId);
  }

  /** The person behind the request; for a token its user, with what the token may do. null for strangers. */
  async viewer(actor: Actor, sessionId: number | null): Promise<Viewer | null> {
    if (actor.userId === null) return null;
    const [user] = await this.#users.usersByIds([actor.userId]);
    if (!user) return null;
    return viewerOf(user, actor, sessionId === null ? null : await this.#sessions.byId(sessionId, user.id));
  }

  /**
   * Checks the password of somebody who is signed in already, against guessing from a browser left open.
   * @throws Failure RATE_LIMITED
   */
  async confirmPassword(user: User, password: string, ip: string): Promise<boolean> {
    const attempt = await this.#throttle.admit(user.email, ip);
    if ('retryAfterSeconds' in attempt)
      throw new Failure('RATE_LIMITED', `Too many wrong passwords. Try again in ${attempt.retryAfterSeconds} s.`, {
        details: { ...attempt },
      });
    const fits = await this.#hasher.verify(user.passwordHash, password);
    if (fits) this.#throttle.succeeded(attempt);
    return fits;
  }
}

function viewerOf(user: User, actor: Actor, session: Session | null): Viewer {
  return {
    user,
    permissions: (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => actor.can(permission)),
    sessionExpiresAt: session?.expiresAt ?? null,
    preferences: user.preferences,
  };
}
