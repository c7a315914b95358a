import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../../access/access-context.ts';
import type { ReleaseSummary } from '../../projects/project.service.ts';
import { ProjectType, ReleaseType } from '../../projects/project.types.ts';
import { Batch, batchOf } from '../batch.ts';
import type { ErrorLoaders } from '../error.loaders.ts';
import { ErrorGroupType } from '../error-group.types.ts';
import type { CountedPage } from '../page.ts';
import { crashFree, type Health, type HealthService } from './health.service.ts';
import { ReleaseConnection, ReleaseHealth, ReleaseOrderField } from './release.types.ts';
import { type ReleaseOrder, type ReleaseService, releaseKey } from './releases.service.ts';
import { parseVersion } from './version.ts';

/** Releases with their health, and the errors they brought and mended. */
@Resolver(() => ReleaseType)
export class ReleaseResolver {
  readonly #releases: ReleaseService;
  readonly #health: HealthService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { releases: ReleaseService; health: HealthService; loaders: ErrorLoaders }) {
    this.#releases = deps.releases;
    this.#health = deps.health;
    this.#loaders = deps.loaders;
  }

  @Query(() => ReleaseConnection, { description: 'Releases of the projects in sight, newest first unless said otherwise.' })
  releases(
    @Ctx() { actor }: AccessContext,
    @Arg('projectIds', () => [ID], { nullable: true }) projectIds?: string[] | null,
    @Arg('query', () => String, { nullable: true, description: 'Part of the version.' }) query?: string | null,
    @Arg('environment', () => String, { nullable: true }) environment?: string | null,
    @Arg('orderBy', () => ReleaseOrderField, { nullable: true }) orderBy?: ReleaseOrder | null,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<CountedPage<ReleaseSummary>> {
    return this.#releases.list(actor, { projectIds, query, environment, orderBy, first, after });
  }

  @Query(() => ReleaseType, { nullable: true })
  release(
    @Ctx() { actor }: AccessContext,
    @Arg('projectId', () => ID) projectId: string,
    @Arg('version', () => String) version: string,
  ): Promise<ReleaseSummary | null> {
    return this.#releases.find(actor, projectId, version);
  }

  @FieldResolver(() => ProjectType, { nullable: true })
  project(@Root() release: ReleaseSummary, @Ctx() context: AccessContext) {
    return this.#loaders.projects(context).load(release.projectId);
  }

  @FieldResolver(() => String, { description: 'Without package and build; a commit cut to twelve digits.' })
  shortVersion(@Root() release: ReleaseSummary): string {
    return parseVersion(release.version).short;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Before the @.' })
  package(@Root() release: ReleaseSummary): string | null {
    return parseVersion(release.version).package;
  }

  /** @throws Failure FORBIDDEN without errors:read; BAD_INPUT for hours that cannot be */
  @FieldResolver(() => ReleaseHealth, { description: '`hours` up to now, 24 to 2160.' })
  async health(
    @Root() release: ReleaseSummary,
    @Ctx() context: AccessContext,
    @Arg('environment', () => String, { nullable: true }) environment?: string | null,
    @Arg('hours', () => Int, { nullable: true, defaultValue: 24 }) hours?: number | null,
  ): Promise<ReleaseHealth> {
    context.actor.demand('errors:read', release.projectId);
    const query = { environment: environment ?? null, hours: hours ?? 24 };
    const batch = batchOf(
      context.loaders,
      `errors.releaseHealth.${JSON.stringify(query)}`,
      () =>
        new Batch<string, Health | null>(
          (keys) => this.#health.healthOf(keys, query),
          () => null,
        ),
    );
    return healthType((await batch.load(releaseKey(release))) as Health);
  }

  @FieldResolver(() => [String], { description: 'In which it had sessions within the last 90 days.' })
  async environments(@Root() release: ReleaseSummary, @Ctx() context: AccessContext): Promise<string[]> {
    context.actor.demand('errors:read', release.projectId);
    const load = () =>
      new Batch<string, string[]>(
        (keys) => this.#health.environmentsOf(keys),
        () => [],
      );
    return batchOf(context.loaders, 'errors.releaseEnvironments', load).load(releaseKey(release));
  }

  @FieldResolver(() => Int, { description: 'Errors seen first in it.' })
  async newErrorCount(@Root() release: ReleaseSummary, @Ctx() context: AccessContext): Promise<number> {
    context.actor.demand('errors:read', release.projectId);
    const load = () =>
      new Batch<string, number>(
        (keys) => this.#releases.newErrorCounts(keys),
        () => 0,
      );
    return batchOf(context.loaders, 'errors.releaseNewErrors', load).load(releaseKey(release));
  }

  @FieldResolver(() => ReleaseType, { nullable: true, description: 'The one of the same package before it.' })
  previous(@Root() release: ReleaseSummary, @Ctx() { actor }: AccessContext): Promise<ReleaseSummary | null> {
    actor.demand('errors:read', release.projectId);
    return this.#releases.previous(release);
  }

  @FieldResolver(() => [ErrorGroupType], { description: 'Errors seen first in it, the busiest first.' })
  newErrors(
    @Root() release: ReleaseSummary,
    @Ctx() { actor }: AccessContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first?: number | null,
  ) {
    actor.demand('errors:read', release.projectId);
    return this.#releases.errorsOf(release, 'new', first ?? 10);
  }

  @FieldResolver(() => [ErrorGroupType], { description: 'Errors that came back in it.' })
  regressedErrors(
    @Root() release: ReleaseSummary,
    @Ctx() { actor }: AccessContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first?: number | null,
  ) {
    actor.demand('errors:read', release.projectId);
    return this.#releases.errorsOf(release, 'regressed', first ?? 10);
  }

  @FieldResolver(() => [ErrorGroupType], { description: 'Errors that are held to be mended by it.' })
  resolvedErrors(
    @Root() release: ReleaseSummary,
    @Ctx() { actor }: AccessContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first?: number | null,
  ) {
    actor.demand('errors:read', release.projectId);
    return this.#releases.errorsOf(release, 'resolved', first ?? 10);
  }
}

/** What a list of releases is counted by when asked. */
@Resolver(() => ReleaseConnection)
export class ReleaseConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() page: CountedPage<ReleaseSummary>): Promise<number> {
    return page.countAll();
  }
}

function healthType(health: Health): ReleaseHealth {
  const { points, bucketSeconds, ...sums } = health;
  const series = (['session', 'errored', 'abnormal', 'crashed'] as const).map((name) => ({
    name: name === 'session' ? 'sessions' : name,
    unit: 'sessions',
    bucketSeconds,
    points: points.map((point) => ({ at: point.at, value: point[`${name}Count`] })),
  }));
  return {
    ...sums,
    crashFreeSessions: crashFree(sums.sessionCount, sums.crashedCount),
    crashFreeUsers: crashFree(sums.userCount, sums.crashedUserCount),
    series,
  };
}
