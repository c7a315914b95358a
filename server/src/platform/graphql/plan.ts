import {
  type ArgumentNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { LIMITS, tooComplex } from './limits.ts';

/** Length of a list: known from the document, or given by a variable (with the value that counts when it is absent). */
type Length = number | { variable: string; fallback: number };

interface Costs {
  /** Fields that are resolved once. */
  own: number;
  /** Fields that are resolved once per element. */
  lists: { length: Length; costs: Costs }[];
}

/** What there is to know about one operation before it runs; made once per document. */
export interface OperationPlan {
  readonly kind: OperationDefinitionNode['operation'];
  /** Asks for `__schema` or `__type`. */
  readonly introspects: boolean;
  readonly costs: Costs;
  readonly firsts: readonly Length[];
}

const asNumber = (value: unknown, fallback: number) => (typeof value === 'number' && Number.isFinite(value) ? value : fallback);

/** `first` as written, or its default, or undefined when the field takes none. */
function firstOf(
  field: GraphQLField<unknown, unknown>,
  args: readonly ArgumentNode[] | undefined,
  operation: OperationDefinitionNode,
): Length | undefined {
  const definition = field.args.find((arg) => arg.name === 'first');
  if (definition === undefined) return undefined;
  const fallback = asNumber(definition.defaultValue, LIMITS.assumedListLength);
  const value = args?.find((arg) => arg.name.value === 'first')?.value;
  if (value === undefined) return fallback;
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return fallback;
  const own = operation.variableDefinitions?.find((v) => v.variable.name.value === value.name.value)?.defaultValue;
  return { variable: value.name.value, fallback: own?.kind === Kind.INT ? Number(own.value) : fallback };
}

/**
 * Reads the cost of an operation off the schema. A field counts 1, times the lengths of the lists around it: `first` where
 * a field takes it (on a connection it is the length of `edges`/`nodes`), else {@link LIMITS}.assumedListLength. Lists of
 * scalars count as one. All branches of a union count.
 * The document must be valid and its shape accepted, else this may not end.
 */
export function planOperation(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): OperationPlan {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const firsts: Length[] = [];
  let introspects = false;

  const walk = (
    type: GraphQLNamedType | undefined,
    set: SelectionSetNode,
    costs: Costs,
    connection: Length | undefined,
  ): void => {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (part === undefined) continue;
        const narrowed = part.typeCondition === undefined ? type : typeFromAST(schema, part.typeCondition);
        walk(narrowed, part.selectionSet, costs, connection);
        continue;
      }
      const name = selection.name.value;
      if (name === '__schema' || name === '__type') introspects = true;
      costs.own += 1;
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
      if (field === undefined || selection.selectionSet === undefined) continue;
      const first = firstOf(field, selection.arguments, operation);
      if (first !== undefined) firsts.push(first);
      const named = getNamedType(field.type);
      if (!isListType(getNullableType(field.type)) || isLeafType(named)) {
        walk(named, selection.selectionSet, costs, first);
        continue;
      }
      const carried = name === 'edges' || name === 'nodes' ? connection : undefined;
      const list = { length: first ?? carried ?? LIMITS.assumedListLength, costs: { own: 0, lists: [] } };
      costs.lists.push(list);
      walk(named, selection.selectionSet, list.costs, undefined);
    }
  };

  const costs: Costs = { own: 0, lists: [] };
  walk(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet, costs, undefined);
  return { kind: operation.operation, introspects, costs, firsts };
}

/** The cost with these variables. */
export function costOf(plan: OperationPlan, variables: Readonly<Record<string, unknown>>): number {
  const sum = (costs: Costs): number =>
    costs.lists.reduce((total, list) => total + Math.max(0, lengthOf(list.length, variables)) * sum(list.costs), costs.own);
  return sum(plan.costs);
}

function lengthOf(length: Length, variables: Readonly<Record<string, unknown>>): number {
  return typeof length === 'number' ? length : asNumber(variables[length.variable], length.fallback);
}

/**
 * Checks what depends on the variables and on who is asking.
 * @returns the refusal, or undefined
 */
export function refuseOperation(
  plan: OperationPlan,
  variables: Readonly<Record<string, unknown>>,
  mayIntrospect: boolean,
): GraphQLError | undefined {
  if (plan.introspects && !mayIntrospect) {
    return new GraphQLError('Sign in to read the schema, or take it from schema/schema.graphql.', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  }
  for (const first of plan.firsts) {
    const value = lengthOf(first, variables);
    if (value < 0 || value > LIMITS.first) {
      return new GraphQLError(`\`first\` must be between 0 and ${LIMITS.first}, not ${value}.`, {
        extensions: { code: 'BAD_INPUT', http: { status: 400 } },
      });
    }
  }
  const cost = costOf(plan, variables);
  if (cost > LIMITS.cost) return tooComplex(`The operation costs ${cost} (fields × list lengths); ${LIMITS.cost} are accepted.`);
  return undefined;
}
