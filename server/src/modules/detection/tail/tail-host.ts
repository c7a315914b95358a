import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Bus } from '../../../platform/bus/bus.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import { Failure } from '../../../platform/errors.ts';
import { NotFoundRefusal } from '../../../platform/graphql/refusals.ts';
import type { Log } from '../../../platform/log.ts';
import { VERSION } from '../../../platform/version.ts';
import type { Actor } from '../../access/actor.ts';
import type { PatternDefinition } from '../../analysis/patterns/definition.ts';
import type { LogSourceService } from '../../projects/log-source.service.ts';
import type { LogSourceSettings } from '../../projects/log-source-settings.ts';
import type { Project, ProjectSettings } from '../../projects/project.entity.ts';
import { fullSettings } from '../../projects/project-settings.ts';
import { ownDelivery } from '../own-delivery.ts';
import type { Pipeline } from '../pipeline.ts';
import type { DryRun } from './dry-run.ts';
import { followedSource } from './followed-source.ts';
import type { TailNews, TailOrder, TailQuestion, TailWorkerData } from './tail-messages.ts';
import type { Delivered, TailReport } from './tail-source.ts';
import type { LogSourceStatus } from './tail-status.ts';

const ASK_TIMEOUT_MS = 15_000;
const REFRESH_EVERY_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;
/** Bytes of recorded lines read for one question. */
const RECENT_BYTES = 32 * 1024 * 1024;

export interface TailHostDeps {
  config: Pick<Config, 'dataDir' | 'logRoots'>;
  log: Log;
  clock: Clock;
  bus: Bus;
  pipeline: Pipeline;
  sources: LogSourceService;
  projectsByIds(ids: readonly number[]): Promise<(Project | null)[]>;
  /** The enabled patterns of a project. */
  patternsOf?(projectId: number): readonly PatternDefinition[];
  workerFile?: URL;
}

/**
 * The tail, seen from the main thread: tells its thread what to follow, brings what it finds to the pipeline and answers
 * once it is on disk. A thread that dies is started again; it reads on from the positions that it wrote down. Where no log
 * source is, there is no thread either: it takes 20 MB.
 */
