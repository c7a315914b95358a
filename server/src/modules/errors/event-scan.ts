import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sql } from '../../platform/db/sql.ts';
import { type EventRow, eventColumns } from './event-row.ts';
import type { Conditions } from './sql-lists.ts';

/** Ids walked by one statement (some milliseconds); others get their turn between two. */
const STRETCH = 50_000;

/**
 * The newest events (by id, the order of arrival) that satisfy `where` over `error_event e` and `error_group g`. Walks
 * the primary key backwards in stretches: no index per project has to be kept up by every insert, and a project that has
 * been silent for long costs several short statements instead of one that stops the thread.
 */
export async function scanBack(
  sql: Sql,
  where: Conditions,
  options: { before: number | undefined; limit: number; idsOnly?: boolean },
): Promise<EventRow[]> {
  const ends = await sql.get<{ first: number | null; last: number | null }>(
    'select (select min(id) from error_event) as first, (select max(id) from error_event) as last',
  );
  const first = ends?.first ?? 0;
  let until = Math.min(options.before ?? Number.MAX_SAFE_INTEGER, (ends?.last ?? 0) + 1);
  const found: EventRow[] = [];
  const columns = options.idsOnly ? 'e.id' : eventColumns(sql.dialect);
  while (until > first && found.length < options.limit) {
    const from = Math.max(first, until - STRETCH);
    const rows = await sql.all<EventRow>(
      `select ${columns} from error_event e cross join error_group g
       where g.id = e.group_id and e.id >= ? and e.id < ? and ${where.sql} order by e.id desc limit ?`,
      [from, until, ...where.params, options.limit - found.length],
    );
    found.push(...rows);
    until = from;
    if (until > first && found.length < options.limit) await nextTurn();
  }
  return found;
}
