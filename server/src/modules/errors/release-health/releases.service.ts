import type { Clock } from '../../../platform/clock.ts';
import { hours } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { Failure } from '../../../platform/errors.ts';
import type { Actor } from '../../access/actor.ts';
import { parseId } from '../../access/input.ts';
import type { ReleaseSummary } from '../../projects/project.service.ts';
import { pageSize } from '../cursor.ts';
import { GROUP_COLUMNS, type GroupRow } from '../group-row.ts';
import { type CountedPage, countedPageOf } from '../page.ts';
import { Conditions, escapeLike, likeAnyCase } from '../sql-lists.ts';
import { addScope, scopeOf } from '../visibility.ts';
import { decodeReleaseCursor, encodeReleaseCursor } from './release-cursor.ts';

/** What a list of releases can be ordered by, newest or most first. */
export type ReleaseOrder = 'first-seen' | 'last-seen' | 'event-count';

/** What a list of releases is asked for. */
export interface ReleasesQuery {
  projectIds?: readonly string[] | null | undefined;
  /** Part of the version, in any case of letters. */
  query?: string | null | undefined;
  /** Only releases with sessions in it, within the last 90 days. */
  environment?: string | null | undefined;
  orderBy?: ReleaseOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}

const COLUMNS = `r.project_id as "projectId", r.version, r.first_seen_at as "firstSeen", r.last_seen_at as "lastSeen",
  r.event_count as "eventCount"`;
const ORDERS: Record<ReleaseOrder, { column: string; field: 'firstSeen' | 'lastSeen' | 'eventCount' }> = {
  'first-seen': { column: 'first_seen_at', field: 'firstSeen' },
  'last-seen': { column: 'last_seen_at', field: 'lastSeen' },
  'event-count': { column: 'event_count', field: 'eventCount' },
};
const ENVIRONMENT_SPAN_MS = hours(24 * 90);

/** Releases: finding them, and the errors they brought and mended. */
export class ReleaseService {
  readonly #read: Sql;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  /** Releases of the projects in sight. @throws Failure FORBIDDEN without errors:read, BAD_INPUT */
  async list(actor: Actor, asked: ReleasesQuery): Promise<CountedPage<ReleaseSummary>> {
    actor.demand('errors:read');
    const size = pageSize(asked.first, 25, 100);
    const order = asked.orderBy ?? 'first-seen';
    const { column, field } = ORDERS[order];
    const after = asked.after == null ? undefined : decodeReleaseCursor(order, asked.after);
    const where = new Conditions(this.#read.dialect);
    addScope(where, scopeOf(actor, asked.projectIds), 'r.project_id');
    const text = asked.query?.trim().slice(0, 200) ?? '';
    if (text !== '') where.add(likeAnyCase(where.dialect, 'r.version'), `%${escapeLike(text)}%`);
    if (asked.environment != null)
      where.add(
        `exists (select 1 from release_hour h where h.project_id = r.project_id and h.hour >= ? and h."release" = r.version
           and h.environment = ?)`,
        this.#clock.now() - ENVIRONMENT_SPAN_MS,
        asked.environment.slice(0, 64),
      );
    const page = new Conditions(where.dialect).add(where.sql, ...where.params);
    if (after) page.add(`(r.${column}, r.project_id, r.version) < (?, ?, ?)`, after.value, after.projectId, after.version);
    const rows = await this.#read.all<ReleaseSummary>(
      `select ${COLUMNS} from "release" r where ${page.sql}
       order by r.${column} desc, r.project_id desc, r.version desc limit ?`,
      [...page.params, size + 1],
    );
    const cursorOf = (row: ReleaseSummary) => encodeReleaseCursor(order, row[field], row);
    return countedPageOf(rows, { size, after, cursorOf }, async () => {
      const row = await this.#read.get<{ n: number }>(`select count(*) as n from "release" r where ${where.sql}`, where.params);
      return row?.n ?? 0;
    });
  }

