import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import { fromResolver } from '../../platform/graphql/from-resolver.ts';
import type { LiveSource } from '../../platform/graphql/live-topic.ts';
import type { AccessContext } from '../access/access-context.ts';
import { ProjectType } from '../projects/project.types.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { ErrorEventType } from './error-event.types.ts';
import { ErrorGroupType } from './error-group.types.ts';
import type { EventFact } from './facts.ts';
import type { LiveErrorsService, SequencedChange } from './live.service.ts';
import { ErrorChanged, ErrorEventReceived } from './live.types.ts';
import { ErrorFilter } from './search.types.ts';

/** Arguments as `subscribe` gets them. */
interface ReceivedArgs {
  filter?: ErrorFilter | null;
  query?: string | null;
  after?: string | null;
}

/** The live stream of kept events. A fact answers its own fields; `error` and `event` are read when asked for. */
@Resolver(() => ErrorEventReceived)
export class ReceivedEventsResolver {
  readonly #live: LiveErrorsService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { live: LiveErrorsService; loaders: ErrorLoaders }) {
    this.#live = deps.live;
    this.#loaders = deps.loaders;
  }

  @Subscription(() => ErrorEventReceived, {
    description:
      'Every kept event, oldest first. `after`: id of the last event seen; what came since is replayed first. Messages missed by a slow reader are counted in `extensions.missed`.',
    subscribe: fromResolver(
      () => ReceivedEventsResolver,
      (self, { args, context }) => self.source(context, args),
    ),
  })
  errorEventReceived(
    @Root() fact: EventFact,
    @Arg('filter', () => ErrorFilter, { nullable: true }) _filter?: ErrorFilter | null,
    @Arg('query', () => String, { nullable: true }) _query?: string | null,
    @Arg('after', () => ID, { nullable: true }) _after?: string | null,
  ): ErrorEventReceived {
    const { groupId, ...rest } = fact;
    return { ...rest, errorId: groupId };
  }

  /** What `errorEventReceived` listens to. */
  source({ actor }: AccessContext, args: ReceivedArgs): Promise<LiveSource<EventFact>> {
    return this.#live.received(actor, args);
  }

  @FieldResolver(() => ProjectType)
  project(@Root() fact: ErrorEventReceived, @Ctx() context: AccessContext) {
    return this.#loaders.projects(context).load(fact.projectId);
  }

  @FieldResolver(() => ErrorGroupType, { nullable: true })
  error(@Root() fact: ErrorEventReceived, @Ctx() context: AccessContext) {
    return this.#loaders.groups(context).load(fact.errorId);
  }

  @FieldResolver(() => ErrorEventType, { nullable: true })
  event(@Root() fact: ErrorEventReceived, @Ctx() context: AccessContext) {
    return this.#loaders.events(context).load(fact.id);
  }
}

/** The live stream of changes; a deleted error is null. */
@Resolver(() => ErrorChanged)
export class ErrorChangedResolver {
  readonly #live: LiveErrorsService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { live: LiveErrorsService; loaders: ErrorLoaders }) {
    this.#live = deps.live;
    this.#loaders = deps.loaders;
  }

  @Subscription(() => ErrorChanged, {
    subscribe: fromResolver(
      () => ErrorChangedResolver,
      (self, { args, context }) => self.source(context, args),
    ),
  })
  errorChanged(
    @Root() change: SequencedChange,
    @Arg('projectIds', () => [ID], { nullable: true }) _projectIds?: string[] | null,
  ): ErrorChanged {
    return change;
  }

  /** What `errorChanged` listens to. */
  source({ actor }: AccessContext, args: { projectIds?: string[] | null }): LiveSource<SequencedChange> {
    return this.#live.changed(actor, args.projectIds);
  }

  @FieldResolver(() => ErrorGroupType, { nullable: true })
  error(@Root() change: ErrorChanged, @Ctx() context: AccessContext) {
    return change.kind === 'DELETED' ? null : this.#loaders.groups(context).load(change.errorId);
  }
}
