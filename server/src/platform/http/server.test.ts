import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../../test/graphql-world.ts';
import { get } from '../../../test/http-get.ts';
import { until } from '../../../test/live-client.ts';
import { Failure } from '../errors.ts';

describe('health and metrics', () => {
  it('is alive, and ready when every check says so', async () => {
    const checks: Record<string, string> = { database: 'ok', disk: 'ok' };
    const world = await startWorld({ ready: async () => checks });
    expect(JSON.parse((await get(world, '/healthz')).text)).toEqual({ status: 'ok' });
    expect(JSON.parse((await get(world, '/readyz')).text)).toEqual({ status: 'ready', checks });
    checks['disk'] = 'full';
    const answer = await get(world, '/readyz');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([503, { status: 'not ready', checks }]);
    await world.stop();
  });

  it('is not ready when the check itself fails', async () => {
    const world = await startWorld({ ready: () => Promise.reject(new Error('secret')) });
    const { status, text } = await get(world, '/readyz');
    expect(status).toBe(503);
    expect(text).not.toContain('secret');
    await world.stop();
  });

  it('shows metrics to this machine only, and not to a proxy on it', async () => {
    const world = await startWorld();
    const { status, headers, text } = await get(world, '/metrics');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const again = (await get(world, '/metrics')).text;
    expect(again).toContain('errata_http_request_seconds_count{route="/metrics",status="2xx"} 1\n');
    expect(text).toContain('# TYPE errata_live_sockets gauge\nerrata_live_sockets 0\n');
    for (const line of again.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[^}]*\})? [-+.\deInf]+)$/);
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']) {
      expect((await get(world, '/metrics', { [header]: '127.0.0.1' })).status).toBe(403);
    }
    await world.stop();
  });

  it('believes a trusted proxy', async () => {
    const world = await startWorld({ trustedProxies: ['127.0.0.1'] });
    expect((await get(world, '/metrics', { 'x-forwarded-for': '8.8.8.8' })).status).toBe(403);
    expect((await get(world, '/metrics', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(200);
    const { body } = await world.post('{ whoAmI }', {}, { 'x-forwarded-for': '9.9.9.9, 8.8.8.8' });
    expect(body.data.whoAmI).toBe('anonymous@8.8.8.8');
    await world.stop();
  });

  it('asks for the token when there is one, also of this machine', async () => {
    const world = await startWorld({ metricsToken: 'a-long-metrics-token' });
    expect((await get(world, '/metrics')).status).toBe(401);
    expect((await get(world, '/metrics', { authorization: 'Bearer a-long-metrics-tokeX' })).status).toBe(401);
    expect(
      (await get(world, '/metrics', { authorization: 'Bearer a-long-metrics-token', 'x-forwarded-for': '8.8.8.8' })).status,
    ).toBe(200);
    await world.stop();
  });
});

describe('hostile and broken requests', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const send = (bytes: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(world.port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });

  it('answers 431 to a megabyte of headers, and others do not notice', async () => {
    const before = process.memoryUsage().rss;
    const answers = Promise.all(
      Array.from({ length: 10 }, () => send(`GET / HTTP/1.1\r\nHost: x\r\n${`X-Pad: ${'x'.repeat(1000)}\r\n`.repeat(1024)}\r\n`)),
    );
    expect((await get(world, '/healthz')).status).toBe(200);
    for (const answer of await answers) expect(answer === '' || answer.startsWith('HTTP/1.1 431 ')).toBe(true);
    expect((await answers).some((answer) => answer.startsWith('HTTP/1.1 431 '))).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each([
    'GARBAGE\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ])('answers 400 to %j', async (bytes) => expect(await send(bytes)).toMatch(/^HTTP\/1\.1 400 /));

  it('bears paths that are no paths', async () => {
    for (const path of ['/%', '/%c0%ae', '/a%2']) {
      const { status, text, headers } = await get(world, path);
      expect([status, JSON.parse(text).error.code, headers['x-content-type-options']]).toEqual([400, 'BAD_INPUT', 'nosniff']);
    }
    expect((await get(world, `/${'x'.repeat(10_000)}`)).status).toBe(404);
    expect((await get(world, '/healthz', { host: 'a b<>' })).status).toBe(200);
  });
});

describe('routes that fail', () => {
  it('give a failure’s status and code, and hide what is a fault of ours', async () => {
    const { createHttpServer } = await import('./server.ts');
    const { Gauges } = await import('./gauges.ts');
    const { keptLog } = await import('../../../test/graphql-world.ts');
    const { log, lines } = keptLog();
    const config = { host: '127.0.0.1', port: 0, baseUrl: 'http://errata.test', trustedProxies: [], metricsToken: undefined };
    const gauges = new Gauges();
    const http = createHttpServer({ config, log, gauges, ready: async () => ({}) });
    http.app.get('/failure', () => {
      throw new Failure('CONFLICT');
    });
    http.app.get('/bug', () => {
      throw new Error('secret detail');
    });
    const failure = await http.app.inject('/failure');
    expect([failure.statusCode, failure.json().error.code]).toEqual([409, 'CONFLICT']);
    const bug = await http.app.inject('/bug');
    expect([bug.statusCode, bug.json().error.code]).toEqual([500, 'INTERNAL']);
    expect(bug.body).not.toContain('secret');
    expect(lines.find((line) => line['bugId'] === bug.json().error.id)).toMatchObject({
      err: { message: 'secret detail' },
      path: '/bug',
    });
    expect(gauges.render()).toContain('errata_bugs_total 1');
    await http.stop();
  });
});

describe('stopping', () => {
  it('finishes what is under way, takes nothing new, and is quick about idle connections', async () => {
    let release = () => {};
    let arrived = false;
    const world = await startWorld({
      ingest(req, res) {
        if (req.url !== '/slow') return false;
        arrived = true;
        release = () => res.end('done');
        return true;
      },
    });
    const idle = connect(world.port, '127.0.0.1');
    idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    const slow = get(world, '/slow', { connection: 'keep-alive' });
    await until(() => arrived);
    const started = performance.now();
    const stopped = world.stop();
    await new Promise((resolve) => idle.once('close', resolve));
    await expect(get(world, '/healthz')).rejects.toThrow();
    release();
    expect((await slow).text).toBe('done');
    await stopped;
    expect(performance.now() - started).toBeLessThan(3000);
    await world.stop(); // again is harmless
  });

  it('answers the operations that came before, and goes on when something cannot be closed', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = false;
    const world = await startWorld({
      authenticate: async () => {
        asked = true;
        await held;
        return { actor: { kind: 'user', name: 'viewer', demand: () => undefined }, sessionId: null };
      },
    });
    world.http.onStop(() => {
      throw new Error('stuck');
    });
    const answer = world.post('{ hello }');
    await until(() => asked);
    const stopped = world.stop();
    await until(() => world.http.stopping && !world.http.server.listening);
    release();
    expect((await answer).body).toEqual({ data: { hello: 'world' } });
    await stopped;
    expect(world.logLines.some((line) => line['msg'] === 'something could not be closed')).toBe(true);
  });

  it('says 503 on /readyz while others are still being closed', async () => {
    const world = await startWorld();
    let seen = 0;
    world.http.onStop(async () => {
      seen = (await get(world, '/readyz')).status;
    });
    await world.stop();
    expect(seen).toBe(503);
  });
});
