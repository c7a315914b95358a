import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { SystemSample } from './system.service.ts';

/** How the process and its host are doing. Bytes, milliseconds and percent, as the names say. */
@ObjectType()
export class SystemStatus {
  @Field(() => String)
  version!: string;

  @Field(() => Date)
  startedAt!: Date;

  @Field(() => String)
  database!: string;

  @Field(() => String)
  nodeVersion!: string;

  @Field(() => Float)
  rssBytes!: number;

  @Field(() => Float)
  heapUsedBytes!: number;

  @Field(() => Float)
  cpuPercent!: number;

  @Field(() => Float)
  eventLoopDelayP99Ms!: number;

  @Field(() => Float)
  ingestBacklogBytes!: number;

  @Field(() => Float)
  digestLagMs!: number;

  @Field(() => Float)
  eventsPerSecond!: number;

  @Field(() => Int)
  subscribers!: number;

  @Field(() => Float)
  databaseBytes!: number;

  @Field(() => Float)
  diskFreeBytes!: number;
}

/** A sample as the API shows it. */
export function toSystemStatus(sample: SystemSample): SystemStatus {
  return Object.assign(new SystemStatus(), sample, { startedAt: new Date(sample.startedAt) });
}
