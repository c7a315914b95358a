import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../../test/graphql-world.ts';
import { get } from '../../../test/http-get.ts';
import { preparePage } from './static-files.ts';

const PAGE =
  '<!doctype html><html><head><title>Errata</title><script type="module" src="./assets/app-12345678.js"></script></head></html>';
let webRoot: string;
beforeAll(() => {
  webRoot = mkdtempSync(join(tmpdir(), 'errata-web-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), PAGE);
  writeFileSync(join(webRoot, 'favicon.svg'), '<svg/>');
  writeFileSync(join(webRoot, 'assets/app-12345678.js'), 'export {};');
  writeFileSync(join(webRoot, 'assets/app-12345678.js.br'), brotliCompressSync('export {};'));
});
afterAll(() => rmSync(webRoot, { recursive: true }));

const HTML = { accept: 'text/html,*/*' };

describe('the dashboard', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ webRoot });
  });
  afterAll(() => world.stop());

  it.each(['/', '/index.html', '/errors/SHOP-12', '/projects/1/errors?query=level%3Afatal', '/releases/1.2.3', '/exports'])(
    'is the answer to a navigation to %s',
    async (path) => {
      const { status, headers, text } = await get(world, path, HTML);
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
      expect(text).toContain('<head><base href="/"><title>');
    },
  );

  it('is compressed, and not sent again to who has it', async () => {
    const zipped = await get(world, '/errors', { ...HTML, 'accept-encoding': 'gzip, br' });
    expect([zipped.headers['content-encoding'], zipped.headers['vary']]).toEqual(['br', 'accept-encoding']);
    const { etag } = (await get(world, '/', HTML)).headers;
    expect((await get(world, '/', { ...HTML, 'if-none-match': etag as string })).status).toBe(304);
  });

  it.each([
    ['/api/unknown', HTML],
    ['/api/1/envelope/', {}],
    ['/v1/unknown', HTML],
    ['/export/x', HTML],
    ['/assets/gone-12345678.js', HTML],
    ['/errors/1', { accept: 'application/json' }],
    ['/errors/1', {}],
  ])('is not the answer to %s for a machine', async (path, headers) => {
    const { status, headers: answered, text } = await get(world, path, headers);
    expect([status, answered['content-type']]).toEqual([404, 'application/json; charset=utf-8']);
    expect(JSON.parse(text).error.code).toBe('NOT_FOUND');
  });

  it('has files that are kept for ever when their name has a hash, compressed neighbours included', async () => {
    const asset = await get(world, '/assets/app-12345678.js', { 'accept-encoding': 'br' });
    expect([asset.status, asset.headers['content-encoding']]).toEqual([200, 'br']);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.headers['content-type']).toMatch(/javascript/);
    const plain = await get(world, '/assets/app-12345678.js');
    expect([plain.text, plain.headers['content-encoding']]).toEqual(['export {};', undefined]);
    expect((await get(world, '/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc/passwd',
    '/assets/%00',
    '//etc/passwd',
  ])('keeps to its directory: %s', async (path) => {
    const { status, text } = await get(world, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toMatch(/root:|workspaces/);
  });

  it('says on every answer what a browser may do with it', async () => {
    for (const path of ['/', '/nothing', '/healthz', '/assets/app-12345678.js', '/graphql', '/metrics']) {
      const { headers } = await get(world, path, HTML);
      expect(headers['content-security-policy']).toContain("default-src 'self'; script-src 'self'; ");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });
});

describe('under a path, behind https', () => {
  let world: World;
  const taken: string[] = [];
  beforeAll(async () => {
    world = await startWorld({
      webRoot,
      baseUrl: 'https://errata.test/tools/errata',
      ingest(req, res) {
        if (!req.url?.startsWith('/api/')) return false;
        taken.push(req.url);
        res.end('taken');
        return true;
      },
    });
  });
  afterAll(() => world.stop());

  it.each(['/tools/errata/errors/1', '/errors/1', '/tools/errata', '/tools/errata?x=1', '/tools/errata/'])(
    'serves %s',
    async (path) => {
      const { status, text, headers } = await get(world, path, HTML);
      expect(status).toBe(200);
      expect(text).toContain('<base href="/tools/errata/">');
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
    },
  );

  it('serves files, health, GraphQL and ingestion there, too', async () => {
    expect((await get(world, '/tools/errata/assets/app-12345678.js')).status).toBe(200);
    expect((await get(world, '/tools/errata/healthz')).status).toBe(200);
    expect((await get(world, '/tools/errata/api/1/envelope/?x=1')).text).toBe('taken');
    expect((await get(world, '/api/2/store/')).text).toBe('taken');
    expect(taken).toEqual(['/api/1/envelope/?x=1', '/api/2/store/']);
    const answer = await fetch(`${world.origin}/tools/errata/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"mutation { signIn(session: \\"s\\") { ok } }"}',
    });
    expect(answer.headers.get('set-cookie')).toContain('; Path=/tools/errata; HttpOnly; SameSite=Lax; Secure');
    expect((await get(world, '/tools/errataX', HTML)).text).toContain('<base');
  });

  it('puts the base path before addresses from the root', () => {
    const html = '<head lang="en"><link href="/a.css"><script src="/b.js"></script><a href="//cdn.test/x"></a></head>';
    expect(preparePage(html, '/t')).toBe(
      '<head lang="en"><base href="/t/"><link href="/t/a.css"><script src="/t/b.js"></script><a href="//cdn.test/x"></a></head>',
    );
    expect(preparePage('<head><base href="/x/"></head>', '')).toBe('<head><base href="/x/"></head>');
  });
});
