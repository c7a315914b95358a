import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, PageInfo, union, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { IntervalUnit } from '../../analysis/schedule/schedule.ts';
import { ChangeKind } from '../enums.types.ts';
import type { CheckInStatus } from './monitor.entity.ts';
import type { MonitorRow } from './monitor-rows.ts';

/** How a monitor, or one of its environments, stands. */
export const MonitorStatus = {
  WAITING: 'WAITING',
  OK: 'OK',
  LATE: 'LATE',
  MISSED: 'MISSED',
  TIMEOUT: 'TIMEOUT',
  FAILED: 'FAILED',
  PAUSED: 'PAUSED',
} as const;
export type MonitorStatus = keyof typeof MonitorStatus;
registerEnumType(MonitorStatus, {
  name: 'MonitorStatus',
  valuesConfig: {
    WAITING: { description: 'Nothing has reported yet.' },
    LATE: { description: 'A run is due and has not reported; its margin is not over.' },
    MISSED: { description: 'A run did not report within its margin.' },
    TIMEOUT: { description: 'A run took longer than it may.' },
    PAUSED: { description: 'Nothing is expected and nothing is judged.' },
  },
});

/** What became of a run. */
export const MonitorRunStatus = {
  IN_PROGRESS: 'IN_PROGRESS',
  OK: 'OK',
  FAILED: 'FAILED',
  MISSED: 'MISSED',
  TIMEOUT: 'TIMEOUT',
  UNKNOWN: 'UNKNOWN',
} as const satisfies { [S in CheckInStatus]: S };
registerEnumType(MonitorRunStatus, {
  name: 'MonitorRunStatus',
  valuesConfig: { UNKNOWN: { description: 'It may have reported while the server was not there to hear it.' } },
});

export const MonitorScheduleType = { CRONTAB: 'crontab', INTERVAL: 'interval' } as const;
registerEnumType(MonitorScheduleType, { name: 'MonitorScheduleType' });

export const MonitorIntervalUnit = {
  MINUTE: 'minute',
  HOUR: 'hour',
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  YEAR: 'year',
} as const satisfies Record<string, IntervalUnit>;
registerEnumType(MonitorIntervalUnit, { name: 'MonitorIntervalUnit' });

export const MonitorOrigin = { CODE: 'CODE', HAND: 'HAND' } as const;
registerEnumType(MonitorOrigin, {
  name: 'MonitorOrigin',
  valuesConfig: { CODE: { description: 'Its check-ins say how it is meant to be, and change it.' } },
});

/** When a job is meant to run. */
@ObjectType()
export class MonitorSchedule {
  @Field(() => MonitorScheduleType)
  type!: 'crontab' | 'interval';

  @Field(() => String, { description: 'A crontab, or the number of units.' })
  value!: string;

  @Field(() => MonitorIntervalUnit, { nullable: true })
  unit!: IntervalUnit | null;

  @Field(() => String)
  timezone!: string;

  @Field(() => String, { description: 'In one line: `0 4 * * * (Europe/Berlin)`, `every 5 minutes`.' })
  text!: string;
}

/** A monitor in one environment. */
@ObjectType()
export class MonitorEnvironment {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  name!: string;

  @Field(() => MonitorStatus)
  status!: MonitorStatus;

  @Field(() => Date, { nullable: true })
  lastCheckInAt!: number | null;

  @Field(() => Date, { nullable: true })
  lastOkAt!: number | null;

  @Field(() => Date, { nullable: true })
  nextExpectedAt!: number | null;

  @Field(() => Int)
  failuresInRow!: number;
}

/** One run of a job. */
@ObjectType()
export class MonitorRun {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  checkInId!: string;

  @Field(() => String)
  environment!: string;

  @Field(() => MonitorRunStatus)
  status!: CheckInStatus;

  @Field(() => Date, { description: 'Of a missed run: when it was expected.' })
  startedAt!: number;

  @Field(() => Date, { nullable: true })
  endedAt!: number | null;

  @Field(() => Float, { nullable: true })
  durationMs!: number | null;

