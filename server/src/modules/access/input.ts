import { ValidationRefusal } from '../../platform/graphql/refusals.ts';

/** Checks shared by the services of access and projects. Each answers the cleaned value or the refusal to hand on. */

/** An id as the API has it; null when it cannot be one of ours. */
export function parseId(id: string): number | null {
  return /^[1-9]\d{0,15}$/.test(id) ? Number(id) : null;
}

/** Control characters, and those that turn the direction of text around: a name must not disguise another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name or label on one line: trimmed, 1 to `max` characters. */
export function cleanLine(text: string, field: string, max = 100): string | ValidationRefusal {
  const clean = text.normalize('NFC').replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();
  if (clean === '') return new ValidationRefusal('REQUIRED', 'This may not be empty.', field);
  if ([...clean].length > max) return new ValidationRefusal('TOO_LONG', `At most ${max} characters.`, field);
  return clean;
}

/** An e-mail address: lower case, one @, a name on both sides; whether it exists only a message could tell. */
export function cleanEmail(text: string, field = 'email'): string | ValidationRefusal {
  const email = text.normalize('NFC').trim().toLowerCase();
  if (email.length <= 254 && /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/.test(email) && email.search(UNPRINTABLE) < 0)
    return email;
  return new ValidationRefusal('INVALID_EMAIL', 'This is not an e-mail address.', field);
}

/** Ids of projects, each once and all existing. `existing` answers which of some ids exist. */
export async function cleanProjectIds(
  ids: readonly string[],
  existing: (ids: readonly number[]) => Promise<readonly number[]>,
  field = 'projectIds',
): Promise<number[] | ValidationRefusal> {
  const numbers = [...new Set(ids.map(parseId))];
  const wanted = numbers.filter((id): id is number => id !== null);
  const found = wanted.length === 0 ? [] : await existing(wanted);
  if (found.length === numbers.length && numbers.length <= 1000) return wanted;
  return new ValidationRefusal('UNKNOWN_PROJECT', 'One of the projects does not exist.', field);
}
