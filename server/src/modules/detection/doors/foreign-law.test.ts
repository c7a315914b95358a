import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../../../bench/random.ts';
import { BUGSNAG, ROLLBAR } from '../../../../test/compat-payloads.ts';
import { damaged, mutated, TOKENS } from '../../../../test/fuzz.ts';
import { type IngestServer, KEYS, SMALL_EVENT, startIngestServer } from '../../../../test/ingest-server.ts';
import { errorLog, failedSpan, infoLog, loggedException, logs, metrics, traces } from '../../../../test/otlp-requests.ts';
import { encodeOtlp } from '../../../../test/otlp-wire.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createClientDoors } from './client-doors.ts';

type Json = Record<string, unknown>;

const OWN_TOKENS = [...TOKENS, '{}', '{"message":"m"}\n', '\n[]\n', ',', '\x0a\x00', '\x12\x7f'];

/** One protocol under fire. `items`: how many a body holds, by a second and simpler reading; undefined: it is to be refused. */
interface Target {
  path: string;
  headers: Record<string, string>;
  seeds: readonly unknown[];
  encode(value: unknown): Buffer;
  items(body: Buffer): number | undefined;
}

function parsed(body: Buffer): Json | undefined {
  try {
    const value = JSON.parse(
      body
        .toString('utf8')
        .replace(/^\ufeff/, '')
        .replaceAll(/\bNaN\b/g, 'null'),
    );
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): unknown[] | undefined =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : undefined;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Records of an OTLP/JSON request, and the exceptions of a span beyond its first. */
function otlpItems(names: [string, string, string]) {
  return (body: Buffer): number | undefined => {
    const request = parsed(body);
    if (request === undefined) return undefined;
    let items = 0;
    for (const group of listOf(request[names[0]]) ?? [undefined]) {
      if (!isObject(group)) return undefined;
      for (const scope of listOf(group[names[1]]) ?? [undefined]) {
        if (!isObject(scope)) return undefined;
        const records = listOf(scope[names[2]]);
        if (records === undefined) return undefined;
        for (const record of records) {
          const events = isObject(record) && Array.isArray(record['events']) ? record['events'] : [];
          const exceptions = events.filter((event) => isObject(event) && event['name'] === 'exception').length;
          items += names[2] === 'spans' ? Math.max(1, exceptions) : 1;
        }
      }
    }
    return items;
  };
}

/** The same of protobuf, where `fields` lead to the records: length-delimited fields alone, anything else is skipped. */
function wireItems(body: Buffer, isSpans: boolean): number | undefined {
  const walk = (bytes: Buffer, want: number, visit: (inner: Buffer) => number): number => {
    let at = 0;
    let sum = 0;
    const varint = (): number => {
      let value = 0;
      for (let i = 0; i < 10; i++) {
        const byte = bytes[at++];
        if (byte === undefined) throw new Error('cut');
        value += (byte & 0x7f) * 2 ** (7 * i);
        if (byte < 0x80) return value;
      }
      throw new Error('long');
    };
    while (at < bytes.length) {
      const tag = varint();
      const [field, type] = [Math.floor(tag / 8), tag % 8];
      if (field === 0 || field > 2 ** 29 - 1 || ![0, 1, 2, 5].includes(type)) throw new Error('tag');
      if (type === 0) varint();
      else {
        const length = type === 1 ? 8 : type === 5 ? 4 : varint();
        if (at + length > bytes.length) throw new Error('cut');
        if (field === want) sum += visit(type === 2 ? bytes.subarray(at, at + length) : Buffer.alloc(0));
        at += length;
      }
    }
    return sum;
  };
  const exceptions = (span: Buffer) =>
    walk(span, 11, (event) => (walk(event, 2, (name) => (name.toString() === 'exception' ? 1 : 0)) > 0 ? 1 : 0));
  const record = (bytes: Buffer) => (isSpans ? Math.max(1, exceptions(bytes)) : 1);
  try {
    return walk(body, 1, (group) => walk(group, 2, (scope) => walk(scope, 2, record)));
  } catch {
    return undefined;
  }
}

const TRACES = [
  traces(),
  traces([
    failedSpan(),
    failedSpan({ events: [], spanId: '2'.repeat(16) }),
    failedSpan({ events: [{ name: 'exception' }, { name: 'exception', attributes: [] }] }),
  ]),
];
const LOGS = [
  logs(),
  logs([loggedException(), infoLog(), errorLog({ body: { kvlistValue: { values: [{ key: 'a', value: {} }] } } })]),
];
const asJson = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '');
const AUTH = { authorization: `Bearer ${KEYS.active}` };
const JSON_HEADERS = { ...AUTH, 'content-type': 'application/json' };
const PROTO_HEADERS = { ...AUTH, 'content-type': 'application/x-protobuf' };

