import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NotFoundRefusal, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import { JsonScalar } from '../../../platform/graphql/scalars.ts';
import { resultUnion } from '../../access/result-union.ts';
import { PatternInput } from '../../projects/pattern.types.ts';
import { PatternRefusal } from '../../projects/pattern-refusal.ts';
import type { PreviewEvent, PreviewHit, PreviewLine } from './preview-work.ts';

/** Where a field was found in a line. */
@ObjectType()
export class PatternTestSpan {
  @Field(() => String)
  name!: string;

  @Field(() => Int)
  start!: number;

  @Field(() => Int)
  end!: number;
}

/** A line in which the expression is found. */
@ObjectType()
export class PatternTestLine implements PreviewLine {
  @Field(() => Int, { description: 'From 0.' })
  line!: number;

  @Field(() => Int, { description: 'First character of what is found, from 0.' })
  start!: number;

  @Field(() => Int)
  end!: number;

  @Field(() => [PatternTestSpan])
  spans!: PatternTestSpan[];

  @Field(() => String, { nullable: true, description: 'A pattern before this one has the line.' })
  takenBy!: string | null;
}

/** A field that was taken out, and where it goes. */
@ObjectType()
export class PatternTestField {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;

  @Field(() => String, { description: 'A part of the event, `tag:<name>`, `extra:<name>` or `drop`.' })
  target!: string;
}

/** An event that lines would become. */
@ObjectType()
export class PatternTestEvent implements PreviewEvent {
  @Field(() => Int, { description: 'First line, from 0.' })
  first!: number;

  @Field(() => Int, { description: 'Last line, from 0, included.' })
  last!: number;

  @Field(() => String)
  title!: string;

  @Field(() => String)
  level!: string;

  @Field(() => String)
  category!: string;

  @Field(() => String, { nullable: true, description: 'Name of the pattern that found it; null: detection by itself.' })
  pattern!: string | null;
}

/** A hit of the pattern. */
@ObjectType()
export class PatternTestHit extends PatternTestEvent implements PreviewHit {
  @Field(() => Boolean, { description: 'The pattern says that these lines are never an event.' })
  ignored!: boolean;

  @Field(() => [PatternTestField])
  fields!: PatternTestField[];

  @Field(() => JsonScalar, { description: "The event in Sentry's shape, before it is normalised and scrubbed." })
  event!: Record<string, unknown>;

  @Field(() => [PatternTestEvent], { description: 'What these lines would be without the pattern; empty: no event.' })
  instead!: PatternTestEvent[];
}

/** A pattern tried on lines. */
@ObjectType()
export class PatternTestRun {
  @Field(() => Int, { description: 'Lines looked at.' })
  lineCount!: number;

  @Field(() => Int)
  hitCount!: number;

  @Field(() => Int, { description: 'Lines in which the expression is found, also those that belong to another hit or pattern.' })
  matchCount!: number;

  @Field(() => Int, { description: 'Lines that are part of a hit.' })
  hitLineCount!: number;

  @Field(() => Boolean, { description: 'False: the time was over before all lines were looked at.' })
  complete!: boolean;

  @Field(() => [PatternTestLine], { description: 'At most the first 400.' })
  lines!: readonly PatternTestLine[];

  @Field(() => [PatternTestHit], { description: 'At most the first 50.' })
  hits!: readonly PatternTestHit[];
}

/** A pattern counted over the lines a log source had in the last day. */
@ObjectType()
export class PatternTestCount {
  @Field(() => Date)
  sinceAt!: number;

  @Field(() => Int)
  lineCount!: number;

  @Field(() => Int)
  hitCount!: number;

  @Field(() => Int, { description: 'Lines in which the expression is found, also those that belong to another hit or pattern.' })
  matchCount!: number;

  @Field(() => Boolean)
  complete!: boolean;
}

/** What came of trying a pattern. */
@ObjectType()
export class PatternTest {
  @Field(() => [String], { description: 'Names of the fields that the expression may fill.' })
  captures!: readonly string[];

  @Field(() => PatternTestRun, { nullable: true })
  pasted!: PatternTestRun | null;

  @Field(() => PatternTestCount, { nullable: true })
  recorded!: PatternTestCount | null;
}

/** What to try, and on what. */
@InputType()
export class TestPatternInput {
  @Field(() => ID)
  projectId!: string;

  @Field(() => PatternInput)
  pattern!: PatternInput;

  @Field(() => ID, { nullable: true, description: 'The pattern whose place it takes; else it comes last.' })
  patternId?: string | null;

  @Field(() => String, { nullable: true, description: 'Lines to try it on; at most 3,000.' })
  text?: string | null;

  @Field(() => ID, { nullable: true, description: 'Count over the last day of this log source; needs projects:write.' })
  sourceId?: string | null;
}

/** PatternRefusal: what is wrong with it. */
export const PatternTestResult = resultUnion('PatternTestResult', PatternTest, [
  PatternRefusal,
  ValidationRefusal,
  NotFoundRefusal,
]);
