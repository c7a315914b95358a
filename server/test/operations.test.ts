import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { describe, expect, it } from 'vitest';
import { Documents } from '../src/platform/graphql/documents.ts';
import { isCompilable } from '../src/platform/graphql/executor.ts';
import { LIMITS } from '../src/platform/graphql/limits.ts';
import { costOf, refuseOperation } from '../src/platform/graphql/plan.ts';

const root = join(import.meta.dirname, '../../schema');
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));
const definitions = globSync('operations/**/*.graphql', { cwd: root })
  .sort()
  .flatMap((path) => parse(readFileSync(join(root, path), 'utf8')).definitions);
const fragments = new Map(
  definitions.filter((d): d is FragmentDefinitionNode => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
);
const operations = definitions.filter((d): d is OperationDefinitionNode => d.kind === Kind.OPERATION_DEFINITION);

/** The operation with the fragments it needs, as the typed client sends it. */
function withFragments(operation: OperationDefinitionNode): string {
  const needed = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || needed.has(fragment)) return;
        needed.add(fragment);
        collect(fragment);
      },
    });
  collect(operation);
  return print({ kind: Kind.DOCUMENT, definitions: [operation, ...needed] } as DocumentNode);
}

/** Have an object literal among their arguments, and come so seldom that it does not matter. */
const NOT_COMPILED = new Set(['FirstEvent']);

describe('the operations of our own clients', () => {
  const documents = new Documents(schema);

  it.each(operations.map((operation) => [operation.name?.value ?? '', operation] as const))(
    '%s is valid, within the limits even when asking for full pages, and compiled',
    (name, operation) => {
      const preparation = documents.prepare(withFragments(operation));
      if (!preparation.ok) throw preparation.errors[0];
      const plan = preparation.prepared.plans.get(name);
      if (plan === undefined) throw new Error('no plan');
      const fullPages = { first: 100 };
      expect(refuseOperation(plan, fullPages, false)).toBeUndefined();
      expect(costOf(plan, fullPages)).toBeLessThan(0.75 * LIMITS.cost);
      if (NOT_COMPILED.has(name)) return;
      expect(isCompilable(preparation.prepared.document)).toBe(true);
      expect(isCompiledQuery(compileQuery(schema, preparation.prepared.document, name))).toBe(true);
    },
  );
});
