import { Field, Float, Int, ObjectType } from 'type-graphql';

/** One value of a series. */
@ObjectType()
export class MetricPoint {
  /** Start of the bucket, ms. */
  @Field(() => Date)
  at!: number;

  @Field(() => Float)
  value!: number;
}

/** Values over time; states its unit and its bucket. Points are gapless and in order. */
@ObjectType()
export class MetricSeries {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  unit!: string;

  @Field(() => Int)
  bucketSeconds!: number;

  @Field(() => [MetricPoint])
  points!: MetricPoint[];
}
