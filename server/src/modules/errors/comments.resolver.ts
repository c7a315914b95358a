import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { Done, DoneResult, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { AccessContext } from '../access/access-context.ts';
import { UserType } from '../access/user.types.ts';
import { ActivityType, CommentResult, CommentType } from './activity.types.ts';
import type { CommentRow, CommentService } from './comments.service.ts';
import type { ErrorLoaders } from './error.loaders.ts';

/** Writing about errors, and who wrote. */
@Resolver(() => CommentType)
export class CommentsResolver {
  readonly #comments: CommentService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { comments: CommentService; loaders: ErrorLoaders }) {
    this.#comments = deps.comments;
    this.#loaders = deps.loaders;
  }

  @Mutation(() => CommentResult)
  async addComment(
    @Ctx() { actor }: AccessContext,
    @Arg('errorId', () => ID) errorId: string,
    @Arg('body', () => String) body: string,
  ): Promise<CommentResult> {
    return shown(await this.#comments.add(actor, errorId, body));
  }

  @Mutation(() => CommentResult)
  async editComment(
    @Ctx() { actor }: AccessContext,
    @Arg('id', () => ID) id: string,
    @Arg('body', () => String) body: string,
  ): Promise<CommentResult> {
    return shown(await this.#comments.edit(actor, id, body));
  }

  @Mutation(() => DoneResult)
  async deleteComment(@Ctx() { actor }: AccessContext, @Arg('id', () => ID) id: string): Promise<Done | NotFoundRefusal> {
    return (await this.#comments.remove(actor, id)) ? new Done() : new NotFoundRefusal();
  }

  @FieldResolver(() => UserType, { nullable: true })
  author(@Root() comment: CommentType, @Ctx() context: AccessContext) {
    return comment.userId === null ? null : this.#loaders.users(context).load(comment.userId);
  }
}

/** The person behind a line of history, where there is one. */
@Resolver(() => ActivityType)
export class ActivityResolver {
  readonly #loaders: ErrorLoaders;

  constructor(deps: { loaders: ErrorLoaders }) {
    this.#loaders = deps.loaders;
  }

  @FieldResolver(() => UserType, { nullable: true })
  user(@Root() line: ActivityType, @Ctx() context: AccessContext) {
    return line.userId === null ? null : this.#loaders.users(context).load(line.userId);
  }
}

function shown(result: CommentRow | ValidationRefusal | NotFoundRefusal): CommentResult {
  return result instanceof ValidationRefusal || result instanceof NotFoundRefusal ? result : new CommentType(result);
}
