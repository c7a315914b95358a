import { createHash, randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../server.ts';
import { type HostileWorld, openHostileWorld, type Watch } from './hostile-world.ts';

/** What other clients may notice of any attack below, and what the process may weigh. */
const SLOWEST_MS = 1000;
const MOST_BYTES = 512 * 1024 * 1024;

let world: HostileWorld;
beforeAll(async () => {
  world = await openHostileWorld();
});
afterAll(() => world?.dispose());

function expectUnnoticed({ slowestMs, rounds, peakRss }: Watch): void {
  expect(rounds).toBeGreaterThan(0);
  expect(slowestMs).toBeLessThan(SLOWEST_MS);
  expect(peakRss).toBeLessThan(MOST_BYTES);
}
const repeat = <T>(times: number, act: (n: number) => T) => Array.from({ length: times }, (_, n) => act(n));
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

describe('GraphQL', () => {
  const signedIn = () => ({ cookie: world.server.cookie });
  const code = (answer: Awaited<ReturnType<HostileWorld['graphql']>>) => [
    answer.status,
    answer.json.errors?.[0]?.extensions.code,
  ];
  const deep = `{ errors { edges { node { ${'latestEvent { group { '.repeat(40)} id ${'} }'.repeat(40)} } } } }`;
  const costly = '{ errors(first: 200) { edges { node { events(first: 200) { edges { node { id title culprit } } } } } } }';
  const spreads = `{ ...f0 } ${repeat(26, (n) => `fragment f${n} on Query { ${n === 25 ? 'me { user { id } }' : `...f${n + 1} ...f${n + 1}`} }`).join(' ')}`;
  const aliases = `{ ${repeat(1000, (n) => `a${n}: me { user { id } }`).join(' ')} }`;

  it.each<[string, unknown, number, string]>([
    ['nesting without end', { query: deep }, 400, 'QUERY_TOO_COMPLEX'],
    ['a thousand aliases', { query: aliases }, 400, 'QUERY_TOO_COMPLEX'],
    ['lists of lists', { query: costly }, 400, 'QUERY_TOO_COMPLEX'],
    ['fragments that double 25 times', { query: spreads }, 400, 'QUERY_TOO_COMPLEX'],
    [
      'fragments in a circle',
      { query: '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['sixty thousand characters', { query: `{ me { user { id } } } #${'x'.repeat(60_000)}` }, 400, 'QUERY_TOO_COMPLEX'],
    ['brackets only', { query: '{a'.repeat(20_000) }, 400, 'QUERY_TOO_COMPLEX'],
    ['a first beyond the limit', { query: '{ errors(first: 100000) { totalCount } }' }, 400, 'BAD_INPUT'],
    [
      'a first beyond the limit in a variable',
      { query: 'query ($n: Int) { errors(first: $n) { totalCount } }', variables: { n: 100_000 } },
      400,
      'BAD_INPUT',
    ],
    ['a batch of 100', repeat(100, () => ({ query: '{ me { user { id } } }' })), 400, 'BAD_INPUT'],
    ['no query', { variables: {} }, 400, 'BAD_INPUT'],
    ['a query that is no text', { query: { a: 1 } }, 400, 'BAD_INPUT'],
    ['a subscription by POST', { query: 'subscription { errorEventReceived { id } }' }, 400, 'BAD_INPUT'],
    ['a field there is not', { query: '{ passwords }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s is refused, fifty times over', async (_name, body, status, expected) => {
    const watch = await world.meanwhile(async () => {
      for (const answer of await Promise.all(repeat(50, () => world.graphql(body, signedIn()))))
        expect(code(answer)).toEqual([status, expected]);
    });
    expectUnnoticed(watch);
  });

  it('a query of more than a megabyte is 413', async () => {
    const watch = await world.meanwhile(async () => {
      const answers = await Promise.all(
        repeat(8, () => world.graphql({ query: `{ me { user { id } } } #${'x'.repeat(1_100_000)}` }, signedIn())),
      );
      for (const { status, body } of answers) expect([status, JSON.parse(body).error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    });
    expectUnnoticed(watch);
  });

  it('a search made to be slow is answered in time or refused', async () => {
    const hostile = [
      `${'*a'.repeat(400)}*`,
      '%'.repeat(900),
      `"${'\\'.repeat(800)}"`,
      `${'!'.repeat(500)}x`,
      repeat(30, (n) => `t${n}:*x*`).join(' '),
    ];
    const watch = await world.meanwhile(async () => {
      for (const query of hostile) {
        const answer = await world.graphql(
          { query: 'query ($q: String) { errors(query: $q, first: 5) { totalCount } }', variables: { q: query } },
          signedIn(),
        );
        expect([200, 400]).toContain(answer.status);
      }
    });
    expectUnnoticed(watch);
  });

  it('the schema is shown to nobody who is not signed in', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "User") { name } }',
      '{ me { user { id } } ...x } fragment x on Query { __schema { queryType { name } } }',
    ]) {
      expect(code(await world.graphql({ query }))).toEqual([401, 'UNAUTHENTICATED']);
      expect((await world.graphql({ query }, signedIn())).status).toBe(200);
    }
  });
});

describe('who asks', () => {
  const query = { query: '{ projects { slug keys { dsn } } }' };
  const sees = ({ body }: { body: string }) =>
    body.includes('sentry') || body.includes('my-project') || /[0-9a-f]{32}@/.test(body);

  it('a forged cookie is nobody’s', async () => {
    const [name, value = ''] = world.server.cookie.split('=');
    const forged = [
      `${name}=`,
      `${name}=${'A'.repeat(43)}`,
      `${name}=${value.slice(0, -1)}`,
      `${name}=${value}x`,
      `${name}=${value.toLowerCase()}`,
      `${name}="${value}"`,
      `${name}=1 or 1=1`,
      `${name}=${'a'.repeat(8000)}`,
      `${name}=../../etc/passwd`,
    ];
    for (const cookie of forged) {
      const answer = await world.graphql(query, { cookie });
      expect([cookie.slice(0, 60), answer.json.errors?.[0]?.extensions.code, sees(answer)]).toEqual([
        cookie.slice(0, 60),
        'UNAUTHENTICATED',
        false,
      ]);
    }
  });

  it('a forged token is refused, and so is none', async () => {
    for (const authorization of [
      'Bearer x',
      `Bearer errata_${'A'.repeat(43)}`,
      'Bearer null',
      `Bearer ${'a'.repeat(6000)}`,
      'Basic YWRtaW46YWRtaW4=',
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.',
    ]) {
      const answer = await world.graphql(query, { authorization });
      expect([authorization.slice(0, 60), answer.status < 500, answer.json.errors?.[0]?.extensions.code, sees(answer)]).toEqual([
        authorization.slice(0, 60),
        true,
        'UNAUTHENTICATED',
        false,
      ]);
    }
  });

  it('a page of another site can neither change nor read', async () => {
    const signOut = { query: 'mutation { signOut { ok } }' };
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${world.port}.evil.example`,
      `https://127.0.0.1:${world.port}`,
    ]) {
      const answer = await world.graphql(signOut, { cookie: world.server.cookie, origin });
      expect([
        origin,
        answer.status,
        answer.json.errors?.[0]?.extensions.code,
        /access-control-allow/i.test(answer.headers),
      ]).toEqual([origin, 403, 'ORIGIN_REFUSED', false]);
    }
    const form = await world.post('/graphql', 'query=mutation{signOut{ok}}', {
      cookie: world.server.cookie,
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'cross-site',
    });
    expect(form.status).toBeGreaterThanOrEqual(400);
    const get = await world.raw(
      `GET /graphql?query={me{user{id}}} HTTP/1.1\r\nhost: x\r\ncookie: ${world.server.cookie}\r\n\r\n`,
    );
    expect(get.status).toBe(405);
    expect((await world.graphql({ query: '{ me { user { id } } }' }, { cookie: world.server.cookie })).json.data).toMatchObject({
      me: { user: {} },
    });
  });

  it('a WebSocket of another site is refused at the handshake, a stranger’s after it', async () => {
    const upgrade = (origin: string) =>
      world.raw(
        `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${world.port}\r\norigin: ${origin}\r\ncookie: ${world.server.cookie}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
      );
    expect((await upgrade('https://evil.example')).status).toBe(403);
    expect((await upgrade('null')).status).toBe(403);
    expect((await upgrade(world.server.url)).status).toBe(101);

    const closeCode = (cookie: string, say: string[]) =>
      new Promise<number>((resolve) => {
        const ws = new WebSocket(`ws://127.0.0.1:${world.port}/graphql`, 'graphql-transport-ws', { headers: { cookie } });
        ws.on('open', () => {
          for (const message of say) ws.send(message);
        });
        ws.on('close', resolve).on('error', () => undefined);
      });
    const init = '{"type":"connection_init"}';
    expect(await closeCode('', [init])).toBe(4403);
    expect(
      await closeCode('', [`{"type":"subscribe","id":"1","payload":{"query":"subscription { errorEventReceived { id } }"}}`]),
    ).toBe(4401);
    expect(await closeCode(world.server.cookie, [init, 'not json'])).toBe(4400);
    expect(await closeCode(world.server.cookie, [init, init])).toBe(4429);
    expect(await closeCode(world.server.cookie, [`{"type":"${'x'.repeat(100_000)}"}`])).toBe(1009);
  });

  it('guessing a password becomes slow, and the owner is not locked out', async () => {
    const signIn = (password: string) =>
      world.graphql({
        query: 'mutation ($p: String!) { signIn(email: "admin@errata.local", password: $p) { __typename } }',
        variables: { p: password },
      });
    const watch = await world.meanwhile(async () => {
      const outcomes = (await Promise.all(repeat(60, (n) => signIn(`guess-${n}`)))).map(
        ({ json }) => (json.data as { signIn: { __typename: string } }).signIn.__typename,
      );
      expect(new Set(outcomes)).toEqual(new Set(['ValidationRefusal', 'ThrottledRefusal']));
      expect(outcomes.filter((outcome) => outcome === 'ValidationRefusal').length).toBeLessThanOrEqual(5);
    });
    expectUnnoticed(watch);
    expect((await world.server.graphql<{ me: object | null }>('{ me { user { id } } }')).me).not.toBeNull();
  });
});

it('after all of it the server is what it was', async () => {
  expect(world.rss()).toBeLessThan(MOST_BYTES);
  expect(world.server.output()).not.toMatch(/"level":50|"level":60|unhandled/i);
  const ready = await fetch(`${world.server.url}/readyz`);
  expect(ready.status).toBe(200);
  const metrics = await (await fetch(`${world.server.url}/metrics`)).text();
  expect(metrics).toMatch(/^errata_bugs_total 0$/m);
});
