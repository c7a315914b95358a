import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  type IngestServer,
  type IngestServerOptions,
  KEYS,
  startIngestServer,
} from '../../../../test/ingest-server.ts';
import {
  errorLog,
  exceptionAttributes,
  failedSpan,
  infoLog,
  loggedException,
  logs,
  metrics,
  traces,
} from '../../../../test/otlp-requests.ts';
import { encodeOtlp } from '../../../../test/otlp-wire.ts';
import { fixedClock, minutes } from '../../../platform/clock.ts';
import { createOtlpDoors } from './otlp.ts';

const AT = Date.parse('2026-11-23T00:00:00Z');
const AUTH = { authorization: `Bearer ${KEYS.active}` };
const clock = fixedClock(AT);
const start = (options: IngestServerOptions = {}) => startIngestServer({ doors: createOtlpDoors(clock), clock, ...options });
let server: IngestServer;

beforeAll(async () => {
  server = await start();
});
beforeEach(async () => {
  await server.outcomes();
  server.log.records.length = 0;
  clock.advance(minutes(20));
});
afterAll(() => server.close());

type Signal = 'traces' | 'logs' | 'metrics';
type Encoding = 'json' | 'protobuf';

function send(signal: Signal, request: unknown, encoding: Encoding = 'json', on = server): Promise<Answer> {
  const body = encoding === 'json' ? JSON.stringify(request) : encodeOtlp(request, signal);
  const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  return on.send(`/v1/${signal}`, body, { ...AUTH, 'content-type': type });
}

describe.each(['json', 'protobuf'] as const)('%s', (encoding) => {
  it('an exception of a span becomes an event with all that is known of it', async () => {
    expect(await send('traces', traces(), encoding)).toMatchObject({ status: 200, body: encoding === 'json' ? '{}' : '' });
    expect(await server.outcomes()).toEqual({ 'otlp_span accepted no_error': 1 });
    expect(server.log.records).toMatchObject([{ kind: 'event', item: 'otlp_span' }, {}]);
    const [event] = server.events();
    expect(event).toMatchObject({
      source: 'otlp',
      platform: 'node',
      level: 'error',
      timestamp: 1795348800250,
      occurredAt: 1795348800250,
      release: 'shop@1.4.2',
      environment: 'production',
      serverName: 'web-1',
      transaction: 'POST /checkout/:id',
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      sdk: { name: 'opentelemetry.nodejs', version: '3.1.0' },
      exceptions: [
        {
          type: 'PaymentError',
          value: 'card refused',
          mechanism: 'otel',
          frames: [{}, { function: 'checkout' }, { function: 'charge', line: 41, inApp: true }],
        },
      ],
      breadcrumbs: [{ message: 'cart loaded', category: 'span.event', timestamp: 1795348800100, data: { items: 3 } }],
      user: { id: 'u-7', ipAddress: '203.0.113.9' },
      request: {
        method: 'POST',
        url: 'https://shop.example.com/checkout/7',
        queryString: 'a=b',
        headers: [
          ['accept', 'text/html'],
          ['User-Agent', 'curl/8'],
        ],
      },
      contexts: {
        runtime: { name: 'nodejs', version: '24.1.0' },
        os: { name: 'linux', version: '6.1' },
        trace: { parent_span_id: 'aaa19b7ec3c1b174', op: 'server', status: 'internal_error', description: 'POST /checkout' },
        resource: { 'process.command_args': ['node', 'app.js'] },
      },
    });
    expect(Object.fromEntries(event?.tags ?? [])).toMatchObject({
      'service.name': 'shop',
      'http.response.status_code': '500',
      'http.route': '/checkout/:id',
      release: 'shop@1.4.2',
    });
  });

  it('logged exceptions and errors become events, other lines are counted', async () => {
    expect((await send('logs', logs(), encoding)).status).toBe(200);
    expect(await server.outcomes()).toEqual({ 'otlp_log accepted no_error': 1 });
    expect(server.events()).toMatchObject([
      {
        level: 'error',
        logger: 'shop.payment',
        exceptions: [{ type: 'PaymentError', value: 'card refused' }],
        extra: { log: 'checkout failed' },
      },
      {
        level: 'fatal',
        message: 'cannot reach db-3 after 5 tries',
        exceptions: [],
        stacktrace: [{ function: 'connect', filename: '/srv/shop/src/db.js', line: 9 }],
        timestamp: 1795348801000,
      },
    ]);
  });

  it('metrics are taken and let go', async () => {
    expect((await send('metrics', metrics(), encoding)).status).toBe(200);
    expect(await server.outcomes()).toEqual({ 'otlp_metric unsupported no_room': 2 });
  });
});

