import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import type { AccessContext } from '../access/access-context.ts';
import { type ExceptionRelation, relationsOf } from '../analysis/exception-relation.ts';
import { eventToMarkdown } from '../analysis/markdown.ts';
import { summarize } from '../analysis/summary.ts';
import type { ScrubbedEvent } from '../detection/normalized-event.ts';
import { ProjectType } from '../projects/project.types.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import {
  BreadcrumbType,
  ErrorEventConnection,
  ErrorEventType,
  EventNote,
  EventThread,
  ExceptionValue,
  FrameReportType,
  Tag,
} from './error-event.types.ts';
import { ErrorGroupType, Grouping } from './error-group.types.ts';
import { framesOf, threadsOf } from './event-payload.ts';
import type { EventRow } from './event-row.ts';
import type { EventService } from './events.service.ts';

type Of<T> = Promise<T> | T;

/** The fields of an event that stand in its payload or refer elsewhere. Payloads of a list are read together. */
@Resolver(() => ErrorEventType)
export class ErrorEventResolver {
  readonly #loaders: ErrorLoaders;
  readonly #events: EventService;

  constructor(deps: { loaders: ErrorLoaders; events: EventService }) {
    this.#loaders = deps.loaders;
    this.#events = deps.events;
  }

  /** A value of the payload; `gone` when the payload is (retention may overtake a reader). */
  #from<T>(event: EventRow, context: AccessContext, pick: (payload: ScrubbedEvent) => T, gone: T): Of<T> {
    const payload = this.#loaders.payloads(context).load(event.id);
    if (payload instanceof Promise) return payload.then((found) => (found === undefined ? gone : pick(found)));
    return payload === undefined ? gone : pick(payload);
  }

  @FieldResolver(() => ErrorGroupType)
  group(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#loaders.groups(context).load(event.groupId);
  }

  @FieldResolver(() => ProjectType)
  project(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#loaders.projects(context).load(event.projectId);
  }

  @FieldResolver(() => String)
  platform(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.platform, 'other');
  }

  @FieldResolver(() => String)
  title(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => summarize(payload).title, '(no longer kept)');
  }

  @FieldResolver(() => String, { nullable: true })
  message(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.message ?? null, null);
  }

  @FieldResolver(() => String, { nullable: true })
  culprit(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => summarize(payload).culprit, null);
  }

  @FieldResolver(() => String, { nullable: true })
  transaction(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.transaction ?? null, null);
  }

  @FieldResolver(() => String, { nullable: true })
  logger(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.logger ?? null, null);
  }

  @FieldResolver(() => String, { nullable: true })
  dist(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.dist ?? null, null);
  }

  @FieldResolver(() => String, { nullable: true })
  serverName(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.serverName ?? null, null);
  }

  @FieldResolver(() => String)
  source(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.source, 'unknown');
  }

  @FieldResolver(() => [ExceptionValue], { description: 'Outermost cause first, what was thrown last.' })
  exceptions(@Root() event: EventRow, @Ctx() context: AccessContext): Of<ExceptionValue[]> {
    const pick = ({ exceptions }: ScrubbedEvent) => {
      const relations = relationsOf(exceptions);
      return exceptions.map((one, i) => ({ ...one, relation: relations[i] as ExceptionRelation, frames: framesOf(one.frames) }));
    };
    return this.#from(event, context, pick, []);
  }

  @FieldResolver(() => [EventThread])
  threads(@Root() event: EventRow, @Ctx() context: AccessContext): Of<EventThread[]> {
    return this.#from(event, context, threadsOf, []);
  }

  @FieldResolver(() => [BreadcrumbType])
  breadcrumbs(@Root() event: EventRow, @Ctx() context: AccessContext): Of<BreadcrumbType[]> {
    return this.#from(event, context, (payload) => payload.breadcrumbs, []);
  }

  @FieldResolver(() => [Tag])
  tags(@Root() event: EventRow, @Ctx() context: AccessContext): Of<Tag[]> {
    return this.#from(event, context, (payload) => payload.tags.map(([key, value]) => ({ key, value })), []);
  }

  @FieldResolver(() => JsonScalar)
  contexts(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload.contexts, {});
  }

  @FieldResolver(() => JsonScalar)
  extra(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload.extra, {});
  }

  @FieldResolver(() => JsonScalar, { nullable: true })
  request(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload.request ?? null, null);
  }

  @FieldResolver(() => JsonScalar, { nullable: true })
  user(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload.user ?? null, null);
  }

  @FieldResolver(() => JsonScalar, { nullable: true })
  sdk(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload.sdk ?? null, null);
  }

  @FieldResolver(() => JsonScalar, { nullable: true })
  modules(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload.modules ?? null, null);
  }

  @FieldResolver(() => String, { nullable: true })
  traceId(@Root() event: EventRow, @Ctx() context: AccessContext) {
    return this.#from(event, context, (payload) => payload.traceId ?? null, null);
  }

  @FieldResolver(() => [EventNote], { description: 'Fields that were cut, dropped or repaired on arrival.' })
  notes(@Root() event: EventRow, @Ctx() context: AccessContext): Of<EventNote[]> {
    return this.#from<EventNote[]>(event, context, (payload) => payload.errors, []);
  }

  @FieldResolver(() => [FrameReportType], { description: 'Why each frame shows its original source, or does not.' })
  frameReports(@Root() event: EventRow) {
    return this.#events.frameReports(event);
  }

  @FieldResolver(() => JsonScalar, { description: 'The whole event as stored, scrubbed.' })
  raw(@Root() event: EventRow, @Ctx() context: AccessContext): Of<unknown> {
    return this.#from<unknown>(event, context, (payload) => payload, {});
  }

  @FieldResolver(() => String, { description: 'The event as Markdown, ready for an issue tracker or an assistant.' })
  async markdown(@Root() event: EventRow, @Ctx() context: AccessContext): Promise<string> {
    const [payload, group, project, grouping] = await Promise.all([
      this.#loaders.payloads(context).load(event.id),
      this.#loaders.groups(context).load(event.groupId),
      this.#loaders.projects(context).load(event.projectId),
      this.#loaders.grouping(context, event),
    ]);
    if (!payload) return '';
    return eventToMarkdown(payload, {
      why: grouping.why,
      ...(project ? { project: project.name } : {}),
      ...(group
        ? {
            reference: group.shortId,
            status: group.status,
            eventCount: group.eventCount,
            userCount: group.userCount,
            firstSeenAt: group.firstSeen,
            lastSeenAt: group.lastSeen,
          }
        : {}),
    });
  }

  @FieldResolver(() => Grouping)
  grouping(@Root() event: EventRow, @Ctx() context: AccessContext): Of<Grouping> {
    return this.#loaders.grouping(context, event);
  }

  @FieldResolver(() => ErrorEventType, { nullable: true, description: 'Neighbours inside the error, by time.' })
  previous(@Root() event: EventRow) {
    return this.#events.neighbour(event, 'previous');
  }

  @FieldResolver(() => ErrorEventType, { nullable: true })
  next(@Root() event: EventRow) {
    return this.#events.neighbour(event, 'next');
  }
}

/** Counts a list of events only when asked to. */
@Resolver(() => ErrorEventConnection)
export class ErrorEventConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() page: ErrorEventConnection): Promise<number> {
    return page.countAll();
  }
}
