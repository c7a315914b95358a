import { Worker } from 'node:worker_threads';
import type { Bus } from '../../../platform/bus/bus.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import type { IngestLogWriter } from '../../../platform/ingest-log/ingest-log.ts';
import type { Log } from '../../../platform/log.ts';
import type { EventFact } from '../facts.ts';
import { ChangeGatherer } from './change-gatherer.ts';
import {
  ASLEEP,
  type DigestNews,
  type DigestOrder,
  type DigestWorkerData,
  FLUSHED,
  HEARTBEAT,
  SHARED_BYTES,
} from './digest-messages.ts';
import { type DigestFigures, DigestMeter } from './digest-meter.ts';

export interface DigestDeps {
  config: Pick<Config, 'dataDir' | 'databaseUrl'>;
  log: Log;
  ingestLog: IngestLogWriter;
  bus: Bus;
  clock: Clock;
  /** Another program for the thread; tests make it die or hang. */
  workerFile?: URL;
  silenceLimitMs?: number;
}

/** The running digest, seen from the main thread. */
export interface Digest {
  figures(): DigestFigures;
  /** Waits until everything flushed so far is committed and counted; false when that took too long. */
  drained(timeoutMs?: number): Promise<boolean>;
  /**
   * Digests what was accepted, then ends the thread. Call it when nothing is appended any more and before the log is
   * closed. False when something was left undone: it is in the log, and digested at the next start.
   */
  stop(timeoutMs?: number): Promise<boolean>;
}

/** A thread that was not heard of for so long computes without end: it is replaced. */
const SILENCE_LIMIT_MS = 120_000;
const WATCH_EVERY_MS = 5_000;
/** A batch lives as long as its transaction; twice the room for young objects is no faster and takes 50 MB more (measured). */
const HEAP = { maxYoungGenerationSizeMb: 48 };

/**
 * Starts the digest thread (after migrations) and keeps it running: it is told how far the log is flushed, and what it
 * commits is acknowledged to the log and published on the bus. Resolves when the thread runs.
 * A thread that dies is started again, more slowly each time, and gets past a record that kills it.
 * @throws what kept the thread from beginning at all
 */
export async function startDigest(deps: DigestDeps): Promise<Digest> {
  const host = new DigestHost(deps);
  try {
    await host.started;
    return host;
  } catch (error) {
    await host.stop(0);
    throw error;
  }
}

class DigestHost implements Digest {
  readonly #deps: DigestDeps;
  readonly #shared = new BigInt64Array(new SharedArrayBuffer(SHARED_BYTES));
  readonly #meter: DigestMeter;
  readonly #changes: ChangeGatherer;
  readonly #unsubscribe: () => void;
  readonly #watchdog: NodeJS.Timeout;
  readonly #starting = Promise.withResolvers<void>();
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  /** Deaths since the position last moved, and since the thread last went quiet. */
  #deaths = { here: 0, lately: 0 };
  #idleAt = -1;
  #waiters = new Set<() => void>();
  #stopped: Promise<boolean> | undefined;
  #drainedAtStop = false;

