import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import type { Project } from '../projects/project.entity.ts';
import { ProjectType } from '../projects/project.types.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { MetricSeries } from './trend.types.ts';

/** What the errors room adds to a project; a list of projects is answered by one statement per field. */
@Resolver(() => ProjectType)
export class ProjectErrorsResolver {
  readonly #loaders: ErrorLoaders;

  constructor(deps: { loaders: ErrorLoaders }) {
    this.#loaders = deps.loaders;
  }

  /** @throws Failure FORBIDDEN without errors:read */
  @FieldResolver(() => Int, { description: 'Unresolved errors now.' })
  openErrorCount(@Root() project: Project, @Ctx() context: AccessContext) {
    context.actor.demand('errors:read', project.id);
    return this.#loaders.openCounts(context).load(project.id);
  }

  /** @throws Failure FORBIDDEN without errors:read */
  @FieldResolver(() => Date, { nullable: true, description: 'When its latest event happened; null when no error is there.' })
  async lastEventAt(@Root() project: Project, @Ctx() context: AccessContext): Promise<Date | null> {
    context.actor.demand('errors:read', project.id);
    const at = await this.#loaders.lastEventTimes(context).load(project.id);
    return at === null ? null : new Date(at);
  }

  /** @throws Failure FORBIDDEN without errors:read; BAD_INPUT for a senseless span */
  @FieldResolver(() => MetricSeries, { description: 'Events per bucket; 24 points of one hour by default.' })
  trend(
    @Root() project: Project,
    @Ctx() context: AccessContext,
    @Arg('from', () => Date, { nullable: true }) from?: Date | null,
    @Arg('to', () => Date, { nullable: true }) to?: Date | null,
    @Arg('bucketSeconds', () => Int, { nullable: true }) bucketSeconds?: number | null,
  ) {
    context.actor.demand('errors:read', project.id);
    const asked = { from: from?.getTime(), to: to?.getTime(), bucketSeconds: bucketSeconds ?? undefined };
    return this.#loaders.projectTrends(context, asked).load(project.id);
  }
}
