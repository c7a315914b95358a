import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/refusals.ts';
import type { Level } from '../detection/normalized-event.ts';
import { ErrorStatusEnum, LevelEnum } from './enums.types.ts';
import type { ErrorStatus } from './error-group.entity.ts';
import type { GroupRow } from './group-row.ts';

/**
 * An error. Values are {@link GroupRow}s as the statement gives them (ids as numbers, times as milliseconds, which the
 * scalars turn into text); what needs another table is added by `error-group.resolver.ts`.
 */
@ObjectType('ErrorGroup', { description: 'A group of like events: what a person resolves.' })
export class ErrorGroupType implements GroupRow {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { description: 'Human reference, PROJECT-SLUG-123.' })
  shortId!: string;

  @Field(() => String)
  title!: string;

  @Field(() => String, { nullable: true })
  type!: string | null;

  @Field(() => String, { nullable: true })
  value!: string | null;

  @Field(() => String, { nullable: true })
  culprit!: string | null;

  @Field(() => String, { nullable: true })
  messageTemplate!: string | null;

  @Field(() => LevelEnum)
  level!: Level;

  @Field(() => ErrorStatusEnum)
  status!: ErrorStatus;

  @Field(() => String)
  platform!: string;

  @Field(() => Boolean, { nullable: true })
  handled!: boolean | number | null;

  @Field(() => Date)
  firstSeen!: number;

  @Field(() => Date)
  lastSeen!: number;

  @Field(() => Int)
  eventCount!: number;

  @Field(() => Int)
  userCount!: number;

  @Field(() => String, { nullable: true })
  firstRelease!: string | null;

  @Field(() => String, { nullable: true })
  lastRelease!: string | null;

  @Field(() => Date, { nullable: true })
  archivedUntil!: number | null;

  @Field(() => Date, { nullable: true })
  resolvedAt!: number | null;

  @Field(() => String, { nullable: true })
  resolvedInRelease!: string | null;

  @Field(() => Int)
  commentCount!: number;

  projectId!: number;
  assigneeId!: number | null;
  resolvedById!: number | null;
}

/** How an error's events are told apart from others. */
@ObjectType()
export class Grouping {
  @Field(() => String)
  version!: string;

  @Field(() => String)
  hash!: string;

  @Field(() => [String])
  why!: string[];
}

/** A value of a tag, and how many events had it. */
@ObjectType()
export class TagValue {
  @Field(() => String)
  value!: string;

  @Field(() => Int)
  count!: number;

  @Field(() => Date)
  lastSeen!: number;
}

/** The values of one tag, most frequent first; `total` counts the events that have the tag at all. */
@ObjectType()
export class TagDistribution {
  @Field(() => String)
  key!: string;

  @Field(() => Int)
  total!: number;

  @Field(() => [TagValue])
  values!: TagValue[];
}

/** An error of a list and its place there. */
@ObjectType()
export class ErrorGroupEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => ErrorGroupType)
  node!: GroupRow;
}

/** One page. `totalCount` is counted only when asked for, by the resolver. */
@ObjectType()
export class ErrorGroupConnection {
  @Field(() => [ErrorGroupEdge])
  edges!: ErrorGroupEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  /** Counts the whole list, once however often it is called. */
  countAll!: () => Promise<{ count: number; exact: boolean }>;
}
