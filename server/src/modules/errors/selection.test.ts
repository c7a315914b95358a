import { type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import { intArgument, selectedFields } from './selection.ts';

function infoOf(source: string) {
  const document = parse(source);
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const fragments = document.definitions.filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION);
  return {
    fieldNodes: operation?.selectionSet.selections as readonly FieldNode[],
    fragments: Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment])),
  };
}

it('finds the fields below a path through fragments, aliases and repeated fields', () => {
  const info =
    infoOf(`query ($h: Int) { errors { edges { node { id ... on ErrorGroup { project { slug } } } cursor } edges { ...E } pageInfo { endCursor } } }
    fragment E on ErrorGroupEdge { node { ...N } } fragment N on ErrorGroup { a: sparkline(hours: 3) b: sparkline(hours: $h) c: sparkline }`);
  const fields = selectedFields(info, ['edges', 'node']);
  expect([...fields.keys()]).toEqual(['id', 'project', 'sparkline']);
  const hours = (variables: Record<string, unknown>) =>
    fields.get('sparkline')?.map((node) => intArgument(node, 'hours', 24, variables));
  expect(hours({ h: 48 })).toEqual([3, 48, 24]);
  expect(hours({})).toEqual([3, 24, 24]);
  expect([...selectedFields(info).keys()]).toEqual(['edges', 'pageInfo']);
  expect(selectedFields(info, ['nothing', 'here']).size).toBe(0);
});
