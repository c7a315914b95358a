import { Field, ID, ObjectType } from 'type-graphql';
import type { Level } from '../detection/normalized-event.ts';
import { ChangeKind, LevelEnum } from './enums.types.ts';

/** A fact about a kept event as it travels to subscribers; needs no read. */
@ObjectType({ description: 'A small fact about a kept event; ask for `event` when more is needed.' })
export class ErrorEventReceived {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  eventId!: string;

  @Field(() => ID)
  errorId!: number;

  @Field(() => ID)
  projectId!: number;

  @Field(() => Boolean)
  isNew!: boolean;

  @Field(() => Boolean)
  isRegression!: boolean;

  @Field(() => String)
  title!: string;

  @Field(() => String, { nullable: true })
  culprit!: string | null;

  @Field(() => LevelEnum)
  level!: Level;

  @Field(() => String, { nullable: true })
  environment!: string | null;

  @Field(() => String, { nullable: true })
  release!: string | null;

  @Field(() => Date)
  timestamp!: number;

  @Field(() => Date)
  receivedAt!: number;
}

/** An error appeared, changed or went away. */
@ObjectType()
export class ErrorChanged {
  @Field(() => ChangeKind)
  kind!: keyof typeof ChangeKind;

  @Field(() => ID)
  errorId!: number;

  @Field(() => ID)
  projectId!: number;
}
