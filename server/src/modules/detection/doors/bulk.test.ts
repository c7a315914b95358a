import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type IngestServer,
  type IngestServerOptions,
  KEYS,
  SMALL_EVENT,
  startIngestServer,
} from '../../../../test/ingest-server.ts';
import { bulkDoor } from './bulk.ts';

const PATH = '/api/42/bulk/';
const AUTH = { authorization: `Bearer ${KEYS.active}` };
let server: IngestServer;
const start = (options: IngestServerOptions = {}) => startIngestServer({ doors: [bulkDoor], ...options });

beforeAll(async () => {
  server = await start();
});
beforeEach(() => {
  server.log.records.length = 0;
});
afterAll(() => server.close());

async function send(lines: readonly unknown[], headers: Record<string, string> = {}, on = server) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const answer = await on.send(PATH, headers['content-encoding'] === 'gzip' ? gzipSync(text) : text, { ...AUTH, ...headers });
  return { ...answer, json: JSON.parse(answer.body) };
}

it('events in either shape, each with its result; what is bad does not hurt the others', async () => {
  const { status, json } = await send([
    SMALL_EVENT,
    {
      type: 'PaymentError',
      message: 'card refused',
      level: 'fatal',
      serverName: 'web-1',
      eventId: 'a'.repeat(32),
      tags: { k: 'v' },
    },
    '{"message": nonsense',
    { message: 'only a message', timestamp: '2026-11-22T11:00:00Z' },
    '',
    {},
    '[1]',
    { message: 'when?', timestamp: 'yesterday' },
    { type: 'transaction', start_timestamp: 1, event_id: 'b'.repeat(32) },
  ]);
  expect(status).toBe(200);
  expect(json.accepted).toBe(3);
  expect(json.results).toMatchObject([
    { id: SMALL_EVENT.event_id, outcome: 'accepted', reason: '' },
    { id: 'a'.repeat(32), outcome: 'accepted', reason: '' },
    { outcome: 'invalid', reason: 'json', message: expect.stringContaining('no JSON') },
    { outcome: 'accepted', id: expect.stringMatching(/^[0-9a-f]{32}$/) },
    { outcome: 'invalid', reason: 'empty' },
    { outcome: 'invalid', reason: 'json' },
    { outcome: 'invalid', reason: 'timestamp', message: expect.stringContaining('ISO 8601') },
    { outcome: 'unsupported', reason: 'transaction' },
  ]);
  expect(server.events()).toMatchObject([
    { source: 'bulk', exceptions: [{ type: 'TypeError' }] },
    { source: 'bulk', level: 'fatal', serverName: 'web-1', exceptions: [{ type: 'PaymentError', value: 'card refused' }] },
    { source: 'bulk', level: 'error', message: 'only a message', timestamp: Date.parse('2026-11-22T11:00:00Z') },
  ]);
  expect(server.log.records.filter(({ kind }) => kind === 'event')).toMatchObject(Array(3).fill({ item: 'bulk' }));
  expect(await server.outcomes()).toEqual({
    'bulk invalid json': 2,
    'bulk invalid empty': 1,
    'bulk invalid timestamp': 1,
    'bulk unsupported transaction': 1,
  });
});

it('ten thousand lines, packed; more are refused, and told so', async () => {
  const lines = Array.from({ length: 10_002 }, (_, i) => ({ message: `m ${i}` }));
  const whole = await send(lines.slice(0, 10_000), { 'content-encoding': 'gzip' });
  expect(whole).toMatchObject({ status: 200, json: { accepted: 10_000 } });
  const beyond = await send(lines);
  expect(beyond).toMatchObject({ status: 413, json: { accepted: 10_000, detail: 'more than 10000 lines' } });
  expect(beyond.json.results).toHaveLength(10_000);
  expect(await server.outcomes()).toEqual({ 'bulk invalid too_many': 2 });
});