  @Field(() => Date, { nullable: true, description: 'Null for a run beside the schedule.' })
  expectedAt!: number | null;

  @Field(() => String, { nullable: true })
  release!: string | null;

  @Field(() => String, { nullable: true })
  traceId!: string | null;
}

@ObjectType()
export class MonitorRunEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => MonitorRun)
  node!: MonitorRun;
}

@ObjectType()
export class MonitorRunConnection {
  @Field(() => [MonitorRunEdge])
  edges!: MonitorRunEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

/** A row of failed runs. */
@ObjectType()
export class MonitorIncident {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  environment!: string;

  @Field(() => Date)
  startedAt!: number;

  @Field(() => Date, { nullable: true })
  recoveredAt!: number | null;
}

/** A job that is meant to run by a schedule. Resolvers return rows; what needs a look-up is in monitor.resolver.ts. */
@ObjectType()
export class Monitor {
  @Field(() => ID)
  id!: number;

  @Field(() => ID)
  projectId!: number;

  @Field(() => String)
  slug!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int)
  marginMinutes!: number;

  @Field(() => Int)
  maxRuntimeMinutes!: number;

  @Field(() => Int, { description: 'Failed runs in a row that make an error.' })
  failureThreshold!: number;

  @Field(() => Int, { description: 'Good runs in a row that end it.' })
  recoveryThreshold!: number;

  @Field(() => MonitorOrigin)
  origin!: 'CODE' | 'HAND';

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date)
  updatedAt!: number;

  constructor(row: MonitorRow) {
    Object.assign(this, row);
  }
}

@InputType()
export class MonitorScheduleInput {
  @Field(() => MonitorScheduleType)
  type!: 'crontab' | 'interval';

  @Field(() => String, { description: 'A crontab, or the number of units.' })
  value!: string;

  @Field(() => MonitorIntervalUnit, { nullable: true })
  unit?: IntervalUnit | null;

  @Field(() => String, { nullable: true, description: 'Of a crontab; UTC unless said.' })
  timezone?: string | null;
}

/** Absent or null: the default when made, left alone when changed. */
@InputType()
abstract class MonitorLimitsInput {
  @Field(() => Int, { nullable: true })
  marginMinutes?: number | null;

  @Field(() => Int, { nullable: true })
  maxRuntimeMinutes?: number | null;

  @Field(() => Int, { nullable: true })
  failureThreshold?: number | null;

  @Field(() => Int, { nullable: true })
  recoveryThreshold?: number | null;
}

@InputType()
export class CreateMonitorInput extends MonitorLimitsInput {
  @Field(() => ID)
  projectId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Made of the name unless said.' })
  slug?: string | null;

  @Field(() => MonitorScheduleInput)
  schedule!: MonitorScheduleInput;
}

/** Absent or null: left alone. */
@InputType()
export class UpdateMonitorInput extends MonitorLimitsInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => MonitorScheduleInput, { nullable: true })
  schedule?: MonitorScheduleInput | null;

  @Field(() => Boolean, { nullable: true })
  isPaused?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  isMuted?: boolean | null;
}

/** When a schedule comes round, or why it cannot be one. */
@ObjectType()
export class SchedulePreview {
  @Field(() => [Date])
  runs!: number[];

  @Field(() => String, { nullable: true })
  problem!: string | null;

  @Field(() => String, { nullable: true, description: 'value, unit or timezone.' })
  field!: string | null;
}

/** A monitor appeared, changed or went away. */
@ObjectType()
export class MonitorChanged {
  @Field(() => ChangeKind)
  kind!: keyof typeof ChangeKind;

  @Field(() => ID)
  monitorId!: number;

  @Field(() => ID)
  projectId!: number;
}

export const CreateMonitorResult = union('CreateMonitorResult', () => [
  Monitor,
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);
export type CreateMonitorResult = typeof CreateMonitorResult;
export const UpdateMonitorResult = union('UpdateMonitorResult', () => [Monitor, ValidationRefusal, NotFoundRefusal]);
export type UpdateMonitorResult = typeof UpdateMonitorResult;
