import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { envelopeOf, type IngestServer, KEYS, PROJECT, startIngestServer } from '../../../../test/ingest-server.ts';
import { days } from '../../../platform/clock.ts';
import { cronDoor } from '../doors/cron.ts';
import { checkInRoom, monitorSlug, readCheckIn } from './check-in.ts';
import { sessionRoom } from './session.ts';
import { sessionsRoom } from './sessions.ts';

let server: IngestServer;
afterEach(() => server.close());
const start = async () => {
  server = await startIngestServer({ rooms: [sessionRoom, sessionsRoom, checkInRoom], doors: [cronDoor] });
  return server;
};
const sides = () => server.log.records.flatMap((record) => (record.kind === 'side' ? [record] : []));
const iso = (agoMs: number) => new Date(server.clock.now() - agoMs).toISOString();
const SID = '7c7b6585-f901-4351-bf8d-02711b721929';
const attrs = { release: 'shop@1.2.3', environment: 'production', ip_address: '10.0.0.1' };
const send = (type: string, payload: object | string, header: object = {}) =>
  server.envelope(envelopeOf(header, [{ type }, typeof payload === 'string' ? payload : JSON.stringify(payload)]));

test('a session is kept as it stands, its user as a hash', async () => {
  await start();
  const answer = await send('session', {
    sid: SID,
    did: 'ada@example.org',
    seq: 7,
    init: true,
    status: 'ok',
    errors: 2,
    started: iso(60_000),
    attrs,
  });
  expect(answer).toMatchObject({ status: 200, body: '{}' });
  const [record] = sides();
  expect(record).toMatchObject({
    side: 'session',
    projectId: PROJECT,
    item: 'session',
    data: {
      id: SID.replaceAll('-', ''),
      release: 'shop@1.2.3',
      environment: 'production',
      update: {
        sequence: 7,
        state: 'errored',
        startedAt: server.clock.now() - 60_000,
        userHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    },
  });
  expect(JSON.stringify(record)).not.toMatch(/ada@|10\.0\.0\.1/);
  expect(await server.outcomes()).toEqual({});
});

test('without a logical clock the time of the update orders; a clock that is off is set right', async () => {
  await start();
  const ahead = 3_600_000;
  const payload = {
    sid: SID,
    status: 'crashed',
    started: iso(-ahead + 5_000),
    timestamp: iso(-ahead),
    attrs: { release: 'a@1' },
  };
  await send('session', payload, { sent_at: iso(-ahead) });
  expect(sides()[0]?.data).toMatchObject({
    environment: '',
    update: { sequence: server.clock.now() + ahead, state: 'crashed', startedAt: server.clock.now() - 5_000 },
  });
});

test('counted sessions are one item; the same item sent again has the same id', async () => {
  await start();
  const payload = { aggregates: [{ started: iso(60_000), exited: 5, errored: 1, unhandled: 1, crashed: 2 }], attrs };
  const header = { sent_at: iso(0) };
  await send('sessions', payload, header);
  await send('sessions', payload, header);
  await send('sessions', payload, { sent_at: iso(1) });
  const [first, again, other] = sides();
  expect(first?.data).toMatchObject({
    counts: [{ startedAt: server.clock.now() - 60_000, states: { healthy: 5, errored: 2, abnormal: 0, crashed: 2 } }],
  });
  expect(again?.data).toEqual(first?.data);
  expect(other?.data).not.toEqual(first?.data);
});

test.each<[string, string, object | string, string]>([
  ['no release', 'session', { sid: SID, started: 1, attrs: {} }, 'no_release'],
  ['no attributes', 'session', { sid: SID, started: 1 }, 'no_release'],
  ['a strange id', 'session', { sid: 'x', attrs }, 'sid'],
  ['no start', 'session', { sid: SID, attrs }, 'started'],
  ['too old', 'session', { sid: SID, attrs, started: '2026-11-01T00:00:00Z' }, 'too_old'],
  ['a strange status', 'session', { sid: SID, attrs, status: 'toString' }, 'status'],
  ['no JSON', 'session', '{', 'json'],
  ['a list', 'session', '[]', 'json'],
  ['too many buckets', 'sessions', { aggregates: Array(101).fill({}), attrs }, 'aggregates'],
  ['a bucket that is none', 'sessions', { aggregates: [7], attrs }, 'aggregates'],
  ['counts below nothing', 'sessions', { aggregates: [{ started: 1, exited: -1 }], attrs }, 'count'],
  ['no slug', 'check_in', { status: 'ok' }, 'monitor_slug'],
  ['no status', 'check_in', { monitor_slug: 'a' }, 'status'],
  ['a status of the server', 'check_in', { monitor_slug: 'a', status: 'missed' }, 'status'],
  ['a strange check-in id', 'check_in', { monitor_slug: 'a', status: 'ok', check_in_id: 'zz' }, 'check_in_id'],
  ['a negative duration', 'check_in', { monitor_slug: 'a', status: 'ok', duration: -1 }, 'duration'],
  ['no schedule', 'check_in', { monitor_slug: 'a', status: 'ok', monitor_config: {} }, 'monitor_config'],
])('refuses a %s of %s by name, and lets the envelope live', async (_, type, payload, reason) => {
  await start();
  expect((await send(type, payload)).status).toBe(200);
  expect(sides()).toEqual([]);
  expect(await server.outcomes()).toEqual({ [`${type} invalid ${reason}`]: 1 });
});

test('items beyond their caps are refused, a hundred sessions in one envelope are not', async () => {
  await start();
  await send('check_in', { monitor_slug: 'a', status: 'ok', filler: 'x'.repeat(100 * 1024) });
  expect(await server.outcomes()).toEqual({ 'check_in invalid too_large': 1 });
  const one = (n: number): [Record<string, unknown>, string] => [
    { type: 'session' },
    JSON.stringify({ sid: SID.replace(/...$/, String(100 + n)), started: iso(days(4)), attrs }),
  ];
  await server.envelope(envelopeOf({}, ...Array.from({ length: 100 }, (_, n) => one(n))));
  expect(sides()).toHaveLength(100);
});

test('a check-in with the configuration of its monitor', () => {
  expect(
    readCheckIn({
      monitor_slug: 'Nightly Backup!',
      status: 'in_progress',
      check_in_id: SID,
      release: 'shop@1.2.3',
      contexts: { trace: { trace_id: 'a'.repeat(32) } },
      monitor_config: {
        schedule: { type: 'crontab', value: '0 4 * * *' },
        timezone: 'Europe/Berlin',
        checkin_margin: 5,
        max_runtime: 1e9,
        failure_issue_threshold: 0,
      },
    }),
  ).toEqual({
    checkInId: SID.replaceAll('-', ''),
    recordId: expect.stringMatching(/^[0-9a-f]{32}$/),
    monitorSlug: 'nightly-backup',
    status: 'in_progress',
    environment: 'production',
    release: 'shop@1.2.3',
    traceId: 'a'.repeat(32),
    config: {
      schedule: { type: 'crontab', value: '0 4 * * *', timezone: 'Europe/Berlin' },
      checkinMarginMinutes: 5,
      maxRuntimeMinutes: 40_320,
    },
  });
  expect(readCheckIn({ monitor_slug: 'a', status: 'ok', check_in_id: '0'.repeat(32) })).not.toHaveProperty('checkInId');
  expect(['', '  ', 'Ä', 7, 'x'.repeat(60)].map(monitorSlug)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'x'.repeat(50),
  ]);
});

