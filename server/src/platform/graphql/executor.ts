import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Log } from '../log.ts';
import type { OperationPlan } from './plan.ts';

export interface ExecuteArgs {
  document: DocumentNode;
  plan: OperationPlan;
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
  context: unknown;
  /** Root value: the payload, for an event of a subscription. */
  root?: unknown;
}

interface Compilation {
  uses: number;
  operation: OperationDefinitionNode;
  compiled: CompiledQuery | undefined;
}

/** A document is compiled when it comes again: compiling costs milliseconds, and a flood of documents never comes again. */
const COMPILE_AT_USE = 2;

/**
 * Whether a document may be turned into code.
 *
 * - No literals but numbers, booleans, enums and null: graphql-jit writes literal arguments into the source of a function and
 *   then replaces a magic marker in it by `new Date(…)`, so a string holding that marker runs as code in our process. With
 *   variables, as every typed client sends them, no text of the client gets there. Lists and objects are left out with
 *   them: a variable inside one becomes null when it is absent, where graphql-js leaves it out.
 * - No response name or variable that every object has already, such as `__proto__`: results are made as object literals.
 */
export function isCompilable(document: DocumentNode): boolean {
  let compilable = true;
  const refuse = () => {
    compilable = false;
    return BREAK;
  };
  const refuseName = (name: string | undefined) => (name !== undefined && name in Object.prototype ? refuse() : undefined);
  visit(document, {
    StringValue: refuse,
    ListValue: refuse,
    ObjectValue: refuse,
    Variable: (node) => refuseName(node.name.value),
    Field: (node) => refuseName(node.alias?.value ?? node.name.value),
  });
  return compilable;
}

/**
 * Runs operations with graphql-jit (measured: half the time of graphql-js for a list of 50 × 15 fields), and with graphql-js
 * what is run once, asks for the schema itself, or may not be compiled. Compiled code is kept with its document and goes
 * when `Documents` forgets it.
 */
export class Executor {
  readonly #schema: GraphQLSchema;
  readonly #log: Log;
  readonly #compilations = new WeakMap<DocumentNode, Map<string, Compilation>>();

  constructor(schema: GraphQLSchema, log: Log) {
    this.#schema = schema;
    this.#log = log;
  }

  /** Synchronous as long as every resolver is. Errors of resolvers are in the result; throws only what execution itself throws. */
  execute(args: ExecuteArgs): ExecutionResult | Promise<ExecutionResult> {
    const { document, root, context, variables, operationName } = args;
    const { compiled, operation } = this.#compilation(args) ?? {};
    if (compiled === undefined || operation === undefined) {
      return execute({
        schema: this.#schema,
        document,
        rootValue: root,
        contextValue: context,
        variableValues: variables ?? {},
        operationName: operationName ?? null,
      }) as ExecutionResult | Promise<ExecutionResult>;
    }
    const given = this.#checkedVariables(operation, variables ?? {});
    if ('errors' in given) return given;
    const result = compiled.query(root, context, given.variables);
    return result instanceof Promise ? result.then(withRealErrors) : withRealErrors(result);
  }

  /**
   * graphql-jit reads variables itself, but makes an error for each of a hundred thousand wrong elements and forgets the
   * default of a non-null variable. So graphql-js reads them first, and absent ones get their default as it would be sent.
   */
  #checkedVariables(
    operation: OperationDefinitionNode,
    inputs: Readonly<Record<string, unknown>>,
  ): { variables: Record<string, unknown> } | { errors: readonly GraphQLError[] } {
    const definitions = operation.variableDefinitions ?? [];
    if (definitions.length === 0) return { variables: {} };
    const { errors } = getVariableValues(this.#schema, definitions, inputs, { maxErrors: 10 });
    if (errors !== undefined) return { errors };
    const variables: Record<string, unknown> = { ...inputs };
    for (const { variable, defaultValue } of definitions) {
      const name = variable.name.value;
      if (defaultValue !== undefined && !Object.hasOwn(inputs, name)) variables[name] = valueFromASTUntyped(defaultValue);
    }
    return { variables };
  }

  #compilation({ document, operationName, plan }: ExecuteArgs): Compilation | undefined {
    if (plan.introspects) return undefined;
    let ofDocument = this.#compilations.get(document);
    if (ofDocument === undefined) {
      ofDocument = new Map();
      this.#compilations.set(document, ofDocument);
    }
    const key = operationName ?? '';
    let compilation = ofDocument.get(key);
    if (compilation === undefined) {
      const operation = getOperationAST(document, operationName);
      if (operation == null) return undefined;
      compilation = { uses: 0, operation, compiled: undefined };
      ofDocument.set(key, compilation);
    }
    compilation.uses += 1;
    if (compilation.uses === COMPILE_AT_USE && isCompilable(document))
      compilation.compiled = this.#compile(document, operationName);
    return compilation;
  }

  #compile(document: DocumentNode, operationName: string | null | undefined): CompiledQuery | undefined {
    const result = compileQuery(this.#schema, document, operationName ?? undefined, {
      disablingCapturingStackErrors: true,
      useExperimentalPathBasedSkipInclude: true, // without it @skip on one of two spreads of a fragment is lost
    });
    if (isCompiledQuery(result)) return result;
    this.#log.warn({ errors: result.errors?.map((error) => error.message) }, 'a document could not be compiled');
    return undefined;
  }
}

/** graphql-jit's errors look like GraphQL's but lack `extensions`, which Apollo and the formatter rely on. */
function withRealErrors(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined) return result;
  const errors = result.errors.map((error) => {
    if (error.extensions !== undefined) return error;
    const real = new GraphQLError(error.message, { originalError: error.originalError ?? null, path: error.path ?? null });
    return Object.assign(real, { locations: error.locations });
  });
  return { ...result, errors };
}
