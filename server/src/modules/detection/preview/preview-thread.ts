import { Worker } from 'node:worker_threads';
import { seconds } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { PreviewJob, PreviewResult } from './preview-work.ts';
import type { PreviewAnswer, PreviewOrder } from './preview-worker.ts';

/** How a try ended when there is no result: a newer one of the same person took its place, or too many wait. */
export type PreviewEnd = 'superseded' | 'busy' | 'failed';

interface Task {
  readonly key: string;
  readonly order: PreviewOrder;
  readonly settle: (result: PreviewResult | PreviewEnd) => void;
}

/** A try that needs longer says what it found so far. */
const BUDGET_MS = seconds(3);
/** The thread is only ended by force when one line takes as long as this. */
const PATIENCE_MS = seconds(10);
/** A thread that begins reads its modules first; on a busy machine that takes longer than any line. */
const LAUNCH_MS = seconds(30);
const IDLE_MS = seconds(30);
const MOST_WAITING = 20;

/**
 * One thread for trying patterns, begun when first needed and ended when it was idle for a while. Tries are made one after
 * the other; a newer one under the same key (somebody typing) ends the older, whether it waits or runs.
 */
export class PreviewThread {
  readonly #log: Log;
  readonly #file: URL;
  #worker: Worker | undefined;
  #running: Task | undefined;
  readonly #waiting: Task[] = [];
  #watchdog: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(deps: { log: Log; workerFile?: URL }) {
    this.#log = deps.log;
    // Beside this file, whatever it was compiled to.
    this.#file =
      deps.workerFile ??
      new URL(import.meta.url.endsWith('.ts') ? './preview-worker.ts' : './preview-worker.js', import.meta.url);
  }

  /** Runs a job; `key` tells whose it is. Never rejects. */
  run(key: string, job: PreviewJob, budgetMs = BUDGET_MS): Promise<PreviewResult | PreviewEnd> {
    for (const [i, task] of this.#waiting.entries()) {
      if (task.key !== key) continue;
      this.#waiting.splice(i, 1);
      task.settle('superseded');
      break;
    }
    if (this.#running?.key === key) this.#cancel(this.#running);
    if (this.#waiting.length >= MOST_WAITING) return Promise.resolve('busy');
    return new Promise((settle) => {
      const stop = new Int32Array(new SharedArrayBuffer(4));
      this.#waiting.push({ key, settle, order: { id: ++this.#count, job, stop, budgetMs } });
      this.#next();
    });
  }

  async close(): Promise<void> {
    for (const task of this.#waiting.splice(0)) task.settle('failed');
    await this.#end('failed');
  }

  /** The answer to somebody who asked again comes at once; the thread ends its work within a portion of lines. */
  #cancel(task: Task): void {
    Atomics.store(task.order.stop, 0, 1);
    task.settle('superseded');
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const task = this.#waiting.shift();
    clearTimeout(this.#idle);
    if (task === undefined) {
      this.#idle = setTimeout(() => void this.#end('failed'), IDLE_MS);
      this.#idle.unref();
      return;
    }
    this.#running = task;
    this.#watch(LAUNCH_MS);
    this.#worker ??= this.#launch();
    this.#worker.postMessage(task.order);
  }

  /** Ends the thread by force unless it says something in time. */
  #watch(ms: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => void this.#end('failed'), ms);
    this.#watchdog.unref();
  }

  #launch(): Worker {
    const worker = new Worker(this.#file, { name: 'pattern-preview' });
    worker.unref();
    worker.on('message', ({ id, result }: PreviewAnswer) => {
      const task = this.#running;
      if (task === undefined || task.order.id !== id) return;
      if (result === undefined) {
        this.#watch(task.order.budgetMs + PATIENCE_MS);
        return;
      }
      clearTimeout(this.#watchdog);
      this.#running = undefined;
      task.settle(result);
      this.#next();
    });
    worker.on('error', (error) => {
      this.#log.error({ err: error }, 'the thread that tries patterns failed');
      if (this.#worker === worker) void this.#end('failed');
    });
    return worker;
  }

  async #end(outcome: PreviewEnd): Promise<void> {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#idle);
    const [worker, task] = [this.#worker, this.#running];
    this.#worker = undefined;
    this.#running = undefined;
    task?.settle(outcome);
    await worker?.terminate();
    if (this.#waiting.length > 0) this.#next();
  }
}
