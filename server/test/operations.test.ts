import {
  type ExecutionResult,
  execute,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { describe, expect, it } from 'vitest';
import { choosePlan, Documents } from '../src/platform/graphql/documents.ts';
import { Executor, isCompilable } from '../src/platform/graphql/executor.ts';
import { LIMITS } from '../src/platform/graphql/limits.ts';
import { costOf, refuseOperation } from '../src/platform/graphql/plan.ts';
import { silentLog } from '../src/platform/log.ts';
import { agreedSchema, ownOperations } from './own-operations.ts';

/** Have an object literal among their arguments, and come so seldom that it does not matter. */
const NOT_COMPILED = new Set(['FirstEvent']);
const cases = ownOperations().map((one) => [one.name, one] as const);

describe('the operations of our own clients', () => {
  const schema = agreedSchema();
  const documents = new Documents(schema);

  it.each(cases)('%s is valid, within the limits even when asking for full pages, and compiled', (name, { text }) => {
    const preparation = documents.prepare(text);
    if (!preparation.ok) throw preparation.errors[0];
    const plan = preparation.prepared.plans.get(name);
    if (plan === undefined) throw new Error('no plan');
    const fullPages = { first: 100 };
    expect(refuseOperation(plan, fullPages, false)).toBeUndefined();
    expect(costOf(plan, fullPages)).toBeLessThan(0.75 * LIMITS.cost);
    if (NOT_COMPILED.has(name)) return;
    expect(isCompilable(preparation.prepared.document)).toBe(true);
    expect(isCompiledQuery(compileQuery(schema, preparation.prepared.document, name))).toBe(true);
  });
});

/** The same number below `n` for the same words. */
function pick(n: number, ...words: unknown[]): number {
  let hash = 2166136261;
  for (const char of JSON.stringify(words)) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) % n;
}

/**
 * Either resolvers are late, or non-null fields fail; not both, because graphql-js (16.15) forgets a promise when an element
 * of a list fails at once and an earlier one fails later, and a forgotten promise fails the test run.
 */
const isLate = (key: string) => /^round \d*[02468]\b/.test(key);

/** A value for a type, made of nothing but the words; some are null, some are missing, some are promises, some fail. */
function invent(schema: GraphQLSchema, type: GraphQLOutputType, key: string): unknown {
  const nullable = !isNonNullType(type);
  const dice = nullable ? pick(12, key, 'kind') : isLate(key) ? 3 : pick(400, key, 'kind');
  if (dice === 0) throw new Error(`failed at ${key}`);
  if (dice === 1) return null; // also where it may not be
  if (nullable && dice === 2) return undefined;
  const bare = getNullableType(type);
  if (isListType(bare))
    return Array.from({ length: pick(4, key, 'length') }, (_, i) => invent(schema, bare.ofType, `${key}.${i}`));
  const named = getNamedType(bare) as GraphQLNamedType;
  if (isAbstractType(named)) {
    const members = schema.getPossibleTypes(named);
    return { key, __typename: members[pick(members.length, key, 'member')]?.name };
  }
  if (isObjectType(named)) return { key };
  if (isEnumType(named)) return named.getValues()[pick(named.getValues().length, key)]?.value;
  if (named.name === 'Boolean') return pick(2, key) === 1;
  if (named.name === 'Int') return pick(1000, key);
  if (named.name === 'Float') return pick(1000, key) / 8;
  return named.name === 'JSON' ? { key, list: [1, null] } : `${named.name} ${key}`;
}

/** The agreed schema with invented values, half of the fields by resolver (some of them late), half as properties. */
function inventedSchema(): GraphQLSchema {
  const schema = agreedSchema();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (value) => (value as { __typename: string }).__typename;
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (parent, args) => {
        const key = `${(parent as { key?: string } | undefined)?.key ?? 'root'}/${field.name}${JSON.stringify(Object.entries(args).sort())}`;
        if (!isLate(key) || pick(3, key, 'late') > 0) return invent(schema, field.type, key);
        return Promise.resolve().then(() => invent(schema, field.type, key));
      };
    }
  }
  return schema;
}

/** Variables that fit, different ones per round. */
function inventVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, round: number): Record<string, unknown> {
  const value = (type: unknown, key: string): unknown => {
    if (isNonNullType(type))
      return value(type.ofType, `${key}!`) ?? value(type.ofType, `${key}!!`) ?? value(type.ofType, `${key}!!!`);
    if (pick(4, round, key) === 0) return null;
    if (isListType(type))
      return Array.from({ length: pick(3, round, key, 'length') }, (_, i) => value(type.ofType, `${key}.${i}`));
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || pick(2, round, key, field.name) === 1,
      );
      return Object.fromEntries(fields.map((field) => [field.name, value(field.type, `${key}.${field.name}`)]));
    }
    if (isEnumType(type)) return type.getValues()[pick(type.getValues().length, round, key)]?.name;
    const { name } = type as GraphQLNamedType;
    if (name === 'Boolean') return pick(2, round, key) === 1;
    if (name === 'Int') return pick(100, round, key);
    if (name === 'Float') return pick(100, round, key) / 4;
    return name === 'JSON' ? { a: [1, 'x'] } : `${name} ${pick(100, round, key)}`;
  };
  const given: Record<string, unknown> = {};
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const inputType = typeFromAST(schema, type as never) as unknown;
    const name = variable.name.value;
    const invented = value(inputType, name);
    if (isNonNullType(inputType) ? invented !== null : pick(3, round, name, 'given') > 0) given[name] = invented;
  }
  return given;
}

/** What both must agree on: the data, and whether there were errors. Which of several errors in a part that is nulled as a whole is reported is left open by the specification (§6.4.4). */
function seen(result: ExecutionResult): unknown {
  return JSON.parse(JSON.stringify({ data: result.data ?? null, failed: (result.errors?.length ?? 0) > 0 }));
}

describe('compiled execution', () => {
  const schema = inventedSchema();
  const documents = new Documents(schema);
  const executor = new Executor(schema, silentLog);

  it.each(cases)('%s answers as graphql-js does', async (name, { text, operation }) => {
    const preparation = documents.prepare(text);
    if (!preparation.ok) throw preparation.errors[0];
    const { document } = preparation.prepared;
    const plan = choosePlan(preparation.prepared, name);
    if (plan === undefined) throw new Error('no plan');
    let answered = 0;
    for (let round = 0; round < 40; round++) {
      const variables = inventVariables(schema, operation, round);
      const root = { key: `round ${round}` };
      const expected = await execute({ schema, document, rootValue: root, variableValues: variables, operationName: name });
      const actual = await executor.execute({ document, plan, operationName: name, variables, context: {}, root });
      expect(seen(actual)).toEqual(seen(expected));
      if (expected.data) answered += 1;
    }
    expect(answered).toBeGreaterThan(0);
  });
});
