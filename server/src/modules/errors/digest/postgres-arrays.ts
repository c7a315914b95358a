import type { Sql, SqlValue } from '../../../platform/db/sql.ts';

/** PostgreSQL types of the columns the digest writes. */
export type ArrayType = 'int8' | 'int4' | 'text' | 'bytea' | 'bool' | 'jsonb';

/** A column of many rows: its name, type, and value per row. */
export type Column<T> = readonly [name: string, type: ArrayType, value: (row: T) => SqlValue | boolean];

/** The parameters and the text `unnest(?::type[], …) as <alias>(<columns>)` for rows; parameters in order of columns. */
export function unnest<T>(alias: string, columns: readonly Column<T>[], rows: readonly T[]) {
  const casts = columns.map(([, type]) => `?::${type}[]`).join(', ');
  const names = columns.map(([name]) => name).join(', ');
  return {
    text: `unnest(${casts}) as ${alias}(${names})`,
    // The driver takes arrays, and arrays of Buffers for bytea[]; `Sql` has no type for them.
    params: columns.map(([, , value]) => rows.map(value)) as unknown as SqlValue[],
  };
}

/** Inserts rows by one statement; `suffix` for `on conflict …`, `returning …`. Nothing happens without rows. */
export async function insertRows<T, R>(
  tx: Sql,
  table: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  suffix = '',
): Promise<R[]> {
  if (rows.length === 0) return [];
  const { text, params } = unnest('v', columns, rows);
  const names = columns.map(([name]) => name).join(', ');
  return tx.all<R>(`insert into ${table} (${names}) select ${names} from ${text} ${suffix}`, params);
}
