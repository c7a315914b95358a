import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { type Clock, days } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { Invitation, User } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { cleanEmail, cleanProjectIds, parseId } from './input.ts';
import type { MembershipService } from './membership.service.ts';
import { type Role, roleHolds } from './permissions.ts';
import { demandPerson } from './profile.service.ts';
import { hashToken, isLinkToken, newLinkToken } from './secret-token.ts';
import type { Place } from './session.service.ts';
import type { SignedIn, SignInService } from './sign-in.service.ts';
import { type ExistingProjects, emailTaken, type UserService } from './user.service.ts';

/** How long a link is good for. */
export const INVITATION_MS = days(7);
const MAX_LISTED = 500;

/** What an invitation's link tells whoever opens it. */
export interface InvitationPreview {
  readonly email: string | null;
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly expiresAt: number;
}

/** Links by which people join: made by administrators, good for seven days, used once. */
export class InvitationService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #baseUrl: string;
  readonly #users: UserService;
  readonly #signIn: SignInService;
  readonly #memberships: MembershipService;
  readonly #existingProjects: ExistingProjects;

  constructor(deps: {
    orm: Orm;
    clock: Clock;
    config: { readonly baseUrl: string };
    users: UserService;
    signIn: SignInService;
    memberships: MembershipService;
    existingProjects: ExistingProjects;
  }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#baseUrl = deps.config.baseUrl;
    this.#users = deps.users;
    this.#signIn = deps.signIn;
    this.#memberships = deps.memberships;
    this.#existingProjects = deps.existingProjects;
  }

  /** Every invitation, newest first; at most 500. @throws Failure FORBIDDEN without users:write */
  async list(actor: Actor): Promise<Invitation[]> {
    actor.demand('users:write');
    return this.#orm.em.fork().find(Invitation, {}, { orderBy: { id: 'desc' }, limit: MAX_LISTED });
  }

  /**
   * Makes an invitation; its link is answered here and can never be shown again. With an e-mail address only that one
   * may join by it.
   * @throws Failure FORBIDDEN without users:write, for an OWNER without owners:write
   */
  async invite(
    actor: Actor,
    input: { email?: string | null; role: Role; projectIds?: readonly string[] | null },
  ): Promise<{ invitation: Invitation; url: string } | ValidationRefusal | ConflictRefusal> {
    actor.demand('users:write');
    if (input.role === 'OWNER') actor.demand('owners:write');
    const createdById = actor.userId ?? demandPerson(actor);
    const email = input.email == null || input.email.trim() === '' ? null : cleanEmail(input.email);
    if (email instanceof ValidationRefusal) return email;
    const projectIds = await cleanProjectIds(input.projectIds ?? [], this.#existingProjects);
    if (projectIds instanceof ValidationRefusal) return projectIds;
    if (email !== null && (await this.#users.byEmail(email))) return emailTaken();
    const now = this.#clock.now();
    const token = newLinkToken();
    const em = this.#orm.em.fork();
    const invitation = em.create(Invitation, {
      tokenHash: hashToken(token),
      email,
      role: input.role,
      projectIds,
      createdById,
      createdAt: now,
      expiresAt: now + INVITATION_MS,
      acceptedAt: null,
    });
    await em.persist(invitation).flush();
    return { invitation, url: `${this.#baseUrl}/join?token=${token}` };
  }

  /**
   * Takes an invitation back; one that was accepted stays for the record.
   * @throws Failure FORBIDDEN without users:write, for an OWNER's without owners:write
   */
  async revoke(actor: Actor, id: string): Promise<NotFoundRefusal | ConflictRefusal | null> {
    actor.demand('users:write');
    const em = this.#orm.em.fork();
    const invitationId = parseId(id);
    const invitation = invitationId === null ? null : await em.findOne(Invitation, { id: invitationId });
    if (!invitation) return new NotFoundRefusal('There is no such invitation.');
    if (invitation.role === 'OWNER') actor.demand('owners:write');
    if ((await em.nativeDelete(Invitation, { id: invitation.id, acceptedAt: null })) > 0) return null;
    return new ConflictRefusal('ACCEPTED', 'This invitation has been accepted already.');
  }

  /** What the link shows before it is used; null when it is unknown, used, lapsed or taken back. */
  async preview(token: string): Promise<InvitationPreview | null> {
    const open = await this.#open(token);
    if (!open) return null;
    const { invitation, inviter } = open;
    return { email: invitation.email ?? null, role: invitation.role, invitedBy: inviter.name, expiresAt: invitation.expiresAt };
  }

  /** Makes the user and signs him in. Of two who use the link at once, one wins. */
  async accept(
    input: { token: string; email: string; name: string; password: string },
    place: Place,
  ): Promise<SignedIn | ValidationRefusal | NotFoundRefusal | ConflictRefusal> {
    const open = await this.#open(input.token);
    if (!open) return lapsed();
    const { invitation } = open;
    const prepared = await this.#users.prepare({ ...input, role: invitation.role });
    if (!('passwordHash' in prepared)) return prepared;
    if (invitation.email !== null && invitation.email !== prepared.email)
      return new ValidationRefusal('OTHER_EMAIL', 'This invitation is for another e-mail address.', 'email');
    // Projects may have gone meanwhile.
    const projectIds = invitation.projectIds.length > 0 ? await this.#existingProjects(invitation.projectIds) : [];
    try {
      const user = await this.#orm.em.fork().transactional(async (em) => {
        const unused = { id: invitation.id, acceptedAt: null };
        if ((await em.nativeUpdate(Invitation, unused, { acceptedAt: this.#clock.now() })) === 0) return null;
        const created = await this.#users.insert(em, prepared);
        await this.#memberships.replace(em, created.id, projectIds);
        return created;
      });
      return user === null ? lapsed() : await this.#signIn.open(user, place);
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) return emailTaken();
      throw error;
    }
  }

  /** An invitation lapses with the power of whoever made it: a disabled or demoted administrator leaves no way in. */
  async #open(token: string): Promise<{ invitation: Invitation; inviter: User } | null> {
    if (!isLinkToken(token)) return null;
    const em = this.#orm.em.fork();
    const invitation = await em.findOne(Invitation, { tokenHash: hashToken(token) });
    if (!invitation || invitation.acceptedAt !== null || invitation.expiresAt <= this.#clock.now()) return null;
    const inviter = await em.findOne(User, { id: invitation.createdById, disabledAt: null });
    const needed = invitation.role === 'OWNER' ? 'owners:write' : 'users:write';
    return inviter && roleHolds(inviter.role, needed) ? { invitation, inviter } : null;
  }
}

const lapsed = () => new NotFoundRefusal('This invitation has been used, has lapsed or was taken back. Ask for a new one.');
