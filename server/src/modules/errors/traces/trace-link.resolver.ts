import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../../access/access-context.ts';
import type { ErrorLoaders } from '../error.loaders.ts';
import { ErrorEventType } from '../error-event.types.ts';
import type { EventRow } from '../event-row.ts';
import type { TraceLinkService } from './trace-link.service.ts';

/** What an event was part of. */
@ObjectType()
export class EventTransaction {
  @Field(() => String, { description: 'POST /checkout, a task, a page.' })
  transaction!: string;

  @Field(() => String, { nullable: true })
  op!: string | null;

  @Field(() => String, { nullable: true })
  status!: string | null;

  @Field(() => Date)
  startedAt!: number;

  @Field(() => Int)
  durationMs!: number;
}

/** Links from an event to what else the SDK sent about the same moment. */
@Resolver(() => ErrorEventType)
export class EventLinksResolver {
  readonly #traces: TraceLinkService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { traces: TraceLinkService; loaders: ErrorLoaders }) {
    this.#traces = deps.traces;
    this.#loaders = deps.loaders;
  }

  @FieldResolver(() => EventTransaction, { nullable: true, description: 'The transaction it was part of, if that was sent.' })
  async partOf(@Root() event: EventRow, @Ctx() context: AccessContext) {
    const payload = await this.#loaders.payloads(context).load(event.id);
    return payload?.traceId === undefined ? null : this.#traces.find(event.projectId, payload.traceId);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Id of the session replay that shows it, as the SDK says.' })
  async replayId(@Root() event: EventRow, @Ctx() context: AccessContext): Promise<string | null> {
    const payload = await this.#loaders.payloads(context).load(event.id);
    const id = payload?.contexts['replay']?.['replay_id'];
    return typeof id === 'string' && /^[0-9a-f]{32}$/i.test(id) ? id : null;
  }
}
