import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { envelopeOf, KEYS, SMALL_EVENT } from '../../../../test/ingest-server.ts';
import { makeMinidump } from '../../../../test/minidump.ts';

let server: BesideServer;
beforeEach(async () => {
  server = await startBesideServer({ settings: { attachmentMaxMegabytes: 1 } });
});
afterEach(() => server.close());

const ID = SMALL_EVENT.event_id;
const HEADER = { event_id: ID };
const EVENT: [Record<string, unknown>, string] = [{ type: 'event' }, JSON.stringify(SMALL_EVENT)];
const file = (content: string | Uint8Array, more: object = {}): [Record<string, unknown>, string | Uint8Array] => [
  { type: 'attachment', filename: 'log.txt', content_type: 'text/plain', ...more },
  content,
];
const sha = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const attachments = () => server.sides().map(({ data }) => data as unknown as Record<string, unknown>);

describe('attachments of an event', () => {
  it('are in the store before their records are in the log, whatever they hold', async () => {
    const large = randomBytes(900_000);
    const answer = await server.envelope(
      envelopeOf(
        HEADER,
        EVENT,
        file('hello\nworld'),
        file(large, { filename: '../../etc/passwd', attachment_type: 'event.view_hierarchy' }),
        file(''),
      ),
    );
    expect([answer.status, answer.body]).toEqual([200, `{"id":"${ID}"}`]);
    const [event] = server.events();
    const common = { eventId: ID, owner: 'event', occurredAt: event!.occurredAt };
    expect(attachments()).toEqual([
      {
        ...common,
        filename: 'log.txt',
        contentType: 'text/plain',
        type: 'event.attachment',
        sizeBytes: 11,
        sha256: sha('hello\nworld'),
      },
      {
        ...common,
        filename: 'passwd',
        contentType: 'text/plain',
        type: 'event.view_hierarchy',
        sizeBytes: 900_000,
        sha256: sha(large),
      },
      { ...common, filename: 'log.txt', contentType: 'text/plain', type: 'event.attachment', sizeBytes: 0, sha256: sha('') },
    ]);
    for (const { sha256 } of attachments()) await (await server.store.open(sha256 as string))!.close();
    expect(await server.outcomes()).toEqual({});
  });

  it('may come before it in the envelope, and without a length', async () => {
    await server.envelope(
      envelopeOf({}, file('first'), EVENT, [{ type: 'attachment', filename: 'x', length: undefined }, 'to the end']),
    );
    expect(attachments().map(({ sha256, eventId }) => [sha256, eventId])).toEqual([
      [sha('first'), ID],
      [sha('to the end'), ID],
    ]);
  });

  it('that are too large are dropped, and the event lives', async () => {
    const answer = await server.envelope(envelopeOf(HEADER, EVENT, file(Buffer.alloc(1_100_000)), file('small')));
    expect(answer.status).toBe(200);
    expect(server.events()).toHaveLength(1);
    expect(attachments().map(({ sha256 }) => sha256)).toEqual([sha('small')]);
    expect(await server.outcomes()).toEqual({ 'attachment invalid too_large': 1 });
    expect(server.files()).toHaveLength(1);
  });

  it('beyond fifty are dropped', async () => {
    await server.envelope(envelopeOf(HEADER, EVENT, ...Array.from({ length: 53 }, (_, i) => file(`file ${i}`))));
    expect(attachments()).toHaveLength(50);
    expect(await server.outcomes()).toEqual({ 'attachment invalid too_many': 3 });
  });

  it('share the fate of an event that is refused', async () => {
    await server.envelope(envelopeOf(HEADER, [{ type: 'event' }, 'no json'], file('x'.repeat(100_000))));
    expect(await server.outcomes()).toEqual({ 'event invalid json': 1, 'attachment invalid json': 1 });
    expect(server.files()).toEqual([]);
  });

  it('leave nothing behind when the envelope is malformed or cut off', async () => {
    const whole = envelopeOf(HEADER, EVENT, file(Buffer.alloc(200_000)), file(Buffer.alloc(200_000)));
    expect((await server.envelope(whole.subarray(0, whole.length - 50_000))).status).toBe(400);
    expect(server.files()).toEqual([]);
    expect(await server.outcomes()).toEqual({ 'event invalid framing': 1, 'attachment invalid framing': 2 });
  });

  it('are not kept when the log cannot be written', async () => {
    server.log.failing = true;
    expect((await server.envelope(envelopeOf(HEADER, EVENT, file('x')))).status).toBe(503);
    server.log.failing = false;
    expect(await server.outcomes()).toEqual({ 'event failed disk': 1, 'attachment failed disk': 1 });
  });
});

