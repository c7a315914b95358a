import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { NOW } from '../../../../test/factories.ts';
import { envelopeOf, KEYS, PROJECT } from '../../../../test/ingest-server.ts';
import { fingerprint } from '../../analysis/fingerprint/fingerprint.ts';

let server: BesideServer;
beforeEach(async () => {
  server = await startBesideServer();
});
afterEach(() => server.close());

const post = (body: unknown, type = 'application/csp-report', endpoint = 'security', more = '') =>
  server.send(
    `/api/${PROJECT}/${endpoint}/?sentry_key=${KEYS.active}${more}`,
    typeof body === 'string' ? body : JSON.stringify(body),
    {
      'content-type': type,
    },
  );
const csp = (more: object = {}) => ({
  'csp-report': {
    'document-uri': 'https://shop.example/cart?session=1',
    'violated-directive': "img-src 'self'",
    'effective-directive': 'img-src',
    'blocked-uri': 'https://evil.example/pixel.gif',
    ...more,
  },
});
const tagsOf = (index: number) => Object.fromEntries(server.events()[index]!.tags);

describe('a violation of the content security policy', () => {
  it('becomes an event named after what was blocked, and is answered with nothing', async () => {
    const answer = await post(csp(), 'application/csp-report', 'security', '&sentry_release=shop@1&sentry_environment=live');
    expect([answer.status, answer.body]).toEqual([200, '']);
    const [event] = server.events();
    expect(event).toMatchObject({
      message: "Blocked 'img' from 'evil.example'",
      level: 'error',
      logger: 'csp',
      platform: 'javascript',
      release: 'shop@1',
      environment: 'live',
      transaction: 'https://shop.example/cart',
    });
    expect(tagsOf(0)).toMatchObject({ 'effective-directive': 'img-src', 'blocked-uri': 'evil.example' });
    expect(server.log.records[0]).toMatchObject({ item: 'security' });
  });

  it('is grouped by directive and host, whatever the page and the path', async () => {
    await post(csp());
    await post(csp({ 'document-uri': 'https://shop.example/other', 'blocked-uri': 'https://evil.example/else.png' }));
    await post(csp({ 'effective-directive': 'script-src-elem' }));
    await post(csp({ 'blocked-uri': 'inline' }));
    const hashes = server.events().map((event) => fingerprint(event).hash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(new Set(hashes).size).toBe(3);
    expect(server.events()[3]!.message).toBe("Blocked 'img' from 'inline'");
  });

  it('that is none of the site is left out, with the reason', async () => {
    await post(csp({ 'blocked-uri': 'chrome-extension://abc/x.js' }));
    await post(csp({ 'source-file': 'moz-extension://abc' }));
    await post(csp({ 'blocked-uri': 'safari-web-extension' }));
    await post(csp({ 'document-uri': 'about:blank' }));
    await post(csp({ 'blocked-uri': 'https://cdn.superfish.com/x.js' }));
    expect(server.events()).toEqual([]);
    expect(await server.outcomes()).toEqual({
      'security filtered browser_extension': 3,
      'security filtered about_blank': 1,
      'security filtered injected': 1,
    });
  });

  it('comes at the old address, and in an envelope, too', async () => {
    expect((await post(csp(), 'application/json', 'csp-report')).status).toBe(200);
    await server.envelope(envelopeOf({}, [{ type: 'raw_security' }, JSON.stringify(csp())]));
    expect(server.events()).toHaveLength(2);
  });
});

describe('the Reporting API', () => {
  it('brings lists of reports of every kind, each its own event', async () => {
    const common = { age: 1_000, url: 'https://shop.example/', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0' };
    const answer = await post(
      [
        {
          ...common,
          type: 'csp-violation',
          body: { effectiveDirective: 'script-src-elem', blockedURL: 'https://cdn.example/x.js', disposition: 'report' },
        },
        { ...common, type: 'deprecation', body: { id: 'WebSQL', message: 'Web SQL is deprecated' } },
        { ...common, type: 'intervention', body: { id: 'HeavyAd', message: 'Ad was removed' } },
        { ...common, type: 'crash', body: { reason: 'oom' } },
        { ...common, type: 'network-error', body: { type: 'tcp.timed_out', phase: 'connection', status_code: 0 } },
      ],
      'application/reports+json',
    );
    expect(answer.status).toBe(200);
    expect(server.events().map(({ message, level, timestamp }) => [message, level, timestamp])).toEqual([
      ["Would block 'script' from 'cdn.example'", 'warning', NOW - 1_000],
      ['Deprecation: Web SQL is deprecated', 'warning', NOW - 1_000],
      ['Intervention: Ad was removed', 'warning', NOW - 1_000],
      ['The page crashed: oom', 'fatal', NOW - 1_000],
      ["Network error 'tcp.timed_out' at 'shop.example'", 'warning', NOW - 1_000],
    ]);
    expect(tagsOf(0)['browser']).toContain('Chrome');
  });

  it('is read at /nel/ as well', async () => {
    await post(
      [
        {
          type: 'network-error',
          url: 'https://a.example/',
          body: { type: 'http.error', phase: 'application', status_code: 503 },
        },
      ],
      'application/reports+json',
      'nel',
    );
    expect(server.events()[0]!.message).toBe("Network error 'http.error' (503) at 'a.example'");
    expect(server.log.records[0]).toMatchObject({ item: 'nel' });
  });
});

it('certificates: Expect-CT, Expect-Staple and the pins of old', async () => {
  await post({ 'expect-ct-report': { hostname: 'a.example', port: 443 } }, 'application/expect-ct-report+json');
  await post({ 'expect-staple-report': { hostname: 'b.example' } }, 'application/expect-staple-report');
  await post({ hostname: 'c.example', 'known-pins': ['pin'] }, 'application/json');
  expect(server.events().map(({ message }) => message)).toEqual([
    "Expect-CT failed for 'a.example'",
    "Expect-Staple failed for 'b.example'",
    "Public key pinning failed for 'c.example'",
  ]);
});

describe('what is no report', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'empty'],
    ['no JSON', '{', 'report'],
    ['another object', '{"a":1}', 'report'],
    ['an empty list', '[]', 'report'],
    ['a list of anything', '[1,2]', 'report'],
    ['too much', `{"csp-report":{"x":"${'y'.repeat(1_100_000)}"}}`, 'too_large'],
  ])('%s is refused and counted', async (_, body, reason) => {
    expect((await post(body)).status).toBe(reason === 'too_large' ? 413 : 400);
    expect(await server.outcomes()).toEqual({ [`security invalid ${reason}`]: 1 });
  });

  it('odd values in the right places do no harm', async () => {
    await post({ 'csp-report': { 'blocked-uri': 5, 'document-uri': null, 'effective-directive': ['x'], __proto__: { a: 1 } } });
    await post(
      [
        { type: 'csp-violation', body: null, age: 'x', url: {} },
        { type: '\u202e', body: { id: {} } },
      ],
      'application/reports+json',
    );
    expect(server.events()).toHaveLength(3);
  });
});

it('law (a): of more reports than are taken at once, the others are counted', async () => {
  const one = { type: 'deprecation', url: 'https://shop.example/', body: { id: 'old-api', message: 'gone soon' } };
  expect(
    (
      await post(
        Array.from({ length: 130 }, () => one),
        'application/reports+json',
      )
    ).status,
  ).toBe(200);
  expect(server.events()).toHaveLength(100);
  expect(await server.outcomes()).toEqual({ 'security invalid too_many': 30 });
});
