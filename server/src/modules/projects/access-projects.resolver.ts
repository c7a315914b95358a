import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ApiToken, Invitation, User } from '../access/access.entity.ts';
import type { AccessContext } from '../access/access-context.ts';
import { ApiTokenType } from '../access/api-token.types.ts';
import { batched } from '../access/batched.ts';
import { InvitationType } from '../access/invitation.types.ts';
import type { MembershipService } from '../access/membership.service.ts';
import { UserType } from '../access/user.types.ts';
import type { Project } from './project.entity.ts';
import type { ProjectService } from './project.service.ts';
import { ProjectType } from './project.types.ts';

interface Deps {
  readonly projects: ProjectService;
  readonly memberships: MembershipService;
}

/** The projects a user may see, as far as the actor sees them too. */
@Resolver(() => UserType)
export class UserProjectsResolver {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  @FieldResolver(() => [ProjectType])
  async projects(@Root() user: User, @Ctx() context: AccessContext): Promise<Project[]> {
    const load = (ids: readonly number[]) => this.#deps.memberships.visibleTo(ids);
    return shown(this.#deps.projects, context, await batched(context.loaders, 'projects.visible', load).load(user.id));
  }
}

/** The projects a token is bound to; null: to none in particular. */
@Resolver(() => ApiTokenType)
export class ApiTokenProjectsResolver {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  @FieldResolver(() => [ProjectType], { nullable: true })
  async projects(@Root() token: ApiToken, @Ctx() context: AccessContext): Promise<Project[] | null> {
    return token.projectIds == null ? null : shown(this.#deps.projects, context, token.projectIds);
  }
}

/** The projects an invitation makes somebody a member of. */
@Resolver(() => InvitationType)
export class InvitationProjectsResolver {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  @FieldResolver(() => [ProjectType])
  async projects(@Root() invitation: Invitation, @Ctx() context: AccessContext): Promise<Project[]> {
    return shown(this.#deps.projects, context, invitation.projectIds);
  }
}

/** Of some projects those the actor sees, archived ones left out; by name. */
async function shown(service: ProjectService, context: AccessContext, ids: 'all' | readonly number[]): Promise<Project[]> {
  const seen = await batched(context.loaders, 'projects.seen', async (keys: readonly 'all'[]) => {
    const projects = await service.list(context.actor);
    return keys.map(() => projects);
  }).load('all');
  return ids === 'all' ? seen : seen.filter((project) => ids.includes(project.id));
}
