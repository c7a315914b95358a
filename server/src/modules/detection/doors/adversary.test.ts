import { connect } from 'node:net';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { KEYS, PROJECT, SMALL_EVENT } from '../../../../test/ingest-server.ts';
import { makeMinidump } from '../../../../test/minidump.ts';
import { FORM_TYPE, formOf } from '../../../../test/multipart.ts';
import { unrealArchive } from '../../../../test/unreal.ts';

let server: BesideServer;
beforeAll(async () => {
  server = await startBesideServer({ everything: true, patience: { idleMs: 300, totalMs: 1_500 } });
});
afterAll(() => server.close());

const KEY = `sentry_key=${KEYS.active}`;
const LARGE = 'x'.repeat(400_000);
const until = async (satisfied: () => boolean) => {
  for (const end = performance.now() + 10_000; !satisfied(); ) {
    if (performance.now() > end) throw new Error('not so after ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Requests that put files on the disk while they come, each cut off in the middle of one. */
const CUT: [name: string, path: string, type: string, body: Buffer][] = [
  [
    'a form of attachments',
    `/api/${PROJECT}/events/${SMALL_EVENT.event_id}/attachments/?${KEY}`,
    FORM_TYPE,
    formOf({ name: 'a', filename: 'a.log', value: LARGE }, { name: 'b', filename: 'b.log', value: LARGE }),
  ],
  [
    'a minidump in a form',
    `/api/${PROJECT}/minidump/?${KEY}`,
    FORM_TYPE,
    formOf({ name: 'log', filename: 'a.log', value: LARGE }, { name: 'b', filename: 'b.log', value: LARGE }),
  ],
  ['a bare minidump', `/api/${PROJECT}/minidump/?${KEY}`, 'application/x-dmp', Buffer.from(`MDMP${LARGE}`)],
  [
    'an envelope',
    `/api/${PROJECT}/envelope/?${KEY}`,
    'application/x-sentry-envelope',
    Buffer.from(`{"event_id":"${SMALL_EVENT.event_id}"}\n{"type":"attachment","filename":"a"}\n${LARGE}`),
  ],
];

it.each(CUT)('who leaves in the middle of %s leaves nothing on the disk, and is counted once', async (_, path, type, body) => {
  await server.outcomes();
  server.log.records.length = 0;
  const before = server.files().length;
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length * 10}\r\n\r\n`);
  socket.write(body);
  await until(() => server.files().length > before);
  socket.destroy();
  await until(() => server.files().length === before);
  expect(server.log.records.filter(({ kind }) => kind !== 'outcomes')).toEqual([]);
  const counted = await server.outcomes();
  expect(Object.values(counted)).toEqual([1]);
  expect(Object.keys(counted)[0]).toMatch(/ invalid incomplete$/);
});

it.each(CUT)('who never finishes %s is ended, and leaves nothing on the disk', async (_, path, type, body) => {
  const before = server.files().length;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length * 10}\r\n\r\n`);
    socket.write(body);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  await until(() => server.files().length === before);
});

it('names of files that climb, command or lie stay names', async () => {
  const names = [
    '../../etc/passwd',
    '..\\..\\boot.ini',
    '/etc/shadow',
    'a\u202egpj.exe',
    '<img src=x onerror=alert(1)>.txt',
    'con\u0000.txt',
  ];
  server.log.records.length = 0;
  const form = formOf(...names.map((filename, i) => ({ name: `f${i}`, filename, value: String(i) })));
  const path = `/api/${PROJECT}/events/${SMALL_EVENT.event_id}/attachments/?${KEY}`;
  expect((await server.send(path, form, { 'content-type': FORM_TYPE })).status).toBe(201);
  const kept = server.sides().flatMap(({ side, data }) => (side === 'attachment' ? [data.filename] : []));
  expect(kept).toHaveLength(names.length);
  for (const name of kept) expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u);
  for (const { name } of server.files()) expect(name).toMatch(/^[0-9a-f]{64}$/);
});

it.each([
  ['two lengths that disagree', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
  ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
  ['a coding that is none', 'Transfer-Encoding: gzip\r\nContent-Length: 5\r\n'],
  ['a length below zero', 'Content-Length: -5\r\n'],
])('contradictory headers are no request: %s', async (_, headers) => {
  const answer = await server.raw(
    `POST /api/${PROJECT}/bulk/?${KEY} HTTP/1.1\r\nHost: x\r\n${headers}\r\n{"message":"smuggled"}\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(server.events().some(({ message }) => JSON.stringify(message ?? '').includes('smuggled'))).toBe(false);
});

it('a thousand tiny requests at once at every streaming door are all answered', async () => {
  const one = formOf({ name: 'a', filename: 'a.txt', value: 'a' });
  const paths = CUT.map(([, path, type]) => [path, type] as const);
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => {
      const [path, type] = paths[i % paths.length] as (typeof paths)[number];
      const body = type === FORM_TYPE ? one : Buffer.from(type.includes('envelope') ? '{}\n' : 'MDMP');
      return server.send(path, body, { 'content-type': type });
    }),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 400, 200]));
});

it('many large Unreal reports at once do not stand in memory at once: the rest is told to come back', async () => {
  const report = deflateSync(unrealArchive(['a.dmp', makeMinidump()], ['big.bin', Buffer.alloc(8 * 1024 * 1024)]), { level: 1 });
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => (await server.send(`/api/${PROJECT}/unreal/${KEYS.active}/`, report)).status),
  );
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(8);
  for (const status of statuses) expect([200, 503]).toContain(status);
});
