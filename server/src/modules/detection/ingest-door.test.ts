import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, type IngestServer, KEYS, PROJECT, SMALL_EVENT, startIngestServer } from '../../../test/ingest-server.ts';
import { Gauges } from '../../platform/http/gauges.ts';

const EVENT = JSON.stringify(SMALL_EVENT);
const ENVELOPE = envelopeOf({}, [{ type: 'event' }, EVENT]);
const { active: KEY, second: OTHER } = KEYS;
const dsn = (key: string, project: string | number = PROJECT) => `https://${key}@errors.example.com/sub/${project}`;
const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer();
});
afterAll(() => server.close());

describe('the address (§1.1)', () => {
  it.each([
    ['/api/42/envelope/', 200],
    ['/api/42/envelope', 200],
    ['//api/42/envelope/', 200],
    ['/api//42///envelope//', 200],
    [`/api/42/envelope/${KEY}/`, 200],
    ['/api/42/envelopes/', 404],
    ['/api/42/', 404],
    ['/graphql', 404],
    ['/', 404],
    ['/api/shop/envelope/', 400],
    ['/api/-1/envelope/', 400],
    ['/api/99/envelope/', 403],
  ])('%s answers %i', async (path, status) => {
    const answer = await server.send(path, ENVELOPE, { 'x-sentry-auth': `Sentry sentry_key=${KEY}` });
    expect(answer.status).toBe(status);
  });

  it.each(['/api/42/store/', '/api/42/store', '//api/42/store/', '/api/store/', '/api/store', '/api//store/'])(
    '%s takes a bare event',
    async (path) => {
      const answer = await server.send(path, EVENT, { 'x-sentry-auth': `Sentry sentry_key=${KEY}` });
      expect(answer).toMatchObject({ status: 200, body: `{"id":"${SMALL_EVENT.event_id}"}` });
    },
  );

  it('may stand below the path of the public address, or have it taken off by a proxy', async () => {
    const below = await startIngestServer({ baseUrl: 'https://example.com/errors/errata/' });
    for (const path of ['/errors/errata/api/42/envelope/', '/api/42/envelope/', '/errors//errata/api/42/envelope']) {
      expect((await below.send(`${path}?sentry_key=${KEY}`, ENVELOPE)).status).toBe(200);
    }
    expect((await below.send(`/elsewhere/api/42/envelope/?sentry_key=${KEY}`, ENVELOPE)).status).toBe(404);
    await below.close();
  });
});

