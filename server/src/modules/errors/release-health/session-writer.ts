import { days, hours } from '../../../platform/clock.ts';
import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import { SESSION_STATES, type SessionRecord, type SessionState } from '../../detection/records/session-record.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import type { SideFate, SideWriter } from '../digest/side-writers.ts';
import { inChunks, insertRows } from './rows.ts';
import { HealthCounts } from './session-counts.ts';
import { forgetSessions, openWindow, type Window } from './session-window.ts';

/** Sessions of a project that are remembered: some 150 MB on disk. The oldest are forgotten first. */
const MOST_KEPT = 1_000_000;
/** Releases and environments that sessions alone may make in a project: a DSN in a browser is no secret. */
const MOST_RELEASES = 10_000;
const MOST_ENVIRONMENTS = 500;
/** `state` of what was counted by a client. */
const COUNTED = -1;

type Record_ = Extract<SideRecord, { side: 'session' }>;

/** A session as the table has it, or will. */
interface Known {
  sequence: number;
  state: number;
  release: string;
  environment: string;
  startedAt: number;
  userHash: string | null;
}

/**
 * Writes sessions: each counts once in the hour it began, however often it is sent; an update with a higher sequence moves it
 * to its new state. Every table is read and written by a few statements a batch, whatever the number of sessions.
 */
export function sessionWriter(mostKept = MOST_KEPT): SideWriter<'session'> {
  return async (tx, records, now) => {
    const fates = new Array<SideFate>(records.length);
    const places = Map.groupBy([...records.keys()], (place) => (records[place] as Record_).projectId);
    for (const [projectId, mine] of places) {
      const some = mine.map((place) => records[place] as Record_);
      const decided = await new ProjectSessions(tx, projectId, now, mostKept).write(some);
      for (const [i, place] of mine.entries()) fates[place] = decided[i] as SideFate;
    }
    return fates;
  };
}

/** The sessions of one project in one batch. */
class ProjectSessions {
  readonly #tx: Sql;
  readonly #projectId: number;
  readonly #now: number;
  readonly #mostKept: number;
  readonly #counts: HealthCounts;
  /** By id; undefined: not known. */
  readonly #known = new Map<string, Known | undefined>();
  readonly #changed = new Set<string>();
  /** When each release was seen in this batch. */
  readonly #releases = new Map<string, { first: number; last: number }>();
  readonly #environments = new Map<string, number>();

  constructor(tx: Sql, projectId: number, now: number, mostKept: number) {
    this.#tx = tx;
    this.#projectId = projectId;
    this.#now = now;
    this.#mostKept = mostKept;
    this.#counts = new HealthCounts(tx, projectId);
  }

  async write(records: readonly Record_[]): Promise<SideFate[]> {
    const window = await openWindow(this.#tx, this.#projectId);
    await this.#load(records);
    const refusedReleases = await this.#tooMany(
      'release',
      'version',
      records.map(({ data }) => data.release),
      MOST_RELEASES,
    );
    const refusedEnvironments = await this.#tooMany(
      'environment',
      'name',
      records.map(({ data }) => data.environment),
      MOST_ENVIRONMENTS,
    );
    let added = 0;
    const fates = records.map(({ data }): SideFate => {
      if (refusedReleases.has(data.release)) return refused('too_many_releases');
      if (refusedEnvironments.has(data.environment)) return refused('too_many_environments');
      const before = this.#known.get(data.id);
      if (before === undefined && startOf(data) <= window.forgottenUpTo) return refused('too_old');
      if (!this.#take(data, before)) return { outcome: 'duplicate', reason: '', id: 0 };
      if (before === undefined) added += 1;
      return { outcome: 'accepted', reason: '', id: 0 };
    });
    await this.#store(window, added);
    return fates;
  }

