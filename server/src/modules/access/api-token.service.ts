import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { ApiToken } from './access.entity.ts';
import type {} from './access-events.ts';
import type { Actor } from './actor.ts';
import { cleanLine, cleanProjectIds, parseId } from './input.ts';
import { type Permission, TOKEN_SCOPES } from './permissions.ts';
import { demandPerson } from './profile.service.ts';
import { hashToken, newApiToken, tokenPrefix } from './secret-token.ts';
import type { ExistingProjects, UserService } from './user.service.ts';

const MAX_LIVE_TOKENS = 100;

/** A token to be made, as typed in. */
export interface NewApiToken {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Absent or null: every project its user may see, now and later. */
  readonly projectIds?: readonly string[] | null;
  /** Absent or null: never. */
  readonly expiresAt?: Date | null;
}

/** Tokens for scripts and agents. */
export class ApiTokenService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #users: UserService;
  readonly #existingProjects: ExistingProjects;

  constructor(deps: { orm: Orm; clock: Clock; bus: Bus; users: UserService; existingProjects: ExistingProjects }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
    this.#users = deps.users;
    this.#existingProjects = deps.existingProjects;
  }

  /**
   * Tokens not revoked, newest first: the actor's own; everybody's for those who manage users.
   * @throws Failure FORBIDDEN without tokens:write
   */
  async list(actor: Actor): Promise<ApiToken[]> {
    actor.demand('tokens:write');
    const whose = actor.can('users:write') ? {} : { userId: actor.userId ?? -1 };
    return this.#orm.em.fork().find(ApiToken, { ...whose, revokedAt: null }, { orderBy: { id: 'desc' }, limit: 1000 });
  }

  /**
   * Makes a token for the person asking. Its secret is answered here and can never be shown again. A token holds at
   * most what its user holds, now and later; tokens do not make tokens.
   * @throws Failure UNAUTHENTICATED, FORBIDDEN for API tokens
   */
  async create(actor: Actor, input: NewApiToken): Promise<{ token: ApiToken; secret: string } | ValidationRefusal> {
    const userId = demandPerson(actor);
    actor.demand('tokens:write');
    const name = cleanLine(input.name, 'name');
    if (name instanceof ValidationRefusal) return name;
    const scopes = [...new Set(input.scopes)];
    const fault = scopesFault(actor, scopes);
    if (fault !== null) return new ValidationRefusal('INVALID_SCOPE', fault, 'scopes');
    const projectIds = await this.#projects(actor, input.projectIds ?? null);
    if (projectIds instanceof ValidationRefusal) return projectIds;
    const now = this.#clock.now();
    const expiresAt = input.expiresAt?.getTime() ?? null;
    if (expiresAt !== null && !(expiresAt > now))
      return new ValidationRefusal('IN_THE_PAST', 'The token would have expired already.', 'expiresAt');
    const em = this.#orm.em.fork();
    if ((await em.count(ApiToken, { userId, revokedAt: null })) >= MAX_LIVE_TOKENS)
      return new ValidationRefusal('TOO_MANY', `At most ${MAX_LIVE_TOKENS} tokens. Revoke one first.`);
    const secret = newApiToken();
    const token = em.create(ApiToken, {
      userId,
      name,
      tokenHash: hashToken(secret),
      prefix: tokenPrefix(secret),
      scopes,
      projectIds,
      createdAt: now,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
    await em.persist(token).flush();
    return { token, secret };
  }

  /**
   * Revokes a token: one's own, or anybody's for those who manage users (an OWNER's only by an OWNER). Somebody
   * else's token does not exist for everyone else.
   * @throws Failure FORBIDDEN without tokens:write
   */
  async revoke(actor: Actor, id: string): Promise<NotFoundRefusal | null> {
    actor.demand('tokens:write');
    const em = this.#orm.em.fork();
    const tokenId = parseId(id);
    const token = tokenId === null ? null : await em.findOne(ApiToken, { id: tokenId, revokedAt: null });
    if (!token || !(token.userId === actor.userId || actor.can('users:write')))
      return new NotFoundRefusal('There is no such token.');
    if (token.userId !== actor.userId) {
      const [owner] = await this.#users.usersByIds([token.userId]);
      if (owner?.role === 'OWNER') actor.demand('owners:write');
    }
    await em.nativeUpdate(ApiToken, { id: token.id, revokedAt: null }, { revokedAt: this.#clock.now() });
    this.#bus.publish('accessRevoked', { tokenId: token.id });
    return null;
  }

  async #projects(actor: Actor, ids: readonly string[] | null): Promise<number[] | null | ValidationRefusal> {
    if (ids === null) return null;
    if (ids.length === 0)
      return new ValidationRefusal('REQUIRED', 'Name at least one project, or leave them out for all of yours.', 'projectIds');
    // Projects the actor does not see are answered like those that do not exist.
    const visible: ExistingProjects = async (wanted) =>
      (await this.#existingProjects(wanted)).filter((id) => actor.can('projects:read', id));
    return cleanProjectIds(ids, visible);
  }
}

function scopesFault(actor: Actor, scopes: readonly string[]): string | null {
  if (scopes.length === 0) return 'Name at least one scope.';
  const unknown = scopes.find((scope) => !TOKEN_SCOPES.includes(scope));
  if (unknown !== undefined) return `There is no scope "${unknown.slice(0, 50)}". Scopes: ${TOKEN_SCOPES.join(', ')}.`;
  const above = scopes.find((scope) => !actor.can(scope as Permission));
  return above === undefined ? null : `Your role does not hold ${above}.`;
}
