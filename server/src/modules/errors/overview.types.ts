import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Scope } from './visibility.ts';

/** Events of a project (then with its id) or a level. */
@ObjectType()
export class CountByName {
  @Field(() => String)
  name!: string;

  @Field(() => ID, { nullable: true })
  id!: number | null;

  @Field(() => Int)
  count!: number;
}

/** Values that filters can take. */
@ObjectType()
export class FilterValues {
  @Field(() => [String])
  environments!: string[];

  @Field(() => [String])
  releases!: string[];
}

/** The landing page's figures; every one is a field resolver, so that only what is asked for is counted. */
@ObjectType('Overview')
export class OverviewType {
  scope!: Scope;
  /** The moment all its figures are of, ms. */
  now!: number;
}
