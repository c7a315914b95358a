/**
 * The catalogue of failures that are thrown. Refusals a client is expected to handle are result types in the schema
 * (see `platform/graphql/refusals.ts`); everything here ends a request.
 * `bug` answers "is this a fault of ours?": such failures are logged with their stack and count in `errata_bugs_total`.
 */
export const CATALOGUE = {
  UNAUTHENTICATED: { status: 401, bug: false, text: 'Sign in first, or send a valid token.' },
  FORBIDDEN: { status: 403, bug: false, text: 'You do not have the permission for this.' },
  NOT_FOUND: { status: 404, bug: false, text: 'Not found, or not visible to you.' },
  BAD_INPUT: { status: 400, bug: false, text: 'The input is not valid.' },
  PAYLOAD_TOO_LARGE: { status: 413, bug: false, text: 'The request is larger than is accepted.' },
  CONFLICT: { status: 409, bug: false, text: 'Somebody else changed this meanwhile.' },
  RATE_LIMITED: { status: 429, bug: false, text: 'Too many requests.' },
  QUERY_TOO_COMPLEX: { status: 400, bug: false, text: 'The GraphQL document is too deep, too wide or too costly.' },
  ORIGIN_REFUSED: { status: 403, bug: false, text: 'This origin may not make the request.' },
  UNAVAILABLE: { status: 503, bug: false, text: 'Not ready, or shutting down.' },
  CONFIG_INVALID: { status: 500, bug: false, text: 'The configuration is not valid.' },
  INTERNAL: { status: 500, bug: true, text: 'Something went wrong on our side. It has been logged.' },
} as const;

export type FailureCode = keyof typeof CATALOGUE;

/** A failure from the {@link CATALOGUE}. `message` is safe to show to a client; `cause` never leaves the server. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly status: number;
  readonly bug: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: FailureCode, message?: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message ?? CATALOGUE[code].text, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = CATALOGUE[code].status;
    this.bug = CATALOGUE[code].bug;
    this.details = options.details ?? {};
  }
}
