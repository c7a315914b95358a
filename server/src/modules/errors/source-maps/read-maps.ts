import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { Bus } from '../../../platform/bus/bus.ts';
import { seconds } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { Log } from '../../../platform/log.ts';
import { wantsMaps } from '../../analysis/source-map/candidates.ts';
import type { ScrubbedEvent } from '../../detection/normalized-event.ts';
import type {} from '../../projects/artifacts/artifact-events.ts';
import { projectsWithMaps } from '../../projects/artifacts/artifact-lookup.ts';
import { idsParam, inIds } from '../sql-lists.ts';
import { asSent, type FrameReport } from './explain.ts';
import type { ReadAnswer, ReadOrder } from './read-worker.ts';
import { merge, type SlimEvent, slim } from './slim-event.ts';

/** Events whose mapped frames are kept: paging back and forth through an error asks for the same ones. */
const CACHED_EVENTS = 500;
/** A reader waits so long; then the event is shown as it was stored. */
const PATIENCE_MS = seconds(4);
/** The thread ends when nobody read anything for so long. */
const IDLE_MS = seconds(120);

type Request = ReadOrder extends infer O ? (O extends ReadOrder ? Omit<O, 'id'> : never) : never;

/**
 * Source maps for events that are read: those that came before their maps show original frames all the same. The work is
 * done in a thread of its own, which runs only while there is some; installations without source maps pay a comparison.
 */
export class ReadMaps {
  readonly #config: Pick<Config, 'dataDir' | 'databaseUrl'>;
  readonly #read: Sql;
  readonly #log: Log;
  readonly #unsubscribe: () => void;
  readonly #kept = new LRUCache<number, { event: SlimEvent | null }>({ max: CACHED_EVENTS });
  readonly #waiting = new Map<number, (answer: ReadAnswer) => void>();
  #projects: Promise<Set<number>> | undefined;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;
  /** Counts changes of maps: what was asked for before one is not kept after it. */
  #era = 0;

  constructor(deps: { config: Pick<Config, 'dataDir' | 'databaseUrl'>; read: Sql; bus: Bus; log: Log }) {
    this.#config = deps.config;
    this.#read = deps.read;
    this.#log = deps.log;
    this.#unsubscribe = deps.bus.subscribe('artifactsChanged', () => {
      this.#projects = undefined;
      this.#kept.clear();
      this.#era += 1;
    });
  }

  /** Maps events in place, by row id. Never throws: an event without its map is better than none. */
  async apply(events: ReadonlyMap<number, ScrubbedEvent>): Promise<void> {
    const projects = await this.#withMaps();
    if (projects.size === 0) return;
    const wanting = [...events].filter(([, event]) => wantsMaps(event));
    if (wanting.length === 0) return;
    try {
      const absent = wanting.filter(([id, event]) => {
        const kept = this.#kept.get(id);
        if (kept?.event) merge(event, kept.event);
        return kept === undefined;
      });
      if (absent.length > 0) await this.#map(absent, projects);
    } catch (error) {
      this.#log.warn({ err: error }, 'source maps could not be applied to events that were read');
    }
  }

  /** What source maps come to for each frame of an event. */
  async explain(projectId: number, event: ScrubbedEvent): Promise<FrameReport[]> {
    const plain = slim(event);
    plain.exceptions = plain.exceptions.map((frames) => frames.map(asSent));
    plain.threads = plain.threads.map((frames) => frames.map(asSent));
    plain.stacktrace = plain.stacktrace?.map(asSent);
    const answer = await this.#ask({ kind: 'explain', projectId, event: plain });
    return answer.kind === 'explain' ? answer.frames : [];
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    clearTimeout(this.#idle);
    await this.#end();
  }

  async #map(absent: readonly [number, ScrubbedEvent][], projects: ReadonlySet<number>): Promise<void> {
    const era = this.#era;
    const ids = absent.map(([id]) => id);
    const rows = await this.#read.all<{ id: number; project_id: number }>(
      `select id, project_id from error_event where ${inIds(this.#read.dialect, 'id')}`,
      [idsParam(this.#read.dialect, ids)],
    );
    const projectOf = new Map(rows.map((row) => [row.id, row.project_id]));
    const some = absent.filter(([id]) => projects.has(projectOf.get(id) ?? 0));
    if (some.length === 0) return;
    const tasks = some.map(([id, event]) => ({ projectId: projectOf.get(id)!, event: slim(event) }));
    const answer = await this.#ask({ kind: 'map', tasks });
    if (answer.kind !== 'map') return;
    for (const [i, [id, event]] of some.entries()) {
      const mapped = answer.events[i] ?? null;
      if (era === this.#era) this.#kept.set(id, { event: mapped });
      if (mapped !== null) merge(event, mapped);
    }
  }

  #withMaps(): Promise<Set<number>> {
    this.#projects ??= projectsWithMaps(this.#read).catch(() => {
      this.#projects = undefined;
      return new Set<number>();
    });
    return this.#projects;
  }

  async #ask(order: Request): Promise<ReadAnswer> {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    const worker = this.#worker;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ReadAnswer>((resolve) => {
        timer = setTimeout(() => resolve({ id, kind: 'failed', message: 'it took too long' }), PATIENCE_MS);
        this.#waiting.set(id, resolve);
        worker.postMessage({ ...order, id });
      }).then((answer) => {
        if (answer.kind === 'failed') throw new Error(answer.message);
        return answer;
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) {
        clearTimeout(this.#idle);
        this.#idle = setTimeout(() => void this.#end(), IDLE_MS);
        this.#idle.unref();
      }
    }
  }

  #start(): Worker {
    const { dataDir, databaseUrl } = this.#config;
    // Beside this file, whatever it was compiled to.
    const file = new URL(import.meta.url.endsWith('.ts') ? './read-worker.ts' : './read-worker.js', import.meta.url);
    const worker = new Worker(file, { name: 'maps for readers', workerData: { dataDir, databaseUrl } });
    worker.unref();
    worker.on('message', (answer: ReadAnswer) => this.#waiting.get(answer.id)?.(answer));
    worker.on('error', (error) => this.#log.error({ err: error }, 'the thread that applies source maps for readers failed'));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const [id, resolve] of this.#waiting) resolve({ id, kind: 'failed', message: 'the thread ended' });
    });
    return worker;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('stop');
    const timer = setTimeout(() => void worker.terminate(), 2_000);
    await gone;
    clearTimeout(timer);
  }
}
