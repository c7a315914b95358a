import { type DocumentNode, type FieldNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import { CATALOGUE } from '../errors.ts';

/** What a GraphQL document may ask for. One table, so that an administrator's question has one answer. */
export const LIMITS = {
  /** Characters of the document. */
  documentLength: 50_000,
  /** Lexical tokens; bounds the parser itself. */
  tokens: 10_000,
  /** Nesting of fields below the operation. */
  depth: 12,
  /** The same below `__schema` and `__type`, whose usual query nests deeper. */
  introspectionDepth: 20,
  /** Root fields of an operation, aliases included. */
  rootFields: 50,
  /** Fields, spreads and inline fragments: as written, and again with every spread written out. */
  fields: 1000,
  /** Fields times the lengths of the lists they stand in. */
  cost: 20_000,
  /** Largest `first`. */
  first: 200,
  /** Length assumed of a list that takes no `first`. */
  assumedListLength: 10,
} as const;

/** A refusal of the document as such, with the catalogue's code. */
export function tooComplex(message: string): GraphQLError {
  const { status } = CATALOGUE.QUERY_TOO_COMPLEX;
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX', http: { status } } });
}

interface Extent {
  /** All fields, with spreads written out. */
  fields: number;
  /** Fields of the selection itself, with spreads written out. */
  top: number;
  depth: number;
  /** Depth below `__schema` and `__type`. */
  introspectionDepth: number;
}

const NOTHING: Extent = { fields: 0, top: 0, depth: 0, introspectionDepth: 0 };

/**
 * Refuses a document that is too deep or too wide by its shape alone, before validation, because validation itself is
 * quadratic in the fields of one selection. Every fragment is measured once, so that spreads of spreads of spreads cost
 * nothing. Circles of fragments count as empty here; validation refuses them.
 * @returns the reason, or undefined when the document may go on to validation
 */
export function refuseShape(document: DocumentNode): GraphQLError | undefined {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  const measured = new Map<string, Extent>();
  const open = new Set<string>();
  let written = 0;

  const measureFragment = (name: string): Extent => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const set = fragments.get(name);
    if (set === undefined || open.has(name)) return NOTHING;
    open.add(name);
    const extent = measure(set);
    open.delete(name);
    measured.set(name, extent);
    return extent;
  };

  const measureField = (field: FieldNode): Extent => {
    const below = field.selectionSet === undefined ? NOTHING : measure(field.selectionSet);
    const depth = below.depth + 1;
    const introspects = field.name.value === '__schema' || field.name.value === '__type';
    return {
      fields: below.fields + 1,
      top: 1,
      depth: introspects ? 1 : depth,
      introspectionDepth: introspects ? depth : below.introspectionDepth,
    };
  };

  const measure = (set: SelectionSetNode): Extent => {
    const sum = { ...NOTHING };
    for (const selection of set.selections) {
      written += 1;
      const part =
        selection.kind === Kind.FIELD
          ? measureField(selection)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? measureFragment(selection.name.value)
            : measure(selection.selectionSet);
      sum.fields += part.fields;
      sum.top += part.top;
      sum.depth = Math.max(sum.depth, part.depth);
      sum.introspectionDepth = Math.max(sum.introspectionDepth, part.introspectionDepth);
    }
    return sum;
  };

  for (const definition of document.definitions) {
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION;
    if (!isOperation && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const extent = isOperation ? measure(definition.selectionSet) : measureFragment(definition.name.value);
    if (extent.fields > LIMITS.fields || written > LIMITS.fields) {
      return tooComplex(`The document asks for more than ${LIMITS.fields} fields.`);
    }
    if (!isOperation) continue; // how deep a fragment stands is known where it is spread
    if (extent.depth > LIMITS.depth) {
      return tooComplex(`The document nests ${extent.depth} fields deep; ${LIMITS.depth} are accepted.`);
    }
    if (extent.introspectionDepth > LIMITS.introspectionDepth) {
      return tooComplex(
        `The introspection nests ${extent.introspectionDepth} fields deep; ${LIMITS.introspectionDepth} are accepted.`,
      );
    }
    if (extent.top > LIMITS.rootFields) return tooComplex(`The operation has more than ${LIMITS.rootFields} root fields.`);
  }
  return undefined;
}
