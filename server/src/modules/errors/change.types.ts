import { Field, Int, ObjectType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, union, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { ErrorGroupType } from './error-group.types.ts';
import type { GroupRow } from './group-row.ts';

/** What a bulk change did. */
@ObjectType({ description: 'How many errors were changed, and the token that takes it back for ten minutes.' })
export class BulkChange {
  @Field(() => Int)
  readonly count: number;

  @Field(() => String, { nullable: true })
  readonly undoToken: string | null;

  /** At most the first 200 of those that are still there; `count` is the whole number. */
  @Field(() => [ErrorGroupType])
  readonly errors: GroupRow[];

  constructor(count: number, undoToken: string | null, errors: GroupRow[]) {
    this.count = count;
    this.undoToken = undoToken;
    this.errors = errors;
  }
}

/** Answer of a bulk change. */
export const BulkResult = union('BulkResult', () => [BulkChange, ValidationRefusal]);
/** See the constant of the same name. */
export type BulkResult = typeof BulkResult;

/** Answer of taking a bulk change back. */
export const UndoResult = union('UndoResult', () => [BulkChange, NotFoundRefusal, ConflictRefusal]);
/** See the constant of the same name. */
export type UndoResult = typeof UndoResult;
