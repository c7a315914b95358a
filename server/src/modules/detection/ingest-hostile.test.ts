import { request } from 'node:http';
import { connect } from 'node:net';
import * as zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, type IngestServer, KEYS, SMALL_EVENT, startIngestServer } from '../../../test/ingest-server.ts';

const EVENT = JSON.stringify(SMALL_EVENT);
const ENVELOPE = envelopeOf({}, [{ type: 'event' }, EVENT]);
const PATH = `/api/42/envelope/?sentry_key=${KEYS.active}`;
const eventOf = (payload: string) => envelopeOf({}, [{ type: 'event' }, payload]);

let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer();
});
afterEach(async () => {
  // Whatever was sent: others are served at once, and nothing is left behind.
  expect((await server.envelope(ENVELOPE)).status).toBe(200);
  await server.outcomes();
  server.log.records.length = 0;
});
afterAll(() => server.close());

describe('compression bombs', () => {
  const pack = {
    gzip: (b: Buffer) => zlib.gzipSync(b),
    deflate: (b: Buffer) => zlib.deflateSync(b),
    br: (b: Buffer) => zlib.brotliCompressSync(b, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    zstd: (b: Buffer) => zlib.zstdCompressSync(b),
  };
  /** 210 MB in one item: more than an envelope may unpack to. */
  const bomb = Buffer.concat([Buffer.from('{}\n{"type":"event"}\n'), Buffer.alloc(210 * 1024 * 1024, 65)]);

  it.each(Object.keys(pack) as (keyof typeof pack)[])(
    '%s: refused with 413, and never unfolded in memory',
    async (coding) => {
      const packed = pack[coding](bomb);
      const before = process.memoryUsage();
      let peak = 0;
      const watch = setInterval(() => {
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        peak = Math.max(peak, arrayBuffers - before.arrayBuffers + Math.max(0, heapUsed - before.heapUsed));
      }, 5);
      const answer = await server.envelope(packed, { 'content-encoding': coding });
      clearInterval(watch);
      expect(answer.status).toBe(413);
      expect(peak).toBeLessThan(120 * 1024 * 1024);
      expect(await server.outcomes()).toEqual({ 'event invalid too_large': 1 });
    },
    30_000,
  );

  it('one that stays under the cap costs no more than its event', async () => {
    const answer = await server.envelope(zlib.gzipSync(bomb.subarray(0, 60 * 1024 * 1024)), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
    expect(await server.outcomes()).toEqual({ 'event invalid too_large': 1 });
  });

  it('on the store endpoint', async () => {
    const answer = await server.store(zlib.gzipSync(bomb.subarray(20, 30 * 1024 * 1024)), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
    expect(await server.outcomes()).toEqual({ 'event invalid too_large': 1 });
  });

  it('a window larger than is granted', async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) & 0xff));
    const wide = zlib.zstdCompressSync(Buffer.concat(new Array(60).fill(noise)), {
      params: { [zlib.constants.ZSTD_c_windowLog]: 27 },
    });
    expect((await server.envelope(wide, { 'content-encoding': 'zstd' })).status).toBe(400);
  });
});

