import { Failure } from '../../platform/errors.ts';

/**
 * A place in a list: the values of the row it points at, made opaque. `kind` names the list and its order, so that a
 * cursor of one list is refused in another instead of answering nonsense.
 */
export function encodeCursor(kind: string, value: number, id: number): string {
  return Buffer.from(`${kind}.${value}.${id}`, 'latin1').toString('base64url');
}

/** @throws Failure BAD_INPUT for anything that {@link encodeCursor} did not make for this `kind`. */
export function decodeCursor(kind: string, cursor: string): { value: number; id: number } {
  const text = cursor.length > 100 ? '' : Buffer.from(cursor, 'base64url').toString('latin1');
  const match = /^([a-z-]+)\.(-?\d{1,16})\.(\d{1,16})$/.exec(text);
  if (match?.[1] !== kind) throw new Failure('BAD_INPUT', 'after: not a cursor of this list.', { details: { field: 'after' } });
  return { value: Number(match[2]), id: Number(match[3]) };
}

/** Most rows of one page. */
export const MAX_PAGE = 200;

/** @throws Failure BAD_INPUT when `first` is not between 1 and {@link MAX_PAGE}. */
export function pageSize(first: number | null | undefined, standard = 50, max = MAX_PAGE): number {
  const size = first ?? standard;
  if (size < 1 || size > max) throw new Failure('BAD_INPUT', `first: between 1 and ${max}.`, { details: { field: 'first' } });
  return size;
}
