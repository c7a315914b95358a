import { createHash } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { KEYS, PROJECT } from '../../../../test/ingest-server.ts';
import { makeMinidump } from '../../../../test/minidump.ts';
import { FORM_TYPE, type FormPart, formOf } from '../../../../test/multipart.ts';
import { unrealArchive } from '../../../../test/unreal.ts';

let server: BesideServer;
beforeEach(async () => {
  server = await startBesideServer();
});
afterEach(() => server.close());

const dump = makeMinidump({ instruction: 0x400abcn });
const DUMP: FormPart = { name: 'upload_file_minidump', value: dump, filename: 'crash.dmp', type: 'application/octet-stream' };
const KEY = `?sentry_key=${KEYS.active}`;
const FORM = { 'content-type': FORM_TYPE };
const post = (path: string, body: Uint8Array, headers: Record<string, string> = FORM) =>
  server.send(`/api/${PROJECT}/${path}${KEY}`, body, headers);
const attached = () => server.sides().map(({ data }) => data as unknown as Record<string, unknown>);

describe('POST /minidump/', () => {
  it('answers the id of the event it made, with hyphens, as text', async () => {
    const form = formOf(
      {
        name: 'sentry',
        value: JSON.stringify({ release: 'shop@2', tags: { os: 'x' }, event_id: '9ec79c33ec9942ab8353589fcb2e04dc' }),
      },
      { name: 'sentry[environment]', value: 'live' },
      { name: 'sentry[tags][gpu]', value: 'nv' },
      { name: 'sentry[__proto__][polluted]', value: 'yes' },
      { name: 'uptime', value: '12' },
      DUMP,
      { name: 'log', value: 'a line', filename: 'C:\\logs\\app.log', type: 'text/plain' },
    );
    for (const path of ['minidump/', 'minidump']) {
      const answer = await post(path, form);
      expect([answer.status, answer.body]).toEqual([200, '9ec79c33-ec99-42ab-8353-589fcb2e04dc']);
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    }
    const [event] = server.events();
    expect(event).toMatchObject({
      platform: 'native',
      level: 'fatal',
      release: 'shop@2',
      environment: 'live',
      extra: { uptime: '12' },
    });
    expect(event!.tags).toContainEqual(['gpu', 'nv']);
    expect(event!.exceptions[0]).toMatchObject({ type: 'Minidump', value: 'SIGSEGV: at 0x8 in shop' });
    expect(event!.exceptions[0]!.frames).toMatchObject([{ function: 'shop+0xabc' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const ids = { eventId: event!.eventId, owner: 'event', occurredAt: event!.occurredAt };
    expect(attached().slice(0, 2)).toMatchObject([
      { ...ids, filename: 'crash.dmp', type: 'event.minidump', sha256: createHash('sha256').update(dump).digest('hex') },
      { ...ids, filename: 'app.log', type: 'event.attachment', contentType: 'text/plain' },
    ]);
    expect(await server.outcomes()).toEqual({});
  });

  it('takes the event cut into pieces, a compressed body, and a bare dump', async () => {
    const event = JSON.stringify({ release: 'in-pieces@1' });
    const pieces = [event.slice(0, 9), event.slice(9)].map((value, i) => ({ name: `sentry__${i + 1}`, value }));
    await post('minidump/', gzipSync(formOf(...pieces, DUMP)), { ...FORM, 'content-encoding': 'gzip' });
    await post('minidump/', dump, { 'content-type': 'application/octet-stream' });
    expect(server.events().map(({ release, level }) => [release, level])).toEqual([
      ['in-pieces@1', 'fatal'],
      [undefined, 'fatal'],
    ]);
    expect(attached()).toHaveLength(2);
  });

  it('takes the event and breadcrumbs of the native SDK, which are no attachments', async () => {
    const crumbs = (...messages: [string, string][]) =>
      Buffer.concat(messages.map(([timestamp, message]) => Buffer.from(encode({ timestamp, message, type: 'default' }))));
    const part = (name: string, value: Uint8Array): FormPart => ({
      name,
      value,
      filename: name,
      type: 'application/octet-stream',
    });
    const event = {
      event_id: '9ec79c33-ec99-42ab-8353-589fcb2e04dc',
      release: 'game@7',
      level: 'fatal',
      exception: null,
      user: { id: '1' },
    };
    await post(
      'minidump/',
      formOf(
        DUMP,
        part('__sentry-event', encode(event)),
        part('__sentry-breadcrumb1', crumbs(['2026-11-22T11:00:00Z', 'second'], ['2026-11-22T11:30:00Z', 'third'])),
        part('__sentry-breadcrumb2', Buffer.concat([crumbs(['2026-11-22T10:00:00Z', 'first']), Buffer.from([0x85, 0xa1])])),
      ),
    );
    expect(server.events()).toMatchObject([
      { eventId: '9ec79c33ec9942ab8353589fcb2e04dc', release: 'game@7', user: { id: '1' }, exceptions: [{ type: 'Minidump' }] },
    ]);
    expect(server.events()[0]!.breadcrumbs.map(({ message }) => message)).toEqual(['first', 'second', 'third']);
    expect(attached()).toHaveLength(1);
    const damaged = [
      Buffer.from([0xc1]),
      Buffer.alloc(2 * 1024 * 1024, 0x91),
      Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]),
      encode({ ['__proto__']: { a: 1 } }),
    ];
    for (const bytes of damaged) expect((await post('minidump/', formOf(DUMP, part('__sentry-event', bytes)))).status).toBe(200);
  });

  it.each<[string, Uint8Array, Record<string, string>, string]>([
    ['no dump in it', formOf({ name: 'a', value: 'b' }), FORM, 'minidump'],
    ['a dump that is none', formOf({ ...DUMP, value: 'hello' }), FORM, 'minidump'],
    ['no boundary', formOf(DUMP), { 'content-type': 'multipart/form-data' }, 'multipart'],
    ['an end that is missing', formOf(DUMP).subarray(0, 300), FORM, 'multipart'],
    ['another boundary', Buffer.from('--other\r\n\r\nx'), FORM, 'multipart'],
    ['nothing at all', Buffer.alloc(0), FORM, 'multipart'],
    [
      'a header that never ends',
      Buffer.from(`${formOf(DUMP).toString('latin1').split('\r\n')[0]}\r\nX: ${'y'.repeat(200_000)}`),
      FORM,
      'multipart',
    ],
  ])('refuses %s, and keeps nothing', async (_, body, headers, reason) => {
    const answer = await post('minidump/', body, headers);
    expect(answer.status).toBe(400);
    expect(await server.outcomes()).toEqual({ [`minidump invalid ${reason}`]: 1 });
    expect(server.events()).toEqual([]);
    // A dump that was put in place before it was looked at is an orphan until the next walk.
    expect(server.files().length).toBeLessThanOrEqual(1);
  });

  it('holds out against a form of thousands of fields and files', async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => ({ name: `f${i}`, value: 'x'.repeat(100) }));
    const files = Array.from({ length: 200 }, (_, i) => ({ name: `g${i}`, value: 'x', filename: `${i}.txt` }));
    const answer = await post('minidump/', formOf(DUMP, ...many, ...files));
    expect(answer.status).toBe(200);
    expect(attached().length).toBeLessThanOrEqual(50);
    expect(Object.keys(server.events()[0]!.extra).length).toBeLessThanOrEqual(500);
  });

  it('asks for a key', async () => {
    expect((await server.send(`/api/${PROJECT}/minidump/`, formOf(DUMP), FORM)).status).toBe(401);
    expect((await server.send(`/api/7/minidump/${KEY}`, formOf(DUMP), FORM)).status).toBe(403);
  });
});

