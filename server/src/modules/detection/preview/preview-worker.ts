import { parentPort } from 'node:worker_threads';
import { type PreviewJob, type PreviewResult, previewPattern } from './preview-work.ts';

/** From the host: a job, with a word that turns to 1 when it is to end. */
export interface PreviewOrder {
  readonly id: number;
  readonly job: PreviewJob;
  readonly stop: Int32Array;
  readonly budgetMs: number;
}

/** To the host: first that it begins, then what came of it. */
export interface PreviewAnswer {
  readonly id: number;
  readonly result?: PreviewResult;
}

/** The thread that tries patterns, so that nobody waits for them but who asked. */
parentPort?.on('message', ({ id, job, stop, budgetMs }: PreviewOrder) => {
  parentPort?.postMessage({ id } satisfies PreviewAnswer);
  const began = performance.now();
  const result = previewPattern(job, (share) => Atomics.load(stop, 0) !== 0 || performance.now() - began > share * budgetMs);
  parentPort?.postMessage({ id, result } satisfies PreviewAnswer);
});
