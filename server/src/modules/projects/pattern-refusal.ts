import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../platform/graphql/refusals.ts';
import type { PatternFault } from '../analysis/patterns/check.ts';

/** One thing that is wrong with a pattern. */
@ObjectType('PatternFault')
export class PatternFaultType implements PatternFault {
  @Field(() => String, { description: '`name`, `expression`, `continuation.expression`, `fields.<name>`, …' })
  field!: string;

  @Field(() => String)
  code!: PatternFault['code'];

  @Field(() => String)
  message!: string;

  @Field(() => Int, { nullable: true, description: 'Where in the text of the field, in characters from 0.' })
  position?: number;

  @Field(() => Int, { nullable: true })
  length?: number;
}

/** A pattern that does not hold; all its faults at once. */
@ObjectType({ implements: UserError })
export class PatternRefusal implements UserError {
  readonly code = 'INVALID_PATTERN';
  readonly message: string;

  @Field(() => [PatternFaultType])
  readonly faults: readonly PatternFault[];

  constructor(faults: readonly PatternFault[]) {
    this.message = faults[0]?.message ?? 'The pattern is not valid.';
    this.faults = faults;
  }
}

/** One thing that is wrong with a YAML text. */
@ObjectType('YamlFault')
export class YamlFaultType {
  @Field(() => Int, { description: 'From 1.' })
  line!: number;

  @Field(() => Int, { description: 'From 1.' })
  column!: number;

  @Field(() => String)
  message!: string;
}

/** A YAML text that is not a set of patterns; what is wrong with it, by lines. Nothing of it was taken. */
@ObjectType({ implements: UserError })
export class YamlRefusal implements UserError {
  readonly code = 'INVALID_YAML';
  readonly message: string;

  @Field(() => [YamlFaultType])
  readonly faults: readonly YamlFaultType[];

  constructor(faults: readonly YamlFaultType[]) {
    const first = faults[0];
    this.message = first === undefined ? 'The YAML is not valid.' : `Line ${first.line}: ${first.message}`;
    this.faults = faults;
  }
}