  /** One release; null when there is none in sight. @throws Failure FORBIDDEN without errors:read */
  async find(actor: Actor, projectId: string, version: string): Promise<ReleaseSummary | null> {
    actor.demand('errors:read');
    const id = parseId(projectId);
    if (id === null || !actor.can('errors:read', id)) return null;
    const row = await this.#read.get<ReleaseSummary>(
      `select ${COLUMNS} from "release" r where r.project_id = ? and r.version = ?`,
      [id, version.slice(0, 200)],
    );
    return row ?? null;
  }

  /** The release of the same package that was first seen before this one; null for the first. */
  async previous({ projectId, version, firstSeen }: ReleaseSummary): Promise<ReleaseSummary | null> {
    const at = version.indexOf('@');
    const prefix = at > 0 ? version.slice(0, at + 1) : '';
    const row = await this.#read.get<ReleaseSummary>(
      `select ${COLUMNS} from "release" r
       where r.project_id = ? and r.first_seen_at < ? and substr(r.version, 1, ?) = ?
       order by r.first_seen_at desc, r.version desc limit 1`,
      [projectId, firstSeen, prefix.length, prefix],
    );
    return row ?? null;
  }

  /** Errors that were seen first, came back, or were resolved in a release; the most events first. */
  async errorsOf(
    { projectId, version, firstSeen }: ReleaseSummary,
    how: 'new' | 'regressed' | 'resolved',
    first: number,
  ): Promise<GroupRow[]> {
    if (first < 1 || first > 100) throw new Failure('BAD_INPUT', 'first: between 1 and 100.', { details: { field: 'first' } });
    const release = this.#read.dialect === 'sqlite' ? "json_extract(a.data, '$.release')" : "a.data->>'release'";
    const condition = {
      new: ['g.first_release = ?', version],
      resolved: ["g.status = 'RESOLVED' and g.resolved_in_release = ?", version],
      // Only errors that changed since the release was there can have come back in it.
      regressed: [
        `g.last_seen_at >= ? and exists (select 1 from activity a
           where a.group_id = g.id and a.kind = 'regressed' and ${release} = ?)`,
        firstSeen,
        version,
      ],
    }[how] as [string, ...(string | number)[]];
    const [sql, ...params] = condition;
    return this.#read.all<GroupRow>(
      `select ${GROUP_COLUMNS} from error_group g join project p on p.id = g.project_id
       where g.project_id = ? and g.deleted_at is null and ${sql} order by g.event_count desc, g.id desc limit ?`,
      [projectId, ...params, first],
    );
  }

  /** How many errors each release brought, by {@link releaseKey}. */
  async newErrorCounts(keys: readonly string[]): Promise<Map<string, number>> {
    const where = new Conditions(this.#read.dialect);
    addReleases(where, keys, 'g.project_id', 'g.first_release');
    const rows = await this.#read.all<{ projectId: number; version: string; n: number }>(
      `select g.project_id as "projectId", g.first_release as version, count(*) as n from error_group g
       where g.deleted_at is null and ${where.sql} group by g.project_id, g.first_release`,
      where.params,
    );
    return new Map(rows.map((row) => [releaseKey(row), row.n]));
  }
}

/** A release as the key of a batch. */
export function releaseKey({ projectId, version }: { projectId: number; version: string }): string {
  return `${projectId} ${version}`;
}

/** Project and version of a {@link releaseKey}. */
export function ofKey(key: string): { projectId: number; version: string } {
  const space = key.indexOf(' ');
  return { projectId: Number(key.slice(0, space)), version: key.slice(space + 1) };
}

/** Narrows a statement to releases; it may find more (the same version in another project), so look rows up by their key. */
export function addReleases(where: Conditions, keys: readonly string[], projectColumn: string, versionColumn: string): void {
  const releases = keys.map(ofKey);
  const projectIds = [...new Set(releases.map(({ projectId }) => projectId))];
  const versions = [...new Set(releases.map(({ version }) => version))];
  where.add(`${projectColumn} in (${projectIds.map(() => '?').join(',')})`, ...projectIds);
  where.add(`${versionColumn} in (${versions.map(() => '?').join(',')})`, ...versions);
}
