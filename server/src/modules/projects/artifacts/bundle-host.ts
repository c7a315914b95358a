import { Worker } from 'node:worker_threads';
import { minutes } from '../../../platform/clock.ts';
import type { ReadBundle, ReadFile } from './bundle-reader.ts';
import type { BundleAnswer, BundleJob } from './bundle-worker.ts';
import type { NamedFile } from './file-facts.ts';
import { UploadRefusal } from './limits.ts';

/** Longest that reading one upload may take. */
const DEADLINE_MS = minutes(3);

/** Reads uploads in a thread of their own, one after the other. */
export class BundleHost {
  readonly #dataDir: string;
  readonly #deadlineMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: { dataDir: string; deadlineMs?: number }) {
    this.#dataDir = options.dataDir;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  /** Puts pieces together and reads the bundle. @throws UploadRefusal; any other error is ours */
  async readBundle(chunks: readonly string[], checksum: string): Promise<ReadBundle> {
    const answer = await this.#ask({ kind: 'bundle', chunks: [...chunks], checksum });
    if (answer.kind !== 'bundle') throw new TypeError(`the bundle thread answered ${answer.kind}`);
    return answer.bundle;
  }

  /** Reads a single file. @throws UploadRefusal; any other error is ours */
  async readFile(named: NamedFile, content: Uint8Array): Promise<ReadFile[]> {
    const answer = await this.#ask({ kind: 'file', named, content });
    if (answer.kind !== 'files') throw new TypeError(`the bundle thread answered ${answer.kind}`);
    return answer.files;
  }

  #ask(job: BundleJob): Promise<BundleAnswer> {
    const turn = this.#last.then(() => this.#run(job));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #run(job: BundleJob): Promise<BundleAnswer> {
    // Beside this file, whatever it was compiled to.
    const file = new URL(import.meta.url.endsWith('.ts') ? './bundle-worker.ts' : './bundle-worker.js', import.meta.url);
    const worker = new Worker(file, { name: 'source maps', workerData: { dataDir: this.#dataDir, job } });
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<BundleAnswer>((resolve, reject) => {
        timer = setTimeout(() => reject(new UploadRefusal('Reading the upload took too long.')), this.#deadlineMs);
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', (code) => reject(new Error(`the bundle thread ended with ${code}`)));
      });
      if (answer.kind === 'refused') throw new UploadRefusal(answer.message);
      if (answer.kind === 'failed') throw new Error(answer.message);
      return answer;
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}
