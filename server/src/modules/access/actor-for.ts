import { Failure } from '../../platform/errors.ts';
import type { Actor } from './actor.ts';
import { PERMISSIONS, type Permission, type Role, roleHolds, seesEveryProject } from './permissions.ts';

/** What an actor is made of; {@link actorOf} adds the two questions. */
type Facts = Omit<Actor, 'can' | 'demand'>;
/** The parts of a user that decide what he may do. */
export interface ActingUser {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}
/** The parts of an API token that decide what it may do. */
export interface ActingToken {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** null: every project its user may see. */
  readonly projectIds: readonly number[] | null;
}

function actorOf(facts: Facts, permissions: ReadonlySet<Permission>): Actor {
  const visible = facts.projectIds === 'all' ? 'all' : new Set(facts.projectIds);
  const can = (permission: Permission, projectId?: number): boolean =>
    permissions.has(permission) && (projectId === undefined || visible === 'all' || visible.has(projectId));
  return Object.freeze({
    ...facts,
    can,
    demand(permission: Permission, projectId?: number): void {
      if (can(permission, projectId)) return;
      if (facts.kind === 'anonymous') throw new Failure('UNAUTHENTICATED');
      const wanted = permissions.has(permission) ? 'this project' : `the permission ${permission}`;
      throw new Failure('FORBIDDEN', `You do not have ${wanted}.`, { details: { permission } });
    },
  });
}

const held = (test: (permission: Permission) => boolean): ReadonlySet<Permission> =>
  new Set((Object.keys(PERMISSIONS) as Permission[]).filter(test));

/** Nobody in particular: holds no permission and sees no project. */
export const ANONYMOUS: Actor = actorOf(
  { kind: 'anonymous', userId: null, role: null, tokenId: null, name: 'anonymous', projectIds: [] },
  held(() => false),
);

/** The program itself (first start, tasks, the command line): holds everything. */
export const SYSTEM: Actor = actorOf(
  { kind: 'system', userId: null, role: null, tokenId: null, name: 'system', projectIds: 'all' },
  held(() => true),
);

/** A signed-in person. `memberOf` counts only for the roles that do not see every project. */
export function userActor(user: ActingUser, memberOf: readonly number[]): Actor {
  return actorOf(
    {
      kind: 'user',
      userId: user.id,
      role: user.role,
      tokenId: null,
      name: user.name,
      projectIds: seesEveryProject(user.role) ? 'all' : memberOf,
    },
    held((permission) => roleHolds(user.role, permission)),
  );
}

/** A token: what its scopes name and its user's role still holds; the projects it names and its user may still see. */
export function tokenActor(user: ActingUser, token: ActingToken, memberOf: readonly number[]): Actor {
  const ofUser = seesEveryProject(user.role) ? 'all' : memberOf;
  const own = token.projectIds;
  return actorOf(
    {
      kind: 'token',
      userId: user.id,
      role: user.role,
      tokenId: token.id,
      name: `${user.name} (${token.name})`,
      projectIds: own === null ? ofUser : ofUser === 'all' ? own : own.filter((id) => ofUser.includes(id)),
    },
    held((permission) => token.scopes.includes(permission) && roleHolds(user.role, permission)),
  );
}
