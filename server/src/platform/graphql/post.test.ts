import { execute, getIntrospectionQuery, parse, buildSchema as parseSdl } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, testSchema, type World } from '../../../test/graphql-world.ts';
import { isCompilable } from './executor.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const code = (body: { errors?: { extensions: { code: string } }[] }) => body.errors?.[0]?.extensions.code;
const ANONYMOUS = {};

describe('operations', () => {
  it('answers the same with and without compiled code', async () => {
    const query =
      'query Q($n: Int! = 2) { items(first: $n) { totalCount edges { cursor node { id name createdAt tags } } } hello }';
    const first = await world.post(query);
    const second = await world.post(query);
    const third = await world.post(query);
    expect(first.status).toBe(200);
    expect(first.body.data.items.edges[1]).toEqual({
      cursor: 'c1',
      node: { id: '1', name: 'item 1', createdAt: '1970-01-01T00:00:01.000Z', tags: ['a', 'b'] },
    });
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect((await world.post(query, { n: 1 })).body.data.items.totalCount).toBe(1);
  });

  it('tells union members apart and shows refusals through their interface', async () => {
    const query = `query F($id: ID!) { find(id: $id) { __typename ... on Item { id } ... on UserError { code message }
      ... on ValidationRefusal { field } } }`;
    for (let round = 0; round < 3; round++) {
      expect((await world.post(query, { id: '7' })).body.data.find).toEqual({ __typename: 'Item', id: '7' });
      expect((await world.post(query, { id: '' })).body.data.find).toEqual({
        __typename: 'ValidationRefusal',
        code: 'EMPTY',
        message: 'Give an id.',
        field: 'id',
      });
      expect((await world.post(query, { id: '404' })).body.data.find).toMatchObject({
        __typename: 'NotFoundRefusal',
        code: 'NOT_FOUND',
      });
    }
  });

  it('shows failures with their code and hides faults of ours behind an id that the log knows', async () => {
    const query = 'query B($code: String) { boom(code: $code) }';
    for (let round = 0; round < 3; round++) {
      const failure = await world.post(query, { code: 'CONFLICT' });
      expect(failure.body.errors[0]).toMatchObject({ path: ['boom'], extensions: { code: 'CONFLICT', hint: 'h' } });
      const fault = await world.post(query);
      expect(fault.body.data).toEqual({ boom: null });
      expect(JSON.stringify(fault.body)).not.toMatch(/secret|stack|TypeError/);
      const { id } = fault.body.errors[0].extensions;
      expect(fault.body.errors[0].extensions).toEqual({ code: 'INTERNAL', id });
      expect(world.logLines.find((line) => line['bugId'] === id)).toMatchObject({
        err: { message: 'secret detail' },
        path: 'boom',
      });
    }
  });

  it('says BAD_INPUT with 400 for variables that do not fit', async () => {
    const query = 'query Q($n: Int!) { items(first: $n) { totalCount } }';
    for (let round = 0; round < 3; round++) {
      const { status, body } = await world.post(query, { n: 'many' });
      expect([status, code(body)]).toEqual([400, 'BAD_INPUT']);
      expect(body.errors[0].message).toContain('$n');
    }
  });

  it('passes JSON through, but not to any depth', async () => {
    const value = { a: [1, null, { b: 'x' }], __proto__: undefined };
    expect((await world.post('query E($v: JSON) { echo(value: $v) }', { v: value })).body.data.echo).toEqual({
      a: [1, null, { b: 'x' }],
    });
    expect((await world.post('{ echo(value: { a: [1, 2.5, "x", true, null] }) }')).body.data.echo).toEqual({
      a: [1, 2.5, 'x', true, null],
    });
    const deep = `{"query":"query E($v: JSON) { echo(value: $v) }","variables":{"v":${'['.repeat(4000)}${']'.repeat(4000)}}}`;
    for (let round = 0; round < 3; round++) {
      const { status, body } = await world.postText(deep);
      expect([status, code(body)]).toEqual([400, 'BAD_INPUT']);
    }
  });

  it('keeps answers out of caches', async () => {
    expect((await world.post('{ hello }')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('who may ask', () => {
  it.each([
    ['public', '{ hello }', ANONYMOUS, undefined],
    ['signed-in, anonymous', 'mutation { signOut { ok } }', ANONYMOUS, 'UNAUTHENTICATED'],
    ['permission, anonymous', '{ list { id } }', ANONYMOUS, 'UNAUTHENTICATED'],
    ['permission held', '{ list { id } }', { authorization: 'Bearer operator' }, undefined],
  ])('%s', async (_name, query, headers, expected) => {
    expect(code((await world.post(query, {}, headers)).body)).toBe(expected);
  });

  it('refuses an unknown token with 401, before anything runs', async () => {
    const { status, body } = await world.post('{ hello }', {}, { authorization: 'Bearer nobody' });
    expect([status, code(body), body.data]).toEqual([401, 'UNAUTHENTICATED', undefined]);
  });

  it('reads and writes the session cookie', async () => {
    const set = await world.post('mutation { signIn(session: "session-1") { ok } }', {}, ANONYMOUS);
    expect(set.headers.get('set-cookie')).toBe('errata_session=session-1; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600');
    const mine = await world.post('{ whoAmI }', {}, { cookie: 'a=b; errata_session=session-1; c=d' });
    expect(mine.body.data.whoAmI).toBe('viewer@127.0.0.1');
    const cleared = await world.post('mutation { signOut { ok } }', {}, { cookie: 'errata_session=session-1' });
    expect(cleared.headers.get('set-cookie')).toMatch(/^errata_session=;.*Max-Age=0$/);
    expect((await world.post('{ whoAmI }', {}, { cookie: 'errata_session=forged' })).body.data.whoAmI).toBe(
      'anonymous@127.0.0.1',
    );
    expect((await world.post('{ whoAmI }', {}, { cookie: 'errata_session="><script>' })).body.data.whoAmI).toBe(
      'anonymous@127.0.0.1',
    );
  });

  it.each([
    ['our own page', { origin: 'http://errata.test' }, 200],
    ['the host it was sent to', { origin: 'HOST' }, 200],
    ['a program', {}, 200],
    ['another site', { origin: 'https://evil.test' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['nonsense', { origin: 'http://' }, 403],
    ['another site, told by the browser only', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another site with somebody else’s basic authentication', { origin: 'https://evil.test', authorization: 'Basic eDp5' }, 403],
    ['another site with a token', { origin: 'https://evil.test', authorization: 'Bearer viewer' }, 200],
  ])('origin: %s', async (_name, headers: Record<string, string>, status) => {
    const origin = headers['origin'] === 'HOST' ? { origin: world.origin } : {};
    const sent = { cookie: 'errata_session=session-1', ...headers, ...origin };
    const answer = await world.post('mutation { signIn(session: "session-1") { ok } }', {}, sent);
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(code(answer.body)).toBe('ORIGIN_REFUSED');
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses a body a form could send: %s',
    async (type) => {
      const body = JSON.stringify({ query: 'mutation { signIn(session: "s") { ok } }' });
      const response = await fetch(`${world.origin}/graphql`, { method: 'POST', headers: { 'content-type': type }, body });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get('set-cookie')).toBeNull();
    },
  );
});

describe('limits', () => {
  const deepJson = (depth: number) => `echo(value: ${'['.repeat(depth)}${']'.repeat(depth)})`;
  const fragments = (n: number) =>
    `{ ...F0 ...F0 } ${Array.from({ length: n }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F${n} on Query { hello }`;

  it.each([
    ['deep', `{ ${'a { '.repeat(13)} b ${'}'.repeat(13)} }`],
    ['absurdly deep', `{ ${'a { '.repeat(3000)} b ${'}'.repeat(3000)} }`],
    ['51 root aliases', `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: hello`).join(' ')} }`],
    ['1001 fields', `{ list { ${'id '.repeat(1001)} } }`],
    ['1001 fields in a fragment nobody uses', `{ hello } fragment F on Item { ${'id '.repeat(1001)} }`],
    ['spreads of spreads', fragments(40)],
    ['too many tokens', `{ hello(${'a: 1 '.repeat(3500)}) }`],
    ['too long', `{ hello } #${'x'.repeat(50_000)}`],
    ['literals too deep for the parser', `{ ${deepJson(4900)} }`],
    ['cost', `{ items(first: 200) { edges { node { ${Array.from({ length: 99 }, (_, i) => `a${i}: id`).join(' ')} } } } }`],
  ])('refuses: %s', async (_name, query) => {
    const started = performance.now();
    const { status, body } = await world.post(query);
    expect([status, code(body), body.data]).toEqual([400, 'QUERY_TOO_COMPLEX', undefined]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('accepts what stays below', async () => {
    expect(
      code((await world.post(`{ ${Array.from({ length: 50 }, (_, i) => `a${i}: hello`).join(' ')} }`)).body),
    ).toBeUndefined();
    expect(
      (await world.post(`{ list { ${Array.from({ length: 990 }, (_, i) => `a${i}: id`).join(' ')} } }`)).body.data.list[1].a989,
    ).toBe('2');
    expect((await world.post(`{ ${deepJson(20)} }`)).body.data.echo).toHaveLength(1);
  });

  it.each([
    ['literal', '{ items(first: 201) { totalCount } }', {}],
    ['variable', 'query Q($n: Int) { items(first: $n) { totalCount } }', { n: 1_000_000 }],
    ['default of the variable', 'query Q($n: Int = 1000) { items(first: $n) { totalCount } }', {}],
    ['negative', '{ items(first: -1) { totalCount } }', {}],
  ])('refuses a `first` out of bounds: %s', async (_name, query, variables) => {
    const { status, body } = await world.post(query, variables);
    expect([status, code(body)]).toEqual([400, 'BAD_INPUT']);
    expect(body.errors[0].message).toContain('between 0 and 200');
  });

  it('refuses circles of fragments, unknown fields and syntax with GraphQL’s own codes', async () => {
    expect(code((await world.post('{ ...A } fragment A on Query { ...A }')).body)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(code((await world.post('{ nothing }')).body)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(code((await world.post('{ hello')).body)).toBe('GRAPHQL_PARSE_FAILED');
  });

  it('shows the schema to actors that are signed in only, and not to any depth', async () => {
    const introspection = getIntrospectionQuery();
    expect((await world.post(introspection)).body.data.__schema.queryType.name).toBe('Query');
    const refused = await world.post(introspection, {}, ANONYMOUS);
    expect([refused.status, code(refused.body)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(code((await world.post('{ __type(name: "Item") { name } }', {}, ANONYMOUS)).body)).toBe('UNAUTHENTICATED');
    expect((await world.post('{ __typename hello }', {}, ANONYMOUS)).body.data.__typename).toBe('Query');
    const deep = `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} }'.repeat(6)} } } }`;
    expect(code((await world.post(deep)).body)).toMatch(/GRAPHQL_VALIDATION_FAILED|QUERY_TOO_COMPLEX/);
  });

  it('counts `first` once on a connection, and lists inside lists', async () => {
    const wide = (n: number) =>
      `{ items(first: 200) { edges { node { ${Array.from({ length: n }, (_, i) => `a${i}: id`).join(' ')} } } } }`;
    expect(code((await world.post(wide(98))).body)).toBeUndefined(); // 2 + 200 × (1 + 98) = 19,802
    expect(code((await world.post(wide(99))).body)).toBe('QUERY_TOO_COMPLEX'); // 2 + 200 × (1 + 99)
  });

  it.each([
    ['a batch', '[{"query":"{ hello }"},{"query":"{ hello }"}]'],
    ['no query', '{}'],
    ['not an object', '"x"'],
    ['a query that is no text', '{"query":{"kind":"Document"}}'],
    ['an unknown operation', '{"query":"query A { hello } query B { hello }","operationName":"C"}'],
    ['two operations, none named', '{"query":"query A { hello } query B { hello }"}'],
    ['a subscription', '{"query":"subscription { ticked { seq } }"}'],
    ['broken JSON', '{"query":'],
    ['a poisoned prototype', '{"__proto__":{"query":"{ hello }"}}'],
  ])('refuses with 400: %s', async (_name, body) => {
    const response = await fetch(`${world.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer viewer' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('world');
  });

  it('keeps no persisted queries', async () => {
    const { body } = await world.postText('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}');
    expect(code(body)).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  });

  it('takes operations by POST only', async () => {
    const response = await fetch(`${world.origin}/graphql?query={hello}`, { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('refuses a body above a megabyte with 413; by a token above eight', async () => {
    const large = (bytes: number, headers?: Record<string, string>) =>
      world.post('{ hello }', { pad: 'x'.repeat(bytes) }, headers);
    expect((await large(1_100_000, { origin: world.origin })).status).toBe(413);
    expect((await large(1_100_000)).status).toBe(200);
    expect((await large(8_400_000)).status).toBe(413);
  });
});

describe('compiled code', () => {
  it('treats @skip and @include on spreads as graphql-js does', async () => {
    const schema = parseSdl('type Query { a: A } type A { b: String c: String d: A }');
    const root = { a: { b: 'b', c: 'c', d: { b: 'bb', c: 'cc' } } };
    const query = `query Q($x: Boolean!, $y: Boolean!) {
      a { ...F @skip(if: $x) ... @include(if: $y) { c } d { ...F b @include(if: $y) } } a { d { ...F @include(if: $x) } } }
      fragment F on A { b c @skip(if: $y) }`;
    const compiled = compileQuery(schema, parse(query), 'Q', { useExperimentalPathBasedSkipInclude: true });
    if (!isCompiledQuery(compiled)) throw new Error('not compiled');
    for (const x of [true, false]) {
      for (const y of [true, false]) {
        const expected = await execute({ schema, document: parse(query), rootValue: root, variableValues: { x, y } });
        const actual = await compiled.query(root, {}, { x, y });
        expect(JSON.parse(JSON.stringify(actual))).toEqual(JSON.parse(JSON.stringify(expected)));
      }
    }
  });
});

describe('what may be compiled', () => {
  it.each([
    [true, 'query Q($id: ID!) { find(id: $id) { __typename } list { id } items(first: 3) { totalCount } }'],
    [false, '{ find(id: "x") { __typename } }'],
    [false, '{ echo(value: { a: 1 }) }'],
    [false, '{ echo(value: [1]) }'],
    [false, 'query Q($id: ID = "x") { find(id: $id) { __typename } }'],
    [false, '{ __proto__: hello }'],
    [false, '{ constructor: hello }'],
    [false, 'query Q($__proto__: JSON) { echo(value: $__proto__) }'],
  ])('%s: %s', (expected, query) => expect(isCompilable(parse(query))).toBe(expected));

  it('never runs text of a client as code', async () => {
    const marker = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d'; // of graphql-jit 0.8.7
    const code = 'globalThis.breached=1';
    const literals = [`"${marker}${code}"`, `"${marker.replace('_', '\\u005f')}${code}"`, `"""${marker}${code}"""`];
    for (const literal of literals) {
      for (let round = 0; round < 4; round++) {
        await world.post(`{ echo(value: ${literal}) }`);
        await world.post(`query Q($v: JSON = ${literal}) { echo(value: $v) }`);
        await world.post(`{ echo(value: { a: [${literal}] }) }`);
      }
    }
    for (let round = 0; round < 4; round++) await world.post('query Q($v: JSON) { echo(value: $v) }', { v: `${marker}${code}` });
    expect('breached' in globalThis).toBe(false);
  });

  it('makes a handful of errors of a hundred thousand wrong elements', async () => {
    for (let round = 0; round < 3; round++) {
      const { status, body } = await world.post('query S($ids: [ID!]!) { many(ids: $ids) }', {
        ids: Array.from({ length: 100_000 }, () => ({})),
      });
      expect(status).toBe(400);
      expect(body.errors.length).toBeLessThan(60);
    }
  });
});

describe('the table of requirements', () => {
  it('must name every root field and no other', () => {
    expect(() => testSchema(undefined, { 'Query.hello': 'public', 'Query.gone': 'public' })).toThrow(
      /Query\.items has no requirement.*Query\.gone does not exist/,
    );
  });
});
