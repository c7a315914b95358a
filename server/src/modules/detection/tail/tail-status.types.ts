import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NotFoundRefusal, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import { resultUnion } from '../../access/result-union.ts';
import type { LogFileState, LogSourceState } from './tail-status.ts';

export const LogSourceStateEnum = {
  STARTING: 'STARTING',
  WAITING: 'WAITING',
  FOLLOWING: 'FOLLOWING',
  CATCHING_UP: 'CATCHING_UP',
  HELD: 'HELD',
  FAILED: 'FAILED',
  PAUSED: 'PAUSED',
  ABSENT: 'ABSENT',
} as const satisfies { [S in LogSourceState]: S };
registerEnumType(LogSourceStateEnum, {
  name: 'LogSourceState',
  description: 'How the reading of a log source is going.',
  valuesConfig: {
    WAITING: { description: 'No file matches yet.' },
    FOLLOWING: { description: 'Everything written so far is read.' },
    CATCHING_UP: { description: 'There is more to read than was read.' },
    HELD: { description: 'A quota or a full disk holds the reading up; nothing is skipped.' },
    FAILED: { description: 'No file can be read; the problems say why.' },
    ABSENT: { description: 'The agent that watches it was not heard of.' },
  },
});

export const LogFileStateEnum = {
  FOLLOWING: 'FOLLOWING',
  CATCHING_UP: 'CATCHING_UP',
  FINISHING: 'FINISHING',
  UNREADABLE: 'UNREADABLE',
  BINARY: 'BINARY',
} as const satisfies { [S in LogFileState]: S };
registerEnumType(LogFileStateEnum, {
  name: 'LogFileState',
  valuesConfig: {
    FINISHING: { description: 'Rotated, deleted or replaced: read to its end, then left.' },
    BINARY: { description: 'Its content is no text; it is left alone.' },
  },
});

/** What stands in the way of reading. */
@ObjectType('LogProblem')
export class LogProblemType {
  @Field(() => String, {
    description: 'Word for programs: permission, no_match, binary, outside_roots, compressed, too_many, read…',
  })
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => String, { nullable: true })
  path!: string | null;
}

/** How far one file is read. */
@ObjectType('LogFileStatus')
export class LogFileStatusType {
  @Field(() => String)
  path!: string;

  @Field(() => LogFileStateEnum)
  state!: LogFileState;

  @Field(() => Float, { description: 'Bytes read.' })
  positionBytes!: number;

  @Field(() => Float)
  sizeBytes!: number;

  @Field(() => Float)
  lagBytes!: number;

  @Field(() => Float, { description: 'Events found since the watching began.' })
  events!: number;

  @Field(() => Date, { nullable: true })
  lastLineAt!: number | null;

  @Field(() => String, { nullable: true })
  problem!: string | null;
}

/** What is shown of a source and reported of it alike. Counts are since the watching began. */
@ObjectType()
@InputType()
abstract class LogSourceFigures {
  @Field(() => LogSourceStateEnum)
  state!: LogSourceState;

  @Field(() => Int)
  fileCount!: number;

  @Field(() => Float)
  sizeBytes!: number;

  @Field(() => Float)
  lagBytes!: number;

  @Field(() => Float)
  linesPerSecond!: number;

  @Field(() => Float)
  lines!: number;

  @Field(() => Float)
  events!: number;
}

/** How the reading of a source is going. */
@ObjectType('LogSourceStatus')
export class LogSourceStatusType extends LogSourceFigures {
  @Field(() => String, { description: 'The state in one sentence.' })
  summary!: string;

  @Field(() => Date, { nullable: true })
  lastLineAt!: number | null;

  @Field(() => Date, { nullable: true })
  lastEventAt!: number | null;

  @Field(() => [LogProblemType])
  problems!: LogProblemType[];

  @Field(() => String, { nullable: true, description: 'Machine of the agent that reports this; null when this server reads.' })
  host!: string | null;

  @Field(() => Date, { nullable: true, description: 'When this was reported.' })
  heardAt!: number | null;
}

/** A file as a dry run found it. */
@ObjectType('LogSourceTestFile')
export class LogSourceTestFileType {
  @Field(() => String)
  path!: string;

  @Field(() => Float)
  sizeBytes!: number;

  @Field(() => String, { nullable: true, description: 'What was recognised around each line.' })
  wrapper!: string | null;

  @Field(() => String, { nullable: true })
  encoding!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it is not read.' })
  problem!: string | null;
}

/** An event that a dry run would have made. */
@ObjectType('LogSourceTestEvent')
export class LogSourceTestEventType {
  @Field(() => String)
  path!: string;

  @Field(() => Int, { description: 'Of the lines looked at, from 1.' })
  line!: number;

  @Field(() => String)
  title!: string;

  @Field(() => String)
  level!: string;

  @Field(() => String)
  category!: string;

  @Field(() => String, { nullable: true })
  pattern!: string | null;

  @Field(() => Date, { nullable: true })
  timestamp!: number | null;

  @Field(() => Int)
  frameCount!: number;
}

/** What a source would do, without doing it. */
@ObjectType('LogSourceTest')
export class LogSourceTestType {
  @Field(() => Int)
  fileCount!: number;

  @Field(() => [LogSourceTestFileType], { description: 'The first of them.' })
  files!: LogSourceTestFileType[];

  @Field(() => [String], { description: 'The last lines of the file written last.' })
  sample!: string[];

  @Field(() => Int, { description: 'Lines looked at.' })
  lines!: number;

  @Field(() => Int)
  eventCount!: number;

  @Field(() => [LogSourceTestEventType], { description: 'The first of them.' })
  events!: LogSourceTestEventType[];

  @Field(() => [LogProblemType])
  problems!: LogProblemType[];
}

export const LogSourceTestResult = resultUnion('LogSourceTestResult', LogSourceTestType, [ValidationRefusal, NotFoundRefusal]);

@InputType()
export class LogProblemInput {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => String, { nullable: true })
  path?: string | null;
}

@InputType()
export class LogFileStatusInput {
  @Field(() => String)
  path!: string;

  @Field(() => LogFileStateEnum)
  state!: LogFileState;

  @Field(() => Float)
  positionBytes!: number;

  @Field(() => Float)
  sizeBytes!: number;

  @Field(() => Float)
  events!: number;

  @Field(() => Date, { nullable: true })
  lastLineAt?: Date | null;

  @Field(() => String, { nullable: true })
  problem?: string | null;
}

/** What an agent tells of the source that it watches; at least every 30 seconds. */
@InputType()
export class LogSourceReportInput extends LogSourceFigures {
  @Field(() => ID)
  sourceId!: string;

  @Field(() => String, { description: 'Name of the machine.' })
  host!: string;

  @Field(() => Date, { nullable: true })
  lastLineAt?: Date | null;

  @Field(() => Date, { nullable: true })
  lastEventAt?: Date | null;

  @Field(() => [LogProblemInput])
  problems!: LogProblemInput[];

  @Field(() => [LogFileStatusInput], { description: 'At most 200, those that lag most first.' })
  files!: LogFileStatusInput[];
}

/** What the agent has to do now: begin anew when `revision` is another, stop when the source is not enabled. */
@ObjectType('LogSourceOrders')
export class LogSourceOrdersType {
  @Field(() => ID)
  sourceId!: number;

  @Field(() => Int)
  revision!: number;

  @Field(() => Boolean)
  enabled!: boolean;
}

export const ReportLogSourceResult = resultUnion('ReportLogSourceResult', LogSourceOrdersType, [
  ValidationRefusal,
  NotFoundRefusal,
]);
