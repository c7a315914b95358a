import { createHash } from 'node:crypto';
import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse, specifiedRules, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS, refuseShape, tooComplex } from './limits.ts';
import { type OperationPlan, planOperation } from './plan.ts';

/** A document that was parsed, measured and found valid. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly source: string;
  /** Hexadecimal SHA-256 of the source. */
  readonly hash: string;
  /** By operation name; the anonymous operation under ''. */
  readonly plans: ReadonlyMap<string, OperationPlan>;
}

export type Preparation = { ok: true; prepared: PreparedDocument } | { ok: false; errors: readonly GraphQLError[] };

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    ...(error.source === undefined ? {} : { source: error.source }),
    ...(error.positions === undefined ? {} : { positions: error.positions }),
    extensions: { code, http: { status: 400 } },
  });

/**
 * The one way from text to something that may be executed, for POST and WebSocket alike: length, tokens, shape, then
 * validation. Documents are kept by text, because clients send the same few over and over; bounded by their summed length,
 * because a parsed document weighs some thirty times its text.
 */
export class Documents {
  readonly schema: GraphQLSchema;
  readonly #byText = new LRUCache<string, PreparedDocument>({
    maxSize: 1_500_000,
    sizeCalculation: (prepared) => prepared.source.length + 200,
    dispose: (prepared) => void this.#byHash.delete(prepared.hash),
  });
  readonly #byHash = new Map<string, PreparedDocument>();
  readonly #byDocument = new WeakMap<DocumentNode, PreparedDocument>();

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  /** Never throws. */
  prepare(source: string): Preparation {
    const known = this.#byText.get(source);
    if (known !== undefined) return { ok: true, prepared: known };
    let result: Preparation;
    try {
      result = this.#prepare(source);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      result = { ok: false, errors: [tooComplex('The document nests too deep.')] }; // the stack ran out in parser or validator
    }
    if (result.ok) {
      this.#byText.set(source, result.prepared);
      this.#byHash.set(result.prepared.hash, result.prepared);
      this.#byDocument.set(result.prepared.document, result.prepared);
    }
    return result;
  }

  /** By the hexadecimal SHA-256 of the text, as Apollo looks documents up. */
  byHash(sha256: string): PreparedDocument | undefined {
    return this.#byHash.get(sha256);
  }

  /** undefined for a document that did not come from {@link prepare}: such a one must not run. */
  of(document: DocumentNode): PreparedDocument | undefined {
    return this.#byDocument.get(document);
  }

  #prepare(source: string): Preparation {
    if (source.length > LIMITS.documentLength) {
      return { ok: false, errors: [tooComplex(`The document is longer than ${LIMITS.documentLength} characters.`)] };
    }
    let document: DocumentNode;
    try {
      document = parse(source, { maxTokens: LIMITS.tokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (error.message.includes(`contains more that ${LIMITS.tokens} tokens`)) {
        return { ok: false, errors: [tooComplex(`The document has more than ${LIMITS.tokens} tokens.`)] };
      }
      return { ok: false, errors: [withCode(error, 'GRAPHQL_PARSE_FAILED')] };
    }
    const refusal = refuseShape(document);
    if (refusal !== undefined) return { ok: false, errors: [refusal] };
    const faults = validate(this.schema, document, specifiedRules, { maxErrors: 10 });
    if (faults.length > 0) return { ok: false, errors: faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED')) };
    const plans = new Map<string, OperationPlan>();
    for (const definition of document.definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) {
        plans.set(definition.name?.value ?? '', planOperation(this.schema, document, definition));
      }
    }
    const hash = createHash('sha256').update(source).digest('hex');
    return { ok: true, prepared: { document, source, hash, plans } };
  }
}

/** The plan an operation name chooses: without a name the only operation there is. */
export function choosePlan(prepared: PreparedDocument, operationName: string | null | undefined): OperationPlan | undefined {
  if (operationName !== null && operationName !== undefined && operationName !== '') return prepared.plans.get(operationName);
  return prepared.plans.size === 1 ? prepared.plans.values().next().value : undefined;
}
