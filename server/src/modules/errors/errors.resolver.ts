import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { ErrorEventConnection, ErrorEventType } from './error-event.types.ts';
import { ErrorGroupConnection, ErrorGroupType } from './error-group.types.ts';
import type { EventService } from './events.service.ts';
import type { GroupRow } from './group-row.ts';
import type { ErrorListService } from './list.service.ts';
import type { OverviewService } from './overview.service.ts';
import { FilterValues } from './overview.types.ts';
import type { ErrorReadService } from './read.service.ts';
import { ErrorFilter, ErrorOrder } from './search.types.ts';
import { intArgument, selectedFields } from './selection.ts';

/** The questions about errors and events. */
@Resolver(() => ErrorGroupConnection)
export class ErrorsResolver {
  readonly #list: ErrorListService;
  readonly #read: ErrorReadService;
  readonly #events: EventService;
  readonly #overview: OverviewService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: {
    list: ErrorListService;
    read: ErrorReadService;
    events: EventService;
    overview: OverviewService;
    loaders: ErrorLoaders;
  }) {
    this.#list = deps.list;
    this.#read = deps.read;
    this.#events = deps.events;
    this.#overview = deps.overview;
    this.#loaders = deps.loaders;
  }

  @Query(() => ErrorGroupConnection)
  async errors(
    @Ctx() context: AccessContext,
    @Info() info: GraphQLResolveInfo,
    @Arg('filter', () => ErrorFilter, { nullable: true }) filter?: ErrorFilter | null,
    @Arg('query', () => String, { nullable: true }) query?: string | null,
    @Arg('orderBy', () => ErrorOrder, { nullable: true }) orderBy?: ErrorOrder | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ) {
    const page = await this.#list.list(context.actor, { filter, query, orderBy, first, after });
    const rows = page.edges.map((edge) => edge.node);
    await this.#prime(context, rows, info);
    return page;
  }

  /** Fetches ahead what the rows' fields will ask for, so that they answer without a promise each. */
  async #prime(context: AccessContext, rows: readonly GroupRow[], info: GraphQLResolveInfo): Promise<void> {
    if (rows.length === 0) return;
    const fields = selectedFields(info, ['edges', 'node']);
    const ids = rows.map((row) => row.id);
    const people = rows.flatMap((row) => [
      ...(fields.has('assignee') && row.assigneeId !== null ? [row.assigneeId] : []),
      ...(fields.has('resolvedBy') && row.resolvedById !== null ? [row.resolvedById] : []),
    ]);
    await Promise.all([
      fields.has('project') ? this.#loaders.projects(context).prime(rows.map((row) => row.projectId)) : undefined,
      fields.has('environments') ? this.#loaders.environments(context).prime(ids) : undefined,
      people.length > 0 ? this.#loaders.users(context).prime(people) : undefined,
      ...(fields.get('sparkline') ?? []).map((node) =>
        this.#loaders.sparklines(context, intArgument(node, 'hours', 24, info.variableValues)).prime(ids),
      ),
    ]);
  }

  @FieldResolver(() => Int, { description: 'Exact up to 10,000, then a lower bound (see totalCountIsExact).' })
  async totalCount(@Root() page: ErrorGroupConnection): Promise<number> {
    return (await page.countAll()).count;
  }

  @FieldResolver(() => Boolean)
  async totalCountIsExact(@Root() page: ErrorGroupConnection): Promise<boolean> {
    return (await page.countAll()).exact;
  }

  @Query(() => ErrorGroupType, { nullable: true })
  error(@Ctx() { actor }: AccessContext, @Arg('id', () => ID) id: string) {
    return this.#read.byId(actor, id);
  }

  @Query(() => ErrorEventConnection)
  errorEvents(
    @Ctx() { actor }: AccessContext,
    @Arg('errorId', () => ID, { nullable: true }) errorId?: string | null,
    @Arg('projectId', () => ID, { nullable: true }) projectId?: string | null,
    @Arg('filter', () => ErrorFilter, { nullable: true }) filter?: ErrorFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ) {
    return this.#events.list(actor, { errorId, projectId, filter, first, after });
  }

  @Query(() => ErrorEventType, { nullable: true })
  async errorEvent(
    @Ctx() { actor }: AccessContext,
    @Arg('id', () => ID, { nullable: true }) id?: string | null,
    @Arg('eventId', () => String, { nullable: true }) eventId?: string | null,
    @Arg('projectId', () => ID, { nullable: true }) projectId?: string | null,
  ) {
    return this.#events.find(actor, { id, eventId, projectId });
  }

  @Query(() => FilterValues, { description: 'Values that filters can take, for the projects seen.' })
  filterValues(
    @Ctx() { actor }: AccessContext,
    @Arg('projectIds', () => [ID], { nullable: true }) projectIds?: string[] | null,
  ): Promise<FilterValues> {
    return this.#overview.filterValues(actor, projectIds);
  }
}
