import 'reflect-metadata';
import { createUnionType, Field, Int, InterfaceType, ObjectType } from 'type-graphql';

/**
 * A refusal a client is expected to handle. Members of result unions, never thrown; the failures that end a request are
 * in `platform/errors.ts`.
 */
@InterfaceType({ description: 'A refusal a client is expected to handle.' })
export abstract class UserError {
  /** Upper-case word that never changes, for programs. */
  @Field(() => String)
  readonly code!: string;

  /** One English sentence, for people. */
  @Field(() => String)
  readonly message!: string;
}

/** The input is understood but not acceptable. */
@ObjectType({ implements: UserError })
export class ValidationRefusal implements UserError {
  readonly code: string;
  readonly message: string;

  @Field(() => String, { nullable: true, description: 'Path of the faulty input field.' })
  readonly field: string | null;

  /** @param field path inside the arguments, such as `input.email` */
  constructor(code: string, message: string, field: string | null = null) {
    this.code = code;
    this.message = message;
    this.field = field;
  }
}

/** It does not exist, or the actor may not see it: the two are not told apart. */
@ObjectType({ implements: UserError })
export class NotFoundRefusal implements UserError {
  readonly code: string;
  readonly message: string;

  constructor(message = 'Not found, or not visible to you.', code = 'NOT_FOUND') {
    this.code = code;
    this.message = message;
  }
}

/** It would contradict what is there now. */
@ObjectType({ implements: UserError })
export class ConflictRefusal implements UserError {
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** Too often; the same request may be made again after the time given. */
@ObjectType({ implements: UserError })
export class ThrottledRefusal implements UserError {
  readonly code: string;
  readonly message: string;

  @Field(() => Int)
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message = 'Too many attempts. Wait, then try again.', code = 'THROTTLED') {
    this.code = code;
    this.message = message;
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterSeconds));
  }
}

/** Relay's PageInfo (https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo). */
@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** Answer of a mutation that has nothing to show. */
@ObjectType({ description: 'The thing was done; nothing more to say.' })
export class Done {
  @Field(() => Boolean)
  readonly ok: boolean = true;
}

// biome-ignore lint/suspicious/noExplicitAny: classes with any constructor
type ClassType = abstract new (...args: any[]) => object;

/**
 * A result union. Members are told apart by `instanceof`, so a resolver returns instances, never plain objects.
 * @param members thunk, because the member classes may import each other
 */
export function union<const T extends readonly ClassType[]>(name: string, members: () => T): InstanceType<T[number]> {
  return createUnionType({ name, types: members as unknown as () => never }) as InstanceType<T[number]>;
}

/** Answer of a mutation that either did its work or says why not; shared by the rooms. */
export const DoneResult = union('DoneResult', () => [Done, NotFoundRefusal, ConflictRefusal, ValidationRefusal]);
export type DoneResult = Done | NotFoundRefusal | ConflictRefusal | ValidationRefusal;
