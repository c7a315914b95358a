import { afterEach, describe, expect, it } from 'vitest';
import { NOW } from '../../../test/factories.ts';
import {
  envelopeOf,
  type IngestServer,
  type IngestServerOptions,
  KEYS,
  SMALL_EVENT,
  startIngestServer,
} from '../../../test/ingest-server.ts';
import { fixedClock } from '../../platform/clock.ts';

const EVENT = JSON.stringify(SMALL_EVENT);
const event = (values: object = {}): [Record<string, unknown>, string] => [
  { type: 'event' },
  JSON.stringify({ ...SMALL_EVENT, ...values }),
];

const servers: IngestServer[] = [];
async function open(options: IngestServerOptions = {}): Promise<IngestServer> {
  const server = await startIngestServer(options);
  servers.push(server);
  return server;
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('every item gets exactly one outcome', () => {
  it.each<[string, Buffer, Record<string, number>, number]>([
    ['an event', envelopeOf({}, event()), {}, 1],
    [
      'items without a room',
      envelopeOf({}, event(), [{ type: 'session' }, '{}'], [{ type: 'attachment', filename: 'a.txt' }, 'x\ny']),
      { 'session unsupported no_room': 1, 'attachment unsupported no_room': 1 },
      1,
    ],
    [
      'unknown types',
      envelopeOf({}, [{ type: 'cosmic_ray' }, '?'], event(), [{ type: 'cosmic_ray' }, '?']),
      { 'cosmic_ray unsupported no_room': 2 },
      1,
    ],
    ['an alias', envelopeOf({}, [{ type: 'profile_chunk_ui' }, '{}']), { 'profile_chunk unsupported no_room': 1 }, 0],
    ['an internal type', envelopeOf({}, [{ type: 'integration' }, '{}'], event()), { 'integration invalid internal_item': 1 }, 1],
    ['a second event', envelopeOf({}, event(), event({ event_id: '1'.repeat(32) })), { 'event invalid duplicate_item': 1 }, 1],
    [
      'an event larger than a megabyte',
      envelopeOf({}, event({ extra: { x: 'y'.repeat(1_050_000) } }), [{ type: 'session' }, '{}']),
      { 'event invalid too_large': 1, 'session unsupported no_room': 1 },
      0,
    ],
    [
      'an event that is no JSON',
      envelopeOf({}, [{ type: 'event' }, '{"a'], [{ type: 'session' }, '{}']),
      { 'event invalid json': 1, 'session unsupported no_room': 1 },
      0,
    ],
    ['an event that is no object', envelopeOf({}, [{ type: 'event' }, '[]']), { 'event invalid json': 1 }, 0],
    [
      'a fault of framing behind good items',
      Buffer.concat([envelopeOf({}, event(), [{ type: 'session' }, '{}']), Buffer.from('{"type":"log","length":99}\nshort')]),
      { 'event invalid framing': 1, 'session invalid framing': 1, 'log invalid framing': 1 },
      0,
    ],
    ['a body that is no envelope', Buffer.from('nonsense'), { 'envelope invalid framing': 1 }, 0],
    ['an envelope without items', envelopeOf({}), {}, 0],
    [
      'a container that counts right',
      envelopeOf({}, [
        { type: 'log', item_count: 2, content_type: 'application/vnd.sentry.items.log+json' },
        '{"items":[{},{}]}',
      ]),
      { 'log unsupported no_room': 1 },
      0,
    ],
    [
      'a container that counts wrong',
      envelopeOf({}, [
        { type: 'log', item_count: 3, content_type: 'application/vnd.sentry.items.log+json' },
        '{"items":[{},{}]}',
      ]),
      { 'log invalid item_count': 1 },
      0,
    ],
    [
      'a container that is no JSON',
      envelopeOf({}, [{ type: 'span', item_count: 1, content_type: 'application/vnd.sentry.items.span.v2+json' }, '{']),
      { 'span invalid json': 1 },
      0,
    ],
    [
      'names that are not printable',
      envelopeOf({}, [{ type: 'a\u0000\ud800\nb'.padEnd(80, 'c') }, '']),
      { [`a\ufffd\ufffdb${'c'.repeat(59)} unsupported no_room`]: 1 },
      0,
    ],
  ])('%s', async (_, body, outcomes, events) => {
    const server = await open();
    await server.envelope(body);
    expect(await server.outcomes()).toEqual(outcomes);
    expect(server.events()).toHaveLength(events);
  });

  it('the status tells what became of the event', async () => {
    const server = await open();
    const status = async (...items: Parameters<typeof envelopeOf>[1][]) =>
      (await server.envelope(envelopeOf({}, ...items))).status;
    const session: [Record<string, unknown>, string] = [{ type: 'session' }, '{}'];
    expect(await status(session)).toBe(200);
    expect(await status(event(), session)).toBe(200);
    expect(await status(session, [{ type: 'event' }, 'nonsense'])).toBe(400);
    expect(await status(session, event({ extra: { x: 'y'.repeat(1_050_000) } }))).toBe(413);
  });

  it('a client report is accepted, and what it tells of is counted under reasons of its own', async () => {
    const server = await open();
    const report = {
      timestamp: NOW / 1000,
      discarded_events: [
        { reason: 'queue_overflow', category: 'error', quantity: 23 },
        { reason: 'queue_overflow', category: 'error', quantity: 2 },
        { reason: 'sample_rate', category: 'transaction', quantity: 1321 },
        { reason: 'nonsense', category: 'error', quantity: -5 },
        { reason: 'nonsense', category: 7, quantity: 5 },
        'nonsense',
      ],
      rate_limited_events: [{ category: 'session', quantity: 4 }],
    };
    await server.envelope(
      envelopeOf(
        {},
        [{ type: 'client_report' }, JSON.stringify(report)],
        [{ type: 'client_report' }, 'nonsense'],
        [{ type: 'client_report' }, `{"x":"${'y'.repeat(5000)}"}`],
      ),
    );
    expect(await server.outcomes()).toEqual({
      'client_report accepted': 1,
      'client_report invalid json': 1,
      'client_report invalid too_large': 1,
      'error filtered sdk:queue_overflow': 25,
      'transaction filtered sdk:sample_rate': 1321,
      'session filtered sdk:rate_limited': 4,
    });
  });

  it('names the SDK: by the envelope header, else by the key header; events inherit it', async () => {
    const server = await open();
    const auth = { 'x-sentry-auth': `Sentry sentry_key=${KEYS.active}, sentry_client=raven-python/6.9.0` };
    await server.send('/api/42/envelope/', envelopeOf({}, event(), [{ type: 'session' }, '{}']), auth);
    await server.send(
      '/api/42/envelope/',
      envelopeOf({ sdk: { name: 'sentry.java', version: '8.1' } }, event(), [{ type: 'session' }, '{}']),
      auth,
    );
    await server.send('/api/42/envelope/', envelopeOf({}, event({ sdk: { name: 'own', version: '1' } })), auth);
    await server.outcomes();
    const rows = server.log.records.flatMap((r) => (r.kind === 'outcomes' ? r.outcomes : []));
    expect(rows.map((row) => row.sdk).sort()).toEqual(['raven-python/6.9.0', 'sentry.java/8.1']);
    expect(server.events().map((e) => e.sdk)).toEqual([
      { name: 'raven-python', version: '6.9.0' },
      { name: 'sentry.java', version: '8.1' },
      { name: 'own', version: '1' },
    ]);
    expect(rows[0]).toMatchObject({ hour: NOW, projectId: 42, keyId: 1 });
  });
});

describe('what an event brings besides itself', () => {
  it('sent_at corrects the clock, the trace header fills in, {{auto}} is the address', async () => {
    const server = await open({ trustedProxies: ['127.0.0.1'] });
    const header = { sent_at: new Date(NOW - 3_600_000).toISOString(), trace: { trace_id: 'c'.repeat(32) } };
    const body = envelopeOf(header, event({ timestamp: (NOW - 3_605_000) / 1000, user: { ip_address: '{{auto}}' } }));
    await server.envelope(body, { 'x-forwarded-for': '203.0.113.9' });
    expect(server.events()[0]).toMatchObject({
      timestamp: NOW - 5000,
      occurredAt: NOW - 3_605_000,
      receivedAt: NOW,
      traceId: 'c'.repeat(32),
      user: { ipAddress: '203.0.113.9' },
    });
  });

  it('the record names project, key and size, and holds nothing unscrubbed', async () => {
    const server = await open();
    const body = JSON.stringify({ ...SMALL_EVENT, extra: { password: 'hunter2' } });
    await server.send(`/api/42/envelope/?sentry_key=${KEYS.second}`, envelopeOf({}, [{ type: 'event' }, body]));
    expect(server.log.records).toMatchObject([{ kind: 'event', projectId: 42, keyId: 2, sizeBytes: body.length }]);
    expect(JSON.stringify(server.log.records)).not.toContain('hunter2');
  });
});

describe('limits (§1.7)', () => {
  const clockAt = () => fixedClock(NOW);
  const limitHeader = (headers: Record<string, unknown>) => headers['x-sentry-rate-limits'];

  it.each<[string, IngestServerOptions, string]>([
    ['of the key', { keyEventsPerMinute: 3 }, 'key'],
    ['of the project', { settings: { eventsPerMinute: 3 } }, 'project'],
  ])('%s: 429 with both headers, counted, and over when time passes', async (_, options, scope) => {
    const clock = clockAt();
    const server = await open({ ...options, clock });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await server.envelope(envelopeOf({}, event()))).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const answer = await server.store(EVENT);
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '20' } });
    expect(limitHeader(answer.headers)).toBe(`20:default;error;security:${scope}:${scope}_quota`);
    expect(await server.outcomes()).toEqual({ [`event rate_limited ${scope}_quota`]: 3 });
    clock.advance(19_000);
    expect((await server.envelope(envelopeOf({}, event()))).status).toBe(429);
    clock.advance(1000);
    expect((await server.envelope(envelopeOf({}, event()))).status).toBe(200);
  });

  it('the last event under the limit is answered 200 with the header, so that the client holds the next', async () => {
    const server = await open({ keyEventsPerMinute: 2 });
    expect(limitHeader((await server.envelope(envelopeOf({}, event()))).headers)).toBeUndefined();
    const last = await server.envelope(envelopeOf({}, event()));
    expect(last.status).toBe(200);
    expect(limitHeader(last.headers)).toBe('30:default;error;security:key:key_quota');
    expect(last.headers['retry-after']).toBeUndefined();
  });

  it('holds back events only: other items are counted and answered 200', async () => {
    const server = await open({ keyEventsPerMinute: 1 });
    await server.envelope(envelopeOf({}, event()));
    const others = envelopeOf({}, [{ type: 'client_report' }, '{}'], [{ type: 'session' }, '{}']);
    expect((await server.envelope(others)).status).toBe(200);
    const mixed = await server.envelope(envelopeOf({}, event(), [{ type: 'session' }, '{}']));
    expect(mixed.status).toBe(429);
    expect(await server.outcomes()).toEqual({
      'client_report accepted': 1,
      'session unsupported no_room': 2,
      'event rate_limited key_quota': 1,
    });
  });

  it('each key has its own', async () => {
    const server = await open({ keyEventsPerMinute: 1 });
    expect((await server.envelope(envelopeOf({}, event()))).status).toBe(200);
    expect((await server.envelope(envelopeOf({}, event()))).status).toBe(429);
    expect((await server.send(`/api/42/envelope/?sentry_key=${KEYS.second}`, envelopeOf({}, event()))).status).toBe(200);
  });

  it.each<[string, IngestServerOptions, number, string]>([
    ['backlog', {}, 2 * 1024 * 1024, 'backlog'],
    ['free disk', { freeBytes: 1024 }, 0, 'disk_low'],
  ])('of %s: 429 before anything is written', async (_, options, backlogBytes, reason) => {
    const server = await open(options);
    server.log.backlogBytes = backlogBytes;
    const answer = await server.envelope(envelopeOf({}, event()));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(30);
    expect(limitHeader(answer.headers)).toContain(`organization:${reason}`);
    expect(server.events()).toEqual([]);
    expect(await server.outcomes()).toEqual({ [`event rate_limited ${reason}`]: 1 });
  });
});
