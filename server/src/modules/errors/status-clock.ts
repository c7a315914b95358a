import type { Sql } from '../../platform/db/sql.ts';
import type { ErrorStatus } from './error-group.entity.ts';
import type { ErrorChange } from './facts.ts';
import { FRESH_FOR_MS, mayMove } from './states.ts';

/**
 * Makes the moves that only time causes: NEW, REGRESSED and ESCALATING errors become ONGOING seven days after they became
 * so, ARCHIVED ones when their date has passed. At most `limit` in one call, in one short transaction; call again while
 * the answer is full. Answers what changed.
 */
export async function moveByClock(sql: Sql, now: number, limit = 200): Promise<ErrorChange[]> {
  const due = await sql.all<{ id: number; project_id: number; status: ErrorStatus }>(
    `select id, project_id, status from error_group
     where status = 'ARCHIVED' and archived_until_at <= ? and deleted_at is null limit ?`,
    [now, limit],
  );
  if (due.length < limit) {
    // Since when it has its status stands in its history; errors older than the history's line count as old.
    due.push(
      ...(await sql.all<{ id: number; project_id: number; status: ErrorStatus }>(
        `select g.id, g.project_id, g.status from error_group g
         where g.status in ('NEW', 'REGRESSED', 'ESCALATING') and g.first_seen_at < ? and g.deleted_at is null
           and not exists (select 1 from activity a
             where a.group_id = g.id and a.kind in ('created', 'regressed', 'escalating') and a.at > ?)
         limit ?`,
        [now - FRESH_FOR_MS, now - FRESH_FOR_MS, limit - due.length],
      )),
    );
  }
  const moves = due.filter(({ status }) => mayMove(status, 'ONGOING', 'clock')).sort((a, b) => a.id - b.id);
  if (moves.length === 0) return [];
  return sql.transaction(async (tx) => {
    const changes: ErrorChange[] = [];
    for (const { id, project_id, status } of moves) {
      // Somebody may have been faster: only the status that was seen is moved.
      const moved = await tx.run(
        `update error_group set status = 'ONGOING', archived_until_at = null, updated_at = ? where id = ? and status = ?`,
        [now, id, status],
      );
      if (moved === 0) continue;
      await tx.run(
        `insert into activity (group_id, kind, actor, user_id, data, at) values (?, 'ongoing', 'system', null, ?, ?)`,
        [id, JSON.stringify({ from: status }), now],
      );
      changes.push({ kind: 'UPDATED', errorId: id, projectId: project_id });
    }
    return changes;
  });
}
