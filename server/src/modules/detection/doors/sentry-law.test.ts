import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../../../bench/random.ts';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { BUGSNAG, ROLLBAR } from '../../../../test/compat-payloads.ts';
import { mutated, TOKENS } from '../../../../test/fuzz.ts';
import { envelopeOf, KEYS, PROJECT, SMALL_EVENT } from '../../../../test/ingest-server.ts';
import { makeMinidump } from '../../../../test/minidump.ts';
import { FORM_TYPE, formOf } from '../../../../test/multipart.ts';
import { logs, metrics, traces } from '../../../../test/otlp-requests.ts';
import { unrealArchive } from '../../../../test/unreal.ts';
import { systemClock } from '../../../platform/clock.ts';
import { everyDoor, everyRoom } from '../every-door.ts';
import { TraceLinks } from '../trace-links.ts';

let server: BesideServer;
beforeAll(async () => {
  server = await startBesideServer({ everything: true });
});
afterAll(() => server.close());

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const api = (rest: string) => `/api/${PROJECT}/${rest}`;
const CSP = {
  'csp-report': {
    'document-uri': 'https://shop.test/cart',
    'effective-directive': 'script-src-elem',
    'blocked-uri': 'https://evil.test/x.js',
    disposition: 'enforce',
  },
};
const DSN = encodeURIComponent(`http://${KEYS.active}@127.0.0.1:4000/${PROJECT}`);
const JSON_TYPE = { 'content-type': 'application/json' };
const BUGSNAG_KEY = { 'bugsnag-api-key': KEYS.active };
const LOG = { content_type: 'application/vnd.sentry.items.log+json' };
const logItem = (level: string) => ({ timestamp: 1_795_348_800, level, body: 'disk is full', trace_id: '1'.repeat(32) });

/** A request as a client sends it, and how many outcomes it has when nothing is wrong with it. */
interface Target {
  name: string;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body: Buffer;
  outcomes: number;
  /** A body without any item is legal here, and comes to nothing. */
  mayBeEmpty?: true;
}

