import * as zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, type IngestServer, KEYS, SMALL_EVENT, startIngestServer } from '../../../test/ingest-server.ts';

const EVENT = JSON.stringify(SMALL_EVENT);
const ENVELOPE = envelopeOf({}, [{ type: 'event' }, EVENT]);
const CODINGS = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
} as Record<string, (bytes: Uint8Array) => Buffer>;

let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer();
});
afterEach(async () => {
  await server.outcomes();
  server.log.records.length = 0;
});
afterAll(() => server.close());

/** An envelope with an event of some size that does not compress away. */
function bigEnvelope(bytes: number): Buffer {
  const noise = zlib.deflateSync(Buffer.from(Array.from({ length: bytes }, (_, i) => (i * i) % 251))).toString('base64');
  const filler = noise.repeat(Math.ceil(bytes / noise.length)).slice(0, bytes);
  return envelopeOf({}, [{ type: 'event' }, JSON.stringify({ ...SMALL_EVENT, extra: { filler } })]);
}

describe('content encodings (§1.3)', () => {
  it.each(['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'GZIP', ' gzip '])('%s', async (coding) => {
    const body = (CODINGS[coding.trim().toLowerCase()] as (bytes: Uint8Array) => Buffer)(ENVELOPE);
    expect(await server.envelope(body, { 'content-encoding': coding })).toMatchObject({ status: 200 });
    expect(server.events()).toMatchObject([{ eventId: SMALL_EVENT.event_id }]);
  });

  it('deflate without the zlib wrapper', async () => {
    expect((await server.envelope(zlib.deflateRawSync(ENVELOPE), { 'content-encoding': 'deflate' })).status).toBe(200);
    expect(server.events()).toHaveLength(1);
  });

  it.each(['', 'identity', 'UTF-8', 'utf-8'])('"%s" means none', async (coding) => {
    expect((await server.envelope(ENVELOPE, { 'content-encoding': coding })).status).toBe(200);
    expect(server.events()).toHaveLength(1);
  });

  it('none, in chunks without a length', async () => {
    const parts = [ENVELOPE.subarray(0, 7), ENVELOPE.subarray(7, 60), ENVELOPE.subarray(60)];
    expect((await server.send(`/api/42/envelope/?sentry_key=${KEYS.active}`, parts)).status).toBe(200);
    expect(server.events()).toHaveLength(1);
  });

  it.each(Object.keys(CODINGS))('%s of a body too large to be unpacked at once', async (coding) => {
    const pack = CODINGS[coding] as (bytes: Uint8Array) => Buffer;
    for (const bytes of [300_000, 900_000]) {
      const body = bigEnvelope(bytes);
      expect((await server.envelope(pack(body), { 'content-encoding': coding })).status).toBe(200);
    }
    expect(server.events()).toHaveLength(2);
  });

  it('large and plain', async () => {
    expect((await server.envelope(bigEnvelope(900_000))).status).toBe(200);
    expect(server.events()).toHaveLength(1);
  });

  it.each(Object.keys(CODINGS).filter((c) => c !== 'x-gzip'))('damaged or cut %s is 400', async (coding) => {
    const packed = (CODINGS[coding] as (bytes: Uint8Array) => Buffer)(ENVELOPE);
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 4, 30);
    for (const body of [packed.subarray(0, packed.length - 9), damaged, ENVELOPE]) {
      const answer = await server.envelope(body, { 'content-encoding': coding });
      expect(answer.status).toBe(400);
    }
    expect(server.events()).toEqual([]);
  });

  it('an unknown coding is 415', async () => {
    expect(await server.envelope(ENVELOPE, { 'content-encoding': 'compress' })).toMatchObject({
      status: 415,
      headers: { 'x-sentry-error': 'unsupported content encoding compress' },
    });
  });
});

describe('content types (§1.4)', () => {
  it.each([
    undefined,
    'application/x-sentry-envelope',
    'text/plain;charset=UTF-8',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'application/json',
  ])('%s is read as an envelope', async (type) => {
    expect((await server.envelope(ENVELOPE, type === undefined ? {} : { 'content-type': type })).status).toBe(200);
    expect(server.events()).toHaveLength(1);
  });
});

