import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import { batched } from '../access/batched.ts';
import type { MembershipService } from '../access/membership.service.ts';
import { UserType } from '../access/user.types.ts';
import type { DsnKeyService } from './dsn-key.service.ts';
import { DsnKeyType } from './dsn-key.types.ts';
import type { Project } from './project.entity.ts';
import type { ProjectService } from './project.service.ts';
import { ProjectSettingsType, ProjectType, ReleaseType } from './project.types.ts';
import { fullSettings } from './project-settings.ts';

/** The fields of a project that need a look-up; those of a list of projects are loaded at once. */
@Resolver(() => ProjectType)
export class ProjectFieldsResolver {
  readonly #projects: ProjectService;
  readonly #keys: DsnKeyService;
  readonly #memberships: MembershipService;

  constructor(deps: { projects: ProjectService; keys: DsnKeyService; memberships: MembershipService }) {
    this.#projects = deps.projects;
    this.#keys = deps.keys;
    this.#memberships = deps.memberships;
  }

  /** @throws Failure FORBIDDEN without projects:read: a project is also reached through its errors, by tokens for those alone */
  @FieldResolver(() => ProjectSettingsType)
  settings(@Root() project: Project, @Ctx() { actor }: AccessContext) {
    actor.demand('projects:read');
    return fullSettings(project.settings);
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => [DsnKeyType])
  keys(@Root() project: Project, @Ctx() { actor, loaders }: AccessContext) {
    actor.demand('projects:read');
    return batched(loaders, 'projects.keys', (ids: readonly number[]) => this.#keys.keysOf(ids)).load(project.id);
  }

  @FieldResolver(() => [String])
  environments(@Root() project: Project, @Ctx() { loaders }: AccessContext) {
    const load = (ids: readonly number[]) => this.#projects.environmentsOf(ids);
    return batched(loaders, 'projects.environments', load).load(project.id);
  }

  @FieldResolver(() => [ReleaseType])
  releases(
    @Root() project: Project,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Ctx() { loaders }: AccessContext,
  ) {
    const count = first ?? 50;
    const load = (ids: readonly number[]) => this.#projects.releasesOf(ids, count);
    return batched(loaders, `projects.releases.${count}`, load).load(project.id);
  }

  /** Everybody who may see the project. @throws Failure FORBIDDEN without users:read */
  @FieldResolver(() => [UserType])
  members(@Root() project: Project, @Ctx() { actor, loaders }: AccessContext) {
    actor.demand('users:read');
    return batched(loaders, 'projects.members', (ids: readonly number[]) => this.#memberships.membersOf(ids)).load(project.id);
  }
}