test.each([
  ['GET', `/api/${PROJECT}/cron/nightly/${KEYS.active}?status=in_progress`, undefined],
  ['GET', `/api/0/cron/nightly/${KEYS.active}/?status=in_progress`, undefined],
  ['POST', `/api/${PROJECT}/cron/nightly/${KEYS.active}/?status=in_progress`, ''],
  ['PUT', `/api/${PROJECT}/cron/nightly/?sentry_key=${KEYS.active}&status=in_progress`, 'ignored=1'],
  ['POST', `/api/${PROJECT}/cron/nightly?sentry_key=${KEYS.active}`, '{"status":"in_progress"}'],
])('%s %s', async (method, path, body) => {
  await start();
  expect((await server.send(path, body, {}, method)).status).toBe(202);
  expect(sides()).toMatchObject([
    { side: 'checkIn', item: 'check_in', data: { monitorSlug: 'nightly', status: 'in_progress', environment: 'production' } },
  ]);
});

test('by HTTP: words of the query, faults with their cause, and one outcome for each request', async () => {
  await start();
  const at = (slug: string, query: string) => server.send(`/api/${PROJECT}/cron/${slug}/${KEYS.active}/?${query}`, '', {}, 'GET');
  await at('a%20b', `status=error&check_in_id=${SID}&environment=staging&duration=2.5`);
  expect(sides()[0]?.data).toMatchObject({
    checkInId: SID.replaceAll('-', ''),
    monitorSlug: 'a-b',
    status: 'error',
    environment: 'staging',
    durationSeconds: 2.5,
  });
  const bad = await at('a', 'status=done');
  expect([bad.status, bad.headers['x-sentry-error']]).toEqual([400, 'the status of a check-in is in_progress, ok or error']);
  expect((await at('a', 'status=ok&duration=long')).status).toBe(400);
  expect((await server.send(`/api/${PROJECT}/cron/a/`, '', {}, 'GET')).status).toBe(401);
  expect((await server.send(`/api/${PROJECT}/cron/a/${KEYS.active}/?status=ok`, '', {}, 'DELETE')).status).toBe(405);
  server.log.failing = true;
  expect((await at('a', 'status=ok')).status).toBe(503);
  server.log.failing = false;
  expect(await server.outcomes()).toEqual({
    'check_in invalid status': 1,
    'check_in invalid duration': 1,
    'check_in failed disk': 1,
  });
});

test('law (a): whatever is in an item, it is kept or has one outcome', async () => {
  await start();
  const texts = fc.constantFrom(
    '',
    'a',
    SID,
    '2026-11-22T11:59:00Z',
    '2026-11-22',
    'ok',
    'crashed',
    'in_progress',
    '0 4 * * *',
    '\0\ud800',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      texts,
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.array(tie('any'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(
      fc.constantFrom(
        'sid',
        'did',
        'seq',
        'status',
        'errors',
        'started',
        'attrs',
        'release',
        'aggregates',
        'exited',
        'monitor_slug',
        'check_in_id',
        'duration',
        'monitor_config',
        'schedule',
        'type',
        'value',
        'unit',
        'timezone',
        '__proto__',
        'constructor',
      ),
      tie('any'),
      { maxKeys: 9 },
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('session', 'sessions', 'check_in'), value.object, async (type, payload) => {
      const before = sides().length + total(await server.outcomes());
      expect((await send(type, payload as object)).status).toBe(200);
      expect(sides().length + total(await server.outcomes())).toBe(before + 1);
    }),
    { numRuns: 300 },
  );
  expect(JSON.stringify(sides())).not.toContain('\\u0000');
});

const total = (outcomes: Record<string, number>) => Object.values(outcomes).reduce((sum, n) => sum + n, 0);
