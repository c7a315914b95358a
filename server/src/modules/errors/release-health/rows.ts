import type { Sql, SqlValue } from '../../../platform/db/sql.ts';

/** Rows in one statement. Few sizes, so that few statements are prepared; small enough for the limits of both databases. */
const SIZES = [200, 20, 1] as const;

/** `insert … values (…), (…) <tail>` for many rows, in few statements of few different texts. */
export async function insertRows(tx: Sql, head: string, tail: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
  const width = rows[0]?.length ?? 0;
  const one = `(${Array(width).fill('?').join(',')})`;
  for (let at = 0; at < rows.length; ) {
    const size = sizeFor(rows.length - at);
    const values = Array(size).fill(one).join(',');
    await tx.run(`${head} values ${values} ${tail}`, rows.slice(at, at + size).flat());
    at += size;
  }
}

/** Asks for many values by `… in (<list>)`, in pieces; the last piece repeats a value rather than be of another length. */
export async function inChunks<T, V extends SqlValue>(
  values: readonly V[],
  ask: (list: string, some: readonly V[]) => Promise<T[]>,
): Promise<T[]> {
  const rows: T[] = [];
  for (let at = 0; at < values.length; ) {
    const left = values.length - at;
    const size = left > 20 ? 200 : left > 1 ? 20 : 1;
    const some = values.slice(at, at + size);
    while (some.length < size) some.push(some[0] as V);
    rows.push(...(await ask(Array(size).fill('?').join(','), some)));
    at += size;
  }
  return rows;
}

function sizeFor(left: number): number {
  return SIZES.find((size) => size <= left) as number;
}