  constructor(deps: DigestDeps) {
    this.#deps = deps;
    this.#meter = new DigestMeter(deps.clock, deps.ingestLog.position);
    this.#changes = new ChangeGatherer(deps.bus);
    Atomics.store(this.#shared, FLUSHED, BigInt(deps.ingestLog.position));
    this.#unsubscribe = deps.ingestLog.onFlushed((position) => {
      Atomics.store(this.#shared, FLUSHED, BigInt(position));
      this.#meter.flushed(position);
      if (Atomics.load(this.#shared, ASLEEP) === 1n) this.#order({ kind: 'wake' });
    });
    this.#watchdog = setInterval(() => this.#watch(), Math.min(WATCH_EVERY_MS, deps.silenceLimitMs ?? WATCH_EVERY_MS));
    this.#watchdog.unref();
    this.#launch();
  }

  /** Resolves when the first thread runs; rejects when it cannot even begin. */
  get started(): Promise<void> {
    return this.#starting.promise;
  }

  figures(): DigestFigures {
    return this.#meter.figures();
  }

  drained(timeoutMs = 30_000): Promise<boolean> {
    const target = this.#deps.ingestLog.position;
    if (this.#idleAt >= target) return Promise.resolve(true);
    return new Promise((resolve) => {
      const look = () => {
        if (this.#idleAt < target) return;
        finish(true);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      const finish = (drained: boolean) => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        resolve(drained);
      };
      this.#waiters.add(look);
    });
  }

  stop(timeoutMs = 10_000): Promise<boolean> {
    this.#stopped ??= this.#stop(timeoutMs);
    return this.#stopped;
  }

  async #stop(timeoutMs: number): Promise<boolean> {
    clearTimeout(this.#restart);
    clearInterval(this.#watchdog);
    const worker = this.#worker;
    if (worker !== undefined) {
      const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      this.#order({ kind: 'stop', timeoutMs });
      const timer = setTimeout(() => void worker.terminate(), timeoutMs + 2_000);
      await gone;
      clearTimeout(timer);
    }
    this.#unsubscribe();
    this.#changes.close();
    return this.#drainedAtStop;
  }

  #launch(): void {
    const { dataDir, databaseUrl } = this.#deps.config;
    const data: DigestWorkerData = {
      dataDir,
      databaseUrl,
      shared: this.#shared.buffer as SharedArrayBuffer,
      suspicion: this.#deaths.here,
      careful: this.#deaths.lately > 0,
    };
    Atomics.store(this.#shared, HEARTBEAT, BigInt(this.#deps.clock.now()));
    // Beside this file, whatever it was compiled to.
    const file = new URL(import.meta.url.endsWith('.ts') ? './digest-worker.ts' : './digest-worker.js', import.meta.url);
    // What keeps it small is that batches are bounded in bytes: V8 ends the process when one allocation goes beyond a limit.
    const worker = new Worker(this.#deps.workerFile ?? file, { name: 'digest', workerData: data, resourceLimits: HEAP });
    this.#worker = worker;
    worker.on('message', (news: DigestNews) => this.#hear(news));
    worker.on('error', (error) => {
      this.#deps.log.error({ err: error }, 'the digest thread failed');
      this.#starting.reject(error);
    });
    worker.on('exit', (code) => this.#died(worker, code));
  }

  #died(worker: Worker, code: number): void {
    if (this.#worker === worker) this.#worker = undefined;
    if (this.#stopped !== undefined) return;
    this.#deaths.here += 1;
    this.#deaths.lately += 1;
    const waitMs = Math.min(5_000, 50 * 2 ** Math.min(this.#deaths.lately, 7));
    this.#meter.restarted();
    this.#deps.log.error({ code, waitMs, deaths: this.#deaths.lately }, 'the digest thread died and is started again');
    this.#restart = setTimeout(() => this.#launch(), waitMs);
  }

  #hear(news: DigestNews): void {
    switch (news.kind) {
      case 'started':
        this.#starting.resolve();
        return;
      case 'facts':
        this.#deps.bus.publish('errorEventsDigested', { facts: JSON.parse(news.json) as EventFact[] });
        return;
      case 'committed':
        this.#deaths.here = 0;
        this.#meter.committed(news);
        this.#deps.ingestLog.acknowledged(news.position);
        this.#changes.add(news.changes, news.touched);
        if (news.sides.length > 0) this.#deps.bus.publish('sidesDigested', { facts: news.sides });
        return;
      case 'changed':
        this.#changes.add(news.changes, news.touched);
        return;
      case 'idle':
        this.#deaths.lately = 0;
        this.#idleAt = news.position;
        this.#meter.reached(news.position);
        for (const look of this.#waiters) look();
        return;
      case 'log':
        this.#deps.log[news.level](news.fields, news.text);
        return;
      case 'stopped':
        this.#drainedAtStop = news.drained;
    }
  }

  #watch(): void {
    const silentMs = this.#deps.clock.now() - Number(Atomics.load(this.#shared, HEARTBEAT));
    if (this.#worker === undefined || silentMs < (this.#deps.silenceLimitMs ?? SILENCE_LIMIT_MS)) return;
    this.#deps.log.error({ silentMs }, 'the digest thread hangs and is replaced');
    void this.#worker?.terminate();
  }

  #order(order: DigestOrder): void {
    this.#worker?.postMessage(order);
  }
}