const TARGETS: Target[] = [
  {
    name: 'CSP report',
    path: api('security/'),
    headers: { 'content-type': 'application/csp-report' },
    body: json(CSP),
    outcomes: 1,
  },
  {
    name: 'Reporting API',
    path: api('security/'),
    headers: { 'content-type': 'application/reports+json' },
    body: json([
      {
        type: 'csp-violation',
        url: 'https://shop.test/',
        age: 3,
        body: { effectiveDirective: 'img-src', blockedURL: 'https://pictures.test/a.png', disposition: 'enforce' },
      },
      { type: 'deprecation', url: 'https://shop.test/', age: 3, body: { id: 'websql', message: 'Web SQL is deprecated' } },
    ]),
    outcomes: 2,
  },
  {
    name: 'network error log',
    path: api('nel/'),
    headers: { 'content-type': 'application/reports+json' },
    body: json([
      {
        type: 'network-error',
        url: 'https://shop.test/cart',
        age: 29,
        body: { type: 'tcp.timed_out', phase: 'connection', server_ip: '192.0.2.1', elapsed_time: 9_000 },
      },
    ]),
    outcomes: 1,
  },
  {
    name: 'minidump',
    path: api('minidump/'),
    headers: { 'content-type': FORM_TYPE },
    body: formOf(
      { name: 'upload_file_minidump', filename: 'a.dmp', value: makeMinidump({ instruction: 4n }) },
      { name: 'sentry[release]', value: 'shop@1' },
      { name: 'comment', value: 'it just stopped' },
    ),
    outcomes: 2,
  },
  {
    name: 'attachment',
    path: api(`events/${SMALL_EVENT.event_id}/attachments/`),
    headers: { 'content-type': FORM_TYPE },
    body: formOf({ name: 'log', filename: 'a.log', value: 'line\nline\n' }, { name: 'b', filename: 'b.txt', value: 'b' }),
    outcomes: 2,
  },
  {
    name: 'CSP report at the old address',
    path: api('csp-report/'),
    headers: { 'content-type': 'application/csp-report' },
    body: json(CSP),
    outcomes: 1,
  },
  { name: 'bare minidump', path: api('minidump/'), body: makeMinidump({ instruction: 4n }), outcomes: 2 },
  {
    name: 'Unreal report',
    path: api(`unreal/${KEYS.active}/`),
    body: deflateSync(unrealArchive(['UE4Minidump.dmp', makeMinidump({ instruction: 4n })], ['a.log', Buffer.from('line')])),
    outcomes: 3,
  },
  {
    name: 'user feedback',
    path: '/api/0/projects/acme/shop/user-feedback/',
    body: json({ event_id: SMALL_EVENT.event_id, name: 'Jo', email: 'j@a.test', comments: 'no' }),
    outcomes: 1,
  },
  {
    name: 'crash report form',
    path: `/api/embed/error-page/?dsn=${DSN}&eventId=${SMALL_EVENT.event_id}`,
    body: Buffer.from('name=Jo&email=j%40a.test&comments=it+broke'),
    outcomes: 1,
  },
  {
    name: 'script of the crash report form',
    path: `/api/embed/error-page/?dsn=${DSN}&eventId=${SMALL_EVENT.event_id}`,
    method: 'GET',
    body: Buffer.alloc(0),
    outcomes: 0,
    mayBeEmpty: true,
  },
  { name: 'bulk', path: api('bulk/'), body: Buffer.from('{"message":"a"}\n{"message":"b"}\n'), outcomes: 2 },
  { name: 'OTLP traces', path: '/v1/traces', headers: JSON_TYPE, body: json(traces()), outcomes: 2, mayBeEmpty: true },
  { name: 'OTLP logs', path: '/v1/logs', headers: JSON_TYPE, body: json(logs()), outcomes: 3, mayBeEmpty: true },
  { name: 'OTLP metrics', path: '/v1/metrics', headers: JSON_TYPE, body: json(metrics()), outcomes: 2, mayBeEmpty: true },
  { name: 'Bugsnag', path: '/notify', headers: BUGSNAG_KEY, body: json(BUGSNAG), outcomes: 1 },
  {
    name: 'Bugsnag sessions',
    path: '/sessions',
    headers: BUGSNAG_KEY,
    body: json({ sessionCounts: [{ startedAt: '2026-11-22T12:00:00Z', sessionsStarted: 2 }] }),
    outcomes: 2,
    mayBeEmpty: true,
  },
  {
    name: 'Rollbar',
    path: '/api/1/item/',
    headers: { 'x-rollbar-access-token': KEYS.active },
    body: json(ROLLBAR),
    outcomes: 1,
  },
  { name: 'check-in, put', path: api('cron/nightly/'), method: 'PUT', body: json({ status: 'ok' }), outcomes: 1 },
  { name: 'check-in', path: api('cron/nightly/'), body: json({ status: 'ok', environment: 'prod', duration: 3 }), outcomes: 1 },
  {
    name: 'check-in by address',
    path: api('cron/nightly?status=in_progress'),
    method: 'GET',
    body: Buffer.alloc(0),
    outcomes: 1,
  },
  {
    name: 'an envelope with an item for every room',
    path: api('envelope/'),
    body: envelopeOf(
      { event_id: SMALL_EVENT.event_id },
      [{ type: 'event' }, JSON.stringify(SMALL_EVENT)],
      [{ type: 'attachment', filename: 'a.txt' }, 'text'],
      [
        { type: 'user_report' },
        JSON.stringify({ event_id: SMALL_EVENT.event_id, name: 'Jo', email: 'j@a.test', comments: 'no' }),
      ],
      [{ type: 'session' }, JSON.stringify(session())],
      [
        { type: 'sessions' },
        JSON.stringify({ aggregates: [{ started: '2026-11-22T12:00:00Z', exited: 3 }], attrs: { release: 'a@1' } }),
      ],
      [{ type: 'check_in' }, JSON.stringify({ check_in_id: '2'.repeat(32), monitor_slug: 'nightly', status: 'ok' })],
      [{ type: 'log', item_count: 2, ...LOG }, JSON.stringify({ items: [logItem('error'), logItem('info')] })],
      [
        { type: 'transaction' },
        JSON.stringify({ type: 'transaction', transaction: 'GET /', contexts: {}, timestamp: 2, start_timestamp: 1 }),
      ],
      [{ type: 'span', item_count: 1, content_type: 'application/vnd.sentry.items.span.v2+json' }, '{"items":[{}]}'],
      [{ type: 'security' }, JSON.stringify(CSP)],
      [{ type: 'raw_security' }, JSON.stringify(CSP)],
      [{ type: 'nel' }, JSON.stringify([{ type: 'network-error', url: 'https://shop.test/', body: { type: 'tcp.timed_out' } }])],
      [{ type: 'replay_event' }, '{}'],
      [{ type: 'client_report' }, '{"discarded_events":[]}'],
    ),
    outcomes: 15,
  },
  {
    name: 'feedback',
    path: api('envelope/'),
    body: envelopeOf({}, [
      { type: 'feedback' },
      JSON.stringify({
        event_id: '3'.repeat(32),
        contexts: { feedback: { message: 'the cart is empty', contact_email: 'j@a.test' } },
      }),
    ]),
    outcomes: 1,
  },
];

