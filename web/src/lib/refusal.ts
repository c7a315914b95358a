import { CombinedGraphQLErrors } from '@apollo/client';
import { ServerError } from '@apollo/client/errors';
import type { RefusalFragment } from '@errata/schema';

type Refusal = RefusalFragment;
/** Any member of a result union that is a refusal. */
type Refused = { __typename: `${string}Refusal` };

/** True when a mutation answered with one of the refusals instead of its result. */
export function isRefusal<T extends object>(answer: T | null | undefined): answer is Extract<T, Refused> {
  return answer !== null && answer !== undefined && '__typename' in answer && String(answer.__typename).endsWith('Refusal');
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
export function resultOf<T extends object>(answer: T | null | undefined): Exclude<T, Refused> {
  if (answer === null || answer === undefined) throw new TypeError('The server answered nothing.');
  if (isRefusal(answer)) throw new RefusedError(answer as unknown as Refusal);
  return answer as Exclude<T, Refused>;
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
