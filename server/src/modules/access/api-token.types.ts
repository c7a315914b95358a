import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { ApiToken } from './access.entity.ts';
import { resultUnion } from './result-union.ts';

/** A token for scripts; resolvers return the entity. `user` is in api-token.resolver.ts, `projects` in the projects room. */
@ObjectType('ApiToken')
export class ApiTokenType {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  prefix!: string;

  @Field(() => [String])
  scopes!: string[];

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date, { nullable: true })
  expiresAt!: number | null;

  @Field(() => Date, { nullable: true })
  lastUsedAt!: number | null;
}

/** Answer of createApiToken: the only place where the secret is ever shown. */
@ObjectType({ description: 'The secret is shown once, here.' })
export class CreatedApiToken {
  @Field(() => ApiTokenType)
  token!: ApiToken;

  @Field(() => String)
  secret!: string;
}

/** A refused scope, project or end is a ValidationRefusal naming the field. */
export const CreateApiTokenResult = resultUnion('CreateApiTokenResult', CreatedApiToken, [ValidationRefusal]);

/** See `NewApiToken` in the service for what absent fields mean. */
@InputType()
export class CreateApiTokenInput {
  @Field(() => String)
  name!: string;

  @Field(() => [String])
  scopes!: string[];

  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;

  @Field(() => Date, { nullable: true })
  expiresAt?: Date | null;
}
