import { Field, InputType, ObjectType } from 'type-graphql';
import { ThrottledRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import type { User } from './access.entity.ts';
import { resultUnion } from './result-union.ts';
import { UserType } from './user.types.ts';

/** A person as he sees himself; resolvers return the service's `Viewer`. */
@ObjectType('Viewer', { description: 'The signed-in person, with what they may do.' })
export class ViewerType {
  @Field(() => UserType)
  user!: User;

  @Field(() => [String])
  permissions!: string[];

  @Field(() => Date, { nullable: true })
  sessionExpiresAt!: number | null;

  @Field(() => JsonScalar)
  preferences!: Record<string, unknown>;
}

/** Wrong credentials are one ValidationRefusal without a field, whatever was wrong. */
export const SignInResult = resultUnion('SignInResult', ViewerType, [ValidationRefusal, ThrottledRefusal]);

/** Absent or null: left alone. A new password needs the current one. Preferences are merged key by key. */
@InputType()
export class UpdateProfileInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  currentPassword?: string | null;

  @Field(() => String, { nullable: true })
  newPassword?: string | null;

  @Field(() => JsonScalar, { nullable: true })
  preferences?: unknown;
}
