import { createHash, randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../server.ts';
import { expectUnharmed, expectUnnoticed, type HostileWorld, openHostileWorld, repeat } from './hostile-world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await openHostileWorld();
});
afterAll(() => world?.dispose());

const envelope = (event: string) => `{}\n{"type":"event"}\n${event}\n`;
/** What a refusal of ingestion looks like: JSON with the reason, and the header SDKs print. */
const refusal = ({ status, headers, body }: { status: number; headers: string; body: string }) => ({
  status,
  told: /^x-sentry-error: ./im.test(headers) && typeof JSON.parse(body).detail === 'string',
});

describe('bodies', () => {
  // An attachment of zeros, 56 MiB above the limit of an envelope: well framed, so that only its size can stop it.
  const size = 256 * 1024 * 1024;
  const bomb = Buffer.concat([Buffer.from(`{}\n{"type":"attachment","length":${size}}\n`), Buffer.alloc(size)]);
  it.each([
    ['gzip', () => gzipSync(bomb, { level: 9 })],
    ['deflate', () => deflateSync(bomb, { level: 9 })],
    ['br', () => brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
    ['zstd', () => zstdCompressSync(bomb)],
  ])('a %s bomb, eight times at once, is 413', async (coding, pack) => {
    const packed = pack();
    const watch = await world.meanwhile(async () => {
      const answers = await Promise.all(repeat(8, () => world.post(world.envelopePath, packed, { 'content-encoding': coding })));
      for (const answer of answers) expect(refusal(answer)).toEqual({ status: 413, told: true });
    });
    expectUnnoticed(watch);
  });

  it('a bomb inside one event, under the limit of the envelope, is 413', async () => {
    const packed = gzipSync(envelope(`{"message":"${'a'.repeat(64 * 1024 * 1024)}"}`), { level: 9 });
    const watch = await world.meanwhile(async () => {
      for (const answer of await Promise.all(
        repeat(8, () => world.post(world.envelopePath, packed, { 'content-encoding': 'gzip' })),
      ))
        expect(refusal(answer)).toEqual({ status: 413, told: true });
    });
    expectUnnoticed(watch);
  });

  it('bodies cut short, of no known coding, or of another than they say are refused', async () => {
    const good = Buffer.from(envelope('{"message":"x"}'));
    const cases: [string, Buffer, Record<string, string>, number][] = [
      ['gzip cut in the middle', gzipSync(good).subarray(0, 25), { 'content-encoding': 'gzip' }, 400],
      ['not gzip at all', good, { 'content-encoding': 'gzip' }, 400],
      ['a coding nobody knows', good, { 'content-encoding': 'lzma' }, 415],
      ['nothing', Buffer.alloc(0), {}, 400],
      ['noise', randomBytes(5000), {}, 400],
      ['noise that claims to be zstd', randomBytes(5000), { 'content-encoding': 'zstd' }, 400],
    ];
    for (const [name, body, headers, status] of cases)
      expect([name, refusal(await world.post(world.envelopePath, body, headers))]).toEqual([name, { status, told: true }]);
  });

  it('a body shorter or longer than its length harms nobody but its sender', async () => {
    const head = (length: number | string) =>
      `POST ${world.envelopePath} HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`;
    const body = envelope('{"message":"x"}');
    // Shorter, and the line closed: there is nobody left to answer; or a 400 if there is.
    await world.raw(head(10_000) + body, { end: true }).then(
      ({ status }) => expect(status).toBe(400),
      (error: Error) => expect(error.message).toMatch(/no answer/),
    );
    // Longer: the rest is read as another request, which it is not. Whether the first is answered before that is a race.
    expect([200, 400]).toContain((await world.raw(head(body.length) + body + body)).status);
    for (const length of ['-1', '1e3', '99999999999999999999', '5, 6'])
      expect([length, (await world.raw(head(length) + body)).status]).toEqual([length, 400]);
    // Both ways to tell the length: the old trick to smuggle a request past a proxy.
    const both = `POST ${world.envelopePath} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await world.raw(both)).status).toBe(400);
  });

  it('what claims to be larger than anything is refused before it is sent', async () => {
    const answer = await world.raw(`POST ${world.envelopePath} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000000\r\n\r\n`);
    expect(refusal(answer)).toEqual({ status: 413, told: true });
  });
});

describe('heads', () => {
  it('a megabyte of headers is 431', async () => {
    const watch = await world.meanwhile(async () => {
      const heads = [
        `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(1024 * 1024)}\r\n\r\n`,
        `GET / HTTP/1.1\r\nhost: x\r\n${repeat(20_000, (n) => `x-${n}: some value that is not short\r\n`).join('')}\r\n`,
        `GET /${'a'.repeat(1024 * 1024)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      ];
      for (const head of heads) expect((await world.raw(head)).status).toBe(431);
    });
    expectUnnoticed(watch);
  });

  it('what is no HTTP is 400', async () => {
    for (const bytes of [
      'HELO errata\r\n\r\n',
      '\0\0\0\0\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n`,
    ])
      expect((await world.raw(bytes)).status).toBe(400);
  });

  it('a thousand connections that say nothing leave room for others', async () => {
    const watch = await world.meanwhile(async () => {
      const { connect } = await import('node:net');
      const mute = repeat(1000, () => connect(world.port, '127.0.0.1').on('error', () => undefined));
      await Promise.all(mute.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
      for (const socket of mute) socket.write('POST /api/1/envelope/ HTTP/1.1\r\nhost');
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const socket of mute) socket.destroy();
    });
    expectUnnoticed(watch);
  });
});

