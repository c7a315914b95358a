import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PageInfo, union, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import { FEEDBACK_STATUSES, type FeedbackStatus } from './feedback.entity.ts';

/** Statuses of feedback as GraphQL wants an enum. */
export const FeedbackStatusEnum = Object.fromEntries(FEEDBACK_STATUSES.map((name) => [name, name])) as {
  [S in FeedbackStatus]: S;
};
registerEnumType(FeedbackStatusEnum, { name: 'FeedbackStatus' });

/** What a user wrote. */
@ObjectType('Feedback')
export class FeedbackType {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { nullable: true, description: 'Id of the event it says it is about, 32 hex digits.' })
  eventId!: string | null;

  @Field(() => FeedbackStatusEnum)
  status!: FeedbackStatus;

  @Field(() => String)
  message!: string;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Page it was written on.' })
  url!: string | null;

  @Field(() => String, { nullable: true })
  environment!: string | null;

  @Field(() => String, { nullable: true })
  release!: string | null;

  @Field(() => String, { description: 'feedback or user_report.' })
  source!: string;

  @Field(() => Date)
  timestamp!: number;

  @Field(() => Date)
  receivedAt!: number;
}

@ObjectType()
export class FeedbackEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => FeedbackType)
  node!: FeedbackType;
}

/** A page of feedback, newest first. */
@ObjectType()
export class FeedbackConnection {
  @Field(() => [FeedbackEdge])
  edges!: FeedbackEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  countAll!: () => Promise<number>;
}

/** Which feedback. Absent: no matter. */
@InputType()
export class FeedbackFilter {
  @Field(() => [ID], { nullable: true })
  projectIds?: string[] | null;

  @Field(() => [FeedbackStatusEnum], { nullable: true })
  statuses?: FeedbackStatus[] | null;

  @Field(() => ID, { nullable: true })
  errorId?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the message, name or e-mail address, in any case of letters.' })
  search?: string | null;
}

/** One changed feedback and what it was before: change it back to that to undo. */
@ObjectType()
export class FeedbackChange {
  @Field(() => FeedbackType)
  feedback!: FeedbackType;

  @Field(() => FeedbackStatusEnum)
  formerStatus!: FeedbackStatus;
}

/** What was really changed; what was so already, or is out of sight, is left out. */
@ObjectType()
export class FeedbackChanges {
  @Field(() => [FeedbackChange])
  readonly changes: FeedbackChange[];

  constructor(changes: FeedbackChange[]) {
    this.changes = changes;
  }

  @Field(() => Int)
  get count(): number {
    return this.changes.length;
  }
}

/** Feedback that is gone for good. */
@ObjectType()
export class FeedbackDeleted {
  @Field(() => [ID])
  readonly ids: number[];

  constructor(ids: number[]) {
    this.ids = ids;
  }
}

/** Validation: nothing was named. */
export const DeleteFeedbackResult = union('DeleteFeedbackResult', () => [FeedbackDeleted, ValidationRefusal]);
export type DeleteFeedbackResult = FeedbackDeleted | ValidationRefusal;

/** Validation: nothing was named. */
export const UpdateFeedbackResult = union('UpdateFeedbackResult', () => [FeedbackChanges, ValidationRefusal]);
export type UpdateFeedbackResult = FeedbackChanges | ValidationRefusal;
