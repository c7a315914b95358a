import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, type RunningServer, startServer } from '../server.ts';

let server: RunningServer;
let envelopeUrl: string;
beforeAll(async () => {
  server = await startServer();
  const dsn = new URL(server.dsn);
  envelopeUrl = `${server.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`;
});
afterAll(() => server?.dispose());

const MIB = 1024 * 1024;
const rssBytes = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024;
const envelope = (event: string, id = randomUUID().replaceAll('-', '')) => `{"event_id":"${id}"}\n{"type":"event"}\n${event}\n`;

async function send(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(envelopeUrl, { method: 'POST', body, headers });
  await response.text();
  return response.status;
}

/** What another client notices meanwhile: its event is taken and its question answered, each within a second. */
async function othersNotice(): Promise<void> {
  const began = performance.now();
  expect(await send(envelope('{"message":"an honest event"}'))).toBe(200);
  await server.graphql('{ me { user { email } } errors(first: 5) { totalCount } }');
  expect(performance.now() - began).toBeLessThan(1000);
  if (process.platform === 'linux') expect(rssBytes()).toBeLessThan(512 * MIB);
}

async function query(text: string, headers: Record<string, string> = {}): Promise<{ status: number; code: string | undefined }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: server.cookie, origin: server.url, ...headers },
    body: JSON.stringify({ query: text }),
  });
  const body = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
  return { status: response.status, code: body.errors?.[0]?.extensions?.code };
}

describe('hostile bytes to ingestion', () => {
  const zeros = Buffer.alloc(300 * MIB);
  it.each([
    ['gzip', gzipSync(zeros)],
    ['br', brotliCompressSync(zeros, { params: { 0: 0 } })],
    ['zstd', zstdCompressSync(zeros)],
  ])('a %s bomb of 300 MB is stopped at the cap', async (encoding, bomb) => {
    const statuses = await Promise.all(Array.from({ length: 4 }, () => send(bomb, { 'content-encoding': encoding })));
    // Refused for its size, or, past so many large bodies at once, told to come back.
    for (const status of statuses) expect([413, 400, 429, 503]).toContain(status);
    await othersNotice();
  });

  it.each([
    [
      'gzip that stops in the middle',
      gzipSync(envelope('{"message":"cut"}')).subarray(0, 30),
      { 'content-encoding': 'gzip' },
      [400],
    ],
    ['bytes that are not what their encoding says', Buffer.from('not gzip at all'), { 'content-encoding': 'gzip' }, [400]],
    ['an unknown encoding', Buffer.from('x'), { 'content-encoding': 'lzma' }, [400, 415]],
    ['an empty body', Buffer.alloc(0), {}, [400]],
    ['a header that is no JSON', Buffer.from('not json\n{}\n'), {}, [400]],
    ['a length that reaches past the end', Buffer.from('{}\n{"type":"event","length":9999}\n{}\n'), {}, [400]],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{}\n{"type":"event"}\n{"message":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}\n')]),
      {},
      [200, 400],
    ],
    [
      'a million tags',
      Buffer.from(envelope(`{"message":"tags","tags":{${Array.from({ length: 60_000 }, (_, i) => `"t${i}":"v"`).join(',')}}}`)),
      {},
      [200],
    ],
    [
      'JSON 10,000 levels deep',
      Buffer.from(envelope(`{"message":"deep","extra":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`)),
      {},
      [200, 400],
    ],
  ] as [string, Buffer<ArrayBuffer>, Record<string, string>, number[]][])('%s', async (_, body, headers, statuses) => {
    expect(statuses).toContain(await send(body, headers));
    await othersNotice();
  });

  it('a body that is longer than it said, or never comes', async () => {
    const { port, pathname, search } = new URL(envelopeUrl);
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`POST ${pathname}${search} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{"event_id":`);
      return socket;
    });
    await othersNotice();
    for (const socket of sockets) socket.destroy();
  });

  it('headers of a megabyte are answered 431', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(envelopeUrl, { method: 'POST', headers: { 'x-sentry-auth': 'a'.repeat(MIB) } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(431) : reject(error),
      );
      request.end('{}');
    });
    expect(status).toBe(431);
    await othersNotice();
  });

  it.each([
    ['no key', '', 401],
    ['a malformed key', '?sentry_key=zz', 401],
    ['a key nobody has', `?sentry_key=${'0'.repeat(32)}`, 401],
  ])('%s', async (_, search, expected) => {
    const response = await fetch(envelopeUrl.replace(/\?.*/, search), { method: 'POST', body: envelope('{}') });
    expect([expected, 400, 403]).toContain(response.status);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('a flood of distinct messages leaves a bounded number of errors and a responsive server', { timeout: 120_000 }, async () => {
    const lane = async (n: number) => {
      for (let i = 0; i < 625; i += 1)
        await send(envelope(`{"message":"flood ${randomUUID().replace(/\d/g, 'x')} ${'abcdefghij'[i % 10]}${n}"}`));
    };
    const lanes = Array.from({ length: 32 }, (_, n) => lane(n));
    await othersNotice();
    await Promise.all(lanes);
    await othersNotice();
  });
});

