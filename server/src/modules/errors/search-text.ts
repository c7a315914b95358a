import { type Conditions, escapeLike, likeAnyCase } from './sql-lists.ts';

/** Expressions that free words are looked for in, over `error_group g`. */
const TEXT_COLUMNS = ['g.title', "coalesce(g.value, '')", "coalesce(g.culprit, '')"];

/** Looks for the pieces, in their order, in title, message or culprit. */
export function addText(where: Conditions, pieces: readonly string[], negated = false): void {
  const pattern = `%${pieces.map(escapeLike).join('%')}%`;
  const found = TEXT_COLUMNS.map((column) => likeAnyCase(where.dialect, column)).join(' or ');
  where.add(`${negated ? 'not ' : ''}(${found})`, ...TEXT_COLUMNS.map(() => pattern));
}
