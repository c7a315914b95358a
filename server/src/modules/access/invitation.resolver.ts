import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Done, DoneResult } from '../../platform/graphql/refusals.ts';
import type { Invitation } from './access.entity.ts';
import type { AccessContext } from './access-context.ts';
import type { InvitationService } from './invitation.service.ts';
import {
  AcceptInvitationInput,
  AcceptInvitationResult,
  InvitationPreviewType,
  InvitationType,
  InviteUserInput,
  InviteUserResult,
} from './invitation.types.ts';
import type { UserService } from './user.service.ts';
import { UserType } from './user.types.ts';
import { replyOf, signedIn } from './viewer.resolver.ts';

/** Links by which people join. */
@Resolver(() => InvitationType)
export class InvitationResolver {
  readonly #invitations: InvitationService;
  readonly #users: UserService;

  constructor(deps: { invitations: InvitationService; users: UserService }) {
    this.#invitations = deps.invitations;
    this.#users = deps.users;
  }

  @Query(() => [InvitationType])
  invitations(@Ctx() context: AccessContext) {
    return this.#invitations.list(context.actor);
  }

  @Query(() => InvitationPreviewType, { nullable: true })
  invitation(@Arg('token', () => String) token: string) {
    return this.#invitations.preview(token);
  }

  @Mutation(() => InviteUserResult)
  inviteUser(@Arg('input', () => InviteUserInput) input: InviteUserInput, @Ctx() context: AccessContext) {
    return this.#invitations.invite(context.actor, input);
  }

  @Mutation(() => AcceptInvitationResult)
  async acceptInvitation(@Arg('input', () => AcceptInvitationInput) input: AcceptInvitationInput, @Ctx() context: AccessContext) {
    replyOf(context);
    const result = await this.#invitations.accept(input, context);
    return 'viewer' in result ? signedIn(result, context) : result;
  }

  @Mutation(() => DoneResult)
  async revokeInvitation(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return (await this.#invitations.revoke(context.actor, id)) ?? new Done();
  }

  @FieldResolver(() => UserType, { nullable: true })
  createdBy(@Root() invitation: Invitation, @Ctx() context: AccessContext) {
    return this.#users.loader(context.loaders).load(invitation.createdById);
  }
}
