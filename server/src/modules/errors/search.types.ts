import { Field, ID, InputType } from 'type-graphql';
import type { Level } from '../detection/normalized-event.ts';
import { ErrorOrderField, ErrorStatusEnum, LevelEnum, OrderDirection } from './enums.types.ts';
import type { ErrorStatus } from './error-group.entity.ts';
import type { ErrorFilterInput } from './search-filter.ts';

/** What a list of errors or events is narrowed by. */
@InputType()
export class ErrorFilter implements ErrorFilterInput {
  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;

  @Field(() => [ErrorStatusEnum], { nullable: true })
  status?: ErrorStatus[] | null;

  @Field(() => [LevelEnum], { nullable: true })
  level?: Level[] | null;

  @Field(() => [String], { nullable: true })
  environment?: string[] | null;

  @Field(() => [String], { nullable: true })
  release?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'User ids, `me` or `none`.' })
  assignee?: string[] | null;

  @Field(() => Date, { nullable: true, description: 'Last seen at or after / first seen before …' })
  seenFrom?: Date | null;

  @Field(() => Date, { nullable: true })
  seenTo?: Date | null;

  @Field(() => String, { nullable: true, description: 'Words looked for in title, message and culprit.' })
  text?: string | null;
}

/** The order of a list of errors; ties are broken by id in the same direction. */
@InputType()
export class ErrorOrder {
  @Field(() => ErrorOrderField, { defaultValue: ErrorOrderField.LAST_SEEN })
  field!: ErrorOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.DESC })
  direction!: OrderDirection;
}

/** The errors a bulk change is about. */
@InputType({ description: 'Either ids, or a filter: everything that matches it now.' })
export class ErrorSelection {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => ErrorFilter, { nullable: true })
  filter?: ErrorFilter | null;

  @Field(() => String, { nullable: true, description: 'A query as `errors` takes it; holds together with the filter.' })
  query?: string | null;
}
