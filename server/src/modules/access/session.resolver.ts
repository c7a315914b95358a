import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Done, DoneResult, NotFoundRefusal } from '../../platform/graphql/refusals.ts';
import type { Session } from './access.entity.ts';
import type { AccessContext } from './access-context.ts';
import { parseId } from './input.ts';
import { demandPerson } from './profile.service.ts';
import type { SessionService } from './session.service.ts';
import { SessionType } from './session.types.ts';

/** A person's own sessions. */
@Resolver(() => SessionType)
export class SessionResolver {
  readonly #sessions: SessionService;

  constructor(deps: { sessions: SessionService }) {
    this.#sessions = deps.sessions;
  }

  @Query(() => [SessionType])
  sessions(@Ctx() context: AccessContext) {
    return this.#sessions.listOf(demandPerson(context.actor));
  }

  @Mutation(() => DoneResult)
  async revokeSession(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    const userId = demandPerson(context.actor);
    const sessionId = parseId(id);
    const ended = sessionId !== null && (await this.#sessions.end(sessionId, userId));
    if (!ended) return new NotFoundRefusal('There is no such session.');
    if (sessionId === context.sessionId) context.reply?.clearCookie();
    return new Done();
  }

  @FieldResolver(() => Boolean)
  current(@Root() session: Session, @Ctx() context: AccessContext): boolean {
    return session.id === context.sessionId;
  }
}
