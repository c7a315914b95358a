import type { Dialect } from '../../platform/db/dialect.ts';
import type { Sql, SqlValue } from '../../platform/db/sql.ts';

/**
 * Lists as one parameter, so that a statement is prepared once whatever the length of its list
 * (`id in (?,?,…)` would be another statement for every length).
 */

/** `column in <list of integers>`; the parameter is {@link idsParam}. */
export function inIds(dialect: Dialect, column: string): string {
  return dialect === 'sqlite' ? `${column} in (select value from json_each(?))` : `${column} = any(?::bigint[])`;
}

/** A table `alias` with one column `value` holding the integers of {@link idsParam}. */
export function idTable(dialect: Dialect, alias: string): string {
  return dialect === 'sqlite' ? `json_each(?) ${alias}` : `unnest(?::bigint[]) as ${alias}(value)`;
}

/** The parameter of {@link inIds} and {@link idTable}. */
export function idsParam(dialect: Dialect, ids: readonly number[]): string {
  return dialect === 'sqlite' ? `[${ids.join(',')}]` : `{${ids.join(',')}}`;
}

/** `column in <list of texts>`; the parameter is `JSON.stringify(texts)`. */
export function inTexts(dialect: Dialect, column: string): string {
  return dialect === 'sqlite'
    ? `${column} in (select value from json_each(?))`
    : `${column} in (select json_array_elements_text(?::json))`;
}

/** Conditions joined by `and`, with their parameters in order. */
export class Conditions {
  readonly dialect: Dialect;
  readonly params: SqlValue[] = [];
  readonly #parts: string[] = [];

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  add(sql: string, ...params: readonly SqlValue[]): this {
    this.#parts.push(sql);
    this.params.push(...params);
    return this;
  }

  /** The text after `where`; never empty. */
  get sql(): string {
    return this.#parts.length === 0 ? '1 = 1' : this.#parts.join(' and ');
  }
}

/** A text with every wildcard of LIKE taken literally; use with `escape '\'`. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (c) => `\\${c}`);
}

/** `expression like ?` in any case of letters (ASCII only on SQLite); the parameter's wildcards are escaped by `\`. */
export function likeAnyCase(dialect: Dialect, expression: string): string {
  return `${expression} ${dialect === 'sqlite' ? 'like' : 'ilike'} ? escape '\\'`;
}

/** How many rows `from` finds (`<table> where …`); looks no further than `limit`. */
export async function countUpTo(sql: Sql, limit: number, from: string, params: readonly SqlValue[]): Promise<number> {
  const row = await sql.get<{ n: number }>(
    `select count(*) as n from (select 1 from ${from} limit ${limit}) as matching`,
    params,
  );
  return row?.n ?? 0;
}