const TARGETS: Record<string, Target> = {
  'traces, JSON': {
    path: '/v1/traces',
    headers: JSON_HEADERS,
    seeds: TRACES,
    encode: asJson,
    items: otlpItems(['resourceSpans', 'scopeSpans', 'spans']),
  },
  'traces, protobuf': {
    path: '/v1/traces',
    headers: PROTO_HEADERS,
    seeds: TRACES,
    encode: (value) => encodeOtlp(value, 'traces'),
    items: (body) => wireItems(body, true),
  },
  'logs, JSON': {
    path: '/v1/logs',
    headers: JSON_HEADERS,
    seeds: LOGS,
    encode: asJson,
    items: otlpItems(['resourceLogs', 'scopeLogs', 'logRecords']),
  },
  'logs, protobuf': {
    path: '/v1/logs',
    headers: PROTO_HEADERS,
    seeds: LOGS,
    encode: (value) => encodeOtlp(value, 'logs'),
    items: (body) => wireItems(body, false),
  },
  metrics: {
    path: '/v1/metrics',
    headers: JSON_HEADERS,
    seeds: [metrics()],
    encode: asJson,
    items: otlpItems(['resourceMetrics', 'scopeMetrics', 'metrics']),
  },
  bulk: {
    path: '/api/42/bulk/',
    headers: AUTH,
    seeds: [
      [
        SMALL_EVENT,
        { type: 'T', message: 'm', tags: { a: 'b' }, frames: [{ function: 'f', line: 3 }] },
        { message: 'x', timestamp: '2026-11-22T11:00:00Z' },
      ],
    ],
    encode: (value) => Buffer.from((Array.isArray(value) ? value : [value]).map((line) => JSON.stringify(line)).join('\n')),
    items: (body) =>
      body
        .toString('latin1')
        .split('\n')
        .filter((line) => !/^[ \t\r]*$/.test(line)).length || undefined,
  },
  bugsnag: {
    path: '/notify',
    headers: { 'bugsnag-api-key': KEYS.active },
    seeds: [BUGSNAG, { ...BUGSNAG, events: [...BUGSNAG.events, ...BUGSNAG.events] }],
    encode: asJson,
    items: (body) => {
      const events = parsed(body)?.['events'];
      return Array.isArray(events) && events.length > 0 ? events.length : undefined;
    },
  },
  rollbar: {
    path: '/api/1/item/',
    headers: { 'x-rollbar-access-token': KEYS.active },
    seeds: [ROLLBAR],
    encode: asJson,
    items: () => 1,
  },
};

let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer({ doors: createClientDoors(systemClock) });
});
afterAll(() => server.close());

it.each(Object.entries(TARGETS))(
  'law (a): 600 mutated bodies of %s are answered, and items in = outcomes out',
  async (name, target) => {
    await server.outcomes();
    server.log.records.length = 0;
    const random = new Random(name.length * 7919 + 26);
    const statuses: Record<number, number> = {};
    for (let run = 0; run < 600; run++) {
      const seed = target.seeds[run % target.seeds.length];
      let body = target.encode(random.next() < 0.7 ? damaged(seed, random, 0.06) : seed);
      if (random.next() < 0.5) body = mutated(body, random, OWN_TOKENS);
      const packed = random.next() < 0.2;
      const headers = packed ? { ...target.headers, 'content-encoding': 'gzip' } : target.headers;
      const { status } = await server.send(target.path, packed ? gzipSync(body, { level: 1 }) : body, headers);
      statuses[status] = (statuses[status] ?? 0) + 1;
      const outcomes = await server.outcomes();
      const counted = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
      const kept = server.events();
      const context = JSON.stringify({ run, status, outcomes, body: body.toString('latin1') });
      expect([200, 400], context).toContain(status);
      const items = target.items(body);
      // A body that is at fault is one item as a whole; where the fault lies deep, the simple reading does not see it.
      if (items === undefined) expect(status, context).toBe(400);
      const whole = items === undefined || (status === 400 && kept.length === 0 && counted === 1);
      expect(counted + kept.length, context).toBe(whole ? 1 : items);
      for (const event of kept) {
        const text = JSON.stringify(event);
        expect(text.isWellFormed() && !text.includes('\\u0000'), context).toBe(true);
      }
      server.log.records.length = 0;
    }
    expect(statuses[200], JSON.stringify(statuses)).toBeGreaterThan(100);
  },
  60_000,
);
