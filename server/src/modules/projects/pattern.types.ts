import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { resultUnion } from '../access/result-union.ts';
import { PatternRefusal, YamlRefusal } from './pattern-refusal.ts';

/** How an expression is written. */
export const PatternKindEnum = { GROK: 'GROK', REGEX: 'REGEX' } as const;
registerEnumType(PatternKindEnum, { name: 'PatternKind' });
/** What a hit is; IGNORE: never an event. */
export const PatternLevelEnum = {
  IGNORE: 'IGNORE',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARNING: 'WARNING',
  ERROR: 'ERROR',
  FATAL: 'FATAL',
} as const;
registerEnumType(PatternLevelEnum, { name: 'PatternLevel' });
/** Which lines belong to the first one. */
export const PatternContinuationEnum = {
  NONE: 'NONE',
  INDENTED: 'INDENTED',
  WHILE: 'WHILE',
  UNTIL: 'UNTIL',
  UNTIL_START: 'UNTIL_START',
} as const;
registerEnumType(PatternContinuationEnum, { name: 'PatternContinuation' });
/** What an import does with what is there. */
export const PatternImportModeEnum = { MERGE: 'MERGE', REPLACE: 'REPLACE' } as const;
registerEnumType(PatternImportModeEnum, { name: 'PatternImportMode' });
/** What an import does to one pattern. */
export const PatternImportActionEnum = { ADD: 'ADD', CHANGE: 'CHANGE', REMOVE: 'REMOVE', KEEP: 'KEEP' } as const;
registerEnumType(PatternImportActionEnum, { name: 'PatternImportAction' });

/** A name with a text: a tag, where a field goes, a piece of grok. */
@ObjectType()
@InputType('PatternEntryInput')
export class PatternEntry {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

/** Everything that a pattern says, as the API has it. */
@ObjectType()
export class PatternContent {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => PatternKindEnum)
  kind!: keyof typeof PatternKindEnum;

  @Field(() => String, { description: 'RE2 syntax, found anywhere in the line; grok has `%{NAME:field}` besides.' })
  expression!: string;

  @Field(() => Boolean)
  ignoreCase!: boolean;

  @Field(() => [PatternEntry], { description: 'Own pieces for grok.' })
  pieces!: PatternEntry[];

  @Field(() => PatternLevelEnum)
  level!: keyof typeof PatternLevelEnum;

  @Field(() => String, {
    nullable: true,
    description: 'The field whose text is the level; when it reads as none, `level` holds.',
  })
  levelField!: string | null;

  @Field(() => String, { nullable: true })
  category!: string | null;

  @Field(() => PatternContinuationEnum)
  continuation!: keyof typeof PatternContinuationEnum;

  @Field(() => String, { nullable: true, description: 'With WHILE and UNTIL.' })
  continuationExpression!: string | null;

  @Field(() => Int)
  maxLines!: number;

  @Field(() => [PatternEntry], { description: 'Where fields go: a part of the event, `tag:<name>`, `extra:<name>` or `drop`.' })
  fields!: PatternEntry[];

  @Field(() => [PatternEntry])
  tags!: PatternEntry[];

  @Field(() => String)
  sample!: string;

  @Field(() => [String], { description: 'Names of the fields that the expression may fill.' })
  captures!: string[];
}

/** A pattern of a project. */
@ObjectType('Pattern')
export class PatternType {
  @Field(() => ID)
  id!: number;

  @Field(() => Int)
  position!: number;

  @Field(() => PatternContent)
  content!: PatternContent;

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date)
  updatedAt!: number;
}

/** A ready-made pattern. */
@ObjectType()
export class LibraryPatternType {
  @Field(() => ID)
  key!: string;

  @Field(() => String)
  group!: string;

  @Field(() => PatternContent)
  content!: PatternContent;
}

/** All patterns of a project, after a change to several. */
@ObjectType()
export class PatternList {
  @Field(() => [PatternType])
  readonly patterns: readonly object[];

  constructor(patterns: readonly object[]) {
    this.patterns = patterns;
  }
}

/** What an import does to one pattern. */
@ObjectType()
export class PatternImportChange {
  @Field(() => PatternImportActionEnum)
  action!: keyof typeof PatternImportActionEnum;

  @Field(() => String)
  name!: string;

  @Field(() => [String])
  parts!: readonly string[];
}

/** What an import did, or in a dry run would do. */
@ObjectType()
export class PatternImport {
  @Field(() => Boolean)
  readonly applied: boolean;

  @Field(() => Boolean, { description: 'The order of patterns that stay becomes another.' })
  readonly reordered: boolean;

  @Field(() => [PatternImportChange])
  readonly changes: readonly PatternImportChange[];

  constructor(applied: boolean, plan: { reordered: boolean; changes: readonly PatternImportChange[] }) {
    this.applied = applied;
    this.reordered = plan.reordered;
    this.changes = plan.changes;
  }
}

/** Conflict: the name is taken, or somebody changed it meanwhile. */
export const PatternResult = resultUnion('PatternResult', PatternType, [
  PatternRefusal,
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);
/** Conflict: somebody changed the patterns meanwhile. */
export const PatternListResult = resultUnion('PatternListResult', PatternList, [
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);
/** YamlRefusal: by lines. */
export const PatternImportResult = resultUnion('PatternImportResult', PatternImport, [
  YamlRefusal,
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);

/** A whole pattern; what is left out is as in a new one. */
@InputType()
export class PatternInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Boolean, { nullable: true })
  enabled?: boolean | null;

  @Field(() => PatternKindEnum, { nullable: true, description: 'GROK when left out.' })
  kind?: keyof typeof PatternKindEnum | null;

  @Field(() => String)
  expression!: string;

  @Field(() => Boolean, { nullable: true })
  ignoreCase?: boolean | null;

  @Field(() => [PatternEntry], { nullable: true })
  pieces?: PatternEntry[] | null;

  @Field(() => PatternLevelEnum, { nullable: true, description: 'ERROR when left out.' })
  level?: keyof typeof PatternLevelEnum | null;

  @Field(() => String, { nullable: true })
  levelField?: string | null;

  @Field(() => String, { nullable: true })
  category?: string | null;

  @Field(() => PatternContinuationEnum, { nullable: true })
  continuation?: keyof typeof PatternContinuationEnum | null;

  @Field(() => String, { nullable: true })
  continuationExpression?: string | null;

  @Field(() => Int, { nullable: true, description: '100 when left out.' })
  maxLines?: number | null;

  @Field(() => [PatternEntry], { nullable: true })
  fields?: PatternEntry[] | null;

  @Field(() => [PatternEntry], { nullable: true })
  tags?: PatternEntry[] | null;

  @Field(() => String, { nullable: true })
  sample?: string | null;
}
