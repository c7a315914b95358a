import { type ClassType, createUnionType } from 'type-graphql';
import type { UserError } from '../../platform/graphql/refusals.ts';

/**
 * A result union of one success and some refusals. Refusals are told by their class; everything else is the success, so
 * that a resolver may return an entity, which is no instance of its GraphQL type.
 */
export function resultUnion(name: string, success: ClassType, refusals: readonly (new (...args: never[]) => UserError)[]) {
  return createUnionType({
    name,
    types: () => [success, ...(refusals as ClassType[])] as const,
    resolveType: (value: object) => (refusals.find((refusal) => value instanceof refusal) as ClassType | undefined) ?? success,
  });
}
