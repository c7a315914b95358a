import { VERSION } from '../platform/version.ts';
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
export async function ask<T>({ base, token }: Connection, query: string, variables?: Record<string, unknown>): Promise<T> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await post(`${base}/graphql`, JSON.stringify({ query, variables }), headers);
  let body: { data?: T; errors?: readonly WireError[] } | undefined;
  try {
    body = JSON.parse(response.text) as typeof body;
  } catch {
    // not ours: said below
  }
  if (body?.errors?.[0] !== undefined) throw refusal(body.errors);
  if (body?.data == null) throw new CommandFailure(`${base} answers ${response.status}, but not as Errata`, EXIT.unreachable);
  return body.data;
}

/**
 * One request by POST, whatever it is answered with.
 * @throws CommandFailure 3 when nobody answers
 */
export async function post(
  address: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Headers; text: string }> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'user-agent': `errata-cli/${VERSION}`, ...headers },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined;
    const { origin } = new URL(address);
    throw new CommandFailure(`cannot reach ${origin}: ${cause?.message || (error as Error).message}`, EXIT.unreachable);
  }
}

/** The failure a command ends with when the server answers with errors. */
export function refusal(errors: readonly WireError[]): CommandFailure {
  const code = errors[0]?.extensions?.code ?? '';
  const text = errors.map(({ message }) => message).join('; ');
  return new CommandFailure(text, USAGE_CODES.has(code) ? EXIT.usage : EXIT.refused);
}
