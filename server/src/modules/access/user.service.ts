import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import type DataLoader from 'dataloader';
import type { Clock } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { Failure } from '../../platform/errors.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { User } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { batched } from './batched.ts';
import { cleanEmail, cleanLine, cleanProjectIds, parseId } from './input.ts';
import type { MembershipService } from './membership.service.ts';
import { type PasswordHasher, passwordFault } from './password.ts';
import type { Role } from './permissions.ts';
import type { SessionService } from './session.service.ts';

/** Which of some project ids exist; given by the projects room, which access may not know. */
export type ExistingProjects = (ids: readonly number[]) => Promise<readonly number[]>;

/** A person to be made, as typed in: the command line, the first start and invitations share it. */
export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
}

/** What may be changed of a person by an administrator; absent or null: left alone. */
export interface UserChanges {
  readonly name?: string | null;
  readonly role?: Role | null;
  readonly disabled?: boolean | null;
  readonly projectIds?: readonly string[] | null;
}

/** The people who may sign in. */
export class UserService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #hasher: PasswordHasher;
  readonly #sessions: SessionService;
  readonly #memberships: MembershipService;
  readonly #existingProjects: ExistingProjects;

  constructor(deps: {
    orm: Orm;
    clock: Clock;
    hasher: PasswordHasher;
    sessions: SessionService;
    memberships: MembershipService;
    existingProjects: ExistingProjects;
  }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#hasher = deps.hasher;
    this.#sessions = deps.sessions;
    this.#memberships = deps.memberships;
    this.#existingProjects = deps.existingProjects;
  }

  /** Everybody, disabled ones too, by name. @throws Failure UNAUTHENTICATED, FORBIDDEN without users:read. */
  async list(actor: Actor): Promise<User[]> {
    actor.demand('users:read');
    return this.#orm.em.fork().find(User, {}, { orderBy: { name: 'asc', id: 'asc' } });
  }

  /** Whether there is anybody at all; no on a first start. */
  async isEmpty(): Promise<boolean> {
    return (await this.#orm.em.fork().count(User)) === 0;
  }

  /** Users in the order asked for, null where there is none. For other rooms: decides nothing about who may see them. */
  async usersByIds(ids: readonly number[]): Promise<(User | null)[]> {
    const users = await this.#orm.em.fork().find(User, { id: { $in: [...ids] } });
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** {@link usersByIds}, batched within one request. `loaders` is the request context's. */
  loader(loaders: Map<string, unknown>): DataLoader<number, User | null> {
    return batched(loaders, 'access.users', (ids: readonly number[]) => this.usersByIds(ids));
  }

  /** One user by e-mail, whatever its case. */
  byEmail(email: string): Promise<User | null> {
    return this.#orm.em.fork().findOne(User, { email: email.normalize('NFC').trim().toLowerCase() });
  }

  /** Makes a user. @throws Failure FORBIDDEN without users:write, for an OWNER without owners:write. */
  async create(actor: Actor, input: NewUser): Promise<User | ValidationRefusal | ConflictRefusal> {
    actor.demand('users:write');
    if (input.role === 'OWNER') actor.demand('owners:write');
    const prepared = await this.prepare(input);
    if (!('passwordHash' in prepared)) return prepared;
    try {
      return await this.#orm.em.fork().transactional((em) => this.insert(em, prepared));
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) return emailTaken();
      throw error;
    }
  }

  /** Checks a new user's details and hashes the password: the slow part, to be done outside any transaction. */
  async prepare(input: NewUser): Promise<(Omit<NewUser, 'password'> & { passwordHash: string }) | ValidationRefusal> {
    const email = cleanEmail(input.email);
    if (email instanceof ValidationRefusal) return email;
    const name = cleanLine(input.name, 'name');
    if (name instanceof ValidationRefusal) return name;
    const fault = passwordFault(input.password, email);
    if (fault !== null) return new ValidationRefusal('WEAK_PASSWORD', fault, 'password');
    return { email, name, role: input.role, passwordHash: await this.#hasher.hash(input.password) };
  }

  /** Stores a prepared user in the caller's transaction. @throws UniqueConstraintViolationException when the e-mail is taken */
  async insert(em: Orm['em'], prepared: Omit<NewUser, 'password'> & { passwordHash: string }): Promise<User> {
    const user = em.create(User, {
      email: prepared.email,
      name: prepared.name,
      passwordHash: prepared.passwordHash,
      role: prepared.role,
      disabledAt: null,
      preferences: {},
      createdAt: this.#clock.now(),
      lastSeenAt: null,
    });
    await em.persist(user).flush();
    return user;
  }

  /**
   * Changes somebody's name, role, standing or projects. A change of role or standing ends his sessions. Only an OWNER
   * may touch an OWNER or make one; the last OWNER who can sign in stays.
   * @throws Failure FORBIDDEN
   */
  async update(
    actor: Actor,
    id: string,
    changes: UserChanges,
  ): Promise<User | ValidationRefusal | NotFoundRefusal | ConflictRefusal> {
    actor.demand('users:write');
    const userId = parseId(id);
    if (userId === null) return new NotFoundRefusal('There is no such user.');
    const name = changes.name == null ? null : cleanLine(changes.name, 'name');
    if (name instanceof ValidationRefusal) return name;
    const projectIds = changes.projectIds == null ? null : await cleanProjectIds(changes.projectIds, this.#existingProjects);
    if (projectIds instanceof ValidationRefusal) return projectIds;

    let standingChanged = false;
    const result = await this.#orm.em.fork().transactional(async (em) => {
      // On PostgreSQL the lock lets two owners who demote each other at once find out; on SQLite writers take turns.
      const owners = await em.find(User, { role: 'OWNER' }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
      const user = owners.find((owner) => owner.id === userId) ?? (await em.findOne(User, { id: userId }));
      if (!user) return new NotFoundRefusal('There is no such user.');
      if (user.role === 'OWNER') actor.demand('owners:write');
      const role = changes.role ?? user.role;
      const disabled = changes.disabled ?? user.disabledAt !== null;
      if (role === 'OWNER' && user.role !== 'OWNER') actor.demand('owners:write');
      if (disabled && user.disabledAt === null && user.id === actor.userId)
        return new ConflictRefusal('SELF', 'You cannot disable yourself.');
      const others = owners.filter((owner) => owner.id !== userId && owner.disabledAt === null);
      const wasOwner = user.role === 'OWNER' && user.disabledAt === null;
      if (wasOwner && (role !== 'OWNER' || disabled) && others.length === 0)
        return new ConflictRefusal('LAST_OWNER', 'This is the last owner. Make somebody else an owner first.');
      standingChanged = role !== user.role || (disabled && user.disabledAt === null);
      user.role = role;
      if (name !== null) user.name = name;
      if (disabled !== (user.disabledAt !== null)) user.disabledAt = disabled ? this.#clock.now() : null;
      await em.flush();
      if (projectIds !== null) await this.#memberships.replace(em, userId, projectIds);
      return user;
    });
    if (!(result instanceof User)) return result;
    if (standingChanged) await this.#sessions.endAllOf(userId);
    else if (projectIds !== null) this.#memberships.announce(userId);
    return result;
  }

  /**
   * Sets a new password and ends the user's sessions: for the command line.
   * @throws Failure FORBIDDEN without users:write, for an OWNER without owners:write
   */
  async setPassword(actor: Actor, email: string, password: string): Promise<User | ValidationRefusal | NotFoundRefusal> {
    actor.demand('users:write');
    const user = await this.byEmail(email);
    if (!user) return new NotFoundRefusal('There is no user with this e-mail address.');
    if (user.role === 'OWNER') actor.demand('owners:write');
    const fault = passwordFault(password, user.email);
    if (fault !== null) return new ValidationRefusal('WEAK_PASSWORD', fault, 'password');
    await this.storePassword(user.id, password);
    await this.#sessions.endAllOf(user.id);
    return user;
  }

  /** Hashes and stores a password that has passed its checks. */
  async storePassword(userId: number, password: string): Promise<void> {
    const passwordHash = await this.#hasher.hash(password);
    const changed = await this.#orm.em.fork().nativeUpdate(User, { id: userId }, { passwordHash });
    if (changed === 0) throw new Failure('NOT_FOUND');
  }
}

/** The answer when an e-mail address belongs to somebody already. */
export const emailTaken = () => new ConflictRefusal('EMAIL_TAKEN', 'There is a user with this e-mail address already.');