function session() {
  return {
    sid: '4'.repeat(32),
    did: 'user-1',
    seq: 1,
    init: true,
    status: 'ok',
    errors: 0,
    started: '2026-11-22T12:00:00Z',
    timestamp: '2026-11-22T12:00:05Z',
    attrs: { release: 'shop@1', environment: 'prod' },
  };
}

const OWN_TOKENS = [...TOKENS, '\r\n\r\n', '--', '"type":"event",', '-1', '1e400'];

/** Sends one and answers its status and how many outcomes came of it: counted here, or left to the digest by a record. */
async function send({ path, method, headers }: Target, body: Buffer) {
  const at = `${path}${path.includes('?') ? '&' : '?'}sentry_key=${KEYS.active}`;
  const { status } = await server.send(at, method === 'GET' ? undefined : body, headers, method ?? 'POST');
  const counted = Object.entries(await server.outcomes()).reduce((sum, [name, n]) => (name.includes(' sdk:') ? sum : sum + n), 0);
  const records = server.log.records.filter(({ kind }) => kind !== 'outcomes').length;
  server.log.records.length = 0;
  return { status, outcomes: counted + records };
}

it('every door that is open, by each of its methods, and every kind of item has a request here', () => {
  const paths = TARGETS.map(({ path, method = 'POST' }) => ({ path: path.split('?', 1)[0] as string, method }));
  const closed = everyDoor(server.store, systemClock).flatMap((door) =>
    door.methods
      .filter((method) => !paths.some((one) => one.method === method && door.match(one.path) !== undefined))
      .map((method) => `${method} ${door.source}`),
  );
  expect(closed).toEqual([]);
  const envelopes = TARGETS.filter(({ path }) => path.includes('/envelope/')).map(({ body }) => body.toString('latin1'));
  const types = everyRoom(server.store, new TraceLinks(() => undefined)).flatMap((room) => room.types);
  expect(types.filter((type) => !envelopes.some((text) => text.includes(`{"type":"${type}"`)))).toEqual([]);
});

it.each(TARGETS)('law (a): items in = outcomes out: $name', async (target) => {
  const { status, outcomes } = await send(target, target.body);
  expect(status).toBeLessThan(300);
  expect(outcomes).toBe(target.outcomes);
});

it('law (a): 4,000 damaged requests at every door are each answered, never by a fault of ours, and none without an outcome', async () => {
  const random = new Random(20261123);
  for (let run = 0; run < 4_000; run++) {
    const target = TARGETS[run % TARGETS.length] as Target;
    const body = mutated(target.body, random, OWN_TOKENS);
    const { status, outcomes } = await send(target, body);
    const context = JSON.stringify({ run, name: target.name, status, outcomes, body: body.toString('latin1').slice(0, 2_000) });
    expect(status, context).toBeLessThan(500);
    // An envelope without items is legal, and comes to nothing.
    const isBare = target.path.includes('envelope') && /^[^\n]*\n*$/.test(body.toString('latin1'));
    if (!isBare && target.mayBeEmpty !== true) expect(outcomes, context).toBeGreaterThan(0);
  }
}, 60_000);