describe('lengths that lie', () => {
  const post = (head: string, body: string | Buffer) =>
    server.raw(Buffer.concat([Buffer.from(`POST ${PATH} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`), Buffer.from(body as string)]));

  it('a content length beyond the cap is 413 before a byte of it is read', async () => {
    expect(await post('Content-Length: 999999999999', '{}')).toMatch(/^HTTP\/1\.1 413 [\s\S]*access-control-allow-origin: \*/i);
  });

  it('a body shorter than its length, the connection cut: counted as incomplete', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await new Promise<void>((resolve) =>
      socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{}\n{"type":"event"}\n{"mess`, () =>
        resolve(),
      ),
    );
    await new Promise<void>((resolve) => socket.end(() => resolve()));
    await expect.poll(() => server.outcomes()).toEqual({ 'envelope invalid incomplete': 1 });
  });

  it('a chunked body that breaks its framing', async () => {
    expect(await post('Transfer-Encoding: chunked', 'zz\r\nnonsense')).toMatch(/^(HTTP\/1\.1 400|$)/);
  });

  it('a request head without end is 431', async () => {
    expect(await server.raw(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nX-A: ${'x'.repeat(1_000_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  it('an item length beyond the body, and the largest there is', async () => {
    for (const length of [1e9, Number.MAX_SAFE_INTEGER]) {
      expect((await server.envelope(envelopeOf({}, [{ type: 'event', length }, EVENT]))).status).toBe(400);
    }
    expect(await server.outcomes()).toEqual({ 'event invalid framing': 2 });
  });
});

describe('slow clients', () => {
  let patient: IngestServer;
  beforeAll(async () => {
    patient = server;
    server = await startIngestServer({ patience: { idleMs: 150, totalMs: 400 } });
  });
  afterAll(async () => {
    await server.close();
    server = patient;
  });

  it('a body that stalls is 408, and the connection is closed', async () => {
    const answer = await server.raw(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{}\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close/i);
    expect(answer).toMatch(/x-sentry-error: the request body did not arrive in time/);
    expect(await server.outcomes()).toEqual({ 'envelope invalid incomplete': 1 });
  });

  it('a body that drips a byte now and then is ended too', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () =>
        socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{}\n`),
      );
      const drip = setInterval(() => socket.write('x'), 20);
      socket.once('data', (data) => {
        clearInterval(drip);
        socket.destroy();
        resolve(data.toString());
      });
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('a slow body without a valid key is refused without waiting for it', async () => {
    expect(
      await server.raw(`POST /api/42/envelope/?sentry_key=${KEYS.unknown} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('more streams than are granted at once are told to come back', async () => {
    const held = Array.from({ length: 33 }, () => {
      const req = request({ host: '127.0.0.1', port: server.port, path: PATH, method: 'POST' });
      const answer = new Promise<number>((resolve) => {
        req.on('response', (res) => resolve(res.resume().statusCode as number));
        req.on('error', () => resolve(0));
      });
      req.write(Buffer.concat([Buffer.from('{}\n{"type":"attachment"}\n'), Buffer.alloc(100_000, 65)]));
      return { req, answer };
    });
    expect(await Promise.race(held.map((h) => h.answer))).toBe(503);
    for (const { req } of held) req.destroy();
  });
});

describe('payloads that are made to hurt', () => {
  const deep = (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`;

  it.each<[string, () => string]>([
    ['objects 10,000 deep', () => `{"extra":${deep(10_000)}}`],
    ['lists 100,000 deep', () => `{"contexts":{"x":{"y":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`],
    [
      'depth everywhere',
      () =>
        `{"user":${deep(9000)},"tags":${deep(9000)},"message":${deep(9000)},"exception":${deep(9000)},"request":${deep(9000)},"breadcrumbs":${deep(9000)}}`,
    ],
    ['lists of lists of values', () => `{"exception":{"values":${'{"values":'.repeat(20_000)}[]${'}'.repeat(20_000)}}}`],
    [
      '100,000 tags',
      () => JSON.stringify({ tags: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`tag${i}`, i])) }),
    ],
    ['100,000 frames', () => JSON.stringify({ exception: [{ stacktrace: { frames: new Array(100_000).fill({ f: 1 }) } }] })],
    ['40,000 exceptions', () => JSON.stringify({ exception: { values: new Array(40_000).fill({ type: 'E' }) } })],
    ['40,000 breadcrumbs', () => JSON.stringify({ breadcrumbs: new Array(40_000).fill({ message: 'm' }) })],
    [
      'keys that are prototypes',
      () =>
        '{"extra":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"tags":{"__proto__":"x"},"contexts":{"__proto__":{"polluted":1}},"modules":{"__proto__":"1"}}',
    ],
    [
      'text made for patterns',
      () => JSON.stringify({ message: 'password='.repeat(100_000), logentry: { message: '%(a)s'.repeat(10_000), params: {} } }),
    ],
    [
      'signs of secrets without end',
      () =>
        JSON.stringify({
          extra: Object.fromEntries(
            ['eyJ-', '://', 'a:a@', '-----BEGIN ', 'bearer ', '4 ', 'token:', '"token":"', '=', ':::', 'a@', '1.'].map((s) => [
              s,
              s.repeat(16_000 / s.length),
            ]),
          ),
        }),
    ],
    [
      'numbers beyond all bounds',
      () =>
        '{"timestamp":1e400,"level":1e400,"exception":[{"type":1e400,"stacktrace":{"frames":[{"lineno":1e400,"colno":-1e400}]}}],"extra":{"a":1e400}}',
    ],
  ])('%s', async (_, payload) => {
    const bytes = payload();
    expect(bytes.length).toBeLessThan(1024 * 1024);
    const started = performance.now();
    const answer = await server.envelope(eventOf(bytes));
    expect(answer.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(JSON.stringify(server.events()).length).toBeLessThan(600_000);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('a million tags are more than an event may weigh', async () => {
    const tags = Array.from({ length: 1_000_000 }, (_, i) => `"t${i}":1`).join();
    expect((await server.envelope(eventOf(`{"tags":{${tags}}}`))).status).toBe(413);
    expect(await server.outcomes()).toEqual({ 'event invalid too_large': 1 });
  });

  it('a header line without end', async () => {
    expect((await server.envelope(`{"a":"${'x'.repeat(5_000_000)}"}\n`)).status).toBe(400);
    expect((await server.envelope(`{}\n{"type":"event","a":"${'x'.repeat(5_000_000)}"}\n`)).status).toBe(400);
  });

  it('a million items', async () => {
    expect((await server.envelope(`{}\n${'{"type":"x"}\n\n'.repeat(1_000_000)}`)).status).toBe(200);
    expect(await server.outcomes()).toEqual({ 'x unsupported no_room': 1_000_000 });
  });
});
