import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { DoneResult } from '../../platform/graphql/refusals.ts';
import type { AccessContext } from '../access/access-context.ts';
import { batched } from '../access/batched.ts';
import type { LogSource } from './log-source.entity.ts';
import type { LogSourceService } from './log-source.service.ts';
import { LogSourceInput, LogSourceResult, LogSourceTag, LogSourceType } from './log-source.types.ts';
import type { Project } from './project.entity.ts';
import { ProjectType } from './project.types.ts';

/** Log sources: reading and changing them. */
@Resolver(() => LogSourceType)
export class LogSourceResolver {
  readonly #sources: LogSourceService;

  constructor(deps: { logSources: LogSourceService }) {
    this.#sources = deps.logSources;
  }

  @Query(() => LogSourceType, { nullable: true })
  logSource(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#sources.find(context.actor, id);
  }

  @Mutation(() => LogSourceResult)
  createLogSource(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('input', () => LogSourceInput) input: LogSourceInput,
    @Ctx() context: AccessContext,
  ) {
    return this.#sources.create(context.actor, projectId, input);
  }

  @Mutation(() => LogSourceResult)
  updateLogSource(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => LogSourceInput) input: LogSourceInput,
    @Ctx() context: AccessContext,
  ) {
    return this.#sources.update(context.actor, id, input);
  }

  @Mutation(() => LogSourceResult, { description: 'Stops watching; resumeLogSource goes on at the same place.' })
  pauseLogSource(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#sources.setEnabled(context.actor, id, false);
  }

  @Mutation(() => LogSourceResult)
  resumeLogSource(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#sources.setEnabled(context.actor, id, true);
  }

  @Mutation(() => DoneResult, { description: 'restoreLogSource takes it back for a day. Errors that were found stay.' })
  deleteLogSource(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext): Promise<DoneResult> {
    return this.#sources.remove(context.actor, id);
  }

  @Mutation(() => LogSourceResult)
  restoreLogSource(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#sources.restore(context.actor, id);
  }

  @FieldResolver(() => [LogSourceTag], { description: 'Put on every event.' })
  tags(@Root() source: LogSource): LogSourceTag[] {
    return Object.entries(source.tags).map(([key, value]) => ({ key, value }));
  }
}

/** What log sources add to a project. */
@Resolver(() => ProjectType)
export class ProjectLogSourcesResolver {
  readonly #sources: LogSourceService;

  constructor(deps: { logSources: LogSourceService }) {
    this.#sources = deps.logSources;
  }

  /** By name. @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => [LogSourceType], { description: 'Log files in which errors are looked for, by name.' })
  logSources(@Root() project: Project, @Ctx() { actor, loaders }: AccessContext) {
    actor.demand('projects:read');
    return batched(loaders, 'projects.logSources', (ids: readonly number[]) => this.#sources.sourcesOf(ids)).load(project.id);
  }
}
