import type { Sql } from '../../platform/db/sql.ts';
import type { Level } from '../detection/normalized-event.ts';
import type { ErrorStatus } from './error-group.entity.ts';
import { idsParam, inIds } from './sql-lists.ts';

/** An error as the API reads it: the row itself, its columns named as the fields are. Times are milliseconds UTC. */
export interface GroupRow {
  id: number;
  projectId: number;
  shortId: string;
  title: string;
  type: string | null;
  value: string | null;
  culprit: string | null;
  messageTemplate: string | null;
  level: Level;
  status: ErrorStatus;
  platform: string;
  /** 0 or 1 on SQLite. */
  handled: boolean | number | null;
  firstSeen: number;
  lastSeen: number;
  eventCount: number;
  userCount: number;
  firstRelease: string | null;
  lastRelease: string | null;
  assigneeId: number | null;
  archivedUntil: number | null;
  resolvedAt: number | null;
  resolvedById: number | null;
  resolvedInRelease: string | null;
  commentCount: number;
}

/** Select list of {@link GroupRow}; needs `error_group g` and `project p`. */
export const GROUP_COLUMNS = `g.id, g.project_id as "projectId", upper(p.slug) || '-' || g.number as "shortId", g.title, g.type,
 g.value, g.culprit, g.message_template as "messageTemplate", g.level, g.status, g.platform, g.handled,
 g.first_seen_at as "firstSeen", g.last_seen_at as "lastSeen", g.event_count as "eventCount", g.user_count as "userCount",
 g.first_release as "firstRelease", g.last_release as "lastRelease", g.assignee_id as "assigneeId",
 g.archived_until_at as "archivedUntil", g.resolved_at as "resolvedAt", g.resolved_by_id as "resolvedById",
 g.resolved_in_release as "resolvedInRelease", g.comment_count as "commentCount"`;

/** Errors by id; deleted ones are not among them. Decides nothing about who may see them. */
export async function groupsByIds(sql: Sql, ids: readonly number[]): Promise<Map<number, GroupRow>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.all<GroupRow>(
    `select ${GROUP_COLUMNS} from error_group g join project p on p.id = g.project_id
     where ${inIds(sql.dialect, 'g.id')} and g.deleted_at is null`,
    [idsParam(sql.dialect, ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