describe('hostile questions', () => {
  const nested = (depth: number): string =>
    depth === 0
      ? 'id'
      : `errors(first: 1) { edges { node { project { ${depth > 1 ? `trend { points { value } } ` : ''}id } ${depth > 1 ? `latestEvent { group { ${'latestEvent { group { '.repeat(depth)}id${' } }'.repeat(depth)} } }` : ''} } } }`;
  it.each([
    ['a document that is too deep', `{ ${nested(20)} }`],
    ['a thousand aliases', `{ ${Array.from({ length: 1000 }, (_, i) => `a${i}: me { user { id } }`).join(' ')} }`],
    [
      'a list of lists that costs too much',
      '{ errors(first: 200) { edges { node { events(first: 200) { edges { node { raw } } } } } } }',
    ],
    ['fragments that refer to themselves', 'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a page of a million', '{ errors(first: 1000000) { totalCount } }'],
  ])('%s', async (_, text) => {
    const answer = await query(text);
    expect(['QUERY_TOO_COMPLEX', 'GRAPHQL_VALIDATION_FAILED', 'BAD_INPUT']).toContain(answer.code);
    await othersNotice();
  });

  it('a batch of a hundred operations', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: server.cookie, origin: server.url },
      body: JSON.stringify(Array.from({ length: 100 }, () => ({ query: '{ __typename }' }))),
    });
    expect(response.status).toBe(400);
  });

  it('a document of a megabyte', async () => {
    const { status } = await query(`{ me { user { id } } } # ${'x'.repeat(MIB)}`);
    expect([400, 413]).toContain(status);
    await othersNotice();
  });

  it('introspection by a stranger', async () => {
    const answer = await query('{ __schema { types { name fields { name } } } }', { cookie: '' });
    expect(answer.code).toBeDefined();
  });

  it.each([
    ['a forged cookie', { cookie: `errata_session=${'A'.repeat(43)}` }],
    ['a forged token', { cookie: '', authorization: `Bearer errata_${'a'.repeat(40)}` }],
    ['an empty token', { cookie: '', authorization: 'Bearer ' }],
  ])('%s opens nothing', async (_, headers) => {
    expect((await query('{ users { email } }', headers)).code).toBe('UNAUTHENTICATED');
  });

  it('a mutation from another site, with the cookie of a signed-in person', async () => {
    const answer = await query('mutation { signOut { ok } }', { origin: 'https://evil.example' });
    expect(answer.code).toBe('ORIGIN_REFUSED');
    expect((await query('{ users { email } }')).code).toBeUndefined();
  });

  it('a live socket from another site', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { cookie: server.cookie, origin: 'https://evil.example' },
    });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
      socket.on('open', () => resolve('opened'));
    });
    expect(status).toBe(403);
  });
});

it('after all of it, every honest event is there', async () => {
  await eventually(
    () =>
      server.graphql<{ errors: { edges: { node: { title: string; eventCount: number } }[] } }>(
        '{ errors(filter: { text: "honest" }, first: 5) { edges { node { title eventCount } } } }',
      ),
    ({ errors }) => (errors.edges[0]?.node.eventCount ?? 0) >= 20,
  );
});
