import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Done, DoneResult } from '../../platform/graphql/refusals.ts';
import type { ApiToken } from './access.entity.ts';
import type { AccessContext } from './access-context.ts';
import type { ApiTokenService } from './api-token.service.ts';
import { ApiTokenType, CreateApiTokenInput, CreateApiTokenResult } from './api-token.types.ts';
import type { UserService } from './user.service.ts';
import { UserType } from './user.types.ts';

/** Tokens for scripts and agents. */
@Resolver(() => ApiTokenType)
export class ApiTokenResolver {
  readonly #tokens: ApiTokenService;
  readonly #users: UserService;

  constructor(deps: { tokens: ApiTokenService; users: UserService }) {
    this.#tokens = deps.tokens;
    this.#users = deps.users;
  }

  @Query(() => [ApiTokenType])
  apiTokens(@Ctx() context: AccessContext) {
    return this.#tokens.list(context.actor);
  }

  @Mutation(() => CreateApiTokenResult)
  createApiToken(@Arg('input', () => CreateApiTokenInput) input: CreateApiTokenInput, @Ctx() context: AccessContext) {
    return this.#tokens.create(context.actor, input);
  }

  @Mutation(() => DoneResult)
  async revokeApiToken(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return (await this.#tokens.revoke(context.actor, id)) ?? new Done();
  }

  @FieldResolver(() => UserType)
  user(@Root() token: ApiToken, @Ctx() context: AccessContext) {
    return this.#users.loader(context.loaders).load(token.userId);
  }
}
