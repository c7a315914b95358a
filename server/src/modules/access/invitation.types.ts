import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Invitation } from './access.entity.ts';
import type { Role } from './permissions.ts';
import { resultUnion } from './result-union.ts';
import { RoleEnum } from './user.types.ts';
import { ViewerType } from './viewer.types.ts';

/** An invitation; resolvers return the entity. `createdBy` is in invitation.resolver.ts, `projects` in the projects room. */
@ObjectType('Invitation')
export class InvitationType {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date)
  expiresAt!: number;

  @Field(() => Date, { nullable: true })
  acceptedAt!: number | null;
}

/** Answer of inviteUser: the only place where the link is ever shown. */
@ObjectType({ description: 'The link is shown once, here.' })
export class CreatedInvitation {
  @Field(() => InvitationType)
  invitation!: Invitation;

  @Field(() => String)
  url!: string;
}

/** What whoever holds the link may know; resolvers return the service's `InvitationPreview`. */
@ObjectType('InvitationPreview', { description: 'What an invitation link shows before it is accepted.' })
export class InvitationPreviewType {
  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => String, { nullable: true })
  invitedBy!: string | null;

  @Field(() => Date)
  expiresAt!: number;
}

/** Conflict: somebody with this e-mail address is here already. */
export const InviteUserResult = resultUnion('InviteUserResult', CreatedInvitation, [ValidationRefusal, ConflictRefusal]);

/** NotFound: unknown, used, lapsed or taken back; conflict: the e-mail address is taken. */
export const AcceptInvitationResult = resultUnion('AcceptInvitationResult', ViewerType, [
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);

/** Without an e-mail address anybody with the link may join. */
@InputType()
export class InviteUserInput {
  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;
}

/** The token of the link and who joins by it. */
@InputType()
export class AcceptInvitationInput {
  @Field(() => String)
  token!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  password!: string;
}