it('both encodings make the same event, so that a change of exporter makes no second one', async () => {
  await send('traces', traces(), 'json');
  clock.advance(minutes(20));
  await send('traces', traces(), 'protobuf');
  const [first, second] = server.events();
  expect(first?.eventId).toBe(second?.eventId);
  expect(first?.occurredAt).toBe(second?.occurredAt);
});

describe('one exception, recorded more than once', () => {
  it('in a span and in a log, whichever comes first', async () => {
    await send('traces', traces());
    await send('logs', logs());
    expect(server.events().map(({ exceptions }) => exceptions.length)).toEqual([1, 0]);
    expect(await server.outcomes()).toMatchObject({ 'otlp_log duplicate same_exception': 1 });
    clock.advance(minutes(20));
    server.log.records.length = 0;
    await send('logs', logs([loggedException()]));
    await send('traces', traces());
    expect(await server.outcomes()).toEqual({ 'otlp_span duplicate same_exception': 1, 'otlp_span accepted no_error': 1 });
  });

  it('another message, span or trace is another one; without a trace each counts', async () => {
    await send(
      'logs',
      logs([
        loggedException(),
        loggedException({ attributes: exceptionAttributes('other') }),
        loggedException({ spanId: '2'.repeat(16) }),
        loggedException({ traceId: '', spanId: '' }),
        loggedException({ traceId: '', spanId: '', timeUnixNano: '1795348800999000000' }),
      ]),
    );
    expect(server.events()).toHaveLength(5);
    expect(new Set(server.events().map(({ eventId }) => eventId)).size).toBe(5);
  });

  it('what the disk refused is not remembered', async () => {
    const own = await start();
    own.log.failing = true;
    expect(await send('traces', traces([failedSpan()]), 'json', own)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '30' },
    });
    own.log.failing = false;
    expect((await send('traces', traces([failedSpan()]), 'json', own)).status).toBe(200);
    expect(own.events()).toHaveLength(1);
    await own.close();
  });
});

it('several exceptions of one span: the span has one outcome, the others are counted as what they are', async () => {
  const events = ['a', 'b', 'c'].map((message) => ({
    name: 'exception',
    timeUnixNano: '1795348800250000000',
    attributes: exceptionAttributes(message),
  }));
  await send('traces', traces([failedSpan({ events }), failedSpan({ events: [], spanId: '3'.repeat(16) })]));
  const kept = server.log.records.flatMap((record) => (record.kind === 'event' ? [record.item] : []));
  expect(kept).toEqual(['otlp_span', 'otlp_span_event', 'otlp_span_event']);
  expect(await server.outcomes()).toEqual({ 'otlp_span accepted error_status': 1 });
});

it.each([
  ['severity by word alone', { severityNumber: 0, severityText: 'CRITICAL' }, { level: 'fatal' }],
  ['an exception at a warning', { severityNumber: 13, attributes: exceptionAttributes() }, { level: 'warning' }],
  ['a name of an enumeration', { severityNumber: 'SEVERITY_NUMBER_ERROR2' }, { level: 'error' }],
  [
    'a body with fields',
    {
      body: {
        kvlistValue: {
          values: [
            { key: 'message', value: { stringValue: 'm' } },
            { key: 'n', value: { intValue: 1 } },
          ],
        },
      },
    },
    { message: 'm', extra: { body: { n: 1 } } },
  ],
  [
    'a body that is no text',
    { body: { arrayValue: { values: [{ doubleValue: 1.5 }, { boolValue: true }] } } },
    { message: '[1.5,true]' },
  ],
  [
    'a template',
    { attributes: [{ key: '{OriginalFormat}', value: { stringValue: 'cannot reach {host}' } }] },
    { messageTemplate: 'cannot reach {host}' },
  ],
  ['no time of its own', { timeUnixNano: '0', observedTimeUnixNano: '1795348800000000000' }, { timestamp: 1795348800000 }],
])('a log with %s', async (_, more, expected) => {
  await send('logs', logs([errorLog(more)]));
  expect(server.events()).toMatchObject([expected]);
});

