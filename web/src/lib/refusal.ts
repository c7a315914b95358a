import { CombinedGraphQLErrors } from '@apollo/client';
import { ServerError } from '@apollo/client/errors';
import type { RefusalFragment } from '@errata/schema';

type Refusal = RefusalFragment;
type WithTypename = { __typename?: string | undefined };

/** True when a mutation answered with one of the refusals instead of its result. */
export function isRefusal(answer: WithTypename | null | undefined): answer is Refusal {
  return answer?.__typename?.endsWith('Refusal') === true;
}

/** Thrown by {@link resultOf} when the server refused; `message` is fit to be shown. */
export class RefusedError extends globalThis.Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'RefusedError';
    this.refusal = refusal;
  }
}

/** The result of a mutation without its refusals; throws {@link RefusedError} for those. */
export function resultOf<T extends WithTypename>(answer: T | null | undefined): Exclude<T, Refusal> {
  if (answer === null || answer === undefined) throw new TypeError('The server answered nothing.');
  if (isRefusal(answer)) throw new RefusedError(answer);
  return answer as Exclude<T, Refusal>;
}

/** What to tell a person about anything that was thrown on the way to the server. */
export function messageOf(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) return error.errors[0]?.message ?? error.message;
  if (ServerError.is(error)) {
    if (error.statusCode === 429) return 'Too many requests. Wait a moment and try again.';
    return error.statusCode >= 500
      ? `The server failed (${error.statusCode}). Try again; its log says more.`
      : `The server refused the request (${error.statusCode}).`;
  }
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) {
    return 'The server cannot be reached. Check that it is running and that you are online.';
  }
  return error instanceof globalThis.Error ? error.message : String(error);
}

/** Field faults for a form, keyed by the last part of the server's field path (`input.name` → `name`). */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof RefusedError)) return {};
  const { refusal } = error;
  if (refusal.__typename !== 'ValidationRefusal' || refusal.field === null || refusal.field === undefined) return {};
  const name = refusal.field.split('.').at(-1);
  return name === undefined ? {} : { [name]: refusal.message };
}