describe('authentication (§1.2)', () => {
  it.each([
    [
      'X-Sentry-Auth',
      { 'x-sentry-auth': `Sentry sentry_version=7, sentry_client=raven/1.0, sentry_key=${KEY}, sentry_secret=abc` },
      '',
    ],
    ['X-Sentry-Auth, scheme in another case, no spaces', { 'x-sentry-auth': `SENTRY sentry_version=7,sentry_key=${KEY}` }, ''],
    ['X-Sentry-Auth, upper-case key', { 'x-sentry-auth': `Sentry sentry_key=${KEY.toUpperCase()}` }, ''],
    ['Authorization: Sentry', { authorization: `Sentry sentry_key=${KEY}` }, ''],
    ['Authorization: Basic', { authorization: basic(KEY) }, ''],
    ['the query string', {}, `?sentry_key=${KEY}&sentry_version=7&sentry_client=sentry.javascript.browser%2F9.1.0`],
    [
      'several forms that agree',
      { 'x-sentry-auth': `Sentry sentry_key=${KEY}`, authorization: basic(KEY) },
      `?sentry_key=${KEY}`,
    ],
    ['credentials of a proxy beside ours', { authorization: 'Basic dXNlcjpwYXNz' }, `?sentry_key=${KEY}`],
    ['a bearer token beside ours', { authorization: 'Bearer abc' }, `?sentry_key=${KEY}`],
    ['an older protocol version', {}, `?sentry_key=${KEY}&sentry_version=5`],
  ])('by %s is taken', async (_, headers, query) => {
    expect((await server.send(`/api/42/envelope/${query}`, ENVELOPE, headers as Record<string, string>)).status).toBe(200);
  });

  it.each([
    ['the envelope header alone', {}, dsn(KEY), 200],
    ['the envelope header, with a secret', {}, dsn(KEY).replace('@', ':secret@'), 200],
    ['header and query that agree', { 'x-sentry-auth': `Sentry sentry_key=${KEY}` }, dsn(KEY), 200],
    ['an envelope header with another key', { 'x-sentry-auth': `Sentry sentry_key=${KEY}` }, dsn(OTHER), 400],
    ['an envelope header with another project', { 'x-sentry-auth': `Sentry sentry_key=${KEY}` }, dsn(KEY, 43), 400],
    ['an envelope header with another project than the path', {}, dsn(KEY, 43), 400],
    ['an envelope header that is no DSN', {}, 'errors.example.com', 400],
    ['an envelope header with an unknown key', {}, dsn(KEYS.unknown), 403],
  ])('by %s', async (_, headers, value, status) => {
    const body = envelopeOf({ dsn: value }, [{ type: 'event' }, EVENT]);
    expect((await server.send('/api/42/envelope/', body, headers as Record<string, string>)).status).toBe(status);
  });

  it.each([
    ['nothing', {}, '', 401, 'missing authorization information'],
    [
      'forms that disagree',
      { 'x-sentry-auth': `Sentry sentry_key=${KEY}` },
      `?sentry_key=${OTHER}`,
      401,
      'multiple authorization payloads that disagree',
    ],
    [
      'a repeated header that disagrees',
      { 'x-sentry-auth': [`Sentry sentry_key=${KEY}`, `Sentry sentry_key=${OTHER}`] },
      '',
      401,
      'multiple',
    ],
    ['a malformed key', {}, '?sentry_key=abc', 400, 'bad sentry_key'],
    ['an empty key', {}, '?sentry_key=', 400, 'bad sentry_key'],
    ['a newer protocol version', {}, `?sentry_key=${KEY}&sentry_version=8`, 400, 'unsupported protocol version 8'],
    ['an unknown key', {}, `?sentry_key=${KEYS.unknown}`, 403, 'unknown key'],
    ['a disabled key', {}, `?sentry_key=${KEYS.disabled}`, 403, 'this key is disabled'],
    ['a key of an archived project', {}, `?sentry_key=${KEYS.archived}`, 403, 'this project is archived'],
    ['a key of another project', {}, `?sentry_key=${KEYS.otherProject}`, 403, 'the key belongs to another project'],
  ])('with %s is refused', async (_, headers, query, status, detail) => {
    for (const endpoint of ['envelope', 'store']) {
      const body = endpoint === 'store' ? EVENT : ENVELOPE;
      const answer = await server.send(`/api/42/${endpoint}/${query}`, body, headers as unknown as Record<string, string>);
      expect(answer.status).toBe(status);
      expect(answer.headers['x-sentry-error']).toContain(detail);
      expect(JSON.parse(answer.body).detail).toBeTypeOf('string');
    }
  });

  it('marks the key as used, refused requests excepted', async () => {
    const before = server.touched.length;
    await server.envelope(ENVELOPE);
    await server.send(`/api/42/envelope/?sentry_key=${KEYS.disabled}`, ENVELOPE);
    expect(server.touched.slice(before)).toEqual([1]);
  });
});