it('a line that is too long is let go; a body that is, is refused with what was kept of it', async () => {
  const long = await send([{ message: 'a' }, { message: 'x'.repeat(1024 * 1024) }, { message: 'b' }]);
  expect(long).toMatchObject({
    status: 200,
    json: { accepted: 2, results: [{}, { outcome: 'invalid', reason: 'too_large' }, {}] },
  });
  const body = Array.from({ length: 30 }, (_, i) => ({ message: `m ${i}`, extra: { x: 'y'.repeat(800_000) } }));
  const { status, json } = await send(body, { 'content-encoding': 'gzip' });
  expect(status).toBe(413);
  expect(json.accepted).toBeGreaterThan(20);
  expect(json.results).toHaveLength(json.accepted);
  expect(await server.outcomes()).toEqual({ 'bulk invalid too_large': 2 });
});

it('429 when not one line is let in, 200 with Retry-After when some are', async () => {
  const limited = await start({ keyEventsPerMinute: 2 });
  const three = [{ message: 'a' }, { message: 'b' }, { message: 'c' }];
  expect(await send(three, {}, limited)).toMatchObject({
    status: 200,
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    json: { accepted: 2, results: [{}, {}, { outcome: 'rate_limited', reason: 'key_quota' }] },
  });
  expect(await send(three, {}, limited)).toMatchObject({
    status: 429,
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
  });
  await limited.close();
});

it('503 when the disk refuses; then nothing is lost without a word', async () => {
  const own = await start();
  own.log.failing = true;
  expect(await send([{ message: 'a' }], {}, own)).toMatchObject({
    status: 503,
    headers: { 'retry-after': '30' },
    json: { accepted: 0, results: [{ outcome: 'failed', reason: 'disk' }] },
  });
  own.log.failing = false;
  expect(await own.outcomes()).toEqual({ 'bulk failed disk': 1 });
  await own.close();
});

it.each([
  ['nothing', '', AUTH, 400, 'bulk invalid empty'],
  ['blank lines', '\n\n', AUTH, 400, 'bulk invalid empty'],
  ['an unknown encoding', '{}', { ...AUTH, 'content-encoding': 'lzma' }, 415, 'bulk invalid encoding'],
  ['no key', '{}', {}, 401, undefined],
  ['a key of another project', '{}', { authorization: `Bearer ${KEYS.otherProject}` }, 403, undefined],
])('%s is refused', async (_, body, headers, status, outcome) => {
  expect((await server.send(PATH, body, headers)).status).toBe(status);
  expect(await server.outcomes()).toEqual(outcome === undefined ? {} : { [outcome]: 1 });
});

it('any form of the key will do, and a browser may ask', async () => {
  for (const [path, headers] of [
    [`/api/42/bulk?sentry_key=${KEYS.active}`, {}],
    [PATH, { 'x-sentry-auth': `Sentry sentry_key=${KEYS.active}` }],
  ] as const)
    expect((await server.send(path, '{"message":"m"}', headers)).status).toBe(200);
  expect((await server.send(PATH, undefined, {}, 'OPTIONS')).status).toBe(200);
  expect((await server.send(PATH, undefined, AUTH, 'GET')).status).toBe(405);
});

it('what errata tail brings from another machine is no spike; the same from a script is', async () => {
  const history = async () => new Map([[42, new Array<number>(48).fill(10)]]); // 5,000 an hour allow 416 in five minutes
  const lines = Array.from({ length: 500 }, (_, i) => ({ ...SMALL_EVENT, event_id: (i + 1).toString(16).padStart(32, '0') }));
  const spikesOf = async (client: string) => {
    const on = await start({ history });
    try {
      const auth = `Sentry sentry_version=7, sentry_client=${client}, sentry_key=${KEYS.active}`;
      const { json } = await send(lines, { authorization: '', 'x-sentry-auth': auth }, on);
      return json.results.filter(({ reason }: { reason?: string }) => reason === 'spike').length;
    } finally {
      await on.close();
    }
  };
  expect(await spikesOf('errata.tail/1.0.0')).toBe(0);
  expect(await spikesOf('import.sh/1.0.0')).toBeGreaterThan(0);
});
