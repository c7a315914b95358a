import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PageInfo } from '../../../platform/graphql/refusals.ts';
import type { ReleaseSummary } from '../../projects/project.service.ts';
import { ReleaseType } from '../../projects/project.types.ts';
import { MetricSeries } from '../trend.types.ts';

/** What releases can be ordered by. */
export const ReleaseOrderField = {
  FIRST_SEEN: 'first-seen',
  LAST_SEEN: 'last-seen',
  EVENT_COUNT: 'event-count',
} as const;
registerEnumType(ReleaseOrderField, { name: 'ReleaseOrderField', description: 'Newest or most first.' });

/** How a release does. */
@ObjectType({ description: 'How a release does, by the sessions of its users. Rates are shares from 0 to 1.' })
export class ReleaseHealth {
  @Field(() => Int)
  sessionCount!: number;

  @Field(() => Int, { description: 'With errors, but neither crashed nor abnormal.' })
  erroredCount!: number;

  @Field(() => Int, { description: 'Ended without saying so: killed, frozen, out of battery.' })
  abnormalCount!: number;

  @Field(() => Int)
  crashedCount!: number;

  @Field(() => Float, { nullable: true, description: 'Null without sessions.' })
  crashFreeSessions!: number | null;

  @Field(() => Int, { description: 'Distinct users of each day (UTC), summed over the days.' })
  userCount!: number;

  @Field(() => Int)
  crashedUserCount!: number;

  @Field(() => Float, { nullable: true, description: 'Null when no session names a user.' })
  crashFreeUsers!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the sessions of its project within the last 24 hours.' })
  adoption!: number | null;

  @Field(() => [MetricSeries], { description: 'sessions, errored, abnormal and crashed; gapless.' })
  series!: MetricSeries[];
}

@ObjectType('ReleaseEdge')
export class ReleaseEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => ReleaseType)
  node!: ReleaseSummary;
}

@ObjectType('ReleaseConnection')
export class ReleaseConnection {
  @Field(() => [ReleaseEdge])
  edges!: ReleaseEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
