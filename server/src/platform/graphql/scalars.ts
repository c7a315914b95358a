import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** Nesting accepted of JSON that a client sends: deeper, and writing it out again would run out of stack. */
const MAX_DEPTH = 64;

/** Any JSON value, passed through. Dates and the like must be made JSON by the resolver. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  serialize: (value) => value,
  parseValue(value) {
    if (isDeeper(value, MAX_DEPTH)) throw new GraphQLError(`JSON nests at most ${MAX_DEPTH} deep.`);
    return value;
  },
  parseLiteral,
});

function parseLiteral(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((value) => parseLiteral(value, variables));
    case Kind.OBJECT:
      // fromEntries defines own properties: a literal `__proto__` stays data
      return Object.fromEntries(node.fields.map((field) => [field.name.value, parseLiteral(field.value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      throw new GraphQLError(`${node.kind} is not a JSON value.`, { nodes: node });
  }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}
