import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import { pageSize } from './cursor.ts';
import { LevelEnum } from './enums.types.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { ErrorGroupType } from './error-group.types.ts';
import type { EventCount, OverviewService } from './overview.service.ts';
import { CountByName, OverviewType } from './overview.types.ts';
import type { ErrorReadService } from './read.service.ts';
import { MetricSeries } from './trend.types.ts';

const NAMES = Object.fromEntries(Object.entries(LevelEnum).map(([name, level]) => [level, name]));

/** The landing page's figures, each counted only when asked for. */
@Resolver(() => OverviewType)
export class OverviewResolver {
  readonly #overview: OverviewService;
  readonly #read: ErrorReadService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { overview: OverviewService; read: ErrorReadService; loaders: ErrorLoaders }) {
    this.#overview = deps.overview;
    this.#read = deps.read;
    this.#loaders = deps.loaders;
  }

  @Query(() => OverviewType)
  overview(
    @Ctx() { actor }: AccessContext,
    @Arg('projectIds', () => [ID], { nullable: true }) projectIds?: string[] | null,
  ): OverviewType {
    return this.#overview.open(actor, projectIds);
  }

  @FieldResolver(() => Int)
  openErrorCount(@Root() of: OverviewType) {
    return this.#overview.openErrors(of);
  }

  @FieldResolver(() => Int)
  newErrorCount24h(@Root() of: OverviewType) {
    return this.#overview.newErrors(of);
  }

  @FieldResolver(() => Int)
  async eventCount24h(@Root() of: OverviewType) {
    return total(await this.#overview.events(of));
  }

  @FieldResolver(() => Int)
  async eventCountPrevious24h(@Root() of: OverviewType) {
    return total(await this.#overview.events(of, 1));
  }

  @FieldResolver(() => Int, { description: 'Users hurt by the errors seen within the last 24 hours.' })
  userCount24h(@Root() of: OverviewType) {
    return this.#overview.users(of);
  }

  /** Within the last 24 hours, the most first. */
  @FieldResolver(() => [CountByName])
  async eventsByProject(@Root() of: OverviewType, @Ctx() context: AccessContext): Promise<CountByName[]> {
    const counts = sums(await this.#overview.events(of), (row) => row.projectId);
    const projects = this.#loaders.projects(context);
    await projects.prime(counts.map(([id]) => id));
    const named = counts.map(async ([id, count]) => ({ id, name: (await projects.load(id))?.name ?? '', count }));
    return Promise.all(named);
  }

  /** Within the last 24 hours, the most first; names are those of the enum Level. */
  @FieldResolver(() => [CountByName])
  async eventsByLevel(@Root() of: OverviewType): Promise<CountByName[]> {
    const counts = sums(await this.#overview.events(of), (row) => row.level);
    return counts.map(([level, count]) => ({ id: null, name: NAMES[level] ?? level, count }));
  }

  @FieldResolver(() => [MetricSeries])
  trend(
    @Root() of: OverviewType,
    @Arg('hours', () => Int, { nullable: true, defaultValue: 24 }) hours: number | null,
  ): Promise<MetricSeries[]> {
    return this.#overview.trend(of, hours ?? 24);
  }

  @FieldResolver(() => [ErrorGroupType])
  newest(@Root() of: OverviewType, @Arg('first', () => Int, { nullable: true, defaultValue: 5 }) first: number | null) {
    return this.#read.top(of.scope, 'first_seen_at', pageSize(first, 5, 50));
  }

  @FieldResolver(() => [ErrorGroupType])
  busiest(@Root() of: OverviewType, @Arg('first', () => Int, { nullable: true, defaultValue: 5 }) first: number | null) {
    return this.#overview.busiest(of, pageSize(first, 5, 50));
  }
}

function total(rows: readonly EventCount[]): number {
  return rows.reduce((sum, row) => sum + row.n, 0);
}

function sums<K>(rows: readonly EventCount[], keyOf: (row: EventCount) => K): [K, number][] {
  const counts = new Map<K, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + row.n);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
