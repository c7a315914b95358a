import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { makeProject, NOW } from '../../../../test/factories.ts';
import { cartBundle, cartMap, DEBUG_ID, sha1 } from '../../../../test/source-maps.ts';
import { zip } from '../../../cli/zip-writer.ts';
import { Bus } from '../../../platform/bus/bus.ts';
import { days, fixedClock } from '../../../platform/clock.ts';
import { openMainWriter } from '../../../platform/db/main-writer.ts';
import { Failure } from '../../../platform/errors.ts';
import { Gauges } from '../../../platform/http/gauges.ts';
import { createHttpServer, type HttpServer } from '../../../platform/http/server.ts';
import { silentLog } from '../../../platform/log.ts';
import { tokenActor } from '../../access/actor-for.ts';
import { ProjectService } from '../project.service.ts';
import { mapByUrl, mapsByDebugId, projectsWithMaps } from './artifact-lookup.ts';
import { deleteBundles, insertBundle } from './artifact-records.ts';
import { type Artifacts, buildArtifacts } from './build-artifacts.ts';

eachDatabase((db) => {
  const clock = fixedClock(NOW);
  const changed: number[] = [];
  let http: HttpServer;
  let artifacts: Artifacts;
  let origin: string;
  let shop: number;
  let other: number;
  let closeWriter: () => Promise<void>;

  beforeAll(async () => {
    shop = await makeProject(db().write, { slug: 'shop' });
    other = await makeProject(db().write, { slug: 'other' });
    const bus = new Bus(silentLog);
    bus.subscribe('artifactsChanged', ({ projectIds }) => void changed.push(...projectIds));
    const write = await openMainWriter(db().orm, db().config);
    closeWriter = () => write.close();
    const config = { ...db().config, port: 0, host: '127.0.0.1', sourceMapBytes: 100_000 };
    const actors: Record<string, ReturnType<typeof tokenActor>> = {};
    for (const [name, id, scopes, projectIds] of [
      ['ci', 1, ['artifacts:write'], [shop]],
      ['all', 2, ['artifacts:write', 'projects:read'], null],
      ['reader', 3, ['projects:read'], null],
    ] as const)
      actors[name] = tokenActor({ id, name, role: 'ADMIN' }, { id, name, scopes, projectIds }, []);
    artifacts = buildArtifacts({
      read: db().read,
      write,
      bus,
      clock,
      log: silentLog,
      config,
      projects: new ProjectService({ orm: db().orm, sql: db().read, clock, bus, keys: {} as never, directory: {} as never }),
      authenticate: async ({ bearer }) => {
        const actor = actors[bearer ?? ''];
        if (actor === undefined) throw new Failure('UNAUTHENTICATED');
        return { actor, sessionId: null };
      },
    });
    http = createHttpServer({ config, log: silentLog, gauges: new Gauges(), ready: async () => ({ database: 'ok' }) });
    await artifacts.mount(http);
    origin = (await http.listen()).url;
  });
  afterAll(async () => {
    await http.stop();
    await artifacts.close();
    await closeWriter();
  });

  const call = async (
    method: string,
    path: string,
    options: { as?: string; body?: unknown; form?: FormData } = {},
  ): Promise<{
    status: number;
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    body: any;
  }> => {
    const response = await fetch(`${origin}/api/0${path}`, {
      method,
      headers: {
        ...(options.as === '' ? {} : { authorization: `Bearer ${options.as ?? 'ci'}` }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.form === undefined ? {} : { body: options.form }),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const chunk = (
    content: Buffer<ArrayBufferLike>,
    options: { as?: string; name?: string; gzip?: boolean; raw?: Buffer } = {},
  ) => {
    const form = new FormData();
    const bytes = options.raw ?? (options.gzip === true ? gzipSync(content) : content);
    form.append(options.gzip === true ? 'file_gzip' : 'file', new Blob([Uint8Array.from(bytes)]), options.name ?? sha1(content));
    return call('POST', '/organizations/acme/chunk-upload/', { form, ...(options.as === undefined ? {} : { as: options.as }) });
  };
  /** Asks until the server has read the upload. */
  const assembled = async (body: object, as = 'ci') => {
    for (;;) {
      const answer = await call('POST', '/organizations/acme/artifactbundle/assemble/', { body, as });
      if (answer.body.state !== 'assembling') return answer;
    }
  };
  const upload = async (archive: Buffer, options: { project?: string; version?: string; as?: string } = {}) => {
    const as = options.as ?? 'ci';
    await chunk(archive, { as });
    const { project = 'shop', version } = options;
    return assembled(
      { checksum: sha1(archive), chunks: [sha1(archive)], projects: [project], ...(version ? { version } : {}) },
      as,
    );
  };

  it('takes a bundle in pieces, as sentry-cli sends it', async () => {
    const archive = cartBundle({ release: 'shop@1' });
    const { body: options } = await call('GET', '/organizations/acme/chunk-upload/');
    expect(options).toMatchObject({
      hashAlgorithm: 'sha1',
      compression: ['gzip'],
      accept: expect.arrayContaining(['artifact_bundles_v2']),
    });
    const pieces = [archive.subarray(0, 500), archive.subarray(500)];
    const asked = { checksum: sha1(archive), chunks: pieces.map(sha1), projects: ['shop'], version: 'shop@1' };
    expect(await assembled(asked)).toEqual({ status: 200, body: { state: 'not_found', missingChunks: pieces.map(sha1) } });
    expect((await chunk(pieces[0]!, { gzip: true })).status).toBe(200);
    expect((await assembled(asked)).body.missingChunks).toEqual([sha1(pieces[1]!)]);
    expect((await chunk(pieces[1]!)).status).toBe(200);
    expect((await assembled(asked)).body).toEqual({ state: 'ok', missingChunks: [] });
    expect(changed).toContain(shop);
    expect(await projectsWithMaps(db().read)).toEqual(new Set([shop]));
    const plain = DEBUG_ID.replaceAll('-', '');
    expect((await mapsByDebugId(db().read, shop, [plain])).get(plain)).toMatchObject({ url: '~/app.js.map' });
    expect(await mapsByDebugId(db().read, other, [plain])).toEqual(new Map());
    const urls = ['https://shop.test/app.js', '~/app.js'];
    expect(await mapByUrl(db().read, shop, 'shop@1', '', urls)).toMatchObject({ kind: 'found', map: { url: '~/app.js.map' } });
    expect(await mapByUrl(db().read, shop, 'shop@2', '', urls)).toEqual({ kind: 'no_script' });
    // The same once more is there already; its pieces are gone.
    expect((await assembled(asked)).body.state).toBe('ok');
    expect(readdirSync(join(db().config.dataDir, 'artifacts/chunks/1'))).toEqual([]);
    const releases = await db().read.all('select version, event_count from release where project_id = ?', [shop]);
    expect(releases).toEqual([{ version: 'shop@1', event_count: 0 }]);
  });

  it('shows what is there, to whom it may', async () => {
    const reader = tokenActor(
      { id: 3, name: 'r', role: 'ADMIN' },
      { id: 3, name: 'r', scopes: ['projects:read'], projectIds: [shop] },
      [],
    );
    const [bundle] = await artifacts.artifacts.list(reader, shop, { first: 10, search: 'SHOP@1' });
    expect(bundle).toMatchObject({ release: 'shop@1', mapCount: 1, fileCount: 2, problems: [], uploadedBy: 'ci (ci)' });
    expect(await artifacts.artifacts.list(reader, shop, { first: 10, search: DEBUG_ID })).toHaveLength(1);
    expect(await artifacts.artifacts.list(reader, shop, { first: 10, search: '50%' })).toEqual([]);
    expect((await artifacts.artifacts.files(bundle!.id)).map((file) => file.type)).toEqual(['minified_source', 'source_map']);
    await expect(artifacts.artifacts.list(reader, other, { first: 10 })).rejects.toThrow(Failure);
    await expect(artifacts.artifacts.delete(reader, [String(bundle!.id)])).rejects.toThrow(Failure);
  });

  it('lets in tokens with the scope only, and to their projects only', async () => {
    expect((await call('GET', '/', { as: '' })).status).toBe(401);
    expect((await call('GET', '/', { as: 'unknown' })).status).toBe(401);
    expect((await call('GET', '/', { as: 'reader' })).status).toBe(403);
    const archive = cartBundle({ release: 'x', project: 'other' });
    expect(await upload(archive, { project: 'other' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('other') },
    });
    // Named by the manifest alone it is not let in either.
    const asked = { checksum: sha1(archive), chunks: [sha1(archive)] };
    expect((await assembled(asked)).body).toMatchObject({ state: 'error', detail: expect.stringContaining('other') });
    expect(await projectsWithMaps(db().read)).toEqual(new Set([shop]));
    // Another user's pieces are not there for this one.
    expect((await assembled(asked, 'all')).body).toEqual({ state: 'not_found', missingChunks: [sha1(archive)] });
    expect((await upload(archive, { project: String(other), as: 'all' })).body.state).toBe('ok');
  });

  it('refuses what is not what it says', async () => {
    const bytes = Buffer.from('some bytes');
    expect(await chunk(bytes, { name: '0'.repeat(40) })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('checksum') },
    });
    expect((await chunk(bytes, { name: '../../../../etc/passwd' })).status).toBe(400);
    expect((await chunk(bytes, { gzip: true, raw: bytes })).body.detail).toContain('not gzip');
    const bomb = gzipSync(Buffer.alloc(9 * 1024 * 1024));
    expect((await chunk(Buffer.alloc(0), { gzip: true, raw: bomb })).body.detail).toContain('unpacks to more');
    expect((await call('POST', '/organizations/acme/chunk-upload/', { body: {} })).status).toBe(400);
    for (const body of [{}, { checksum: '../x', chunks: [] }, { checksum: sha1(bytes), chunks: 7 }])
      expect([200, 400]).toContain((await call('POST', '/organizations/acme/artifactbundle/assemble/', { body })).status);
    expect((await assembled({ checksum: sha1(bytes), chunks: ['../../errata.db'], projects: ['shop'] })).body.state).toBe(
      'not_found',
    );
    expect(existsSync(join(db().config.dataDir, 'artifacts/chunks/1/passwd'))).toBe(false);
  });

  it.each([
    ['no archive', Buffer.from('no zip at all'), 'no zip'],
    ['no manifest', zip([{ name: 'a.js', content: Buffer.from('x') }]), 'no manifest.json'],
    ['a manifest that is no JSON', zip([{ name: 'manifest.json', content: Buffer.from('{') }]), 'not JSON'],
    ['a manifest without files', zip([{ name: 'manifest.json', content: Buffer.from('[]') }]), 'names no files'],
    ['a path out of the archive', zip([{ name: '../../escape', content: Buffer.from('x') }]), 'cannot be read'],
    ['a size that is a lie', lying(), 'cannot be'],
  ])('answers an upload with %s in words, once', async (_, archive, words) => {
    const answer = await upload(archive, { version: 'broken' });
    expect(answer.body).toMatchObject({ state: 'error', detail: expect.stringContaining(words) });
    expect(existsSync(join(db().config.dataDir, 'escape'))).toBe(false);
  });

  it('says what is wrong with an upload that it takes', async () => {
    const bare = cartMap({ sourcesContent: undefined });
    expect((await upload(cartBundle({ release: 'bare', map: bare, url: '~/bare.js' }))).body.state).toBe('ok');
    expect((await upload(cartBundle({ release: 'torn', map: '{"version":3', url: '~/torn.js' }))).body.state).toBe('ok');
    const rows = await db().read.all<{ release: string; problems: unknown }>(
      `select release, problems from artifact_bundle where release in ('bare', 'torn') order by release`,
    );
    expect(rows.map((row) => JSON.stringify(row.problems))).toEqual([
      expect.stringContaining('holds no sources'),
      expect.stringContaining('cannot be read'),
    ]);
  });

  it('takes single files of a release, the older way', async () => {
    const file = async (name: string, content: string, header?: string) => {
      const form = new FormData();
      form.append('name', name);
      if (header !== undefined) form.append('header', header);
      form.append('file', new Blob([content]), 'x');
      return call('POST', '/projects/acme/shop/releases/old%401/files/', { form });
    };
    expect((await file('~/old.js', 'x()', 'Sourcemap: old.js.map')).status).toBe(201);
    expect((await file('~/old.js.map', cartMap())).status).toBe(201);
    expect((await file('~/old.js.map', cartMap())).status).toBe(201);
    expect(await mapByUrl(db().read, shop, 'old@1', 'web', ['~/old.js'])).toMatchObject({ kind: 'found' });
    const { n } = (await db().read.get<{ n: number }>(`select count(*) as n from artifact_file where release = 'old@1'`))!;
    expect(Number(n)).toBe(2);
    const bundle = { projectId: shop, kind: 'bundle' as const, checksum: '', release: 'old@1', dist: '', uploadedBy: 'ci' };
    const kept = await db().write.transaction((tx) => insertBundle(tx, { ...bundle, problems: [], uploadedAt: 1, files: [] }));
    expect((await call('DELETE', '/projects/acme/shop/files/source-maps/?name=old%401')).status).toBe(204);
    expect(await mapByUrl(db().read, shop, 'old@1', '', ['~/old.js'])).toEqual({ kind: 'no_script' });
    // What is known by debug ids is not a release's to delete.
    expect(await db().read.all(`select id from artifact_bundle where release = 'old@1'`)).toEqual([{ id: kept }]);
    await db().write.transaction((tx) => deleteBundles(tx, [kept]));
    for (const gone of ['files/source-maps/?name=never', 'files/source-maps/', 'releases/never/files/'])
      expect((await call('DELETE', `/projects/acme/shop/${gone}`)).status).toBe(404);
  });

  it('keeps what release tools tell: versions, deploys, commits', async () => {
    const made = await call('POST', '/organizations/acme/releases/', {
      body: { version: 'shop@7', projects: ['shop'], url: 'https://ci/7' },
    });
    expect(made).toMatchObject({ status: 201, body: { version: 'shop@7', url: 'https://ci/7', dateReleased: null } });
    const finished = await call('PUT', '/organizations/acme/releases/shop%407/', {
      body: { dateReleased: '2026-11-22T10:00:00Z' },
    });
    expect(finished.body).toMatchObject({ url: 'https://ci/7', dateReleased: '2026-11-22T10:00:00.000Z' });
    const deploy = await call('POST', '/organizations/acme/releases/shop%407/deploys/', { body: { environment: 'production' } });
    expect(deploy).toMatchObject({ status: 201, body: { environment: 'production' } });
    await call('PUT', '/projects/acme/shop/releases/shop%407/', {
      body: { commits: [{ id: 'abc', message: 'Fix', author_name: 'Ada' }] },
    });
    expect((await call('GET', '/organizations/acme/releases/shop%407/commits/')).body).toMatchObject([
      { id: 'abc', message: 'Fix' },
    ]);
    expect(await artifacts.releases.deploys(shop, 'shop@7')).toMatchObject([{ environment: 'production' }]);
    expect((await call('POST', '/organizations/acme/releases/', { body: { version: 'a\nb', projects: ['shop'] } })).status).toBe(
      400,
    );
    expect((await call('GET', '/projects/acme/nowhere/')).status).toBe(404);
  });

  it('takes what no database would hold as it stands', async () => {
    const long = `~/${Array.from({ length: 1_998 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7_919) % 20_000))).join('')}`;
    const manifest = {
      release: 'evil\0@\ud8001',
      files: {
        a: { url: long, type: 'source_map', headers: { 'debug-id': DEBUG_ID } },
        b: { url: '~/nul\0.js', type: 'minified_source', headers: { sourcemap: 'nul\0.js.map' } },
      },
    };
    const archive = zip([
      { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
      { name: 'a', content: Buffer.from(cartMap()) },
      { name: 'b', content: Buffer.from('x()') },
    ]);
    expect((await upload(archive)).body).toEqual({ state: 'ok', missingChunks: [] });
    const bundle = await db().read.get<{ release: string }>("select release from artifact_bundle where release like 'evil%'");
    expect(bundle?.release).toBe('evil@\ufffd1');
    const body = { version: 'nul@1', projects: ['shop'], url: 'https://a\0b', commits: [{ id: 'a\0b', message: 'x\0\ud800' }] };
    expect((await call('POST', '/organizations/acme/releases/', { body })).status).toBe(201);
    expect((await call('POST', '/organizations/acme/releases/', { body: { ...body, version: 'a\0b' } })).status).toBe(400);
    expect((await call('GET', '/organizations/acme/releases/a%00b/')).status).toBe(400);
  });

  it('removes what is unused, but not what still sends, and what is beyond the room', async () => {
    const all = tokenActor(
      { id: 2, name: 'all', role: 'ADMIN' },
      { id: 2, name: 'all', scopes: ['artifacts:write', 'projects:read'], projectIds: null },
      [],
    );
    const releases = async () =>
      (await artifacts.artifacts.list(all, shop, { first: 50 })).map((bundle) => bundle.release).sort();
    const before = await releases();
    expect(await artifacts.artifacts.sweep()).toBe(0);
    clock.advance(days(91));
    await db().write.transaction((tx) => tx.run(`update release set last_seen_at = ? where version = 'shop@1'`, [clock.now()]));
    expect(before.length).toBeGreaterThan(2);
    await artifacts.artifacts.sweep();
    expect(await releases()).toEqual(['shop@1']);
    const [kept] = await artifacts.artifacts.list(all, shop, { first: 1 });
    expect(await artifacts.artifacts.delete(all, [String(kept!.id), '999999'])).toMatchObject({ code: 'NOT_FOUND' });
    expect(await artifacts.artifacts.delete(all, [String(kept!.id)])).toBe(1);
    expect(await releases()).toEqual([]);
    await artifacts.artifacts.sweep();
    const blobs = readdirSync(join(db().config.dataDir, 'artifacts/blobs'), { recursive: true }).filter((name) =>
      String(name).endsWith('.zst'),
    );
    expect(blobs).toEqual([]);
  });
});

/** An archive whose one entry unpacks to more than it says. */
function lying(): Buffer {
  const archive = zip([{ name: 'manifest.json', content: Buffer.alloc(100_000, 0x20) }]);
  for (let at = archive.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = -1) archive.writeUInt32LE(10, at + 24);
  archive.writeUInt32LE(10, 22);
  return archive;
}
