import type { Bus } from '../../../platform/bus/bus.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { Failure } from '../../../platform/errors.ts';
import type { Log } from '../../../platform/log.ts';
import type { Actor } from '../../access/actor.ts';
import type {} from './artifact-events.ts';
import { ensureRelease, insertBundle, insertFiles } from './artifact-records.ts';
import type { BundleHost } from './bundle-host.ts';
import { bundleProblems, type ReadFile } from './bundle-reader.ts';
import type { ChunkStore } from './chunk-store.ts';
import type { NamedFile } from './file-facts.ts';
import { ARTIFACT_LIMITS, UploadRefusal } from './limits.ts';

/** What an uploader asks to have put together. */
export interface Assembly {
  /** SHA-1 of the whole, hex. */
  checksum: string;
  /** SHA-1 of its pieces, in order. */
  chunks: readonly string[];
  /** Projects it is for; empty: those its manifest names. */
  projectIds: readonly number[];
  release?: string | undefined;
  dist?: string | undefined;
}

/** How far that is; the states of Sentry's upload API. */
export interface AssemblyState {
  state: 'not_found' | 'created' | 'assembling' | 'ok' | 'error';
  missingChunks: string[];
  detail?: string;
}

/** An answer waits so long for the reading to end; whoever asks again learns the rest. */
const PATIENCE_MS = 2_000;
/** Failures that nobody asked for again. */
const MAX_FAILURES = 500;

/** Takes uploads of source maps. */
export class UploadService {
  readonly #write: Sql;
  readonly #read: Sql;
  readonly #host: BundleHost;
  readonly #chunks: ChunkStore;
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #resolve: (actor: Actor, names: readonly string[]) => Promise<number[]>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, string>();

  constructor(deps: {
    write: Sql;
    read: Sql;
    host: BundleHost;
    chunks: ChunkStore;
    clock: Clock;
    bus: Bus;
    log: Log;
    /** Ids of projects by slug or id, as the actor may upload to them. @throws Failure NOT_FOUND */
    resolve: (actor: Actor, names: readonly string[]) => Promise<number[]>;
  }) {
    this.#write = deps.write;
    this.#read = deps.read;
    this.#host = deps.host;
    this.#chunks = deps.chunks;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
    this.#log = deps.log;
    this.#resolve = deps.resolve;
  }