describe('POST /events/<id>/attachments/', () => {
  const PATH = 'events/9ec79c33-ec99-42ab-8353-589fcb2e04dc/attachments/';

  it('keeps files for an event that came or will come', async () => {
    const answer = await post(PATH, formOf({ name: 'a', value: 'one', filename: 'one.txt' }, { name: 'b', value: 'no file' }));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([201, { accepted: 1 }]);
    expect(attached()).toMatchObject([{ eventId: '9ec79c33ec9942ab8353589fcb2e04dc', owner: 'pending', filename: 'one.txt' }]);
  });

  it('refuses what is too large, what is no form, and an id that is none', async () => {
    const huge = await post(PATH, formOf({ name: 'a', value: Buffer.alloc(21 * 1024 * 1024), filename: 'a' }));
    expect(huge.status).toBe(413);
    expect((await post(PATH, Buffer.from('x'), {})).status).toBe(400);
    expect((await post(PATH, formOf({ name: 'a', value: 'b' }))).status).toBe(400);
    expect((await post(`events/${'0'.repeat(32)}/attachments/`, formOf({ name: 'a', value: 'b', filename: 'c' }))).status).toBe(
      400,
    );
    expect(await server.outcomes()).toEqual({
      'attachment invalid too_large': 1,
      'attachment invalid multipart': 1,
      'attachment invalid empty': 1,
      'attachment invalid no_event_id': 1,
    });
    expect(server.files()).toEqual([]);
  });
});

describe('POST /unreal/<key>/', () => {
  const send = (body: Buffer) => server.send(`/api/${PROJECT}/unreal/${KEYS.active}/?UserID=ann`, body);

  it('unpacks the report, makes an event of its dump, and attaches its files', async () => {
    const answer = await send(
      deflateSync(unrealArchive(['UE4Minidump.dmp', dump], ['CrashContext.runtime-xml', Buffer.from('<x/>')])),
    );
    expect([answer.status, answer.body]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(server.events()).toMatchObject([{ level: 'fatal', user: { id: 'ann' }, exceptions: [{ type: 'Minidump' }] }]);
    expect(attached().map(({ filename, type }) => [filename, type])).toEqual([
      ['UE4Minidump.dmp', 'event.minidump'],
      ['CrashContext.runtime-xml', 'event.attachment'],
    ]);
  });

  it('refuses what is none, or ends early', async () => {
    const whole = unrealArchive(['a.dmp', dump]);
    for (const body of [
      Buffer.from('x'),
      deflateSync(Buffer.from('CR1')),
      deflateSync(whole.subarray(0, whole.length - 10)),
      deflateSync(unrealArchive()),
    ])
      expect((await send(body)).status).toBe(400);
    expect(await server.outcomes()).toEqual({ 'minidump invalid unreal': 4 });
  });
});