  /** Takes a record into account; false when it says nothing new. */
  #take(data: SessionRecord, before: Known | undefined): boolean {
    const { id, release, environment, update, counts = [] } = data;
    if (update === undefined) {
      if (before !== undefined) return false;
      for (const { startedAt, states, userHash } of counts) {
        const key = { release, environment, startedAt };
        for (const state of SESSION_STATES) this.#counts.add(key, state, states[state]);
        if (userHash !== undefined) this.#counts.see(key, userHash, states.crashed > 0);
        this.#see(release, environment, startedAt);
      }
      const startedAt = startOf(data);
      this.#known.set(id, { sequence: 0, state: COUNTED, release, environment, startedAt, userHash: null });
    } else {
      const state = SESSION_STATES.indexOf(update.state);
      const newer = before === undefined || supersedes(update.sequence, state, before);
      if (!newer) return false;
      // What a session is of is decided by its first update (the protocol: attributes must not change).
      const known = before ?? { release, environment, startedAt: update.startedAt };
      if (before !== undefined) this.#counts.add(known, SESSION_STATES[before.state] as SessionState, -1);
      this.#counts.add(known, update.state, 1);
      const userHash = update.userHash ?? before?.userHash ?? null;
      if (userHash !== null) this.#counts.see(known, userHash, update.state === 'crashed');
      this.#see(known.release, known.environment, known.startedAt);
      this.#known.set(id, { ...known, sequence: update.sequence, state, userHash });
    }
    this.#changed.add(id);
    return true;
  }

  #see(release: string, environment: string, at: number): void {
    const seen = this.#releases.get(release);
    if (seen === undefined) this.#releases.set(release, { first: at, last: at });
    else {
      seen.first = Math.min(seen.first, at);
      seen.last = Math.max(seen.last, at);
    }
    if (environment !== '') this.#environments.set(environment, Math.min(this.#environments.get(environment) ?? at, at));
  }

  async #load(records: readonly Record_[]): Promise<void> {
    for (const { data } of records) this.#known.set(data.id, undefined);
    const rows = await inChunks(
      [...this.#known.keys()].map((id) => Buffer.from(id, 'hex')),
      (list, ids) =>
        this.#tx.all<Omit<Known, 'userHash'> & { sessionId: Buffer; userHash: string | null }>(
          `select session_id as "sessionId", sequence, state, "release", environment, started_at as "startedAt",
             user_hash as "userHash" from release_session where project_id = ? and session_id in (${list})`,
          [this.#projectId, ...ids],
        ),
    );
    for (const { sessionId, ...known } of rows) this.#known.set(sessionId.toString('hex'), known);
  }

  /** Names that are new to the project and too many. The table is only counted when there is a new one. */
  async #tooMany(table: string, column: string, names: readonly string[], most: number): Promise<Set<string>> {
    const wanted = [...new Set(names)].filter((name) => name !== '');
    const rows = await inChunks(wanted, (list, some) =>
      this.#tx.all<{ name: string }>(`select ${column} as name from "${table}" where project_id = ? and ${column} in (${list})`, [
        this.#projectId,
        ...some,
      ]),
    );
    const there = new Set(rows.map((row) => row.name));
    const fresh = wanted.filter((name) => !there.has(name));
    if (fresh.length === 0) return new Set();
    const row = await this.#tx.get<{ n: number }>(`select count(*) as n from "${table}" where project_id = ?`, [this.#projectId]);
    return new Set(fresh.slice(Math.max(0, most - (row?.n ?? 0))));
  }

  async #store(window: Window, added: number): Promise<void> {
    const projectId = this.#projectId;
    const sessions = [...this.#changed].sort().map((id): SqlValue[] => {
      const { sequence, state, release, environment, startedAt, userHash } = this.#known.get(id) as Known;
      return [projectId, Buffer.from(id, 'hex'), sequence, state, release, environment, startedAt, userHash];
    });
    await insertRows(
      this.#tx,
      'insert into release_session (project_id, session_id, sequence, state, "release", environment, started_at, user_hash)',
      `on conflict (project_id, session_id) do update set sequence = excluded.sequence, state = excluded.state,
         user_hash = excluded.user_hash`,
      sessions,
    );
    await this.#counts.write();
    await this.#storeNames();
    await forgetSessions(this.#tx, projectId, window, {
      added,
      before: this.#now - days(5) - hours(1),
      mostKept: this.#mostKept,
    });
  }

  /** A release or environment is also learnt from its sessions; its events are counted elsewhere. */
  async #storeNames(): Promise<void> {
    const projectId = this.#projectId;
    await insertRows(
      this.#tx,
      'insert into "release" (project_id, version, first_seen_at, last_seen_at, event_count)',
      `on conflict (project_id, version) do update set
         first_seen_at = case when excluded.first_seen_at < "release".first_seen_at
           then excluded.first_seen_at else "release".first_seen_at end,
         last_seen_at = case when excluded.last_seen_at > "release".last_seen_at
           then excluded.last_seen_at else "release".last_seen_at end`,
      [...this.#releases].map(([version, { first, last }]) => [projectId, version, first, last, 0]),
    );
    await insertRows(
      this.#tx,
      'insert into environment (project_id, name, first_seen_at)',
      'on conflict (project_id, name) do nothing',
      [...this.#environments].map(([name, at]) => [projectId, name, at]),
    );
  }
}

/** A later update wins; of two with the same sequence (one millisecond) the worse, so that their order does not matter. */
function supersedes(sequence: number, state: number, before: Known): boolean {
  return sequence > before.sequence || (sequence === before.sequence && state > before.state);
}

/** What decides whether a record is too old: of counted sessions the oldest. */
function startOf({ update, counts = [] }: SessionRecord): number {
  return update?.startedAt ?? Math.min(...counts.map(({ startedAt }) => startedAt));
}

function refused(reason: string): SideFate {
  return { outcome: 'invalid', reason, id: 0 };
}
