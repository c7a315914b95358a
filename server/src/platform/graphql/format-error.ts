import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CATALOGUE, Failure, type FailureCode } from '../errors.ts';
import type { Counter } from '../http/gauges.ts';
import { logBug } from '../http/problem.ts';
import type { Log } from '../log.ts';

/** Codes of GraphQL itself that clients know and that are therefore kept. */
const KEPT = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'PERSISTED_QUERY_NOT_SUPPORTED']);
/** Apollo's names for what our catalogue calls BAD_INPUT. */
const BAD_INPUT = new Set(['BAD_REQUEST', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE']);

/** The innermost thing that was thrown. */
function origin(error: unknown): unknown {
  let current = error;
  for (let i = 0; i < 10 && current instanceof GraphQLError && current.originalError != null; i++)
    current = current.originalError;
  return current;
}

/** A `Failure` as a GraphQL error that Apollo answers with the failure's HTTP status; for refusals before execution. */
export function failureToGraphqlError(failure: Failure): GraphQLError {
  return new GraphQLError(failure.message, {
    originalError: failure,
    extensions: { code: failure.code, http: { status: failure.status } },
  });
}

/**
 * What clients see of an error: the catalogue's code in `extensions.code` and a message that is safe. Anything not in the
 * catalogue is a fault of ours: it is logged whole, and the client gets INTERNAL with the id of that log line.
 */
export class ErrorFormatter {
  readonly #log: Log;
  readonly #bugs: Counter;

  constructor(log: Log, bugs: Counter) {
    this.#log = log;
    this.#bugs = bugs;
  }

  /** Never throws. */
  readonly format = (error: unknown): GraphQLFormattedError => {
    const cause = origin(error);
    const place = error instanceof GraphQLError ? placeOf(error) : {};
    if (cause instanceof Failure && !cause.bug) {
      return { message: cause.message, ...place, extensions: { ...cause.details, code: cause.code } };
    }
    if (error instanceof GraphQLError) {
      const code = this.#codeOf(error, cause);
      if (code !== undefined) return { message: error.message, ...place, extensions: { code } };
    }
    const path = error instanceof GraphQLError ? error.path?.join('.') : undefined;
    const id = logBug(this.#log, this.#bugs, cause, path === undefined ? {} : { path });
    return { message: CATALOGUE.INTERNAL.text, ...place, extensions: { code: 'INTERNAL', id } };
  };

  /** The code of an error that GraphQL, Apollo or the limits made, not a resolver. */
  #codeOf(error: GraphQLError, cause: unknown): string | undefined {
    const code = error.extensions['code'];
    if (typeof code === 'string') {
      if (KEPT.has(code) || (Object.hasOwn(CATALOGUE, code) && !CATALOGUE[code as FailureCode].bug)) return code;
      if (BAD_INPUT.has(code)) return 'BAD_INPUT';
    }
    // Variables that do not fit their types: made before any field ran, so they have no path. Arguments likewise, at their field.
    if (error.path === undefined && (cause instanceof GraphQLError || cause === error)) return 'BAD_INPUT';
    if (cause === error && error.message.startsWith('Argument "')) return 'BAD_INPUT';
    return undefined;
  }
}

function placeOf(error: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return {
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...(error.path === undefined ? {} : { path: error.path }),
  };
}
