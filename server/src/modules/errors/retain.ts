import { days, minutes } from '../../platform/clock.ts';
import { fromJson } from '../../platform/db/json-column.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { ProjectSettings } from '../projects/project.entity.ts';
import type { Chore } from './digest/housekeeping.ts';
import { deleteEventsOlderThan } from './retention.ts';

/** Rows deleted in one piece of work: some tens of milliseconds, and events go on between two. */
const EVENTS_AT_ONCE = 250;
const FEEDBACK_AT_ONCE = 100;

/**
 * Deletes what projects keep no longer than they say (`retentionDays`; 0: everything stays): events with their files,
 * feedback, and session counts. Errors stay, with their counts and charts. One bounded piece a call.
 * @returns what was deleted; call again while `more`
 */
export async function retain(sql: Sql, now: number): Promise<{ more: boolean; events: number; feedback: number }> {
  const projects = await sql.all<{ id: number; settings: unknown }>('select id, settings from project order by id');
  for (const { id, settings } of projects) {
    // As DEFAULT_SETTINGS has it: the digest's thread, where this runs, loads no entity and with it no ORM.
    const { retentionDays = 0 } = fromJson<Partial<ProjectSettings>>(settings);
    if (!(retentionDays >= 1)) continue;
    const before = now - days(retentionDays);
    const events = await deleteEventsOlderThan(sql, id, before, EVENTS_AT_ONCE);
    if (events > 0) return { more: true, events, feedback: 0 };
    const feedback = await deleteFeedback(sql, id, before);
    if (feedback > 0) return { more: true, events: 0, feedback };
    if (await deleteDay(sql, 'release_hour', 'hour', id, before)) return { more: true, events: 0, feedback: 0 };
    if (await deleteDay(sql, 'release_day', 'day', id, before)) return { more: true, events: 0, feedback: 0 };
  }
  return { more: false, events: 0, feedback: 0 };
}

async function deleteFeedback(sql: Sql, projectId: number, before: number): Promise<number> {
  const rows = await sql.all<{ id: number; feedback_id: Buffer }>(
    'select id, feedback_id from feedback where project_id = ? and received_at < ? order by id limit ?',
    [projectId, before, FEEDBACK_AT_ONCE],
  );
  if (rows.length === 0) return 0;
  await sql.transaction(async (tx) => {
    for (const { id, feedback_id: feedbackId } of rows) {
      await tx.run(`delete from attachment where project_id = ? and event_id = ? and owner = 'feedback'`, [
        projectId,
        feedbackId,
      ]);
      await tx.run('delete from feedback where id = ?', [id]);
    }
  });
  return rows.length;
}

/** Deletes the oldest day of counts that are whole before a moment. Answers whether there was one. */
async function deleteDay(sql: Sql, table: string, column: string, projectId: number, before: number): Promise<boolean> {
  const oldest = await sql.get<{ at: number | null }>(`select min(${column}) as at from ${table} where project_id = ?`, [
    projectId,
  ]);
  const at = oldest?.at ?? null;
  // A day's users stand at its first moment: the day is over a day later.
  if (at === null || at + days(1) > before) return false;
  await sql.transaction((tx) =>
    tx.run(`delete from ${table} where project_id = ? and ${column} < ?`, [projectId, Math.min(before, at + days(1))]),
  );
  return true;
}

/** The chore of it, for the digest thread. */
export const retention: Chore = {
  everyMs: minutes(10),
  async run(sql, now) {
    const { more, events, feedback } = await retain(sql, now);
    const text = 'removed what is kept no longer';
    return { more, news: events + feedback === 0 ? [] : [{ kind: 'log', level: 'info', fields: { events, feedback }, text }] };
  },
};
