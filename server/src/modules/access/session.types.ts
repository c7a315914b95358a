import { Field, ID, ObjectType } from 'type-graphql';

/** A signed-in browser; resolvers return the entity. `current` is in session.resolver.ts. */
@ObjectType('Session')
export class SessionType {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { nullable: true })
  ip!: string | null;

  @Field(() => String, { nullable: true })
  userAgent!: string | null;

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date)
  lastSeenAt!: number;
}
