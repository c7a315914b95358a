import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, unzipSync, zstdDecompressSync } from 'node:zlib';

/** What a client sent, noted on its way to the server, so that it need not be taken from the server's own word. */
export interface Recorder {
  readonly url: string;
  /** Items by their type as the envelopes name them, and requests that were no envelopes by their path. */
  sent: Record<string, number>;
  /** Refusals, and answers that did not come: `413 /api/1/envelope/`. */
  refused: string[];
  /** From now on unpacked bodies are written below this folder. */
  keep(folder: string | undefined): void;
  forget(): void;
  close(): void;
}

// biome-ignore format: a list
const OF_ONE_HOP = new Set([
  'host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'expect', 'upgrade', 'http2-settings',
]);

/** Stands between clients and a server; what it passes on is untouched. */
export async function record(server: string): Promise<Recorder> {
  let folder: string | undefined;
  let number = 0;
  const http = createServer(
    (request, response) =>
      void pass(request, response).catch((error: unknown) => {
        recorder.refused.push(`${request.url}: ${error}`);
        response.destroy();
      }),
  );
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const path = new URL(request.url ?? '/', server).pathname;
    const headers = Object.entries(request.headers)
      .filter(([name]) => !OF_ONE_HOP.has(name))
      .map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(new URL(request.url ?? '/', server), {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 ? { body } : {}),
    });
    note(path, unpack(body, request.headers['content-encoding']), answer.status);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const told = [...answer.headers].filter(([name]) => !OF_ONE_HOP.has(name) && name !== 'content-encoding');
    response.writeHead(answer.status, { ...Object.fromEntries(told), 'content-length': bytes.length });
    response.end(bytes);
  }
  function note(path: string, body: Buffer, status: number): void {
    if (status >= 300) recorder.refused.push(`${status} ${path}`);
    const names = path.endsWith('/envelope/') ? itemsOf(body) : [path.endsWith('/store/') ? 'event' : path];
    for (const name of names) recorder.sent[name] = (recorder.sent[name] ?? 0) + 1;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${String(++number).padStart(3, '0')}-${names.join('+').replace(/[^\w+]+/g, '-')}`), body);
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const recorder: Recorder = {
    url: `http://127.0.0.1:${(http.address() as { port: number }).port}`,
    sent: {},
    refused: [],
    keep: (to) => {
      folder = to;
      number = 0;
    },
    forget: () => Object.assign(recorder, { sent: {}, refused: [] }),
    close: () => {
      http.close();
      http.closeAllConnections();
    },
  };
  return recorder;
}

function unpack(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'deflate') return unzipSync(body);
  if (encoding === 'br') return brotliDecompressSync(body);
  if (encoding === 'zstd') return zstdDecompressSync(body);
  return body;
}

/** Types of the items of an envelope; one that bundles many (logs) stands as often as it says. */
function itemsOf(envelope: Buffer): string[] {
  const names: string[] = [];
  for (let at = envelope.indexOf(10) + 1; at > 0 && at < envelope.length; ) {
    const end = envelope.indexOf(10, at);
    if (end < 0) break;
    const line = envelope.toString('utf8', at, end).trim();
    at = end + 1;
    if (line === '') continue;
    const header = JSON.parse(line) as { type: string; length?: number; item_count?: number };
    for (let i = 0; i < (header.item_count ?? 1); i++) names.push(header.type);
    const stop = header.length === undefined ? envelope.indexOf(10, at) : at + header.length;
    at = stop < 0 ? envelope.length : stop + (envelope[stop] === 10 ? 1 : 0);
  }
  return names;
}
