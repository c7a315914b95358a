import { Field, ID, ObjectType } from 'type-graphql';
import { NotFoundRefusal, union, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { JsonScalar } from '../../platform/graphql/scalars.ts';

/** One line of an error's history; `user` is added by the resolver. */
@ObjectType('Activity')
export class ActivityType {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  kind!: string;

  @Field(() => String)
  actor!: string;

  @Field(() => JsonScalar)
  data!: Record<string, unknown>;

  @Field(() => Date)
  at!: number;

  userId!: number | null;
}

/** A comment on an error; `author` is added by the resolver. */
@ObjectType('Comment')
export class CommentType {
  @Field(() => ID)
  readonly id: number;

  @Field(() => String)
  readonly body: string;

  @Field(() => Date)
  readonly createdAt: number;

  @Field(() => Date, { nullable: true })
  readonly editedAt: number | null;

  readonly userId: number | null;

  constructor(row: { id: number; body: string; createdAt: number; editedAt: number | null; userId: number | null }) {
    this.id = row.id;
    this.body = row.body;
    this.createdAt = row.createdAt;
    this.editedAt = row.editedAt;
    this.userId = row.userId;
  }
}

/** Answer of writing or changing a comment. */
export const CommentResult = union('CommentResult', () => [CommentType, ValidationRefusal, NotFoundRefusal]);
/** See the constant of the same name. */
export type CommentResult = typeof CommentResult;
