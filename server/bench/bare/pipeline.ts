import { closeSync, fdatasync, openSync, write } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

/*
 * Bare ceiling (a): the ingest path with everything left out that a product needs and a benchmark does not: no keys, no
 * limits, no validation, no scrubbing, no normalising, no recovery. Raw bodies go into a log file by group commit
 * (bodies that arrive while one flush runs form the next), the answer follows the flush, a worker thread digests.
 * usage: node pipeline.ts PORT DIRECTORY
 */
const writeAll = promisify(write);
const flush = promisify(fdatasync);

const [port, directory] = [Number(process.argv[2]), process.argv[3] as string];
const log = openSync(join(directory, 'bodies.log'), 'a');
const worker = new Worker(new URL('./pipeline-worker.ts', import.meta.url), { workerData: { directory } });
let digested = 0;
worker.on('message', (count: number) => {
  digested += count;
});

interface Waiting {
  body: Buffer;
  response: ServerResponse;
}
let next: Waiting[] = [];
let flushing = false;

async function commit(): Promise<void> {
  if (flushing) return;
  flushing = true;
  while (next.length > 0) {
    const batch = next;
    next = [];
    const memory = new ArrayBuffer(batch.reduce((sum, { body }) => sum + 4 + body.length, 0));
    const bytes = Buffer.from(memory);
    let at = 0;
    for (const { body } of batch) {
      bytes.writeUInt32LE(body.length, at);
      body.copy(bytes, at + 4);
      at += 4 + body.length;
    }
    await writeAll(log, bytes, 0, bytes.length, null);
    await flush(log);
    for (const { response } of batch) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end('{"id":"0123456789abcdef0123456789abcdef"}');
    }
    // The memory moves to the worker; nothing is copied.
    worker.postMessage(memory, [memory]);
  }
  flushing = false;
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ digested }));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    next.push({ body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), response });
    setImmediate(commit);
  });
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => {
  closeSync(log);
  process.exit(0);
});
