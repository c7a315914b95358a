import type { Bus } from '../../../platform/bus/bus.ts';
import { type Clock, days } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import { fromJson } from '../../../platform/db/json-column.ts';
import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import { NotFoundRefusal } from '../../../platform/graphql/refusals.ts';
import type { Log } from '../../../platform/log.ts';
import type { Actor } from '../../access/actor.ts';
import { parseId } from '../../access/input.ts';
import type { BundleKind, FileType } from './artifact.entity.ts';
import type {} from './artifact-events.ts';
import { deleteBundles } from './artifact-records.ts';
import { BLOB_GRACE_MS, type BlobStore } from './blob-store.ts';
import type { ChunkStore } from './chunk-store.ts';

/** An upload as it is listed. Times: ms. */
export interface BundleRow {
  id: number;
  projectId: number;
  kind: BundleKind;
  release: string;
  dist: string;
  fileCount: number;
  mapCount: number;
  sizeBytes: number;
  storedBytes: number;
  uploadedAt: number;
  uploadedBy: string;
  lastUsedAt: number | null;
  appliedAt: number | null;
  problems: string[];
}

/** A file of an upload as it is listed. */
export interface FileRow {
  id: number;
  bundleId: number;
  type: FileType;
  url: string;
  debugId: string | null;
  mapUrl: string | null;
  sizeBytes: number;
  problem: string | null;
}

/** What a project's source maps take up. */
export interface ArtifactUsage {
  bundles: number;
  maps: number;
  storedBytes: number;
  quotaBytes: number;
  retentionDays: number;
}

const COLUMNS = `id, project_id as "projectId", kind, release, dist, file_count as "fileCount", map_count as "mapCount",
 size_bytes as "sizeBytes", stored_bytes as "storedBytes", uploaded_at as "uploadedAt", uploaded_by as "uploadedBy",
 last_used_at as "lastUsedAt", applied_at as "appliedAt", problems`;
const MAX_PAGE = 200;
/** A release that sent within this time keeps its maps, used or not. */
const STILL_SENDS_MS = days(30);

/** Source maps on record: what there is, what it takes up, and its end. */
export class ArtifactService {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #blobs: BlobStore;
  readonly #chunks: ChunkStore;
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #config: Pick<Config, 'sourceMapDays' | 'sourceMapBytes'>;

  constructor(deps: {
    read: Sql;
    write: Sql;
    blobs: BlobStore;
    chunks: ChunkStore;
    clock: Clock;
    bus: Bus;
    log: Log;
    config: Pick<Config, 'sourceMapDays' | 'sourceMapBytes'>;
  }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#blobs = deps.blobs;
    this.#chunks = deps.chunks;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
    this.#log = deps.log;
    this.#config = deps.config;
  }

