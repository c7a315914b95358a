import type { Sql } from '../../platform/db/sql.ts';

/** Answers which of some project ids exist: what access asks without knowing projects. */
export function existingProjects(sql: Sql): (ids: readonly number[]) => Promise<number[]> {
  return async (ids) => {
    if (ids.length === 0) return [];
    const marks = ids.map(() => '?').join(', ');
    const rows = await sql.all<{ id: number }>(`select id from project where id in (${marks}) order by id`, [...ids]);
    return rows.map((row) => row.id);
  };
}
