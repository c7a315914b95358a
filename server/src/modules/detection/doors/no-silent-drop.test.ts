import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { KEYS, PROJECT, SMALL_EVENT } from '../../../../test/ingest-server.ts';
import { makeMinidump } from '../../../../test/minidump.ts';
import { FORM_TYPE, type FormPart, formOf } from '../../../../test/multipart.ts';
import { failedSpan, traces } from '../../../../test/otlp-requests.ts';
import { encodeOtlp } from '../../../../test/otlp-wire.ts';

let server: BesideServer;
beforeAll(async () => {
  server = await startBesideServer({ everything: true });
});
afterAll(() => server.close());

const FORM = { 'content-type': FORM_TYPE };
const send = (path: string, body: Buffer, headers: Record<string, string> = FORM) =>
  server.send(`/api/${PROJECT}/${path}?sentry_key=${KEYS.active}`, body, headers);
const attach = (...parts: FormPart[]) => send(`events/${SMALL_EVENT.event_id}/attachments/`, formOf(...parts));
const files = (count: number): FormPart[] =>
  Array.from({ length: count }, (_, i) => ({ name: `f${i}`, filename: `f${i}.txt`, value: String(i) }));
const DUMP = { name: 'upload_file_minidump', filename: 'a.dmp', value: makeMinidump({ instruction: 4n }) };

/** Outcomes counted at the door, and records that leave theirs to the digest. */
async function outcomes(): Promise<Record<string, number>> {
  const counted = await server.outcomes();
  for (const record of server.log.records) {
    if (record.kind === 'outcomes') continue;
    const name = record.kind === 'event' ? 'event kept' : 'file kept';
    counted[name] = (counted[name] ?? 0) + 1;
  }
  return counted;
}

async function fresh(): Promise<void> {
  await server.outcomes();
  server.log.records.length = 0;
}

describe('law (a) in forms: every file has its outcome, however many there are', () => {
  it.each([50, 51, 60, 61, 400])('%i attachments', async (count) => {
    await fresh();
    expect((await attach(...files(count))).status).toBe(201);
    const kept = Math.min(50, count);
    const more = count - kept;
    expect(await outcomes()).toEqual({ 'file kept': kept, ...(more === 0 ? {} : { 'attachment invalid too_many': more }) });
  });

  it.each([0, 49, 60, 400])('a minidump with %i files beside it', async (count) => {
    await fresh();
    expect((await send('minidump/', formOf(DUMP, ...files(count)))).status).toBe(200);
    const kept = Math.min(50, 1 + count);
    const more = 1 + count - kept;
    const counted = more === 0 ? {} : { 'attachment invalid too_many': more };
    expect(await outcomes()).toEqual({ 'event kept': 1, 'file kept': kept, ...counted });
  });

  it('a dump that stands behind too many files is refused with them, as one', async () => {
    await fresh();
    expect((await send('minidump/', formOf(...files(50), DUMP))).status).toBe(413);
    expect(await outcomes()).toEqual({ 'minidump invalid too_many': 1 });
  });

  it('parts that are no field and no file are counted', async () => {
    await fresh();
    const body = formOf(...files(2)).toString('latin1');
    const [boundary] = body.split('\r\n', 1) as [string];
    const stray = `${boundary}\r\nContent-Type: text/plain\r\n\r\nno name\r\n${boundary}\r\nContent-Disposition: inline; filename="x"\r\n\r\nx\r\n`;
    expect((await send(`events/${SMALL_EVENT.event_id}/attachments/`, Buffer.from(stray + body, 'latin1'))).status).toBe(201);
    expect(await outcomes()).toEqual({ 'file kept': 2, 'attachment invalid multipart': 2 });
  });

  it('a form of thousands of parts is refused as a whole, and leaves no file', async () => {
    await fresh();
    const before = server.files().length;
    expect((await attach(...files(5_001))).status).toBe(413);
    expect(await outcomes()).toEqual({ 'attachment invalid too_many': 1 });
    expect(server.files().length).toBe(before);
  });

  it('fields that are too many are noted in the event', async () => {
    await fresh();
    const fields = Array.from({ length: 510 }, (_, i) => ({ name: `n${i}`, value: 'v' }));
    expect((await send('minidump/', formOf(DUMP, ...fields))).status).toBe(200);
    expect(server.events()[0]?.errors).toContainEqual({
      field: 'extra',
      reason: '10 fields of the form were cut or dropped: there are too many, or they are too large',
    });
  });
});

it('an Unreal report of more files than are read is refused as a whole', async () => {
  await fresh();
  const numbers = Buffer.alloc(8);
  numbers.writeInt32LE(51, 4);
  const text = Buffer.from([0, 0, 0, 0]);
  const report = deflateSync(Buffer.concat([Buffer.from('CR1'), text, text, numbers]));
  const { status } = await server.send(`/api/${PROJECT}/unreal/${KEYS.active}/`, report);
  expect(status).toBe(400);
  expect(await outcomes()).toEqual({ 'minidump invalid unreal': 1 });
});

describe('law (a): exceptions of one span beyond those that are looked at are counted', () => {
  const request = traces([failedSpan({ events: Array.from({ length: 1_003 }, () => ({ name: 'exception' })) })]);
  it.each([
    ['JSON', 'application/json', Buffer.from(JSON.stringify(request))],
    ['protobuf', 'application/x-protobuf', encodeOtlp(request, 'traces')],
  ])('%s', async (_, type, body) => {
    await fresh();
    expect((await server.send(`/v1/traces?sentry_key=${KEYS.active}`, body, { 'content-type': type })).status).toBe(200);
    const counted = await outcomes();
    expect(counted['otlp_span_event invalid too_many']).toBe(3);
    expect(Object.values(counted).reduce((sum, n) => sum + n, 0)).toBe(1_003);
  });
});

it('law (a): every report of a list in an envelope has its outcome, the unwanted ones beside a kept one, too', async () => {
  await fresh();
  const csp = (blockedURL: string) => ({
    type: 'csp-violation',
    url: 'https://shop.test/',
    body: { effectiveDirective: 'img-src', blockedURL, disposition: 'enforce' },
  });
  const wanted = Array.from({ length: 100 }, () => csp('https://pictures.test/a.png'));
  const payload = JSON.stringify([csp('chrome-extension://abc/x.js'), ...wanted]);
  const body = Buffer.from(`{}\n{"type":"security"}\n${payload}\n`);
  expect((await send('envelope/', body, {})).status).toBe(200);
  const { 'event kept': kept, ...others } = await outcomes();
  expect([kept, others]).toEqual([99, { 'security filtered browser_extension': 1, 'security invalid too_many': 1 }]);
});