it('addresses and keys in every form', async () => {
  const body = JSON.stringify(logs([infoLog()]));
  const type = { 'content-type': 'application/json; charset=utf-8' };
  for (const [path, headers] of [
    [`/v1/logs?sentry_key=${KEYS.active}`, {}],
    ['/v1/logs/', AUTH],
    ['/v1/logs', { 'x-errata-key': KEYS.active }],
    ['/v1/logs', { 'x-sentry-auth': `sentry sentry_key=${KEYS.active}` }],
    ['/api/42/integration/otlp/v1/logs', AUTH],
    ['/api/42/integration/otlp/v1/logs/', AUTH],
    ['/api/42/otlp/v1/logs', AUTH],
  ] as const)
    expect((await server.send(path, body, { ...type, ...headers })).status).toBe(200);
  expect((await server.send('/api/43/otlp/v1/logs', body, { ...type, ...AUTH })).status).toBe(403);
  expect((await server.send('/v1/profiles', body, { ...type, ...AUTH })).status).toBe(404);
  expect((await server.send('/v1/traces', undefined, {}, 'OPTIONS')).status).toBe(200);
});

it('any content encoding', async () => {
  const body = encodeOtlp(traces(), 'traces');
  for (const [coding, packed] of [
    ['gzip', gzipSync(body)],
    ['zstd', zstdCompressSync(body)],
  ] as const)
    expect(
      (await server.send('/v1/traces', packed, { ...AUTH, 'content-type': 'application/x-protobuf', 'content-encoding': coding }))
        .status,
    ).toBe(200);
});

const PROTO = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
it.each([
  ['no key', {}, JSON_TYPE, '{}', 401, undefined],
  ['an unknown key', { authorization: `Bearer ${KEYS.unknown}` }, JSON_TYPE, '{}', 403, undefined],
  ['a malformed key', { 'x-errata-key': 'abc' }, JSON_TYPE, '{}', 400, undefined],
  ['another type', AUTH, 'application/xml', '{}', 415, 'otlp_span invalid media_type'],
  ['an unknown content encoding', { ...AUTH, 'content-encoding': 'lzma' }, JSON_TYPE, '{}', 415, 'otlp_span invalid encoding'],
  ['no JSON', AUTH, JSON_TYPE, '{"a', 400, 'otlp_span invalid json'],
  ['nothing', AUTH, JSON_TYPE, '', 400, 'otlp_span invalid empty'],
  ['JSON of another build', AUTH, JSON_TYPE, '{"resourceSpans":{}}', 400, 'otlp_span invalid json'],
  ['damaged protobuf', AUTH, PROTO, Buffer.from([10, 200, 1, 1]), 400, 'otlp_span invalid protobuf'],
  ['a group of old', AUTH, PROTO, Buffer.from([11, 11, 11, 12]), 400, 'otlp_span invalid protobuf'],
  ['a number without end', AUTH, PROTO, Buffer.alloc(30, 0xff), 400, 'otlp_span invalid protobuf'],
  ['too much JSON', AUTH, JSON_TYPE, `{"resourceSpans":[]${' '.repeat(10 * 1024 * 1024)}}`, 413, 'otlp_span invalid too_large'],
  ['too many groups', AUTH, PROTO, Buffer.from('0a00'.repeat(10_001), 'hex'), 413, 'otlp_span invalid too_many'],
])('%s is refused with a status in the encoding of the request', async (_, headers, type, body, status, outcome) => {
  const answer = await server.send('/v1/traces', body, { ...(headers as Record<string, string>), 'content-type': type });
  expect(answer.status).toBe(status);
  if (type === PROTO) expect(answer.headers['content-type']).toBe(PROTO);
  else expect(JSON.parse(answer.body)).toEqual({ code: expect.any(Number), message: expect.any(String) });
  expect(await server.outcomes()).toEqual(outcome === undefined ? {} : { [outcome]: 1 });
});

