import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
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
  compiled: CompiledQuery | undefined;
}

/** A document is compiled when it comes again: compiling costs milliseconds, and a flood of documents never comes again. */
const COMPILE_AT_USE = 2;

/**
 * Runs operations with graphql-jit (measured: half the time of graphql-js for a list of 50 × 15 fields), and with graphql-js
 * what is run once, asks for the schema itself, or cannot be compiled. Compiled code is kept with its document and goes when
 * `Documents` forgets it.
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
    const compiled = this.#compiled(args);
    if (compiled !== undefined) return compiled.query(args.root, args.context, args.variables as Record<string, unknown>);
    return execute({
      schema: this.#schema,
      document: args.document,
      rootValue: args.root,
      contextValue: args.context,
      variableValues: args.variables ?? {},
      operationName: args.operationName ?? null,
    }) as ExecutionResult | Promise<ExecutionResult>;
  }

  #compiled({ document, operationName, plan }: ExecuteArgs): CompiledQuery | undefined {
    if (plan.introspects) return undefined;
    let ofDocument = this.#compilations.get(document);
    if (ofDocument === undefined) {
      ofDocument = new Map();
      this.#compilations.set(document, ofDocument);
    }
    const key = operationName ?? '';
    let compilation = ofDocument.get(key);
    if (compilation === undefined) {
      compilation = { uses: 0, compiled: undefined };
      ofDocument.set(key, compilation);
    }
    compilation.uses += 1;
    if (compilation.uses === COMPILE_AT_USE) {
      const result = compileQuery(this.#schema, document, operationName ?? undefined, {
        disablingCapturingStackErrors: true,
        useExperimentalPathBasedSkipInclude: true, // the default loses @skip on spreads that share a field
      });
      if (isCompiledQuery(result)) compilation.compiled = result;
      else this.#log.warn({ errors: result.errors?.map((error) => error.message) }, 'a document could not be compiled');
    }
    return compilation.compiled;
  }
}
