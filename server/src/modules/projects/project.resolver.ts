import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import type { ProjectService } from './project.service.ts';
import {
  CreateProjectInput,
  CreateProjectResult,
  ProjectType,
  UpdateProjectInput,
  UpdateProjectResult,
} from './project.types.ts';

/** Projects: reading and changing them. */
@Resolver(() => ProjectType)
export class ProjectResolver {
  readonly #projects: ProjectService;

  constructor(deps: { projects: ProjectService }) {
    this.#projects = deps.projects;
  }

  @Query(() => [ProjectType])
  projects(
    @Arg('includeArchived', () => Boolean, { nullable: true, defaultValue: false }) includeArchived: boolean | null,
    @Ctx() context: AccessContext,
  ) {
    return this.#projects.list(context.actor, includeArchived ?? false);
  }

  @Query(() => ProjectType, { nullable: true })
  project(
    @Arg('id', () => ID, { nullable: true }) id: string | null | undefined,
    @Arg('slug', () => String, { nullable: true }) slug: string | null | undefined,
    @Ctx() context: AccessContext,
  ) {
    return this.#projects.find(context.actor, { id: id ?? null, slug: slug ?? null });
  }

  @Mutation(() => CreateProjectResult)
  createProject(@Arg('input', () => CreateProjectInput) input: CreateProjectInput, @Ctx() context: AccessContext) {
    return this.#projects.create(context.actor, input);
  }

  @Mutation(() => UpdateProjectResult)
  updateProject(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateProjectInput) input: UpdateProjectInput,
    @Ctx() context: AccessContext,
  ) {
    return this.#projects.update(context.actor, id, input);
  }

  @Mutation(() => UpdateProjectResult)
  archiveProject(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#projects.setStatus(context.actor, id, 'ARCHIVED');
  }

  @Mutation(() => UpdateProjectResult)
  restoreProject(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#projects.setStatus(context.actor, id, 'ACTIVE');
  }
}
