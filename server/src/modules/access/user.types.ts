import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Role } from './permissions.ts';
import { resultUnion } from './result-union.ts';

/** {@link ROLES} as GraphQL wants an enum. */
export const RoleEnum = { VIEWER: 'VIEWER', OPERATOR: 'OPERATOR', ADMIN: 'ADMIN', OWNER: 'OWNER' } as const satisfies {
  [R in Role]: R;
};
registerEnumType(RoleEnum, { name: 'Role' });

/** A person; resolvers return the entity. `disabled` is in user.resolver.ts, `projects` in the projects room. */
@ObjectType('User')
export class UserType {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  email!: string;

  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date, { nullable: true })
  lastSeenAt!: number | null;
}

/** Conflict: the last owner, or oneself. */
export const UpdateUserResult = resultUnion('UpdateUserResult', UserType, [ValidationRefusal, NotFoundRefusal, ConflictRefusal]);

/** Absent or null: left alone. `projectIds` replaces the memberships. */
@InputType()
export class UpdateUserInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => RoleEnum, { nullable: true })
  role?: Role | null;

  @Field(() => Boolean, { nullable: true })
  disabled?: boolean | null;

  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;
}
