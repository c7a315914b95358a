import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/**
 * The fields selected below a field, along a path (`['edges', 'node']`), fragments written out. Directives are not
 * looked at: this only decides what to fetch ahead, and fetching too much is no fault.
 */
export function selectedFields(
  info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  path: readonly string[] = [],
): Map<string, FieldNode[]> {
  let sets = info.fieldNodes.flatMap((node) => node.selectionSet ?? []);
  for (const name of path) sets = (fieldsOf(sets, info).get(name) ?? []).flatMap((node) => node.selectionSet ?? []);
  return fieldsOf(sets, info);
}

function fieldsOf(sets: readonly SelectionSetNode[], info: Pick<GraphQLResolveInfo, 'fragments'>): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visit = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const known = fields.get(selection.name.value);
        if (known) known.push(selection);
        else fields.set(selection.name.value, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else {
        const fragment = info.fragments[selection.name.value];
        if (fragment) visit(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) visit(set);
  return fields;
}

/** Value of an integer argument of a selected field: the literal, the variable's value, or the default. */
export function intArgument(
  node: FieldNode,
  name: string,
  standard: number,
  variables: Readonly<Record<string, unknown>>,
): number {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'number' ? given : standard;
}
