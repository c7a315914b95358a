import { CommandFailure, EXIT } from './output.ts';

/** A server to talk to as a script does. */
export interface Connection {
  /** Without a trailing slash. */
  readonly base: string;
  readonly token: string;
}

/** A GraphQL error as it comes over the wire. */
export interface WireError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

const TIMEOUT_MS = 15_000;
/** Faults in what was asked, as opposed to who asks. */
const USAGE_CODES = new Set(['BAD_INPUT', 'QUERY_TOO_COMPLEX', 'GRAPHQL_VALIDATION_FAILED']);

/**
 * One query by POST.
 * @throws CommandFailure with the exit code for unreachable, refused or wrongly used
 */
export async function ask<T>({ base, token }: Connection, query: string): Promise<T> {
  let response: Response;
  let body: { data?: T; errors?: readonly WireError[] } | undefined;
  try {
    response = await fetch(`${base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    body = text.startsWith('{') ? (JSON.parse(text) as typeof body) : undefined;
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined;
    throw new CommandFailure(`cannot reach ${base}: ${cause?.message || (error as Error).message}`, EXIT.unreachable);
  }
  if (body?.errors?.[0] !== undefined) throw refusal(body.errors);
  if (body?.data == null) throw new CommandFailure(`${base} answers ${response.status}, but not as Errata`, EXIT.unreachable);
  return body.data;
}

/** The failure a command ends with when the server answers with errors. */
export function refusal(errors: readonly WireError[]): CommandFailure {
  const code = errors[0]?.extensions?.code ?? '';
  const text = errors.map(({ message }) => message).join('; ');
  return new CommandFailure(text, USAGE_CODES.has(code) ? EXIT.usage : EXIT.refused);
}
