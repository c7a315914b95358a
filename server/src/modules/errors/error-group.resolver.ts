import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import { UserType } from '../access/user.types.ts';
import { ProjectType } from '../projects/project.types.ts';
import { ActivityType, CommentType } from './activity.types.ts';
import type { CommentService } from './comments.service.ts';
import { pageSize } from './cursor.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { ErrorEventConnection, ErrorEventType } from './error-event.types.ts';
import { ErrorGroupType, Grouping, TagDistribution } from './error-group.types.ts';
import type { EventService } from './events.service.ts';
import type { GroupRow } from './group-row.ts';
import type { HistoryService } from './history.service.ts';
import type { ErrorReadService } from './read.service.ts';
import { MetricSeries } from './trend.types.ts';
import type { TrendService } from './trends.service.ts';

/**
 * The fields of an error that need another table; those that lists show are batched. The row was found under
 * visibility, and everything here belongs to it.
 */
@Resolver(() => ErrorGroupType)
export class ErrorGroupResolver {
  readonly #loaders: ErrorLoaders;
  readonly #read: ErrorReadService;
  readonly #events: EventService;
  readonly #trends: TrendService;
  readonly #history: HistoryService;
  readonly #comments: CommentService;

  constructor(deps: {
    loaders: ErrorLoaders;
    read: ErrorReadService;
    events: EventService;
    trends: TrendService;
    history: HistoryService;
    comments: CommentService;
  }) {
    this.#loaders = deps.loaders;
    this.#read = deps.read;
    this.#events = deps.events;
    this.#trends = deps.trends;
    this.#history = deps.history;
    this.#comments = deps.comments;
  }

  @FieldResolver(() => ProjectType)
  project(@Root() group: GroupRow, @Ctx() context: AccessContext) {
    return this.#loaders.projects(context).load(group.projectId);
  }

  @FieldResolver(() => UserType, { nullable: true })
  assignee(@Root() group: GroupRow, @Ctx() context: AccessContext) {
    return group.assigneeId === null ? null : this.#loaders.users(context).load(group.assigneeId);
  }

  @FieldResolver(() => UserType, { nullable: true })
  resolvedBy(@Root() group: GroupRow, @Ctx() context: AccessContext) {
    return group.resolvedById === null ? null : this.#loaders.users(context).load(group.resolvedById);
  }

  @FieldResolver(() => [String])
  environments(@Root() group: GroupRow, @Ctx() context: AccessContext) {
    return this.#loaders.environments(context).load(group.id);
  }

  @FieldResolver(() => [Int], { description: 'Events per hour over the last `hours`, oldest first.' })
  sparkline(
    @Root() group: GroupRow,
    @Ctx() context: AccessContext,
    @Arg('hours', () => Int, { nullable: true, defaultValue: 24 }) hours: number | null,
  ) {
    return this.#loaders.sparklines(context, hours ?? 24).load(group.id);
  }

  @FieldResolver(() => MetricSeries)
  trend(
    @Root() group: GroupRow,
    @Arg('from', () => Date, { nullable: true }) from?: Date | null,
    @Arg('to', () => Date, { nullable: true }) to?: Date | null,
    @Arg('bucketSeconds', () => Int, { nullable: true }) bucketSeconds?: number | null,
  ): Promise<MetricSeries> {
    return this.#trends.ofError(group.id, {
      from: from?.getTime(),
      to: to?.getTime(),
      bucketSeconds: bucketSeconds ?? undefined,
    });
  }

  @FieldResolver(() => [TagDistribution], { description: 'Most frequent values per tag key.' })
  tags(
    @Root() group: GroupRow,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first: number | null,
  ): Promise<TagDistribution[]> {
    return this.#read.tags(group.id, pageSize(first, 10));
  }

  @FieldResolver(() => [Grouping])
  groupings(@Root() group: GroupRow): Promise<Grouping[]> {
    return this.#read.groupings(group.id);
  }

  @FieldResolver(() => [ActivityType])
  history(
    @Root() group: GroupRow,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
  ): Promise<ActivityType[]> {
    return this.#history.of(group.id, first ?? 50);
  }

  @FieldResolver(() => [CommentType])
  comments(@Root() group: GroupRow) {
    return this.#comments.of(group.id);
  }

  @FieldResolver(() => ErrorEventType, { nullable: true })
  latestEvent(@Root() group: GroupRow, @Ctx() context: AccessContext) {
    return this.#loaders.latestEvents(context).load(group.id);
  }

  @FieldResolver(() => ErrorEventType, { nullable: true, description: 'The first event that is still kept.' })
  oldestEvent(@Root() group: GroupRow, @Ctx() context: AccessContext) {
    return this.#loaders.oldestEvents(context).load(group.id);
  }

  @FieldResolver(() => ErrorEventConnection)
  events(
    @Root() group: GroupRow,
    @Ctx() { actor }: AccessContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ) {
    return this.#events.list(actor, { errorId: String(group.id), first, after });
  }
}