describe('attachments alone', () => {
  it('wait for the event that the envelope names', async () => {
    expect((await server.envelope(envelopeOf(HEADER, file('late')))).status).toBe(200);
    expect(attachments()).toMatchObject([{ eventId: ID, owner: 'pending' }]);
  });

  it('belong to feedback that came with them', async () => {
    const feedback = { contexts: { feedback: { message: 'The button does nothing' } } };
    await server.envelope(
      envelopeOf(HEADER, [{ type: 'feedback' }, JSON.stringify(feedback)], file('png', { filename: 'screenshot.png' })),
    );
    expect(server.sides().map(({ side, data }) => [side, (data as { owner?: string }).owner])).toEqual([
      ['feedback', undefined],
      ['attachment', 'feedback'],
    ]);
  });

  it('of nothing are refused; of a transaction they are not wanted', async () => {
    await server.envelope(envelopeOf({}, file('whose?')));
    await server.envelope(envelopeOf(HEADER, [{ type: 'transaction' }, '{}'], file('x')));
    expect(await server.outcomes()).toEqual({
      'attachment invalid no_event_id': 1,
      'attachment filtered no_event': 1,
      'transaction accepted': 1,
    });
  });
});

it('a project may want no attachments', async () => {
  await server.close();
  server = await startBesideServer({ settings: { attachmentMaxMegabytes: 0 } });
  await server.envelope(envelopeOf(HEADER, EVENT, file('x')));
  expect(server.events()).toHaveLength(1);
  expect(await server.outcomes()).toEqual({ 'attachment filtered attachments_off': 1 });
  expect(server.files()).toEqual([]);
});

describe('a minidump', () => {
  const dump = makeMinidump({ instruction: 0x400abcn });
  const item = file(dump, { filename: 'x.dmp', attachment_type: 'event.minidump', content_type: 'application/x-dmp' });

  it('tells of the crash for the event beside it, whose own words win', async () => {
    const event = { event_id: ID, platform: 'native', release: 'shop@1', contexts: { os: { name: 'Haiku' } } };
    await server.envelope(envelopeOf(HEADER, [{ type: 'event' }, JSON.stringify(event)], item));
    const [made] = server.events();
    expect(made).toMatchObject({
      eventId: ID,
      release: 'shop@1',
      level: 'fatal',
      contexts: { os: { name: 'Haiku' }, device: { arch: 'x86_64' } },
    });
    expect(made!.exceptions).toMatchObject([{ type: 'Minidump', value: 'SIGSEGV: at 0x8 in shop', handled: false }]);
    expect(attachments()).toMatchObject([{ owner: 'event', type: 'event.minidump', sha256: sha(dump) }]);
  });

  it('alone becomes an event', async () => {
    const answer = await server.envelope(envelopeOf(HEADER, item));
    expect(answer.body).toBe(`{"id":"${ID}"}`);
    expect(server.events()).toMatchObject([{ eventId: ID, level: 'fatal', platform: 'native' }]);
    expect(attachments()).toMatchObject([{ owner: 'event' }]);
  });

  it('that is none is a file like any other', async () => {
    await server.envelope(envelopeOf(HEADER, EVENT, file('not a dump', { attachment_type: 'event.minidump' })));
    expect(server.events()[0]!.exceptions[0]!.type).not.toBe('Minidump');
    expect(attachments()).toHaveLength(1);
  });
});

it('every item has one outcome, whatever came together', async () => {
  const items = [
    EVENT,
    file('a'),
    file('b', { filename: 'b' }),
    [{ type: 'user_report' }, '{}'],
    [{ type: 'log', item_count: 1 }, '{"items":[{"level":"info"}]}'],
  ];
  await server.envelope(envelopeOf(HEADER, ...(items as [Record<string, unknown>, string][])), {
    'x-sentry-auth': `Sentry sentry_key=${KEYS.active}`,
  });
  const counted = Object.values(await server.outcomes()).reduce((sum, n) => sum + n, 0);
  expect(counted + server.log.records.filter(({ kind }) => kind !== 'outcomes').length).toBe(items.length);
});