export class TailHost {
  readonly #deps: TailHostDeps;
  readonly #unsubscribe: (() => void)[];
  readonly #statuses = new Map<string, { status: LogSourceStatus; at: number }>();
  /** What events of each source need: their project and how it wants them. */
  #projects = new Map<string, { projectId: number; settings: ProjectSettings }>();
  #asked = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void; timer: NodeJS.Timeout }>();
  #questions = 0;
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #deaths = 0;
  #isStopped = false;
  /** Sources there were at the start: positions of others are left-overs. Said once: later ones are not in it. */
  #keep: string[] | undefined;
  #every: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(deps: TailHostDeps) {
    this.#deps = deps;
    const again = () => void this.refresh();
    this.#unsubscribe = [
      deps.bus.subscribe('logSourceChanged', again),
      deps.bus.subscribe('projectChanged', again),
      // Published by a room that may not be there.
      (deps.bus as unknown as { subscribe(name: string, listener: () => void): () => void }).subscribe('patternsChanged', again),
    ];
  }

  /** Follows what there is to follow. */
  async start(): Promise<void> {
    this.#keep = [...(await this.#deps.sources.sweep())].map(keyOf);
    await this.refresh();
    // What the command line changed is not said on the bus of this process.
    this.#every = setInterval(() => void this.refresh(), REFRESH_EVERY_MS);
    this.#every.unref();
  }

  /** Reads the sources again and tells the thread. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing
      .then(() => this.#refresh())
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'the log sources could not be read');
      });
    return this.#refreshing;
  }

  statusOf(sourceId: number): { status: LogSourceStatus; at: number } | undefined {
    return this.#statuses.get(keyOf(sourceId));
  }

  /** @throws Failure UNAVAILABLE when the thread does not answer */
  test(projectId: number, settings: LogSourceSettings): Promise<DryRun> {
    const source = followedSource('test', settings, this.#deps.patternsOf?.(projectId) ?? [], hostname());
    return this.#ask<DryRun>({ what: 'test', source });
  }

  /** Lines of a source's files since a moment, newest file first. @throws Failure FORBIDDEN without projects:write */
  async recentLines(
    actor: Actor,
    sourceId: string,
    { sinceAt, limit }: { sinceAt: number; limit: number },
  ): Promise<readonly string[] | NotFoundRefusal> {
    const source = await this.#deps.sources.find(actor, sourceId);
    if (source === null) return new NotFoundRefusal('There is no such log source.');
    actor.demand('projects:write', source.projectId);
    return this.#ask<string[]>({ what: 'recent', key: keyOf(source.id), sinceAt, maxBytes: RECENT_BYTES, limit });
  }

  /** Writes positions down and ends the thread. Call it before the pipeline is closed. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#restart);
    clearInterval(this.#every);
    const worker = this.#worker;
    if (worker === undefined) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#order({ kind: 'stop' });
    const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }

  async #refresh(): Promise<void> {
    if (this.#isStopped) return;
    const watched = await this.#deps.sources.watchedHere();
    const ids = [...new Set(watched.map(({ projectId }) => projectId))];
    const found = await this.#deps.projectsByIds(ids);
    const settings = new Map(
      found.flatMap((project) => (project === null ? [] : [[project.id, fullSettings(project.settings)]])),
    );
    this.#projects = new Map(
      watched.flatMap(({ id, projectId }) => {
        const own = settings.get(projectId);
        return own === undefined ? [] : [[keyOf(id), { projectId, settings: own }]];
      }),
    );
    for (const key of this.#statuses.keys()) if (!this.#projects.has(key)) this.#statuses.delete(key);
    const sources = watched.map((source) =>
      followedSource(keyOf(source.id), source, this.#deps.patternsOf?.(source.projectId) ?? [], hostname()),
    );
    if (sources.length > 0) this.#launch();
    this.#order({ kind: 'sources', sources });
  }

  /** Starts the thread unless it runs, or waits to be started again. */
  #launch(): void {
    if (this.#worker !== undefined || this.#restart !== undefined) return;
    const { dataDir, logRoots } = this.#deps.config;
    const data: TailWorkerData = { stateDir: join(dataDir, 'tail'), dataDir, logRoots };
    const file = new URL(import.meta.url.endsWith('.ts') ? './tail-worker.ts' : './tail-worker.js', import.meta.url);
    const worker = new Worker(this.#deps.workerFile ?? file, { name: 'tail', workerData: data });
    this.#worker = worker;
    worker.on('message', (news: TailNews) => this.#hear(worker, news));
    worker.on('error', (error) => this.#deps.log.error({ err: error }, 'the tail thread failed'));
    worker.on('exit', (code) => this.#died(worker, code));
    if (this.#keep !== undefined) this.#order({ kind: 'forget', keep: this.#keep });
    this.#keep = undefined;
  }

  #died(worker: Worker, code: number): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new Failure('UNAVAILABLE'));
    }
    this.#asked.clear();
    if (this.#isStopped) return;
    this.#deaths += 1;
    const waitMs = Math.min(30_000, 100 * 2 ** Math.min(this.#deaths, 9));
    this.#deps.log.error({ code, waitMs }, 'the tail thread died and is started again');
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      this.#launch();
      void this.refresh();
    }, waitMs);
  }

  #hear(worker: Worker, news: TailNews): void {
    switch (news.kind) {
      case 'batch':
        void this.#deliver(news.key, news.reports).then((result) => {
          if (this.#worker === worker) this.#order({ kind: 'delivered', batch: news.batch, result });
        });
        return;
      case 'status':
        for (const [key, status] of news.statuses) this.#statuses.set(key, { status, at: this.#deps.clock.now() });
        return;
      case 'answer': {
        const asked = this.#asked.get(news.id);
        if (asked === undefined) return;
        this.#asked.delete(news.id);
        clearTimeout(asked.timer);
        if (news.failure === undefined) asked.resolve(news.value as never);
        else {
          this.#deps.log.error({ err: news.failure }, 'the tail thread could not answer');
          asked.reject(new Failure('INTERNAL'));
        }
        return;
      }
      case 'log':
        this.#deps.log[news.level](news.fields, news.text);
        return;
      case 'started':
      case 'stopped':
    }
  }

  /** Events → the ingest log. What meets a limit or a full disk is to be brought again and counts as nothing until then. */
  async #deliver(key: string, reports: readonly TailReport[]): Promise<Delivered> {
    const project = this.#projects.get(key);
    if (project === undefined)
      return { accepted: 0, again: reports.map((_, i) => i), waitMs: 1_000, reason: 'The project takes no events now.' };
    const delivery = ownDelivery(project, 'log-line', this.#deps.clock.now(), `errata.tail/${VERSION}`);
    const fates = await this.#deps.pipeline.deliverReports(
      reports.map(({ value, bytes }) => ({ value, bytes, item: 'log_line' })),
      { ...delivery, returns: true, followed: true },
    );
    this.#deaths = 0;
    const again = fates.flatMap(({ outcome, reason, hint }, i) =>
      hint !== undefined || (outcome === 'failed' && reason === 'disk') ? [i] : [],
    );
    const first = fates[again[0] ?? -1];
    const accepted = fates.filter(({ outcome }) => outcome === 'accepted').length;
    return { accepted, again, waitMs: waitOf(first?.hint), reason: first === undefined ? '' : reasonOf(first.reason) };
  }

  #ask<T>(ask: TailQuestion): Promise<T> {
    const id = ++this.#questions;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(id);
        reject(new Failure('UNAVAILABLE', 'The files could not be looked at in time.'));
      }, ASK_TIMEOUT_MS);
      this.#asked.set(id, { resolve: resolve as (value: never) => void, reject, timer });
      this.#launch();
      if (this.#worker === undefined) {
        clearTimeout(timer);
        this.#asked.delete(id);
        reject(new Failure('UNAVAILABLE'));
      } else this.#order({ kind: 'ask', id, ask });
    });
  }

  #order(order: TailOrder): void {
    this.#worker?.postMessage(order);
  }
}

const keyOf = (sourceId: number): string => `source-${sourceId}`;

function waitOf(hint: { retryAfterSeconds?: number } | undefined): number {
  return Math.min(5, hint?.retryAfterSeconds ?? 1) * 1000;
}

function reasonOf(reason: string): string {
  if (reason === 'disk' || reason === 'disk_low') return 'Waiting: the disk of the server takes no more.';
  if (reason === 'backlog') return 'Waiting: the server digests what came in before.';
  return 'Waiting: the quota of the project is used up; nothing is skipped.';
}