it('an empty protobuf is an empty request', async () => {
  expect(await server.send('/v1/traces', '', { ...AUTH, 'content-type': PROTO })).toMatchObject({ status: 200, body: '' });
});

it('partial success when some are not taken, 429 when none is', async () => {
  const own = await start({ keyEventsPerMinute: 1 });
  const records = [errorLog(), errorLog({ body: { stringValue: 'b' } }), errorLog({ body: { stringValue: 'c' } })];
  expect(JSON.parse((await send('logs', logs(records), 'json', own)).body)).toEqual({
    partialSuccess: { rejectedLogRecords: '2', errorMessage: '2 key_quota' },
  });
  const limited = await send('logs', logs(records), 'protobuf', own);
  expect(limited).toMatchObject({
    status: 429,
    headers: { 'retry-after': expect.stringMatching(/^\d+$/), 'content-type': PROTO },
  });
  expect(limited.body).toContain('rate limited');
  await own.close();
});

it('what is no record is rejected, and the others live', async () => {
  const { body } = await send('logs', logs([5, errorLog(), null] as never));
  expect(JSON.parse(body)).toEqual({ partialSuccess: { rejectedLogRecords: '2', errorMessage: '2 json' } });
  expect(server.events()).toHaveLength(1);
  expect(await server.outcomes()).toEqual({ 'otlp_log invalid json': 2 });
});

it('deep and large values are bounded', async () => {
  const depth = 3_000;
  const wide = Array.from({ length: 5_000 }, (_, i) => ({ key: `k${i}`, value: { intValue: i } }));
  const record = JSON.stringify(errorLog({ body: 0, attributes: wide }));
  const deep = `${'{"kvlistValue":{"values":[{"key":"k","value":'.repeat(depth)}{}${'}]}}'.repeat(depth)}`;
  const json = JSON.stringify(logs([0 as never])).replace('[0]', `[${record.replace('"body":0', `"body":${deep}`)}]`);
  expect((await server.send('/v1/logs', json, { ...AUTH, 'content-type': 'application/json' })).status).toBe(200);

  let value = Buffer.alloc(0);
  const inside = (field: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([field * 8 + 2, (bytes.length & 0x7f) | 0x80, bytes.length >> 7]), bytes]);
  for (let i = 0; i < 1_500; i++) value = inside(6, inside(1, inside(2, value)));
  const log = inside(2, Buffer.concat([Buffer.from([16, 17]), inside(5, value)]));
  expect((await server.send('/v1/logs', inside(1, inside(2, log)), { ...AUTH, 'content-type': PROTO })).status).toBe(200);
  expect(server.events()).toHaveLength(2);
});

it('large requests at once are all answered', async () => {
  const filler = 'x'.repeat(20_000);
  const request = logs(Array.from({ length: 80 }, (_, i) => errorLog({ body: { stringValue: `${i} ${filler}` } })));
  const answers = await Promise.all([
    send('logs', request),
    send('logs', request, 'protobuf'),
    send('logs', { resourceLogs: {} }),
    send('logs', request),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 200]);
  expect(server.events()).toHaveLength(240);
});

it('an error comes with what was logged before in its trace', async () => {
  const traceId = '9'.repeat(32);
  const info = (text: string, more: object = { traceId }) => ({ ...infoLog(), body: { stringValue: text }, ...more });
  const many = Array.from({ length: 30 }, (_, i) => info(`step ${i}`));
  await send(
    'logs',
    logs([info('of nobody', {}), info('of others', { traceId: '8'.repeat(32) }), ...many, errorLog({ traceId }), info('after')]),
  );
  const [event] = server.events();
  expect(event?.breadcrumbs).toHaveLength(20);
  expect(event?.breadcrumbs[0]).toEqual({ timestamp: 1795348801000, category: 'log', level: 'info', message: 'step 10' });
  expect(event?.breadcrumbs.at(-1)?.message).toBe('step 29');
});