  /**
   * A project's uploads, newest first. @param search part of a release, a file's address, or a debug id
   * @throws Failure FORBIDDEN
   */
  async list(
    actor: Actor,
    projectId: number,
    asked: { id?: number | null; search?: string | null; release?: string | null; first: number; before?: number | null },
  ): Promise<BundleRow[]> {
    actor.demand('projects:read', projectId);
    const where = ['project_id = ?'];
    const params: SqlValue[] = [projectId];
    if (asked.id != null) {
      where.push('id = ?');
      params.push(asked.id);
    }
    if (asked.release != null) {
      where.push('release = ?');
      params.push(asked.release);
    }
    const search = asked.search?.trim().toLowerCase() ?? '';
    if (search !== '') {
      const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      where.push(`(lower(release) like ? escape '\\' or exists (select 1 from artifact_file f where f.bundle_id = artifact_bundle.id
        and (lower(f.url) like ? escape '\\' or f.debug_id like ? escape '\\')))`);
      params.push(like, like, like.replaceAll('-', ''));
    }
    if (asked.before != null) {
      where.push('id < ?');
      params.push(asked.before);
    }
    params.push(Math.min(Math.max(asked.first, 1), MAX_PAGE));
    const rows = await this.#read.all<BundleRow & { problems: unknown }>(
      `select ${COLUMNS} from artifact_bundle where ${where.join(' and ')} order by id desc limit ?`,
      params,
    );
    return rows.map((row) => ({ ...row, problems: fromJson<string[]>(row.problems) }));
  }

  /** Files of an upload that was found under visibility, those with a problem first; at most 200. */
  files(bundleId: number, first = 200): Promise<FileRow[]> {
    return this.#read.all<FileRow>(
      `select id, bundle_id as "bundleId", type, url, debug_id as "debugId", map_url as "mapUrl", size_bytes as "sizeBytes", problem
       from artifact_file where bundle_id = ? order by case when problem is null then 1 else 0 end, url, id limit ?`,
      [bundleId, Math.min(first, 200)],
    );
  }

  /** @throws Failure FORBIDDEN */
  async usage(actor: Actor, projectId: number): Promise<ArtifactUsage> {
    actor.demand('projects:read', projectId);
    const row = await this.#read.get<{ bundles: number; maps: number; bytes: number }>(
      `select count(*) as bundles, coalesce(sum(map_count), 0) as maps, coalesce(sum(stored_bytes), 0) as bytes
       from artifact_bundle where project_id = ?`,
      [projectId],
    );
    return {
      bundles: Number(row?.bundles ?? 0),
      maps: Number(row?.maps ?? 0),
      storedBytes: Number(row?.bytes ?? 0),
      quotaBytes: this.#config.sourceMapBytes,
      retentionDays: this.#config.sourceMapDays,
    };
  }

  /**
   * Deletes uploads with their files: all of them or, when one is not there, none.
   * @throws Failure FORBIDDEN without artifacts:write
   */
  async delete(actor: Actor, ids: readonly string[]): Promise<number | NotFoundRefusal> {
    actor.demand('artifacts:write');
    const rows: { id: number; project_id: number }[] = [];
    for (const text of new Set(ids)) {
      const id = parseId(text);
      const row =
        id === null
          ? undefined
          : await this.#read.get<{ id: number; project_id: number }>('select id, project_id from artifact_bundle where id = ?', [
              id,
            ]);
      if (row === undefined || !actor.can('artifacts:write', row.project_id))
        return new NotFoundRefusal('There is no such upload.');
      rows.push(row);
    }
    await this.#delete(rows);
    return rows.length;
  }

  /**
   * Deletes what a release holds of single files. Artifact bundles stay, as with Sentry's endpoint `files/source-maps/`: they
   * are known by debug ids, and a release is only one of the things said about them.
   * @returns whether the project knows the release @throws Failure FORBIDDEN
   */
  async deleteReleaseFiles(actor: Actor, projectId: number, release: string): Promise<boolean> {
    actor.demand('artifacts:write', projectId);
    const rows = await this.#read.all<{ id: number; project_id: number }>(
      "select id, project_id from artifact_bundle where project_id = ? and release = ? and kind = 'release_files'",
      [projectId, release],
    );
    await this.#delete(rows);
    if (rows.length > 0) return true;
    return (
      (await this.#read.get('select 1 from release where project_id = ? and version = ?', [projectId, release])) !== undefined
    );
  }

  /**
   * Deletes what is kept no longer: unused for as many days as are set, unless its release still sends; then the oldest of a
   * project beyond its room. And pieces and contents that nobody refers to. For a timer; answers the number of uploads.
   */
  async sweep(): Promise<number> {
    const now = this.#clock.now();
    const past = now - days(this.#config.sourceMapDays);
    const old = await this.#read.all<{ id: number; project_id: number }>(
      `select b.id, b.project_id from artifact_bundle b
       left join release r on r.project_id = b.project_id and r.version = b.release and b.release <> ''
       where b.uploaded_at < ? and coalesce(b.last_used_at, 0) < ? and coalesce(r.last_seen_at, 0) < ? limit 500`,
      [past, past, now - STILL_SENDS_MS],
    );
    await this.#delete(old);
    const over = await this.#overQuota(now);
    await this.#delete(over);
    await this.#chunks.sweep();
    await this.#sweepBlobs(now);
    const gone = old.length + over.length;
    if (gone > 0) this.#log.info({ tooOld: old.length, beyondQuota: over.length }, 'removed source maps');
    return gone;
  }

  /** Oldest uploads of projects that hold more than they may: first those whose release has fallen silent. */
  async #overQuota(now: number): Promise<{ id: number; project_id: number }[]> {
    const full = await this.#read.all<{ project_id: number; bytes: number }>(
      'select project_id, sum(stored_bytes) as bytes from artifact_bundle group by project_id having sum(stored_bytes) > ?',
      [this.#config.sourceMapBytes],
    );
    const over: { id: number; project_id: number }[] = [];
    for (const { project_id: projectId, bytes } of full) {
      let surplus = Number(bytes) - this.#config.sourceMapBytes;
      const rows = await this.#read.all<{ id: number; project_id: number; stored_bytes: number }>(
        `select b.id, b.project_id, b.stored_bytes from artifact_bundle b
         left join release r on r.project_id = b.project_id and r.version = b.release and b.release <> ''
         where b.project_id = ?
         order by case when coalesce(r.last_seen_at, b.last_used_at, b.uploaded_at) < ? then 0 else 1 end, b.uploaded_at limit 1000`,
        [projectId, now - STILL_SENDS_MS],
      );
      for (const row of rows.slice(0, -1)) {
        if (surplus <= 0) break;
        surplus -= Number(row.stored_bytes);
        over.push(row);
      }
    }
    return over;
  }

  async #delete(rows: readonly { id: number; project_id: number }[]): Promise<void> {
    for (let from = 0; from < rows.length; from += 20) {
      const some = rows.slice(from, from + 20);
      const free = await this.#write.transaction((tx) =>
        deleteBundles(
          tx,
          some.map((row) => row.id),
        ),
      );
      for (const sha256 of free) this.#blobs.remove(sha256, this.#clock.now() - BLOB_GRACE_MS);
    }
    if (rows.length > 0) this.#bus.publish('artifactsChanged', { projectIds: [...new Set(rows.map((row) => row.project_id))] });
  }

  async #sweepBlobs(now: number): Promise<void> {
    for (let folder = 0; folder < 256; folder++) {
      for (const sha256 of this.#blobs.namesIn(folder, now - BLOB_GRACE_MS)) {
        const used = await this.#read.get('select 1 from artifact_file where sha256 = ? limit 1', [sha256]);
        if (used === undefined) this.#blobs.remove(sha256, now - BLOB_GRACE_MS);
      }
    }
  }
}