  /** Keeps one piece of an upload. @throws Failure FORBIDDEN, BAD_INPUT */
  async chunk(actor: Actor, name: string, bytes: Buffer, packed: boolean): Promise<void> {
    actor.demand('artifacts:write');
    await told(this.#chunks.put(ownerOf(actor), name, bytes, packed));
  }

  /**
   * Has an upload put together and read; asked again, says how far that is. An upload that is there already is `ok` at once.
   * @throws Failure FORBIDDEN, BAD_INPUT
   */
  async assemble(actor: Actor, asked: Assembly): Promise<AssemblyState> {
    actor.demand('artifacts:write');
    for (const id of asked.projectIds) actor.demand('artifacts:write', id);
    if (!/^[0-9a-f]{40}$/.test(asked.checksum)) throw new Failure('BAD_INPUT', 'checksum is not a SHA-1.');
    if (asked.chunks.length > ARTIFACT_LIMITS.bundleBytes / 4096) throw new Failure('BAD_INPUT', 'Too many chunks.');
    const key = [ownerOf(actor), asked.projectIds.join(','), asked.release ?? '', asked.dist ?? '', asked.checksum].join('\n');
    if (!this.#running.has(key)) {
      const failure = this.#failures.get(key);
      this.#failures.delete(key);
      if (failure !== undefined) return { state: 'error', missingChunks: [], detail: failure };
      if (await this.#known(asked)) return { state: 'ok', missingChunks: [] };
      const missing = await this.#chunks.missing(ownerOf(actor), asked.chunks);
      if (missing.length > 0 || asked.chunks.length === 0) return { state: 'not_found', missingChunks: missing };
      if (!this.#running.has(key)) this.#begin(key, actor, asked);
    }
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([this.#running.get(key), waited]);
    clearTimeout(timer);
    if (this.#running.has(key)) return { state: 'assembling', missingChunks: [] };
    const failure = this.#failures.get(key);
    this.#failures.delete(key);
    return failure === undefined ? { state: 'ok', missingChunks: [] } : { state: 'error', missingChunks: [], detail: failure };
  }

  /** Adds one file to a release, the older way. @throws Failure FORBIDDEN, BAD_INPUT */
  async releaseFile(
    actor: Actor,
    projectId: number,
    target: { release: string; dist: string },
    named: NamedFile,
    content: Buffer,
  ): Promise<ReadFile> {
    actor.demand('artifacts:write', projectId);
    const files = await told(this.#host.readFile(named, content));
    const now = this.#clock.now();
    await this.#write.transaction(async (tx) => {
      await ensureRelease(tx, projectId, target.release, now);
      const known = await tx.get<{ id: number }>(
        `select id from artifact_bundle where project_id = ? and release = ? and dist = ? and kind = 'release_files'`,
        [projectId, target.release, target.dist],
      );
      if (known === undefined) {
        const bundle = {
          projectId,
          kind: 'release_files' as const,
          checksum: '',
          ...target,
          uploadedAt: now,
          uploadedBy: actor.name,
        };
        await insertBundle(tx, { ...bundle, files, problems: [] });
        return;
      }
      for (const file of files) await tx.run('delete from artifact_file where bundle_id = ? and url = ?', [known.id, file.url]);
      await insertFiles(tx, { id: known.id, projectId, ...target }, files);
      await recount(tx, known.id, now);
    });
    this.#bus.publish('artifactsChanged', { projectIds: [projectId] });
    return files[0]!;
  }

  /** Waits for what is being read; for the end of the process. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  async #known(asked: Assembly): Promise<boolean> {
    if (asked.projectIds.length === 0) return false;
    for (const projectId of asked.projectIds) {
      const row = await this.#read.get(
        `select 1 from artifact_bundle where project_id = ? and checksum = ? and (? = '' or (release = ? and dist = ?)) limit 1`,
        [projectId, asked.checksum, asked.release ?? '', asked.release ?? '', asked.dist ?? ''],
      );
      if (row === undefined) return false;
    }
    return true;
  }

  #begin(key: string, actor: Actor, asked: Assembly): void {
    const work = this.#import(actor, asked)
      .catch((error: unknown) => {
        const expected = error instanceof UploadRefusal || error instanceof Failure;
        if (!expected) this.#log.error({ err: error }, 'an upload of source maps failed');
        if (this.#failures.size >= MAX_FAILURES) this.#failures.clear();
        this.#failures.set(key, expected ? error.message : 'The upload could not be stored. See the log of the server.');
      })
      .finally(() => this.#running.delete(key));
    this.#running.set(key, work);
  }

  async #import(actor: Actor, asked: Assembly): Promise<void> {
    const owner = ownerOf(actor);
    const read = await this.#host.readBundle(this.#chunks.paths(owner, asked.chunks), asked.checksum);
    const projectIds = asked.projectIds.length > 0 ? asked.projectIds : await this.#resolve(actor, read.projects);
    const release = (asked.release ?? read.release).slice(0, 200);
    const dist = (asked.dist ?? read.dist).slice(0, 64);
    const now = this.#clock.now();
    const { files, problems } = read;
    await this.#write.transaction(async (tx) => {
      for (const projectId of projectIds) {
        if (release !== '') await ensureRelease(tx, projectId, release, now);
        await insertBundle(tx, {
          projectId,
          kind: 'bundle',
          checksum: asked.checksum,
          release,
          dist,
          uploadedAt: now,
          uploadedBy: actor.name,
          problems,
          files,
        });
      }
    });
    await this.#chunks.drop(owner, asked.chunks);
    this.#bus.publish('artifactsChanged', { projectIds });
  }
}

/** Sums of an upload of single files, and that its events are to be gone through again. */
async function recount(tx: Sql, id: number, now: number): Promise<void> {
  const files = await tx.all<ReadFile>(
    `select type, url, debug_id as "debugId", map_url as "mapUrl", sha256, size_bytes as "sizeBytes",
       stored_bytes as "storedBytes", problem from artifact_file where bundle_id = ?`,
    [id],
  );
  const maps = files.filter((file) => file.sha256 !== null);
  await tx.run(
    `update artifact_bundle set file_count = ?, map_count = ?, size_bytes = ?, stored_bytes = ?, problems = ?, uploaded_at = ?,
       applied_at = null where id = ?`,
    [
      files.length,
      maps.length,
      maps.reduce((sum, file) => sum + file.sizeBytes, 0),
      maps.reduce((sum, file) => sum + file.storedBytes, 0),
      JSON.stringify(bundleProblems(files)),
      now,
      id,
    ],
  );
}

/** Whose pieces they are: the user's behind the token. @throws Failure FORBIDDEN */
function ownerOf(actor: Actor): number {
  if (actor.userId === null) throw new Failure('FORBIDDEN', 'Uploads belong to a user.');
  return actor.userId;
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UploadRefusal) throw new Failure('BAD_INPUT', error.message);
    throw error;
  }
}
