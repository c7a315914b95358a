import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Outcome } from './digest.task.ts';

/** The fates of an item, as GraphQL wants an enum; the values are those of the table. */
export const IngestOutcomeKind = {
  ACCEPTED: 'accepted',
  FILTERED: 'filtered',
  RATE_LIMITED: 'rate_limited',
  INVALID: 'invalid',
  DUPLICATE: 'duplicate',
  FAILED: 'failed',
  UNSUPPORTED: 'unsupported',
} as const satisfies Record<string, Outcome>;
registerEnumType(IngestOutcomeKind, { name: 'IngestOutcomeKind' });

/** Items of one kind that met the same fate within an hour. */
@ObjectType('IngestOutcome')
export class IngestOutcomeType {
  /** Start of the hour, ms. */
  @Field(() => Date)
  hour!: number;

  @Field(() => String)
  item!: string;

  @Field(() => IngestOutcomeKind)
  outcome!: Outcome;

  @Field(() => String)
  reason!: string;

  @Field(() => String)
  sdk!: string;

  @Field(() => Int)
  quantity!: number;
}
