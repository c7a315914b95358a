import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { envelopeOf, KEYS } from '../../../../test/ingest-server.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createClientDoors } from './client-doors.ts';

// The engine reads any nesting but cannot write it: no body of brackets may end as a fault of ours, which clients send again.
const LIST = '['.repeat(30_000) + ']'.repeat(30_000);
const OBJECT = `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`;
const ID = '1'.repeat(32);
const BEARER = { authorization: `Bearer ${KEYS.active}`, 'content-type': 'application/json' };
const QUERY = `?sentry_key=${KEYS.active}`;

const BODIES: Record<string, (deep: string) => [path: string, body: string, headers: Record<string, string>]> = {
  bulk: (deep) => ['/api/42/bulk/', `{"message":"m","extra":{"x":${deep}},"tags":${deep},"exception":${deep}}`, BEARER],
  bugsnag: (deep) => [
    '/notify',
    `{"events":[{"exceptions":[{"errorClass":"E","message":${deep},"stacktrace":${deep}}],"metaData":{"x":${deep}}}]}`,
    { 'bugsnag-api-key': KEYS.active },
  ],
  rollbar: (deep) => [
    '/api/1/item/',
    `{"data":{"body":{"trace":{"exception":{"class":"X"},"frames":[{"locals":${deep}}]}},"custom":${deep}}}`,
    { 'x-rollbar-access-token': KEYS.active },
  ],
  'a CSP report': (deep) => [
    `/api/42/security/${QUERY}`,
    `{"csp-report":{"document-uri":"https://a.b","effective-directive":"img-src","blocked-uri":${deep},"x":${deep}}}`,
    {},
  ],
  'a network error': (deep) => [`/api/42/nel/${QUERY}`, `[{"type":"network-error","body":{"phase":${deep},"x":${deep}}}]`, {}],
  'OTLP logs': (deep) => [
    '/v1/logs',
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":17,"body":${deep}}]}]}]}`,
    BEARER,
  ],
  'user feedback': (deep) => [
    '/api/0/projects/a/b/user-feedback/',
    // Smaller: all of it comes in 64 kB.
    `{"event_id":"${ID}","comments":"c","name":${deep === LIST ? LIST.slice(10_000, -10_000) : '{"a":'.repeat(9_000)}${deep === LIST ? '' : `1${'}'.repeat(9_000)}`}}`,
    { authorization: `DSN http://${KEYS.active}@localhost/42` },
  ],
};

const ITEMS: Record<string, (deep: string) => string> = {
  event: (deep) => `{"message":"m","extra":${deep},"debug_meta":{"images":[${deep}]},"user":${deep}}`,
  user_report: (deep) => `{"event_id":"${ID}","name":${deep},"comments":"x"}`,
  feedback: (deep) => `{"contexts":{"feedback":{"message":"m","name":${deep}}},"tags":${deep}}`,
  transaction: (deep) => `{"contexts":{"trace":{"trace_id":${deep}}},"transaction":${deep}}`,
  log: (deep) => `{"items":[{"level":"error","body":"a"},{"level":"error","body":${deep}},{"level":"error","body":"b"}]}`,
  raw_security: (deep) => `{"csp-report":{"document-uri":"https://a.b","effective-directive":"img-src","x":${deep}}}`,
};

let server: BesideServer;
beforeAll(async () => {
  server = await startBesideServer({ doors: createClientDoors(systemClock) });
});
afterAll(() => server.close());

it.each(Object.keys(BODIES))('%s may nest as deeply as it likes', async (name) => {
  for (const deep of [LIST, OBJECT]) {
    server.log.records.length = 0;
    const { status } = await server.send(...(BODIES[name] as (typeof BODIES)[string])(deep));
    expect([status, await server.outcomes()]).toEqual([200, {}]);
    expect(server.log.records).toHaveLength(1);
  }
});

it.each(Object.keys(ITEMS))('so may an item %s; nothing in it is lost', async (type) => {
  for (const deep of [LIST, OBJECT]) {
    server.log.records.length = 0;
    const payload = (ITEMS[type] as (typeof ITEMS)[string])(deep);
    const headers = { type, ...(type === 'log' ? { item_count: 3 } : {}) };
    await server.envelope(envelopeOf({ event_id: ID }, [headers, payload]));
    const outcomes = await server.outcomes();
    expect(Object.keys(outcomes).filter((outcome) => outcome.includes('failed'))).toEqual([]);
    if (type === 'log') expect(server.events()).toHaveLength(3);
  }
});