describe('events', () => {
  it.each<[string, () => string | Buffer]>([
    [
      'invalid UTF-8',
      () =>
        Buffer.concat([
          Buffer.from('{}\n{"type":"event"}\n{"message":"'),
          Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80]),
          Buffer.from('"}\n'),
        ]),
    ],
    ['lone surrogates, NUL and direction marks', () => envelope('{"message":"\\ud800 \\u0000 \\u202e evil"}')],
    ['fifty thousand tags', () => envelope(`{"message":"tags","tags":{${repeat(50_000, (n) => `"tag${n}":"v"`).join()}}}`)],
    [
      'names of prototypes',
      () =>
        envelope(
          '{"__proto__":{"level":"fatal"},"constructor":{"prototype":{}},"tags":{"__proto__":"x","toString":"y"},"message":"proto"}',
        ),
    ],
    ['a number beyond numbers', () => envelope('{"message":"n","timestamp":1e999,"extra":{"n":1e999}}')],
    [
      'wrong types everywhere',
      () =>
        envelope(
          '{"exception":{"values":{"a":1}},"breadcrumbs":7,"tags":[[1]],"user":"me","request":[],"contexts":"x","fingerprint":{},"level":99,"message":["a"]}',
        ),
    ],
  ])('%s are kept, repaired', async (_name, make) => {
    const answer = await world.post(world.envelopePath, make());
    expect(answer.status).toBe(200);
    const { id } = JSON.parse(answer.body) as { id: string };
    const found = await eventually(
      () =>
        world.server.graphql<{ errorEvent: { title: string; raw: unknown } | null }>(
          'query ($id: String) { errorEvent(eventId: $id) { title raw } }',
          { id },
        ),
      ({ errorEvent }) => errorEvent !== null,
    );
    const shown = JSON.stringify(found);
    expect(shown).not.toMatch(/\\ud800|\\u0000/);
    expect(shown.length).toBeLessThan(200_000);
  });

  it('a million tags are refused, and JSON nested without end hurts nobody', async () => {
    const million = envelope(`{"message":"tags","tags":{${repeat(1_000_000, (n) => `"tag${n}":"v"`).join()}}}`);
    const deep = envelope(`{"message":"deep","extra":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`);
    const watch = await world.meanwhile(async () => {
      for (const answer of await Promise.all(repeat(8, () => world.post(world.envelopePath, million))))
        expect(refusal(answer)).toEqual({ status: 413, told: true });
      for (const answer of await Promise.all(repeat(8, () => world.post(world.envelopePath, deep))))
        expect([200, 400]).toContain(answer.status);
    });
    expectUnnoticed(watch);
  });

  it('a flood of 20,000 distinct messages is taken; after 10,000 errors in an hour the rest becomes one', {
    timeout: 180_000,
  }, async () => {
    const total = 20_000;
    const { projects } = await world.server.graphql<{ projects: { openErrorCount: number }[] }>(
      '{ projects { openErrorCount } }',
    );
    // No words in common that a template could find.
    const message = (n: number) =>
      createHash('sha256')
        .update(String(n))
        .digest('base64')
        .replace(/[^A-Za-z]/g, '')
        .match(/.{1,7}/g)!
        .join(' ');
    const watch = await world.meanwhile(async () => {
      let next = 0;
      const sender = async () => {
        while (next < total) {
          const body = envelope(
            JSON.stringify({
              exception: { values: [{ type: `T${message(next)}`.replaceAll(' ', ''), value: message(next++) }] },
            }),
          );
          const response = await fetch(`${world.server.url}${world.envelopePath}`, { method: 'POST', body });
          if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
          await response.arrayBuffer();
        }
      };
      await Promise.all(repeat(32, sender));
    });
    expectUnnoticed(watch);
    const { errors } = await eventually(
      () =>
        world.server.graphql<{ errors: { totalCount: number; edges: { node: { title: string; eventCount: number } }[] } }>(
          '{ errors(first: 1, query: "Too many distinct errors") { totalCount edges { node { title eventCount } } } }',
        ),
      (answer) => (answer.errors.edges[0]?.node.eventCount ?? 0) > 9000,
      60_000,
    );
    expect(errors.edges[0]!.node.title).toBe('Too many distinct errors');
    const after = await world.server.graphql<{ projects: { openErrorCount: number }[] }>('{ projects { openErrorCount } }');
    expect(after.projects[0]!.openErrorCount - projects[0]!.openErrorCount).toBeLessThanOrEqual(10_001);
  });
});

it('after all of it the server is what it was', () => expectUnharmed(world));
