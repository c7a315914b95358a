import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { fromResolver } from '../../../platform/graphql/from-resolver.ts';
import type { LiveSource } from '../../../platform/graphql/live-topic.ts';
import { ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { AccessContext } from '../../access/access-context.ts';
import { ProjectType } from '../../projects/project.types.ts';
import { attachmentsOf } from '../attachments/attachment.resolver.ts';
import { type AttachmentService, ownerKey } from '../attachments/attachment.service.ts';
import { AttachmentType } from '../attachments/attachment.types.ts';
import type { ErrorLoaders } from '../error.loaders.ts';
import { ErrorGroupType } from '../error-group.types.ts';
import type { GroupRow } from '../group-row.ts';
import type { CountedPage } from '../page.ts';
import type { FeedbackStatus } from './feedback.entity.ts';
import type { FeedbackRow, FeedbackService } from './feedback.service.ts';
import {
  DeleteFeedbackResult,
  FeedbackChanges,
  FeedbackConnection,
  FeedbackDeleted,
  FeedbackFilter,
  FeedbackStatusEnum,
  FeedbackType,
  UpdateFeedbackResult,
} from './feedback.types.ts';

interface Deps {
  feedback: FeedbackService;
  attachments: AttachmentService;
  loaders: ErrorLoaders;
}

/** What users wrote. */
@Resolver(() => FeedbackType)
export class FeedbackResolver {
  readonly #feedback: FeedbackService;
  readonly #attachments: AttachmentService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: Deps) {
    this.#feedback = deps.feedback;
    this.#attachments = deps.attachments;
    this.#loaders = deps.loaders;
  }

  @Query(() => FeedbackConnection, { description: 'Feedback in sight, newest first.' })
  feedback(
    @Ctx() { actor }: AccessContext,
    @Arg('filter', () => FeedbackFilter, { nullable: true }) filter?: FeedbackFilter | null,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<CountedPage<FeedbackRow>> {
    return this.#feedback.list(actor, { ...filter, first, after });
  }

  @Mutation(() => UpdateFeedbackResult, { description: 'Marks feedback as read, unread, archived or spam.' })
  async updateFeedback(
    @Ctx() { actor }: AccessContext,
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('status', () => FeedbackStatusEnum) status: FeedbackStatus,
  ): Promise<UpdateFeedbackResult> {
    const changed = await this.#feedback.setStatus(actor, ids, status);
    if (changed instanceof ValidationRefusal) return changed;
    return new FeedbackChanges(changed.map(({ row, former }) => ({ feedback: row, formerStatus: former })));
  }

  @Mutation(() => DeleteFeedbackResult, { description: 'Removes feedback for good, with the files sent with it.' })
  async deleteFeedback(@Ctx() { actor }: AccessContext, @Arg('ids', () => [ID]) ids: string[]): Promise<DeleteFeedbackResult> {
    const gone = await this.#feedback.remove(actor, ids);
    return gone instanceof ValidationRefusal ? gone : new FeedbackDeleted(gone);
  }

  @Subscription(() => FeedbackType, {
    description: 'Every new feedback, once it is linked to its error, if that is known.',
    subscribe: fromResolver(
      () => FeedbackResolver,
      (self, { args, context }) => self.source(context, args),
    ),
  })
  async feedbackReceived(
    @Root() fact: { id: number },
    @Arg('projectIds', () => [ID], { nullable: true }) _projectIds?: string[] | null,
  ): Promise<FeedbackRow> {
    const row = (await this.#feedback.byIds([fact.id])).get(fact.id);
    if (row === undefined) throw new Error('feedback that was received is gone');
    return row;
  }

  /** What `feedbackReceived` listens to. */
  source({ actor }: AccessContext, args: { projectIds?: string[] | null }): LiveSource<{ id: number; projectId: number }> {
    return this.#feedback.arrivals(actor, args.projectIds);
  }

  @FieldResolver(() => ProjectType)
  project(@Root() row: FeedbackRow, @Ctx() context: AccessContext) {
    return this.#loaders.projects(context).load(row.projectId);
  }

  @FieldResolver(() => ErrorGroupType, { nullable: true, description: 'The error it is about, once its event is there.' })
  error(@Root() row: FeedbackRow, @Ctx() context: AccessContext) {
    return row.errorId === null ? null : this.#loaders.groups(context).load(row.errorId);
  }

  @FieldResolver(() => [AttachmentType], { description: 'Screenshots and other files sent with it.' })
  attachments(@Root() row: FeedbackRow, @Ctx() context: AccessContext) {
    return attachmentsOf(this.#attachments, context).load(ownerKey({ projectId: row.projectId, eventId: row.feedbackId }));
  }
}

/** Counts only when asked to. */
@Resolver(() => FeedbackConnection)
export class FeedbackConnectionResolver {
  @FieldResolver(() => Int, { description: 'Counted up to 10,000.' })
  totalCount(@Root() page: FeedbackConnection): Promise<number> {
    return page.countAll();
  }
}

/** Feedback about an error. */
@Resolver(() => ErrorGroupType)
export class ErrorFeedbackResolver {
  readonly #feedback: FeedbackService;

  constructor(deps: Pick<Deps, 'feedback'>) {
    this.#feedback = deps.feedback;
  }

  @FieldResolver(() => FeedbackConnection, { description: 'What users wrote about it, newest first; spam is left out.' })
  feedback(
    @Root() group: GroupRow,
    @Ctx() { actor }: AccessContext,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<CountedPage<FeedbackRow>> {
    return this.#feedback.list(actor, { errorId: group.id, statuses: ['UNREAD', 'READ', 'ARCHIVED'], first, after });
  }
}
