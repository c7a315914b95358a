import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../platform/clock.ts';
import { BlobStore } from './blob-store.ts';
import { joinChunks, type ReadBundle, type ReadFile, readBundle, readFile } from './bundle-reader.ts';
import type { NamedFile } from './file-facts.ts';
import { UploadRefusal } from './limits.ts';

/** What the thread is asked to read. */
export type BundleJob =
  | { kind: 'bundle'; chunks: string[]; checksum: string }
  | { kind: 'file'; named: NamedFile; content: Uint8Array };

/** Its answer. `refused`: the uploader's fault, in words. */
export type BundleAnswer =
  | { kind: 'bundle'; bundle: ReadBundle }
  | { kind: 'files'; files: ReadFile[] }
  | { kind: 'refused'; message: string }
  | { kind: 'failed'; message: string };

// Reads one upload: unpacking and parsing maps of many megabytes would hold up every request in the main thread.
const { dataDir, job } = workerData as { dataDir: string; job: BundleJob };
const blobs = new BlobStore(dataDir, systemClock);

async function work(): Promise<BundleAnswer> {
  if (job.kind === 'file') return { kind: 'files', files: readFile(job.named, Buffer.from(job.content), blobs) };
  const joined = join(dataDir, 'artifacts', 'tmp', `${randomBytes(12).toString('hex')}.zip`);
  try {
    joinChunks(job.chunks, job.checksum, joined);
    return { kind: 'bundle', bundle: await readBundle(joined, blobs) };
  } finally {
    rmSync(joined, { force: true });
  }
}

const answer = await work().catch((error: unknown): BundleAnswer => {
  if (error instanceof UploadRefusal) return { kind: 'refused', message: error.message };
  return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
});
parentPort?.postMessage(answer);