describe('the store endpoint (§1.1)', () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

  it.each<[string, string | Buffer, Record<string, string>]>([
    ['plain JSON', EVENT, {}],
    ['plain JSON after a byte order mark', `\ufeff${EVENT}`, {}],
    ['plain JSON after white space', `\n  ${EVENT}`, {}],
    ['gzip by header', zlib.gzipSync(EVENT), { 'content-encoding': 'gzip' }],
    ['zlib by header', zlib.deflateSync(EVENT), { 'content-encoding': 'deflate' }],
    ['base64 of zlib, no header', base64(zlib.deflateSync(EVENT)), {}],
    [
      'base64 of zlib, wrapped in lines',
      base64(zlib.deflateSync(EVENT)).replace(/(.{60})/g, '$1\r\n'),
      { 'content-type': 'application/octet-stream' },
    ],
    ['base64 of gzip, no header', base64(zlib.gzipSync(EVENT)), {}],
    ['base64 of raw deflate, no header', base64(zlib.deflateRawSync(EVENT)), {}],
    ['base64 of JSON, no header', base64(Buffer.from(EVENT)), {}],
    ['an envelope by content type', ENVELOPE, { 'content-type': 'application/x-sentry-envelope' }],
  ])('%s', async (_, body, headers) => {
    expect(await server.store(body, headers)).toMatchObject({ status: 200, body: `{"id":"${SMALL_EVENT.event_id}"}` });
    expect(server.events()).toMatchObject([{ eventId: SMALL_EVENT.event_id, exceptions: [{ type: 'TypeError' }] }]);
  });

  it('NaN and Infinity of old clients are read as null', async () => {
    await server.store('{"extra":{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN"},"message":"x"}');
    expect(server.events()[0]?.extra).toEqual({ a: null, b: [null, null], c: 'NaN' });
  });

  it.each([
    ['empty', '', 400],
    ['white space', '  \n', 400],
    ['no JSON', '{"a":', 400],
    ['a list', '[1]', 400],
    ['neither JSON nor base64', '!!!', 400],
    ['base64 of noise', Buffer.from('hello world, this is no event').toString('base64'), 400],
    ['larger than a megabyte', JSON.stringify({ message: 'x'.repeat(1_100_000) }), 413],
    ['base64 of a bomb', base64(zlib.deflateSync(Buffer.alloc(50_000_000))), 413],
  ])('%s is refused', async (_, body, status) => {
    expect((await server.store(body)).status).toBe(status);
    expect(server.events()).toEqual([]);
  });

  it('a transaction is counted, not kept', async () => {
    expect((await server.store('{"type":"transaction","event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}')).status).toBe(200);
    expect(server.events()).toEqual([]);
    expect(await server.outcomes()).toEqual({ 'transaction unsupported no_room': 1 });
  });

  it('GET is answered with a picture, and takes an event from the query', async () => {
    const path = (data: string) => `/api/42/store/?sentry_key=${KEYS.active}&sentry_data=${encodeURIComponent(data)}`;
    for (const data of [EVENT, base64(Buffer.from(EVENT)), base64(zlib.deflateSync(EVENT))]) {
      const answer = await server.send(path(data), undefined, {}, 'GET');
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/gif' } });
      expect(answer.body.startsWith('GIF89a')).toBe(true);
    }
    expect(server.events()).toHaveLength(3);
    expect((await server.send('/api/42/store/', undefined, {}, 'GET')).headers['content-type']).toBe('image/gif');
    expect((await server.send(path('%%%'), undefined, {}, 'GET')).status).toBe(400);
    expect((await server.send('/api/42/store/?sentry_data=e30=', undefined, {}, 'GET')).status).toBe(401);
  });
});

describe('bytes that are not what they should be', () => {
  it('invalid UTF-8 is repaired', async () => {
    const payload = Buffer.concat([Buffer.from('{"message":"a'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('b"}')]);
    expect((await server.envelope(envelopeOf({}, [{ type: 'event' }, payload]))).status).toBe(200);
    expect(server.events()[0]?.message).toBe('a\ufffd\ufffd(b');
  });

  it('lone surrogates and NUL are replaced', async () => {
    expect(
      (
        await server.envelope(
          envelopeOf({}, [{ type: 'event' }, '{"message":"a\\u0000b\\ud800c","tags":{"k\\u0000":"v\\udc00"}}']),
        )
      ).status,
    ).toBe(200);
    expect(server.events()[0]).toMatchObject({
      message: 'a\ufffdb\ufffdc',
      tags: expect.arrayContaining([['k\ufffd', 'v\ufffd']]),
    });
  });

  it('an empty body is 400', async () => {
    expect((await server.envelope('')).status).toBe(400);
    expect(await server.outcomes()).toEqual({ 'envelope invalid empty': 1 });
  });
});