describe('CORS (§1.8)', () => {
  it('answers a preflight with everything SDKs send', async () => {
    const answer = await server.send(
      '/api/42/envelope/',
      undefined,
      { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-max-age': '3600' });
    for (const name of ['x-sentry-auth', 'content-type', 'authorization', 'content-encoding', 'sentry-trace', 'baggage']) {
      expect(answer.headers['access-control-allow-headers']).toContain(name);
    }
    expect(answer.headers['access-control-allow-methods']).toContain('POST');
  });

  it.each([
    ['an accepted event', `?sentry_key=${KEY}`, ENVELOPE, 'POST', 200],
    ['a missing key', '', ENVELOPE, 'POST', 401],
    ['a wrong key', `?sentry_key=${KEYS.unknown}`, ENVELOPE, 'POST', 403],
    ['a malformed body', `?sentry_key=${KEY}`, 'nonsense', 'POST', 400],
    ['a wrong method', `?sentry_key=${KEY}`, undefined, 'GET', 405],
    ['another wrong method', `?sentry_key=${KEY}`, ENVELOPE, 'PUT', 405],
  ])('stands on the answer to %s', async (_, query, body, method, status) => {
    const answer = await server.send(`/api/42/envelope/${query}`, body, {}, method);
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    for (const name of ['x-sentry-error', 'x-sentry-rate-limits', 'retry-after']) {
      expect(answer.headers['access-control-expose-headers']).toContain(name);
    }
  });
});

describe('answers (§1.6)', () => {
  it('an event is answered with its id', async () => {
    expect(await server.envelope(ENVELOPE)).toMatchObject({ status: 200, body: `{"id":"${SMALL_EVENT.event_id}"}` });
  });

  it('the id of the envelope header wins; dashes and capitals are taken off', async () => {
    const body = envelopeOf({ event_id: '5E3B1F2A-0000-4000-8000-00000000000A' }, [{ type: 'event' }, EVENT]);
    expect((await server.envelope(body)).body).toBe('{"id":"5e3b1f2a00004000800000000000000a"}');
    expect(server.events().at(-1)?.eventId).toBe('5e3b1f2a00004000800000000000000a');
  });

  it('an event without id gets one', async () => {
    const answer = await server.envelope(envelopeOf({}, [{ type: 'event' }, '{}']));
    expect(answer.body).toMatch(/^\{"id":"[0-9a-f]{32}"\}$/);
  });

  it.each([
    ['an envelope without items', envelopeOf({}), '{}'],
    ['one whose items need no id', envelopeOf({}, [{ type: 'session' }, '{}']), '{}'],
    [
      'one with an id',
      envelopeOf({ event_id: SMALL_EVENT.event_id }, [{ type: 'session' }, '{}']),
      `{"id":"${SMALL_EVENT.event_id}"}`,
    ],
  ])('%s', async (_, body, answer) => {
    expect(await server.envelope(body)).toMatchObject({ status: 200, body: answer });
  });

  it('an item that needs an id gets one', async () => {
    expect((await server.envelope(envelopeOf({}, [{ type: 'attachment' }, 'x']))).body).toMatch(/^\{"id":"[0-9a-f]{32}"\}$/);
  });

  it('refusals say why in body and header, and never repeat what was sent', async () => {
    const answer = await server.envelope('{}\n{"type":"event"}\n{"password":"hunter2"');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ detail: 'malformed event', causes: [expect.stringMatching(/^no JSON/)] });
    expect(answer.headers['x-sentry-error']).toMatch(/^malformed event: no JSON/);
    expect(answer.body + JSON.stringify(answer.headers)).not.toContain('hunter2');
  });

  it('503 with Retry-After when the disk refuses, and the event counted as failed', async () => {
    const own = await startIngestServer();
    own.log.failing = true;
    const answer = await own.envelope(ENVELOPE);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '30', 'access-control-allow-origin': '*' } });
    own.log.failing = false;
    expect(await own.outcomes()).toEqual({ 'event failed disk': 1 });
    expect(own.events()).toEqual([]);
    await own.close();
  });

  it('counts requests, bytes and events for the metrics page', async () => {
    const own = await startIngestServer();
    const gauges = new Gauges();
    own.meter.register(gauges);
    await own.envelope(ENVELOPE);
    await own.send('/api/42/envelope/', ENVELOPE);
    expect(own.meter.snapshot()).toEqual({
      requests: { 200: 1, 401: 1 },
      wireBytes: ENVELOPE.length,
      events: 1,
      eventBytes: EVENT.length,
    });
    expect(gauges.render()).toContain('errata_ingest_requests_total{status="401"} 1');
    expect(gauges.render()).toContain('errata_ingest_answer_seconds_count 2');
    await own.close();
  });
});
