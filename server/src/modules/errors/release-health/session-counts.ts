import type { Sql } from '../../../platform/db/sql.ts';
import type { SessionState } from '../../detection/records/session-record.ts';
import { inChunks, insertRows } from './rows.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What sessions are counted under. */
export interface HealthKey {
  release: string;
  environment: string;
  startedAt: number;
}

interface Hour {
  hour: number;
  release: string;
  environment: string;
  counts: Record<SessionState, number>;
}

interface Day {
  day: number;
  release: string;
  environment: string;
  /** User → one of their sessions crashed. */
  users: Map<string, boolean>;
}

/** Gathers a batch's changes of the counts by hour and day, and writes them: one row for each key, whatever the sessions. */
export class HealthCounts {
  readonly #tx: Sql;
  readonly #projectId: number;
  readonly #hours = new Map<string, Hour>();
  readonly #days = new Map<string, Day>();

  constructor(tx: Sql, projectId: number) {
    this.#tx = tx;
    this.#projectId = projectId;
  }

  add({ release, environment, startedAt }: HealthKey, state: SessionState, by: number): void {
    if (by === 0) return;
    const hour = startedAt - (startedAt % HOUR_MS);
    const key = JSON.stringify([hour, release, environment]);
    let found = this.#hours.get(key);
    if (found === undefined) {
      found = { hour, release, environment, counts: { healthy: 0, errored: 0, abnormal: 0, crashed: 0 } };
      this.#hours.set(key, found);
    }
    found.counts[state] += by;
  }

  see({ release, environment, startedAt }: HealthKey, userHash: string, crashed: boolean): void {
    const day = startedAt - (startedAt % DAY_MS);
    const key = JSON.stringify([day, release, environment]);
    let found = this.#days.get(key);
    if (found === undefined) {
      found = { day, release, environment, users: new Map() };
      this.#days.set(key, found);
    }
    if (crashed || !found.users.has(userHash)) found.users.set(userHash, crashed);
  }

  async write(): Promise<void> {
    const projectId = this.#projectId;
    const hours = sorted(this.#hours).map(({ hour, release, environment, counts }) => {
      const { healthy, errored, abnormal, crashed } = counts;
      return [projectId, hour, release, environment, healthy + errored + abnormal + crashed, errored, abnormal, crashed];
    });
    await insertRows(
      this.#tx,
      `insert into release_hour
         (project_id, hour, "release", environment, session_count, errored_count, abnormal_count, crashed_count)`,
      `on conflict (project_id, hour, "release", environment) do update set
         session_count = release_hour.session_count + excluded.session_count,
         errored_count = release_hour.errored_count + excluded.errored_count,
         abnormal_count = release_hour.abnormal_count + excluded.abnormal_count,
         crashed_count = release_hour.crashed_count + excluded.crashed_count`,
      hours,
    );
    for (const day of sorted(this.#days)) await this.#writeDay(day);
  }

  /** Users are counted when they are seen first, and again when one of their sessions crashes first. */
  async #writeDay({ day, release, environment, users }: Day): Promise<void> {
    const key = [this.#projectId, day, release, environment] as const;
    const known = await inChunks([...users.keys()], (list, some) =>
      this.#tx.all<{ userHash: string; crashed: number }>(
        `select user_hash as "userHash", crashed from release_user
         where project_id = ? and day = ? and "release" = ? and environment = ? and user_hash in (${list})`,
        [...key, ...some],
      ),
    );
    const before = new Map(known.map((row) => [row.userHash, row.crashed === 1]));
    const changed = [...users].filter(([user, crashed]) => !before.has(user) || (crashed && before.get(user) === false)).sort();
    if (changed.length === 0) return;
    await insertRows(
      this.#tx,
      'insert into release_user (project_id, day, "release", environment, user_hash, crashed)',
      'on conflict (project_id, day, "release", environment, user_hash) do update set crashed = excluded.crashed',
      changed.map(([user, crashed]) => [...key, user, crashed ? 1 : 0]),
    );
    const fresh = changed.filter(([user]) => !before.has(user)).length;
    const crashed = changed.filter(([, hasCrashed]) => hasCrashed).length;
    await this.#tx.run(
      `insert into release_day (project_id, day, "release", environment, user_count, crashed_user_count) values (?,?,?,?,?,?)
       on conflict (project_id, day, "release", environment) do update set
         user_count = release_day.user_count + excluded.user_count,
         crashed_user_count = release_day.crashed_user_count + excluded.crashed_user_count`,
      [...key, fresh, crashed],
    );
  }
}

/** In order of their keys: neighbours in a table are written together. */
function sorted<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
