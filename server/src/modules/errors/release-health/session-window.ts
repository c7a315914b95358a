import type { Sql } from '../../../platform/db/sql.ts';
import { inChunks } from './rows.ts';

const DAY_MS = 86_400_000;
/** Forgotten at once at least, so that the rest of a busy time goes away in a quiet one. */
const FEW = 200;

/** What is remembered of a project's sessions (see SessionWindow). */
export interface Window {
  kept: number;
  /** Sessions that began up to here are not remembered: a record of one that is not known is refused, never counted again. */
  forgottenUpTo: number;
}

export async function openWindow(tx: Sql, projectId: number): Promise<Window> {
  const row = await tx.get<Window>('select kept, forgotten_up_to as "forgottenUpTo" from session_window where project_id = ?', [
    projectId,
  ]);
  return row ?? { kept: 0, forgottenUpTo: 0 };
}

/**
 * Forgets sessions that can change no more, and the oldest beyond the most that are kept: for each that came at most two go,
 * so that no batch pays for a long time before it. Users of days that can change no more go with them.
 */
export async function forgetSessions(
  tx: Sql,
  projectId: number,
  window: Window,
  { added, before, mostKept }: { added: number; before: number; mostKept: number },
): Promise<void> {
  const surplus = Math.max(0, window.kept + added - mostKept);
  const most = Math.max(FEW, 2 * added);
  const oldest = (limit: number) =>
    tx.all<{ sessionId: Buffer; startedAt: number }>(
      `select session_id as "sessionId", started_at as "startedAt" from release_session
       where project_id = ? order by started_at limit ?`,
      [projectId, limit],
    );
  const goes = (row: { startedAt: number } | undefined, place: number) =>
    row !== undefined && (row.startedAt < before || place < surplus);
  const [first] = await oldest(1);
  const gone = goes(first, 0) ? (await oldest(most)).filter(goes) : [];
  if (gone.length > 0) {
    await inChunks(
      gone.map(({ sessionId }) => sessionId),
      async (list, ids) => {
        await tx.run(`delete from release_session where project_id = ? and session_id in (${list})`, [projectId, ...ids]);
        return [];
      },
    );
    const today = before - (before % DAY_MS);
    const key = 'project_id, day, "release", environment, user_hash';
    await tx.run(
      `delete from release_user where (${key}) in (
         select ${key} from release_user where project_id = ? and day < ? limit ${FEW} + ?)`,
      [projectId, today, most],
    );
  }
  if (added === 0 && gone.length === 0) return;
  const forgottenUpTo = Math.max(window.forgottenUpTo, ...gone.map(({ startedAt }) => startedAt));
  await tx.run(
    `insert into session_window (project_id, kept, forgotten_up_to) values (?,?,?)
     on conflict (project_id) do update set kept = excluded.kept, forgotten_up_to = excluded.forgotten_up_to`,
    [projectId, window.kept + added - gone.length, forgottenUpTo],
  );
}
