import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { HOUR_MS } from './buckets.ts';

const WEEK_HOURS = 168;

/**
 * Events per hour of every project over the last week, oldest first, empty hours as 0, from the project's first event on
 * and without the running hour. Projects without events are left out.
 */
export async function hourlyHistory(sql: Sql, clock: Clock): Promise<Map<number, number[]>> {
  const until = Math.floor(clock.now() / HOUR_MS) * HOUR_MS;
  const from = until - WEEK_HOURS * HOUR_MS;
  const rows = await sql.all<{ id: number; at: number; n: number; first: number | null }>(
    `select h.project_id as id, h.hour as at, sum(h.event_count) as n, min(p.first_event_at) as first
       from project_hour h join project p on p.id = h.project_id
      where h.hour >= ? and h.hour < ? group by h.project_id, h.hour`,
    [from, until],
  );
  const history = new Map<number, number[]>();
  for (const [id, ofProject] of Map.groupBy(rows, (row) => row.id)) {
    const began = Math.max(from, Math.floor((ofProject[0]?.first ?? from) / HOUR_MS) * HOUR_MS);
    // Events may tell of times before the first of them came in.
    const start = Math.min(began, ...ofProject.map((row) => row.at));
    const hours = new Array<number>((until - start) / HOUR_MS).fill(0);
    for (const { at, n } of ofProject) hours[(at - start) / HOUR_MS] = Number(n);
    history.set(id, hours);
  }
  return history;
}
