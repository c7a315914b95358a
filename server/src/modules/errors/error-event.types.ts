import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/refusals.ts';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import type { ExceptionRelation } from '../analysis/exception-relation.ts';
import type { Level } from '../detection/normalized-event.ts';
import { LevelEnum } from './enums.types.ts';
import type { EventRow } from './event-row.ts';
import type { FrameOutcome } from './source-maps/explain.ts';

/** A tag of an event. */
@ObjectType()
export class Tag {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

/** Something that was cut, dropped or repaired on arrival: which field, and why. */
@ObjectType()
export class EventNote {
  @Field(() => String)
  field!: string;

  @Field(() => String)
  reason!: string;
}

/** Something that happened before the event. */
@ObjectType('Breadcrumb')
export class BreadcrumbType {
  @Field(() => Date, { nullable: true })
  timestamp?: number;

  @Field(() => String, { nullable: true })
  type?: string;

  @Field(() => String, { nullable: true })
  category?: string;

  @Field(() => LevelEnum, { nullable: true })
  level?: Level;

  @Field(() => String, { nullable: true })
  message?: string;

  @Field(() => JsonScalar, { nullable: true })
  data?: Record<string, unknown>;
}

/** Where a call stands; `context` is its source line. */
@ObjectType()
abstract class FramePlace {
  @Field(() => String, { nullable: true })
  function?: string;

  @Field(() => String, { nullable: true })
  filename?: string;

  @Field(() => String, { nullable: true })
  absPath?: string;

  @Field(() => Int, { nullable: true })
  line?: number;

  @Field(() => Int, { nullable: true })
  column?: number;

  @Field(() => String, { nullable: true })
  context?: string;
}

/** A frame as it was sent, before a source map was applied. */
@ObjectType('MinifiedFrame')
export class MinifiedFrameType extends FramePlace {}

/** One call of a stack; `pre` and `post` are the lines around its source line. */
@ObjectType()
export class Frame extends FramePlace {
  @Field(() => String, { nullable: true })
  module?: string;

  @Field(() => String, { nullable: true })
  package?: string;

  @Field(() => Boolean)
  inApp!: boolean;

  @Field(() => [String])
  pre!: string[];

  @Field(() => [String])
  post!: string[];

  @Field(() => JsonScalar, { nullable: true })
  vars?: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: 'Of the script: names its source map.' })
  debugId?: string;

  @Field(() => MinifiedFrameType, {
    nullable: true,
    description: 'As it was sent, when a source map was applied; the other fields then tell of the original source.',
  })
  minified?: MinifiedFrameType;
}

/** Words of {@link FrameReportType}. */
export const FrameOutcomeEnum = {
  MAPPED: 'MAPPED',
  NO_MAP: 'NO_MAP',
  BROKEN_MAP: 'BROKEN_MAP',
  NO_POSITION: 'NO_POSITION',
  NOT_A_SCRIPT: 'NOT_A_SCRIPT',
} as const satisfies { [O in FrameOutcome]: O };
registerEnumType(FrameOutcomeEnum, { name: 'FrameOutcome' });

/** What source maps came to for one frame. */
@ObjectType('FrameReport')
export class FrameReportType {
  @Field(() => String)
  stack!: string;

  @Field(() => Int, { description: 'From 1, the crash first.' })
  frame!: number;

  @Field(() => String)
  place!: string;

  @Field(() => String, { nullable: true })
  debugId!: string | null;

  @Field(() => FrameOutcomeEnum)
  outcome!: FrameOutcome;

  @Field(() => String)
  reason!: string;

  @Field(() => String, { nullable: true })
  original!: string | null;
}

/** A thread of the program when the event happened. */
@ObjectType()
export class EventThread {
  @Field(() => String, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true })
  name?: string;

  @Field(() => Boolean)
  crashed!: boolean;

  @Field(() => Boolean)
  current!: boolean;

  @Field(() => [Frame])
  frames!: Frame[];
}

const RELATIONS = { THROWN: 'THROWN', CAUSE: 'CAUSE', SUPPRESSED: 'SUPPRESSED', MEMBER: 'MEMBER' } as const;
registerEnumType(RELATIONS, {
  name: 'ExceptionRelation',
  description: 'What an exception is to the one that was thrown.',
  valuesConfig: {
    CAUSE: { description: 'It led to the next, or was being handled when that was thrown.' },
    SUPPRESSED: { description: 'It happened while the other was on its way, and was put aside.' },
    MEMBER: { description: 'One of the failures that were collected into the other.' },
  },
});

/** One exception of a chain. Frames: outermost call first, where it was thrown last. */
@ObjectType()
export class ExceptionValue {
  @Field(() => String, { nullable: true })
  type?: string;

  @Field(() => String, { nullable: true })
  value?: string;

  @Field(() => String, { nullable: true })
  module?: string;

  @Field(() => Boolean, { nullable: true })
  handled?: boolean;

  @Field(() => String, { nullable: true })
  mechanism?: string;

  @Field(() => RELATIONS)
  relation!: ExceptionRelation;

  @Field(() => [Frame])
  frames!: Frame[];
}

/** A report. Values are {@link EventRow}s; what stands in the stored payload is added by `error-event.resolver.ts`. */
@ObjectType('ErrorEvent', { description: 'One report; immutable.' })
export class ErrorEventType implements EventRow {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  eventId!: string;

  @Field(() => Date)
  timestamp!: number;

  @Field(() => Date)
  receivedAt!: number;

  @Field(() => LevelEnum)
  level!: Level;

  @Field(() => String, { nullable: true })
  environment!: string | null;

  @Field(() => String, { nullable: true })
  release!: string | null;

  projectId!: number;
  groupId!: number;
  hash!: string;
}

/** An event of a list and its place there. */
@ObjectType()
export class ErrorEventEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => ErrorEventType)
  node!: EventRow;
}

/** One page. `totalCount` is counted only when asked for, by the resolver. */
@ObjectType()
export class ErrorEventConnection {
  @Field(() => [ErrorEventEdge])
  edges!: ErrorEventEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  /** Counts the whole list, once however often it is called. */
  countAll!: () => Promise<number>;
}
