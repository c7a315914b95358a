import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../../../bench/random.ts';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { mutated, TOKENS } from '../../../../test/fuzz.ts';
import { envelopeOf, KEYS, PROJECT, SMALL_EVENT } from '../../../../test/ingest-server.ts';
import { makeMinidump } from '../../../../test/minidump.ts';
import { FORM_TYPE, formOf } from '../../../../test/multipart.ts';
import { checkInRoom } from '../items/check-in.ts';
import { sessionRoom } from '../items/session.ts';
import { sessionsRoom } from '../items/sessions.ts';
import { cronDoor } from './cron.ts';

let server: BesideServer;
beforeAll(async () => {
  server = await startBesideServer({ rooms: [sessionRoom, sessionsRoom, checkInRoom], doors: [cronDoor] });
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
      [{ type: 'replay_event' }, '{}'],
      [{ type: 'client_report' }, '{"discarded_events":[]}'],
    ),
    outcomes: 11,
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
    if (!isBare) expect(outcomes, context).toBeGreaterThan(0);
  }
}, 60_000);
