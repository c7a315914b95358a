import { minutes } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { deleteEventRows } from './retention.ts';

/** A deleted error is kept this long: the ten minutes in which it can be undone, and one more. */
export const DELETED_KEPT_MS = minutes(11);

/** Rows deleted in one transaction. */
const CHUNK = 500;

/**
 * Removes for good an error whose deletion was marked before a moment, with all that hangs on it, in small transactions:
 * its rows first, itself last, so that a cut leaves a marked error and not orphans. Does about `chunks` transactions a
 * call. Answers the errors that are gone; call again while `more`.
 */
export async function purgeDeletedGroups(
  sql: Sql,
  before: number,
  chunks = 20,
): Promise<{ purged: { id: number; projectId: number }[]; more: boolean }> {
  const purged: { id: number; projectId: number }[] = [];
  let left = chunks;
  while (left > 0) {
    const group = await sql.get<{ id: number; project_id: number }>(
      'select id, project_id from error_group where deleted_at < ? order by id limit 1',
      [before],
    );
    if (group === undefined) return { purged, more: false };
    left = await emptyGroup(sql, group.id, left);
    if (left <= 0) break;
    if (await removeGroup(sql, group.id, before)) purged.push({ id: group.id, projectId: group.project_id });
    left -= 1;
  }
  return { purged, more: true };
}

/** Deletes what may be much: events, users, tags, hours. Answers how many transactions are left. */
async function emptyGroup(sql: Sql, groupId: number, chunks: number): Promise<number> {
  let left = chunks;
  for (; left > 0; left--) {
    const events = await sql.all<{ id: number; block_id: number }>(
      'select id, block_id from error_event where group_id = ? order by timestamp, id limit ?',
      [groupId, CHUNK],
    );
    if (events.length === 0) break;
    await sql.transaction((tx) => deleteEventRows(tx, events));
  }
  for (const [table, column] of [
    ['error_user', 'user_hash'],
    ['error_hour', 'hour'],
    ['error_tag', 'key'],
  ] as const) {
    for (; left > 0; left--) {
      const rows = await sql.all<{ cell: string | number }>(
        `select distinct ${column} as cell from ${table} where group_id = ? order by 1 limit ?`,
        [groupId, CHUNK],
      );
      if (rows.length === 0) break;
      await sql.transaction(async (tx) => {
        for (const { cell } of rows) await tx.run(`delete from ${table} where group_id = ? and ${column} = ?`, [groupId, cell]);
      });
    }
  }
  return left;
}

/** Deletes the error and its few remaining rows; false when its deletion was undone meanwhile. */
function removeGroup(sql: Sql, groupId: number, before: number): Promise<boolean> {
  return sql.transaction(async (tx) => {
    if ((await tx.run('delete from error_group where id = ? and deleted_at < ?', [groupId, before])) === 0) return false;
    await tx.run('update feedback set group_id = null where group_id = ?', [groupId]);
    for (const table of ['grouping', 'comment', 'activity']) await tx.run(`delete from ${table} where group_id = ?`, [groupId]);
    return true;
  });
}
