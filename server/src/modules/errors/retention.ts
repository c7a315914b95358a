import type { Sql } from '../../platform/db/sql.ts';

/** Events deleted in one transaction. */
const CHUNK = 500;

/**
 * Deletes a project's events that happened before a moment, oldest first, in small transactions; at most `limit`. Counts
 * of errors and charts stay: they say what came in, not what is kept. Answers how many were deleted; fewer than `limit`
 * means that none is left.
 */
export async function deleteEventsOlderThan(sql: Sql, projectId: number, before: number, limit = 10_000): Promise<number> {
  return inChunks(
    limit,
    (chunk) =>
      // By the client's time, which stands in an index, and by ours, because clients may say nothing (0) or nonsense.
      sql.all(
        `select id, block_id from error_event where project_id = ? and occurred_at < ? and timestamp < ?
       order by occurred_at limit ?`,
        [projectId, before, before, chunk],
      ),
    sql,
  );
}

/** Deletes a project's oldest events beyond the `keep` newest; at most `limit`. Answers how many were deleted. */
export async function deleteEventsBeyond(sql: Sql, projectId: number, keep: number, limit = 10_000): Promise<number> {
  const row = await sql.get<{ n: number }>('select count(*) as n from error_event where project_id = ?', [projectId]);
  const surplus = Math.min(limit, (row?.n ?? 0) - keep);
  return inChunks(
    surplus,
    (chunk) =>
      sql.all('select id, block_id from error_event where project_id = ? order by occurred_at limit ?', [projectId, chunk]),
    sql,
  );
}

/** Deletes rows of events, their attachments, and the payload blocks of which nothing is left. Inside the caller's transaction. */
export async function deleteEventRows(tx: Sql, rows: readonly { id: number; block_id: number }[]): Promise<void> {
  const ids = rows.map((row) => row.id).sort((a, b) => a - b);
  const blocks = [...new Set(rows.map((row) => row.block_id))].sort((a, b) => a - b);
  for (const id of ids) {
    await tx.run(
      `delete from attachment where (project_id, event_id) in (select project_id, event_id from error_event where id = ?)`,
      [id],
    );
    await tx.run('delete from error_event where id = ?', [id]);
  }
  for (const block of blocks) {
    await tx.run('delete from event_block where id = ? and not exists (select 1 from error_event where block_id = ?)', [
      block,
      block,
    ]);
  }
}

/** Deletes counts by the minute from before a moment. */
export async function pruneMinutes(sql: Sql, before: number): Promise<number> {
  return sql.transaction((tx) => tx.run('delete from project_minute where minute < ?', [before]));
}

async function inChunks(
  limit: number,
  next: (chunk: number) => Promise<{ id: number; block_id: number }[]>,
  sql: Sql,
): Promise<number> {
  let deleted = 0;
  while (deleted < limit) {
    const rows = await next(Math.min(CHUNK, limit - deleted));
    if (rows.length === 0) break;
    await sql.transaction((tx) => deleteEventRows(tx, rows));
    deleted += rows.length;
  }
  return deleted;
}
