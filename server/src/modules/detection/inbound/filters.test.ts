import { describe, expect, it } from 'vitest';
import { anEvent } from '../../../../test/factories.ts';
import { DEFAULT_INBOUND, type InboundSettings } from '../../projects/inbound-settings.ts';
import type { NormalizedEvent } from '../normalized-event.ts';
import { InboundFilters } from './filters.ts';
import { GlobSet } from './glob.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const thrown = (value: string, absPath = 'https://shop.test/app.js'): Partial<NormalizedEvent> => ({
  platform: 'javascript',
  exceptions: [{ type: 'TypeError', value, frames: [{ absPath, function: 'f' }] }],
});
const sentBy = (agent: string): Partial<NormalizedEvent> => ({ request: { headers: [['User-Agent', agent]] } });
const asked = (url: string): Partial<NormalizedEvent> => ({ request: { url } });

function reasonOf(event: Partial<NormalizedEvent>, settings: Partial<InboundSettings> = {}, clientIp = ''): string | undefined {
  return new InboundFilters({ ...DEFAULT_INBOUND, ...settings }).reason({ ...anEvent(), ...event }, clientIp);
}

describe('what browsers bring along', () => {
  it.each<[string, Partial<NormalizedEvent>]>([
    ['thrown inside an extension', thrown('boom', 'chrome-extension://abcdef/content.js')],
    ['thrown inside an extension of Firefox', thrown('boom', 'moz-extension://abcdef/content.js')],
    ['behind the mask of Safari', thrown('boom', 'webkit-masked-url://hidden/')],
    ['a well-known message', thrown("Can't find variable: ZiteReader")],
    ['a script put in by others', thrown('boom', 'https://connect.facebook.net/en_US/sdk.js')],
    ['an extension that was reloaded', thrown('Extension context invalidated.')],
  ])('%s is left out', (_, event) => {
    expect(reasonOf(event)).toBe('browser_extension');
    expect(reasonOf(event, { filterBrowserExtensions: false })).toBeUndefined();
  });

  it.each<[string, Partial<NormalizedEvent>]>([
    ['the page’s own error', thrown('x is undefined')],
    ['the same words on a server', { ...thrown('Extension context invalidated.'), platform: 'node' }],
    [
      'a page’s error that passed through an extension',
      {
        platform: 'javascript',
        exceptions: [
          { type: 'E', value: 'v', frames: [{ absPath: 'chrome-extension://x/y.js' }, { absPath: 'https://a.test/b.js' }] },
        ],
      },
    ],
  ])('%s is kept', (_, event) => expect(reasonOf(event)).toBeUndefined());
});

describe('robots and probes', () => {
  it.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
    'facebookexternalhit/1.1',
    'Mozilla/5.0 (compatible; SomeNewBot/1.0)',
    'Slackbot-LinkExpanding 1.0',
  ])('%s is a crawler', (agent) => {
    expect(reasonOf(sentBy(agent))).toBe('crawler');
    expect(reasonOf(sentBy(agent), { filterCrawlers: false })).toBeUndefined();
  });

  it.each([CHROME, 'okhttp/4.12', 'Cubot/1.0 phone (Android 13; CUBOT X50)', 'PostmanRuntime/7.4'])('%s is none', (agent) => {
    expect(reasonOf(sentBy(agent))).toBeUndefined();
  });

  it.each<[Partial<NormalizedEvent>]>([
    [sentBy('kube-probe/1.30')],
    [asked('http://10.0.0.3:8080/healthz')],
    [asked('https://a.test/api/v1/health?verbose=1')],
    [asked('https://a.test/actuator/health/readiness')],
    [{ transaction: 'GET /ready' }],
  ])('%j asks for health', (event) => {
    expect(reasonOf(event, { filterHealthChecks: true })).toBe('health_check');
    expect(reasonOf(event)).toBeUndefined();
  });

  it.each(['https://a.test/health-insurance', 'https://a.test/shipping', 'https://a.test/'])('%s does not', (url) => {
    expect(reasonOf(asked(url), { filterHealthChecks: true })).toBeUndefined();
  });
});

describe('the developer’s own machine', () => {
  it.each<[Partial<NormalizedEvent>]>([
    [asked('http://localhost:3000/cart')],
    [asked('http://app.localhost/cart')],
    [asked('http://127.0.0.1:8080/')],
    [asked('http://[::1]:8080/')],
    [asked('file:///home/me/index.html')],
    [{ user: { ipAddress: '127.0.0.1' } }],
  ])('%j is local', (event) => {
    expect(reasonOf(event, { filterLocalhost: true })).toBe('localhost');
    expect(reasonOf(event)).toBeUndefined();
  });

  it.each(['https://localhost.example.com/', 'https://a.test/?from=localhost', 'https://user:localhost@a.test/'])(
    '%s is not',
    (url) => expect(reasonOf(asked(url), { filterLocalhost: true })).toBeUndefined(),
  );
});

describe('lists of a project', () => {
  it('filters by release and environment', () => {
    expect(reasonOf({ release: 'shop@1.2.3' }, { filterReleases: ['shop@1.*'] })).toBe('release');
    expect(reasonOf({ release: 'shop@2.0.0' }, { filterReleases: ['shop@1.*'] })).toBeUndefined();
    expect(reasonOf({ environment: 'Test-7' }, { filterEnvironments: ['test-*'] })).toBe('environment');
  });

  it('filters by message: of any exception of the chain, with and without its type', () => {
    const event = thrown('Loading chunk 17 failed');
    expect(reasonOf(event, { filterMessages: ['loading chunk * failed'] })).toBe('message');
    expect(reasonOf(event, { filterMessages: ['TypeError: *'] })).toBe('message');
    expect(reasonOf({ message: 'cache is cold' }, { filterMessages: ['*cache*'] })).toBe('message');
    expect(reasonOf(event, { filterMessages: ['chunk'] })).toBeUndefined();
  });

  it('filters by the address of the sender and of the user', () => {
    const settings = { filterIpAddresses: ['10.0.0.0/8', '2001:db8::1'] };
    expect(reasonOf({}, settings, '10.3.2.1')).toBe('ip_address');
    expect(reasonOf({ user: { ipAddress: '2001:db8::1' } }, settings, '192.0.2.7')).toBe('ip_address');
    expect(reasonOf({}, settings, '192.0.2.7')).toBeUndefined();
    expect(reasonOf({}, settings)).toBeUndefined();
  });
});

describe('globs', () => {
  it.each<[string, string, boolean]>([
    ['abc', 'ABC', true],
    ['abc', 'xabc', false],
    ['*', '', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbbd', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*a', 'a', false],
    ['*x*', 'aaxbb', true],
    ['1.2.*', '1x2x3', false],
    ['*ab*ab*', 'ab', false],
  ])('%s on %s: %s', (pattern, text, expected) => expect(new GlobSet([pattern]).matches(text)).toBe(expected));

  it('takes hostile patterns in its stride', () => {
    const pattern = `${'*a'.repeat(100)}b`;
    expect(new GlobSet([pattern]).matches('a'.repeat(100_000))).toBe(false);
  });
});
