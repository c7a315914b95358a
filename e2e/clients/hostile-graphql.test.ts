import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { expectUnharmed, expectUnnoticed, type HostileWorld, openHostileWorld, repeat } from './hostile-world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await openHostileWorld();
});
afterAll(() => world?.dispose());

const _envelope = (event: string) => `{}\n{"type":"event"}\n${event}\n`;
/** What a refusal of ingestion looks like: JSON with the reason, and the header SDKs print. */
const _refusal = ({ status, headers, body }: { status: number; headers: string; body: string }) => ({
  status,
  told: /^x-sentry-error: ./im.test(headers) && typeof JSON.parse(body).detail === 'string',
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

it('after all of it the server is what it was', () => expectUnharmed(world));
