import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { type RunningServer, startServer } from '../server.ts';

/** An answer read off a socket. */
export interface RawAnswer {
  status: number;
  headers: string;
  body: string;
}

/** How one kind of attack was answered, and what an honest client and the machine noticed meanwhile. */
export interface Watch {
  /** Milliseconds of the slowest honest round: an event sent, and a query asked. */
  slowestMs: number;
  rounds: number;
  /** Largest resident size of the server, bytes. */
  peakRss: number;
}

/** A real server under attack, with an honest client beside. */
export interface HostileWorld {
  readonly server: RunningServer;
  readonly port: number;
  /** Path of the envelope endpoint, key included. */
  readonly envelopePath: string;
  /** Writes these bytes to a fresh connection and reads what comes until the answer is whole or the connection ends. */
  raw(bytes: string | Uint8Array | (string | Uint8Array)[], options?: { end?: boolean; timeoutMs?: number }): Promise<RawAnswer>;
  /** POST of a body with its right length. */
  post(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<RawAnswer>;
  graphql(
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<RawAnswer & { json: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] } }>;
  /** Runs an attack while an honest client goes on; answers what that one noticed. */
  meanwhile(attack: () => Promise<unknown>): Promise<Watch>;
  rss(): number;
  dispose(): Promise<void>;
}

/** Starts the server. Its limits on sign-in stay as they are. */
export async function openHostileWorld(): Promise<HostileWorld> {
  const server = await startServer();
  const port = Number(new URL(server.url).port);
  const { username, pathname } = new URL(server.dsn);
  const envelopePath = `/api${pathname}/envelope/?sentry_key=${username}`;

  const raw: HostileWorld['raw'] = (bytes, { end = false, timeoutMs = 20_000 } = {}) =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const chunks: Buffer[] = [];
      const finish = () => {
        clearTimeout(timer);
        socket.destroy();
        const answer = parse(Buffer.concat(chunks));
        if (answer === undefined) reject(new Error(`no answer: ${Buffer.concat(chunks).toString('latin1').slice(0, 200)}`));
        else resolve(answer);
      };
      const timer = setTimeout(finish, timeoutMs);
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        if (isWhole(Buffer.concat(chunks))) finish();
      });
      socket.on('error', () => undefined); // a reset after the answer is no matter; without one `close` tells
      socket.on('close', finish);
      socket.on('connect', () => {
        for (const part of Array.isArray(bytes) ? bytes : [bytes]) socket.write(part);
        if (end) socket.end();
      });
    });

  const post: HostileWorld['post'] = (path, body, headers = {}) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const lines = Object.entries({ host: `127.0.0.1:${port}`, 'content-length': String(bytes.length), ...headers });
    return raw([`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, bytes]);
  };

  const rss = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024;

  return {
    server,
    port,
    envelopePath,
    raw,
    post,
    rss,
    async graphql(body, headers = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await post('/graphql', text, { 'content-type': 'application/json', ...headers });
      return { ...answer, json: answer.body.startsWith('{') ? JSON.parse(answer.body) : {} };
    },
    async meanwhile(attack) {
      const watch: Watch = { slowestMs: 0, rounds: 0, peakRss: 0 };
      let over = false;
      const honest = async () => {
        while (!over) {
          const begun = performance.now();
          const [kept] = await Promise.all([
            fetch(`${server.url}${envelopePath}`, { method: 'POST', body: '{}\n{"type":"event"}\n{"message":"honest"}\n' }),
            server.graphql('{ errors(first: 10) { edges { node { id title } } } overview { eventCount24h } }'),
          ]);
          if (kept.status !== 200) throw new Error(`the honest event was answered ${kept.status}: ${await kept.text()}`);
          await kept.arrayBuffer();
          watch.slowestMs = Math.max(watch.slowestMs, performance.now() - begun);
          watch.rounds += 1;
          watch.peakRss = Math.max(watch.peakRss, rss());
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const going = honest();
      try {
        await attack();
      } finally {
        over = true;
        await going;
      }
      return watch;
    },
    dispose: () => server.dispose(),
  };
}

function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = bytes.subarray(0, end).toString('latin1');
  if (/^HTTP\/1\.1 101/.test(head)) return true;
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return bytes.length >= end + 4 + Number(length);
  return /^transfer-encoding: chunked/im.test(head) && bytes.subarray(-5).toString() === '0\r\n\r\n';
}

function parse(bytes: Buffer): RawAnswer | undefined {
  const text = bytes.toString('utf8');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (status === undefined) return undefined;
  const end = text.indexOf('\r\n\r\n');
  return { status: Number(status), headers: text.slice(0, end < 0 ? undefined : end), body: end < 0 ? '' : text.slice(end + 4) };
}

/** What other clients may notice of any attack, and what the process may weigh. */
const SLOWEST_MS = 1000;
const MOST_BYTES = 512 * 1024 * 1024;

/** Nobody else noticed: they were served, in time, and the process stayed small. */
export function expectUnnoticed({ slowestMs, rounds, peakRss }: Watch): void {
  expect(rounds).toBeGreaterThan(0);
  expect(slowestMs).toBeLessThan(SLOWEST_MS);
  expect(peakRss).toBeLessThan(MOST_BYTES);
}

/** After all attacks the server is what it was: ready, small, without a fault of its own in log or metrics. */
export async function expectUnharmed(world: HostileWorld): Promise<void> {
  expect(world.rss()).toBeLessThan(MOST_BYTES);
  expect(world.server.output()).not.toMatch(/"level":50|"level":60|unhandled/i);
  const ready = await fetch(`${world.server.url}/readyz`);
  expect(ready.status).toBe(200);
  const metrics = await (await fetch(`${world.server.url}/metrics`)).text();
  expect(metrics).toMatch(/^errata_bugs_total 0$/m);
}

export const repeat = <T>(times: number, act: (n: number) => T) => Array.from({ length: times }, (_, n) => act(n));
