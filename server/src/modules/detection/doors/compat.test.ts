import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUGSNAG, ROLLBAR } from '../../../../test/compat-payloads.ts';
import { type IngestServer, KEYS, startIngestServer } from '../../../../test/ingest-server.ts';
import { bugsnagDoor } from './bugsnag.ts';
import { rollbarDoor } from './rollbar.ts';

const doors = [bugsnagDoor, rollbarDoor];
let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer({ doors });
});
beforeEach(async () => {
  await server.outcomes();
  server.log.records.length = 0;
});
afterAll(() => server.close());

const send = (path: string, body: unknown, headers: Record<string, string> = {}, on = server) =>
  on.send(path, typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': 'application/json', ...headers });
const kept = () => server.log.records.flatMap((record) => (record.kind === 'event' ? [record.item] : []));

describe('Bugsnag', () => {
  const AUTH = { 'bugsnag-api-key': KEYS.active };

  it("Python's client names the stage beside the application", async () => {
    const event = { releaseStage: 'live', app: { version: '1.2.3', type: null }, session: { id: 'a1', events: { handled: 1 } } };
    const exceptions = [{ errorClass: 'KeyError', message: "'card'", stacktrace: [], type: 'python' }];
    await send('/notify', { payloadVersion: '4.0', events: [{ ...event, exceptions }] }, AUTH);
    expect(server.events()).toMatchObject([
      {
        platform: 'python',
        environment: 'live',
        release: '1.2.3',
        contexts: { 'app run': { id: 'a1', events: { handled: 1 } } },
        errors: [],
      },
    ]);
  });

  it('an event with all it brings', async () => {
    expect(await send('/notify', BUGSNAG, AUTH)).toMatchObject({ status: 200, body: 'OK' });
    expect(kept()).toEqual(['bugsnag']);
    expect(server.events()).toMatchObject([
      {
        source: 'bugsnag',
        platform: 'node',
        level: 'warning',
        timestamp: Date.parse('2025-11-22T11:00:00.250Z'),
        exceptions: [
          { type: 'SocketError', value: 'reset', frames: [{ function: 'read' }] },
          {
            type: 'PaymentError',
            value: 'card refused',
            handled: false,
            frames: [
              { function: 'run', inApp: false },
              { function: 'charge', line: 41, column: 11, inApp: true, context: 'throw', pre: ['a'], post: ['b'] },
            ],
          },
        ],
        release: '1.4.2',
        environment: 'staging',
        serverName: 'web-1',
        transaction: 'POST /checkout',
        fingerprint: ['payments'],
        user: { id: '7', name: 'Ann', email: 'ann@example.com' },
        request: { url: 'http://shop/checkout', method: 'POST', data: { a: 1 }, headers: [['accept', '*/*']] },
        breadcrumbs: [{ message: 'clicked', category: 'user', data: { x: 1 } }],
        contexts: {
          order: { id: 9 },
          'request metadata': { mine: true },
          runtime: { name: 'node', version: '24.1.0' },
          os: { name: 'linux' },
          flags: { values: [{ flag: 'new-cart', result: 'b' }] },
        },
        extra: { attempt: 2 },
        sdk: { name: 'Bugsnag Node', version: '9.0.0' },
      },
    ]);
  });

  it('what is sent again is a duplicate', async () => {
    await send('/notify', BUGSNAG, AUTH);
    await send('/notify/', BUGSNAG);
    const [first, second] = server.events();
    expect(first?.eventId).toBe(second?.eventId);
  });

  it('sessions are counted and let go', async () => {
    const sessionCounts = [{ startedAt: '2025-11-22T11:00:00Z', sessionsStarted: 3 }, { sessionsStarted: 'x' }];
    expect((await send('/sessions', { notifier: {}, sessionCounts }, AUTH)).status).toBe(202);
    expect(await server.outcomes()).toEqual({ 'session unsupported no_room': 4 });
  });

  it('what is no event is counted, and the others live', async () => {
    expect((await send('/notify', { ...BUGSNAG, events: [1, ...BUGSNAG.events, {}] }, AUTH)).status).toBe(200);
    expect(await server.outcomes()).toEqual({ 'bugsnag invalid empty': 2 });
    expect(kept()).toHaveLength(1);
    expect((await send('/notify', { events: [{}] }, AUTH)).status).toBe(400);
  });
});

describe('Rollbar', () => {
  const AUTH = { 'x-rollbar-access-token': KEYS.active };
  const send1 = (data: object, headers: Record<string, string> = AUTH) => send('/api/1/item/', { data }, headers);

  it('an item with all it brings', async () => {
    const answer = await send('/api/1/item', ROLLBAR);
    expect(JSON.parse(answer.body)).toEqual({ err: 0, result: { id: null, uuid: 'd4c7acef55bf4e388b6f1a2b3c4d5e6f' } });
    expect(kept()).toEqual(['rollbar']);
    expect(server.events()).toMatchObject([
      {
        source: 'rollbar',
        platform: 'python',
        level: 'fatal',
        timestamp: 1763809200000,
        exceptions: [
          { type: 'SocketError', value: 'reset' },
          {
            type: 'PaymentError',
            value: 'card refused',
            frames: [
              { function: 'main', context: 'checkout()', pre: ['a'] },
              { function: 'charge', module: 'Payment', line: 41, vars: { amount: 3 } },
            ],
          },
        ],
        release: '9f1c2d',
        environment: 'staging',
        serverName: 'web-1',
        transaction: 'shop.views.checkout',
        fingerprint: ['50a5ef9dbcf9d0e0af2d4e25338da0d430f20e52'],
        user: { id: '7', username: 'ann', ipAddress: '203.0.113.9', data: { plan: 'gold' } },
        request: { url: 'https://shop/checkout', queryString: 'a=1', method: 'POST', data: { card: 'x' } },
        breadcrumbs: [{ message: 'GET /a 200', category: 'network', timestamp: 1763809199000 }, { message: 'cart loaded' }],
        extra: { attempt: 2 },
        contexts: { server: { root: '/srv/app', pid: 7 } },
        sdk: { name: 'pyrollbar', version: '1.0.0' },
      },
    ]);
    expect(Object.fromEntries(server.events()[0]?.tags ?? [])).toMatchObject({
      title: 'Payment failed',
      'server.branch': 'main',
    });
  });

  it.each([
    ['a trace', { trace: { frames: [], exception: { class: 'E', message: 'm' } } }, { exceptions: [{ type: 'E', value: 'm' }] }],
    ['a message', { message: { body: 'hello', route: 7 } }, { message: 'hello', extra: { route: 7 } }],
    [
      'a crash report',
      { crash_report: { raw: 'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nKeyError: 7' } },
      { exceptions: [{ type: 'KeyError', frames: [{ function: 'f', line: 3 }] }] },
    ],
    ['a crash report nobody can read', { crash_report: { raw: 'boom' } }, { message: 'boom' }],
  ])('%s', async (_, body, expected) => {
    expect((await send1({ body, language: 'python' })).status).toBe(200);
    expect(server.events()).toMatchObject([{ platform: 'python', ...expected }]);
  });

  it('as pyrollbar sends it: the language with its version, whole paths below a root', async () => {
    const frames = ['/srv/shop/cart.py', '/srv/shopping/x.py', '/usr/lib/python3.12/json/decoder.py'].map((filename) => ({
      filename,
    }));
    await send1({
      language: 'python 3.11.7',
      server: { root: '/srv/shop' },
      body: { trace: { frames, exception: { class: 'KeyError', message: "'card'" } } },
    });
    expect(server.events()[0]).toMatchObject({
      platform: 'python',
      exceptions: [
        {
          frames: [
            { filename: 'cart.py', absPath: '/srv/shop/cart.py', inApp: true },
            { filename: '/srv/shopping/x.py', inApp: true },
            { filename: '/usr/lib/python3.12/json/decoder.py', inApp: false },
          ],
        },
      ],
    });
  });

  it('a body of another kind is refused in its own shape', async () => {
    const answer = await send1({ body: { other: 1 } });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ err: 1, message: expect.stringContaining('trace_chain') });
    expect(await server.outcomes()).toEqual({ 'rollbar invalid json': 1 });
  });
});

