import { connect as tcp } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, Tick, type World } from '../../../test/graphql-world.ts';
import { RawClient, until } from '../../../test/live-client.ts';
import { Failure } from '../errors.ts';

const QUERY = 'subscription { tickedSync { seq } }';

let world: World;
beforeAll(async () => {
  world = await startWorld({ liveLimits: { initTimeoutMs: 200, socketsPerUser: 3, anonymousSockets: 5 } });
});
afterAll(() => world.stop());
afterEach(async () => {
  world.live.disconnect(() => true);
  await until(() => world.live.stats.sockets === 0);
});

/** Sends bytes and answers everything that came back until the server hung up. */
const converse = (bytes: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = tcp(world.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });

describe('who may connect', () => {
  it.each([
    ['no token', undefined],
    ['an unknown token', 'Bearer nobody'],
    ['no bearer', 'Basic abc'],
  ])('not: %s', async (_name, authorization) => {
    const client = await RawClient.open(world.port);
    client.say({ type: 'connection_init', payload: authorization === undefined ? {} : { authorization } });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  });

  it.each([
    ['a token in the handshake', { authorization: 'Bearer viewer' }],
    ['a session cookie', { cookie: 'errata_session=session-1', origin: 'http://errata.test' }],
  ])('yes: %s', async (_name, headers) => {
    const client = await RawClient.open(world.port, headers as Record<string, string>);
    client.say({ type: 'connection_init' });
    expect((await client.next()).type).toBe('connection_ack');
  });

  it.each([
    ['a foreign page', { origin: 'https://evil.test', cookie: 'errata_session=session-1' }, '/graphql', '403'],
    ['an opaque origin', { origin: 'null' }, '/graphql', '403'],
    ['another path', {}, '/elsewhere', '404'],
  ])('refuses the handshake: %s', async (_name, headers, path, status) => {
    await expect(RawClient.open(world.port, headers as Record<string, string>, path)).rejects.toThrow(status);
  });

  it('shows nobody a subscription that the table refuses', async () => {
    const client = await RawClient.connect(world.port, 'operator');
    client.subscribe('1', QUERY);
    expect(await client.next()).toMatchObject({ type: 'error', id: '1', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(world.live.stats.subscribers).toBe(0);
  });

  it('closes whose rights were taken, and asks anew who is being let in meanwhile', async () => {
    const [one, two] = [await RawClient.connect(world.port, 'viewer'), await RawClient.connect(world.port, 'operator')];
    one.subscribe('1', QUERY);
    await until(() => world.live.stats.subscribers === 1);
    expect(world.live.disconnect(({ actor }) => actor.name === 'viewer')).toBe(1);
    world.probe.ticks.publish(Object.assign(new Tick(), { seq: 1, text: '' }));
    expect((await one.closed).code).toBe(4403);
    expect(one.results).toEqual([]);
    expect(two.ws.readyState).toBe(two.ws.OPEN);

    let release = () => {};
    let asked = 0;
    const slow = await startWorld({
      authenticate: async () => {
        asked += 1;
        if (asked > 1) throw new Failure('UNAUTHENTICATED');
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { actor: { kind: 'user', name: 'viewer', demand: () => undefined }, sessionId: 1 };
      },
    });
    const client = await RawClient.open(slow.port);
    client.say({ type: 'connection_init' });
    await until(() => asked === 1);
    slow.live.disconnect(() => true);
    release();
    expect((await client.closed).code).toBe(4403);
    await slow.stop();
  });

  it('closes a socket when its session is over', async () => {
    const client = await RawClient.open(world.port, { cookie: 'errata_session=session-1' });
    client.say({ type: 'connection_init' });
    await client.next();
    world.live.sweep();
    world.clock.advance(60_000);
    world.live.sweep();
    expect((await client.closed).code).toBe(4403);
  });
});

describe('how much one may take', () => {
  it('twenty subscriptions a socket', async () => {
    const client = await RawClient.connect(world.port);
    for (let i = 1; i <= 21; i++) client.subscribe(String(i), QUERY);
    expect(await client.next()).toMatchObject({ type: 'error', id: '21', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    await until(() => world.live.stats.subscribers === 20);
  });

  it('so many sockets a user', async () => {
    for (let i = 0; i < 3; i++) await RawClient.connect(world.port);
    const fourth = await RawClient.open(world.port);
    fourth.say({ type: 'connection_init', payload: { authorization: 'Bearer viewer' } });
    expect(await fourth.closed).toEqual({ code: 4403, reason: 'Too many live connections' });
    await RawClient.connect(world.port, 'operator');
  });

  it('so many sockets that do not say who they are, and those not for long', async () => {
    const silent = await Promise.all(Array.from({ length: 5 }, () => RawClient.open(world.port)));
    await expect(RawClient.open(world.port)).rejects.toThrow('503');
    for (const client of silent) expect((await client.closed).code).toBe(4408);
    await RawClient.connect(world.port);
  });

  it.each([
    ['a query', 'query { hello }', 'BAD_INPUT'],
    ['a mutation', 'mutation { signOut { ok } }', 'BAD_INPUT'],
    ['syntax', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields', 'subscription { a: tickedSync { seq } b: tickedSync { seq } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['depth', `subscription { ${'a { '.repeat(13)} b ${'}'.repeat(13)} }`, 'QUERY_TOO_COMPLEX'],
    ['an unnamed choice', 'subscription A { tickedSync { seq } } subscription B { tickedSync { seq } }', 'BAD_INPUT'],
  ])('refuses %s', async (_name, query, expected) => {
    const client = await RawClient.connect(world.port);
    client.subscribe('1', query);
    expect(await client.next()).toMatchObject({ type: 'error', id: '1', payload: [{ extensions: { code: expected } }] });
    client.subscribe('1', QUERY); // the socket lives on
    await until(() => world.live.stats.subscribers === 1);
  });

  it('refuses variables that do not fit', async () => {
    const client = await RawClient.connect(world.port);
    client.subscribe('1', 'subscription T($min: Int) { ticked(min: $min) { seq } }', { min: 'x' });
    expect(await client.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_INPUT' } }] });
  });
});

describe('hostile bytes', () => {
  it.each([
    ['an oversize frame', (client: RawClient) => client.ws.send('x'.repeat(65 * 1024)), 1009],
    ['not JSON', (client: RawClient) => client.ws.send('{'), 4400],
    ['not a message', (client: RawClient) => client.ws.send('{"type":"shutdown"}'), 4400],
    ['invalid UTF-8', (client: RawClient) => client.ws.send(Buffer.from([0xff, 0xfe]), { binary: false }), 1007],
    ['a second init', (client: RawClient) => client.say({ type: 'connection_init' }), 4429],
    [
      'one id twice',
      (client: RawClient) => {
        client.subscribe('1', QUERY);
        client.subscribe('1', QUERY);
      },
      4409,
    ],
  ])('%s closes that socket only', async (_name, send, code) => {
    const [bystander, client] = [await RawClient.connect(world.port), await RawClient.connect(world.port)];
    send(client);
    expect((await client.closed).code).toBe(code);
    bystander.say({ type: 'ping' });
    expect((await bystander.next()).type).toBe('pong');
  });

  it('a subscription before saying who one is', async () => {
    const client = await RawClient.open(world.port);
    client.subscribe('1', QUERY);
    expect((await client.closed).code).toBe(4401);
  });

  it('a handshake that is none', async () => {
    const head = 'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    expect(await converse(`${head}\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await converse(`${head}Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await converse(`${head}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 99\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 (400|426) /,
    );
    expect(await converse('\x16\x03\x01\x02\x00\x01\x00')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('a reset in the middle of a handshake hurts nobody', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = tcp(world.port, '127.0.0.1');
      socket.write(
        'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
      );
      socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n');
      socket.resetAndDestroy();
    }
    await RawClient.connect(world.port);
    await until(() => world.live.stats.sockets === 1);
  });

  it('an upgrade to something else is served as if it had not been asked for', async () => {
    const answer = await converse(
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*"status":"ok"/s);
  });
});

describe('stopping', () => {
  it('says goodbye to live clients with 1001', async () => {
    const stopping = await startWorld();
    const client = await RawClient.connect(stopping.port);
    client.subscribe('1', QUERY);
    await until(() => stopping.live.stats.subscribers === 1);
    await stopping.stop();
    expect((await client.closed).code).toBe(1001);
    expect(stopping.live.stats).toEqual({ subscribers: 0, sockets: 0, groups: 0 });
  });
});
