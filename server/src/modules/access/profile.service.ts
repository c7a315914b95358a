import type { Orm } from '../../platform/db/orm.ts';
import { Failure } from '../../platform/errors.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { User } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { cleanLine } from './input.ts';
import { passwordFault } from './password.ts';
import type { SessionService } from './session.service.ts';
import type { SignInService } from './sign-in.service.ts';
import type { UserService } from './user.service.ts';

/** Preferences are the dashboard's own notes (theme, columns, …): a JSON object of at most this many bytes. */
export const PREFERENCES_MAX_BYTES = 16 * 1024;

/** What a person changes of himself; absent or null: left alone. */
export interface ProfileChanges {
  readonly name?: string | null;
  readonly currentPassword?: string | null;
  readonly newPassword?: string | null;
  /** Merged into the stored ones key by key; a key set to null is removed. */
  readonly preferences?: unknown;
}

/** A person's own name, password and preferences. */
export class ProfileService {
  readonly #orm: Orm;
  readonly #users: UserService;
  readonly #sessions: SessionService;
  readonly #signIn: SignInService;

  constructor(deps: { orm: Orm; users: UserService; sessions: SessionService; signIn: SignInService }) {
    this.#orm = deps.orm;
    this.#users = deps.users;
    this.#sessions = deps.sessions;
    this.#signIn = deps.signIn;
  }

  /**
   * Changes the person's own profile, all of it or nothing. A new password needs the current one and ends every other
   * session of his.
   * @throws Failure FORBIDDEN for API tokens, RATE_LIMITED after too many wrong passwords
   */
  async update(
    actor: Actor,
    sessionId: number | null,
    ip: string,
    changes: ProfileChanges,
  ): Promise<User | ValidationRefusal | NotFoundRefusal> {
    const userId = demandPerson(actor);
    const em = this.#orm.em.fork();
    const user = await em.findOne(User, { id: userId });
    if (!user) return new NotFoundRefusal('There is no such user.');
    const name = changes.name == null ? user.name : cleanLine(changes.name, 'name');
    if (name instanceof ValidationRefusal) return name;
    const preferences = changes.preferences == null ? user.preferences : merged(user.preferences, changes.preferences);
    if (preferences instanceof ValidationRefusal) return preferences;
    if (changes.newPassword != null) {
      const refusal = await this.#checkPassword(user, changes.currentPassword ?? null, changes.newPassword, ip);
      if (refusal) return refusal;
      await this.#users.storePassword(user.id, changes.newPassword);
      if (sessionId === null) await this.#sessions.endAllOf(user.id);
      else await this.#sessions.endOthersOf(user.id, sessionId);
    }
    user.name = name;
    user.preferences = preferences;
    await em.flush();
    return user;
  }

  async #checkPassword(user: User, current: string | null, next: string, ip: string): Promise<ValidationRefusal | null> {
    if (current === null) return new ValidationRefusal('REQUIRED', 'Give your current password too.', 'currentPassword');
    const fault = passwordFault(next, user.email);
    if (fault !== null) return new ValidationRefusal('WEAK_PASSWORD', fault, 'newPassword');
    if (await this.#signIn.confirmPassword(user, current, ip)) return null;
    return new ValidationRefusal('WRONG_PASSWORD', 'The current password is wrong.', 'currentPassword');
  }
}

/**
 * The id of the person asking.
 * @throws Failure UNAUTHENTICATED for strangers, FORBIDDEN for API tokens: an account is changed by its owner himself
 */
export function demandPerson(actor: Actor): number {
  if (actor.kind === 'user' && actor.userId !== null) return actor.userId;
  if (actor.kind === 'anonymous') throw new Failure('UNAUTHENTICATED');
  throw new Failure('FORBIDDEN', 'Only a signed-in person may do this, not an API token.');
}

function merged(stored: Record<string, unknown>, changes: unknown): Record<string, unknown> | ValidationRefusal {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
    return new ValidationRefusal('INVALID', 'Preferences are a JSON object.', 'preferences');
  const entries = new Map([...Object.entries(stored), ...Object.entries(changes)].filter(([key]) => key !== '__proto__'));
  const result = Object.fromEntries([...entries].filter(([, value]) => value !== null));
  if (Buffer.byteLength(JSON.stringify(result)) <= PREFERENCES_MAX_BYTES) return result;
  return new ValidationRefusal('TOO_LONG', `At most ${PREFERENCES_MAX_BYTES} bytes of preferences.`, 'preferences');
}
