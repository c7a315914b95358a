import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiToken } from '../src/modules/access/access.entity.ts';
import { revokes } from '../src/modules/access/access-events.ts';
import type { Actor } from '../src/modules/access/actor.ts';
import { SYSTEM } from '../src/modules/access/actor-for.ts';
import { audienceOf, userKeyOf } from '../src/modules/access/audience.ts';
import type { Permission } from '../src/modules/access/permissions.ts';
import { ROUTE_REQUIREMENTS } from '../src/modules/access/requirements.ts';
import { installAttachmentRoute } from '../src/modules/errors/attachments/attachment.routes.ts';
import { AttachmentService } from '../src/modules/errors/attachments/attachment.service.ts';
import { type Artifacts, buildArtifacts } from '../src/modules/projects/artifacts/build-artifacts.ts';
import { openMainWriter } from '../src/platform/db/main-writer.ts';
import type { Sql } from '../src/platform/db/sql.ts';
import { ContentStore } from '../src/platform/files/content-store.ts';
import { mountGraphql } from '../src/platform/graphql/mount.ts';
import { Gauges } from '../src/platform/http/gauges.ts';
import { createHttpServer, type HttpServer } from '../src/platform/http/server.ts';
import { type AccessWorld, accessSchema, openAccessWorld, PASSWORD } from './access-world.ts';
import { openTestDatabase, type TestDatabase } from './databases.ts';
import { RawClient } from './live-client.ts';

/** From the bytes of a request to who it is, and back: cookies, tokens, sockets. */
const ORIGIN = 'https://errata.example';
const METRICS_TOKEN = 'metrics-token-for-tests';
let db: TestDatabase;
let world: AccessWorld;
let http: HttpServer;
let port: number;
let write: Sql;
let artifacts: Artifacts;

beforeAll(async () => {
  db = await openTestDatabase('sqlite');
  world = openAccessWorld(db, ORIGIN);
  const { bus, clock, log } = world;
  const config = { host: '127.0.0.1', port: 0, baseUrl: ORIGIN, trustedProxies: [], metricsToken: METRICS_TOKEN };
  const gauges = new Gauges();
  http = createHttpServer({ config, log, gauges, ready: async () => ({ database: 'ok' }) });
  const { live } = await mountGraphql<Actor>(http, {
    schema: accessSchema(world),
    authenticate: (credentials) => world.access.authenticator.authenticate(credentials),
    identify: (actor) => ({ userKey: userKeyOf(actor), audience: audienceOf(actor) }),
    config,
    log,
    clock,
    gauges,
  });
  const authenticate = (credentials: Parameters<typeof world.access.authenticator.authenticate>[0]) =>
    world.access.authenticator.authenticate(credentials);
  write = await openMainWriter(db.orm, db.config);
  const kept = { ...db.config, baseUrl: ORIGIN };
  artifacts = buildArtifacts({
    ...{ read: db.read, write, bus, clock, log, config: kept, projects: world.projects.projects },
    authenticate: ({ bearer, cookie }) => authenticate({ bearer, cookie }),
  });
  await artifacts.mount(http);
  const store = new ContentStore({ directory: join(db.config.dataDir, 'attachments'), clock });
  installAttachmentRoute(http.app, { attachments: new AttachmentService({ read: db.read, write, store, clock }), authenticate });
  bus.subscribe('accessRevoked', (fact) => void live.disconnect((identity) => revokes(fact, identity)));
  ({ port } = await http.listen());
}, 60_000);
afterAll(async () => {
  await http.stop();
  await artifacts.close();
  await write.close();
  await db.close();
});

