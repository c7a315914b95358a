import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { User } from './access.entity.ts';
import type { AccessContext } from './access-context.ts';
import type { UserService } from './user.service.ts';
import { UpdateUserInput, UpdateUserResult, UserType } from './user.types.ts';

/** The people who may sign in, for administrators. */
@Resolver(() => UserType)
export class UserResolver {
  readonly #users: UserService;

  constructor(deps: { users: UserService }) {
    this.#users = deps.users;
  }

  @Query(() => [UserType])
  users(@Ctx() context: AccessContext) {
    return this.#users.list(context.actor);
  }

  @Mutation(() => UpdateUserResult)
  updateUser(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateUserInput) input: UpdateUserInput,
    @Ctx() context: AccessContext,
  ) {
    return this.#users.update(context.actor, id, input);
  }

  @FieldResolver(() => Boolean)
  disabled(@Root() user: User): boolean {
    return user.disabledAt != null;
  }
}
