import type { Dialect } from '../../platform/db/dialect.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Level } from '../detection/normalized-event.ts';
import { idsParam, inIds } from './sql-lists.ts';

/** An event as the API reads it, without its payload. Times are milliseconds UTC. */
export interface EventRow {
  id: number;
  projectId: number;
  groupId: number;
  /** 32 lower-case hex digits. */
  eventId: string;
  timestamp: number;
  receivedAt: number;
  level: Level;
  environment: string | null;
  release: string | null;
  /** Of the grouping that chose the error. */
  hash: string;
}

/** Select list of {@link EventRow}; needs `error_event e`. */
export function eventColumns(dialect: Dialect): string {
  const hex = dialect === 'sqlite' ? 'lower(hex(e.event_id))' : "encode(e.event_id, 'hex')";
  return `e.id, e.project_id as "projectId", e.group_id as "groupId", ${hex} as "eventId", e.timestamp,
 e.received_at as "receivedAt", e.level, e.environment, e.release, e.hash`;
}

/** Events by id, whatever became of their error. Decides nothing about who may see them. */
export async function eventsByIds(sql: Sql, ids: readonly number[]): Promise<Map<number, EventRow>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.all<EventRow>(
    `select ${eventColumns(sql.dialect)} from error_event e where ${inIds(sql.dialect, 'e.id')}`,
    [idsParam(sql.dialect, ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