describe.each([
  ['bugsnag', '/notify', 'bugsnag-api-key', 'apiKey', BUGSNAG],
  ['rollbar', '/api/1/item/', 'x-rollbar-access-token', 'access_token', ROLLBAR],
] as const)('%s', (item, path, header, field, payload) => {
  it.each([
    ['no key', '{}', {}, 401, undefined],
    ['an unknown key', '{}', { [header]: KEYS.unknown }, 403, undefined],
    ['a malformed key', '{}', { [header]: 'x' }, 400, undefined],
    ['a malformed key in the body', JSON.stringify({ [field]: 'x' }), {}, 400, undefined],
    ['no JSON', '{', { [header]: KEYS.active }, 400, 'json'],
    ['another JSON', '[]', { [header]: KEYS.active }, 400, 'json'],
    ['nothing in it', '{}', { [header]: KEYS.active }, 400, 'json'],
    ['nothing', '', { [header]: KEYS.active }, 400, 'empty'],
    ['an unknown encoding', '{}', { [header]: KEYS.active, 'content-encoding': 'lzma' }, 415, 'encoding'],
  ])('%s is refused', async (_, body, headers, status, reason) => {
    expect((await send(path, body, headers as Record<string, string>)).status).toBe(status);
    expect(await server.outcomes()).toEqual(reason === undefined ? {} : { [`${item} invalid ${reason}`]: 1 });
  });

  it('a limit is 429 with Retry-After, a disk that refuses 503', async () => {
    const own = await startIngestServer({ doors, keyEventsPerMinute: 1 });
    expect((await send(path, payload, {}, own)).status).toBe(200);
    expect(await send(path, payload, {}, own)).toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    await own.close();
    const failing = await startIngestServer({ doors });
    failing.log.failing = true;
    expect(await send(path, payload, {}, failing)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    failing.log.failing = false;
    expect(await failing.outcomes()).toEqual({ [`${item} failed disk`]: 1 });
    await failing.close();
  });

  it('browsers may ask for it', async () => {
    const answer = await server.send(path, undefined, { origin: 'https://shop.example.com' }, 'OPTIONS');
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-headers']).toContain(header);
  });
});