async function post(query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
    body: JSON.stringify({ query }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  return { setCookie: response.headers.get('set-cookie'), body: (await response.json()) as any };
}
const ME = '{ me { user { id } } }';
async function signIn(email: string): Promise<string> {
  const { setCookie } = await post(`mutation { signIn(email: "${email}", password: "${PASSWORD}") { __typename } }`);
  return setCookie!.split(';')[0]!;
}

describe('the session cookie', () => {
  it('is out of reach of scripts, other sites and plain connections', async () => {
    const { user } = await world.person('VIEWER');
    const { setCookie } = await post(`mutation { signIn(email: "${user.email}", password: "${PASSWORD}") { __typename } }`);
    expect(setCookie).toMatch(/^errata_session=[\w-]{43}; /);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/', 'Max-Age=7776000']) expect(setCookie).toContain(part);
  });

  it('signs in, and signs out for good: the old one is worth nothing afterwards', async () => {
    const { user } = await world.person('VIEWER');
    const cookie = await signIn(user.email);
    expect((await post(ME, { cookie })).body.data.me.user.id).toBe(String(user.id));
    const { setCookie } = await post('mutation { signOut { ok } }', { cookie });
    expect(setCookie).toMatch(/^errata_session=; .*Max-Age=0/);
    expect((await post(ME, { cookie })).body.data.me).toBeNull();
  });

  it('of somebody else cannot be made from an id or a neighbour', async () => {
    const { user } = await world.person('OWNER');
    const cookie = await signIn(user.email);
    const [session] = await world.access.sessions.listOf(user.id);
    const forged = [
      `errata_session=${session!.id}`,
      `errata_session=${session!.tokenHash}`,
      `${cookie.slice(0, -1)}A`,
      `${cookie}x`,
    ];
    for (const value of forged.filter((text) => text !== cookie)) {
      expect((await post(ME, { cookie: value })).body.data.me, value).toBeNull();
    }
    expect((await post(ME, { cookie: `theme=dark; ${cookie}; x=y` })).body.data.me).not.toBeNull();
  });

  it('does not work for a request that another site makes', async () => {
    const { user } = await world.person('OWNER');
    const cookie = await signIn(user.email);
    const { body } = await post(ME, { cookie, origin: 'https://evil.example' });
    expect(body.errors[0].extensions.code).toBe('ORIGIN_REFUSED');
  });
});

describe('a bearer token', () => {
  it('acts within its scopes; a dead or forged one is refused even beside a good cookie', async () => {
    const { user, actor } = await world.person('ADMIN');
    const cookie = await signIn(user.email);
    const made = await world.access.tokens.create(actor, { name: 'ci', scopes: ['projects:read'] });
    if (!('secret' in made)) throw new Error(made.message);
    const authorization = `Bearer ${made.secret}`;
    expect((await post('{ projects { id } }', { authorization })).body.errors).toBeUndefined();
    expect((await post('{ users { id } }', { authorization })).body.errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await post('{ sessions { id } }', { authorization, cookie })).body.errors[0].extensions.code).toBe('FORBIDDEN');
    const forged = `${authorization.slice(0, -1)}${authorization.endsWith('a') ? 'b' : 'a'}`;
    expect((await post(ME, { authorization: forged, cookie })).body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    await world.access.tokens.revoke(actor, String(made.token.id));
    expect((await post(ME, { authorization, cookie })).body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect(await db.orm.em.fork().count(ApiToken, { id: made.token.id })).toBe(1);
  });
});

describe('a live socket', () => {
  const open = async (headers: Record<string, string>, payload?: object) => {
    const client = await RawClient.open(port, { origin: ORIGIN, ...headers });
    client.say({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
    return client;
  };

  it('is closed with its session, with everything of its user, and with its token; others stay', async () => {
    const [ann, bob] = [await world.person('OPERATOR'), await world.person('OPERATOR')];
    const made = await world.access.tokens.create(ann.actor, { name: 'ci', scopes: ['errors:read'] });
    if (!('secret' in made)) throw new Error(made.message);
    const first = await open({ cookie: await signIn(ann.user.email) });
    const second = await open({ cookie: await signIn(ann.user.email) });
    const script = await open({ authorization: `Bearer ${made.secret}` });
    const other = await open({ cookie: await signIn(bob.user.email) });
    for (const client of [first, second, script, other]) expect((await client.next()).type).toBe('connection_ack');

    const [, oldest] = await world.access.sessions.listOf(ann.user.id);
    await world.access.sessions.end(oldest!.id, ann.user.id);
    expect((await first.closed).code).toBe(4403);
    expect(second.ws.readyState).toBe(second.ws.OPEN);
    await world.access.tokens.revoke(ann.actor, String(made.token.id));
    expect((await script.closed).code).toBe(4403);
    await world.access.users.update(SYSTEM, String(ann.user.id), { disabled: true });
    expect((await second.closed).code).toBe(4403);
    expect(other.ws.readyState).toBe(other.ws.OPEN);
    await other.close();
  });
});

/** An address below `/api/0` for each method. */
const METHOD_PATHS: Record<string, string> = {
  GET: '/api/0/organizations/any/chunk-upload/',
  POST: '/api/0/organizations/any/releases/',
  PUT: '/api/0/organizations/any/releases/1.0/',
  DELETE: '/api/0/projects/any/any/files/source-maps/?name=1',
};

/** The secret of a token with one scope, of somebody who may everything. */
async function token(scope: Permission): Promise<string> {
  const { actor } = await world.person('OWNER');
  const made = await world.access.tokens.create(actor, { name: scope, scopes: [scope] });
  if (!('secret' in made)) throw new Error(made.message);
  return made.secret;
}

describe('what each HTTP route asks of strangers', () => {
  const cases = Object.entries(ROUTE_REQUIREMENTS).filter(([, requirement]) => requirement !== 'dsn-key');

  it.each(cases)('%s: %s', async (route, requirement) => {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern
      .replace(':projectId', '1')
      .replace(':id', '1')
      .replace('/api/0/*', METHOD_PATHS[method] ?? '')
      .replace('*', 'anything');
    if (method === 'WS') {
      const client = await RawClient.open(port, { origin: ORIGIN }, path); // the handshake is open; who it is comes first thing
      await client.close();
      return;
    }
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { origin: ORIGIN, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(method === 'POST' ? { body: JSON.stringify({ query: '{ __typename }' }) } : {}),
      });
    const { status } = await ask();
    if (requirement === 'public') {
      expect([401, 403]).not.toContain(status);
      return;
    }
    expect(status).toBe(401);
    if (requirement !== 'metrics-token') {
      expect((await ask({ authorization: `Bearer ${await token('errors:write')}` })).status).toBe(403);
      expect([401, 403]).not.toContain((await ask({ authorization: `Bearer ${await token(requirement as Permission)}` })).status);
      return;
    }
    expect((await ask({ authorization: 'Bearer metrics-token-for-test' })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${METRICS_TOKEN}` })).status).toBe(200);
  });
});
