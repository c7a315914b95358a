import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { Actor } from '../../access/actor.ts';
import { ensureRelease } from './artifact-records.ts';

/** What a release tool says about a version; absent: left alone. Times: ms. */
export interface ReleaseFacts {
  url?: string | undefined;
  ref?: string | undefined;
  startedAt?: number | undefined;
  releasedAt?: number | undefined;
}

/** A version as release tools are told about it. */
export interface ReleaseRow {
  version: string;
  firstSeenAt: number;
  lastSeenAt: number;
  eventCount: number;
  url: string | null;
  ref: string | null;
  releasedAt: number | null;
}

export interface DeployRow {
  id: number;
  environment: string;
  name: string | null;
  url: string | null;
  startedAt: number | null;
  finishedAt: number;
}

export interface CommitRow {
  commit: string;
  repository: string | null;
  message: string | null;
  authorName: string | null;
  authorEmail: string | null;
  committedAt: number | null;
}

const COLUMNS = `r.version, r.first_seen_at as "firstSeenAt", r.last_seen_at as "lastSeenAt", r.event_count as "eventCount",
 n.url, n.ref, n.released_at as "releasedAt"`;
const FROM = 'release r left join release_note n on n.project_id = r.project_id and n.version = r.version';
const MAX_COMMITS = 1_000;

/** What release tools (sentry-cli, the bundler plugins, CI) say about versions: made, finished, put somewhere, made of commits. */
export class ReleaseRecords {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; write: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#clock = deps.clock;
  }

  /** Makes versions known, or says more about them. @throws Failure FORBIDDEN */
  async put(actor: Actor, projectIds: readonly number[], version: string, facts: ReleaseFacts): Promise<void> {
    for (const id of projectIds) actor.demand('artifacts:write', id);
    const now = this.#clock.now();
    await this.#write.transaction(async (tx) => {
      for (const projectId of projectIds) {
        await ensureRelease(tx, projectId, version, now);
        await tx.run(
          `insert into release_note (project_id, version, url, ref, created_at, started_at, released_at) values (?, ?, ?, ?, ?, ?, ?)
           on conflict (project_id, version) do update set url = coalesce(excluded.url, release_note.url),
             ref = coalesce(excluded.ref, release_note.ref), started_at = coalesce(excluded.started_at, release_note.started_at),
             released_at = coalesce(excluded.released_at, release_note.released_at)`,
          [projectId, version, facts.url ?? null, facts.ref ?? null, now, facts.startedAt ?? null, facts.releasedAt ?? null],
        );
      }
    });
  }

  /** @throws Failure FORBIDDEN */
  async list(actor: Actor, projectIds: readonly number[], first = 100): Promise<ReleaseRow[]> {
    for (const id of projectIds) actor.demand('projects:read', id);
    if (projectIds.length === 0) return [];
    return this.#read.all<ReleaseRow>(
      `select ${COLUMNS} from ${FROM} where r.project_id in (${projectIds.map(() => '?').join(', ')})
       order by r.first_seen_at desc, r.version limit ?`,
      [...projectIds, first],
    );
  }

  /** One version, of the first of some projects that knows it. @throws Failure FORBIDDEN */
  async find(actor: Actor, projectIds: readonly number[], version: string): Promise<ReleaseRow | undefined> {
    for (const projectId of projectIds) {
      actor.demand('projects:read', projectId);
      const row = await this.#read.get<ReleaseRow>(`select ${COLUMNS} from ${FROM} where r.project_id = ? and r.version = ?`, [
        projectId,
        version,
      ]);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** A version was put into an environment. @throws Failure FORBIDDEN */
  async deploy(actor: Actor, projectIds: readonly number[], version: string, deploy: Omit<DeployRow, 'id'>): Promise<DeployRow> {
    for (const id of projectIds) actor.demand('artifacts:write', id);
    await this.put(actor, projectIds, version, {});
    const { environment, name, url, startedAt, finishedAt } = deploy;
    const id = await this.#write.transaction(async (tx) => {
      let last = 0;
      for (const projectId of projectIds) {
        const row = await tx.get<{ id: number }>(
          `insert into release_deploy (project_id, version, environment, name, url, started_at, finished_at)
           values (?, ?, ?, ?, ?, ?, ?) returning id`,
          [projectId, version, environment, name, url, startedAt, finishedAt],
        );
        last = row!.id;
      }
      return last;
    });
    return { id, ...deploy };
  }

  /** Deploys of a version, latest first. Decides nothing about who may see them. */
  deploys(projectId: number, version: string): Promise<DeployRow[]> {
    return this.#read.all<DeployRow>(
      `select id, environment, name, url, started_at as "startedAt", finished_at as "finishedAt" from release_deploy
       where project_id = ? and version = ? order by finished_at desc, id desc limit 100`,
      [projectId, version],
    );
  }

  /** Replaces the commits of a version. @throws Failure FORBIDDEN */
  async setCommits(actor: Actor, projectIds: readonly number[], version: string, commits: readonly CommitRow[]): Promise<void> {
    await this.put(actor, projectIds, version, {});
    await this.#write.transaction(async (tx) => {
      for (const projectId of projectIds) {
        await tx.run('delete from release_commit where project_id = ? and version = ?', [projectId, version]);
        for (const [place, one] of commits.slice(0, MAX_COMMITS).entries())
          await tx.run(
            `insert into release_commit (project_id, version, place, "commit", repository, message, author_name, author_email, committed_at)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            [
              projectId,
              version,
              place,
              one.commit,
              one.repository,
              one.message,
              one.authorName,
              one.authorEmail,
              one.committedAt,
            ],
          );
      }
    });
  }

  /** Commits of a version, newest first. Decides nothing about who may see them. */
  commits(projectId: number, version: string): Promise<CommitRow[]> {
    return this.#read.all<CommitRow>(
      `select "commit", repository, message, author_name as "authorName", author_email as "authorEmail", committed_at as "committedAt"
       from release_commit where project_id = ? and version = ? order by place limit 200`,
      [projectId, version],
    );
  }
}
