import { describe, expect, it } from 'vitest';
import { NOW } from '../../../test/factories.ts';
import { DEFAULT_SETTINGS, type ProjectSettings } from '../projects/project.entity.ts';
import { normalize } from './normalize.ts';
import { scrub } from './scrub.ts';

/** A raw event through normalisation and scrubbing. */
function clean(raw: object, settings: Partial<ProjectSettings> = {}) {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  return scrub(normalize(raw, { source: 'sentry-envelope', receivedAt: NOW, settings: all, clientIp: '203.0.113.9' }), all);
}
const F = '[Filtered]';

describe('every place of an event', () => {
  const SECRET = 'ghp_0123456789abcdefghij0123456789abcdef';
  it.each<[string, object]>([
    ['message', { message: `token ${SECRET}` }],
    ['template', { logentry: { message: `a ${SECRET}`, formatted: 'b' } }],
    ['exception value', { exception: [{ type: 'E', value: SECRET }] }],
    ['exception type', { exception: [{ type: SECRET }] }],
    ['frame variables', { exception: [{ stacktrace: { frames: [{ function: 'f', vars: { a: { b: [SECRET] } } }] } }] }],
    [
      'source lines',
      { exception: [{ stacktrace: { frames: [{ context_line: SECRET, pre_context: [SECRET], post_context: [SECRET] }] } }] },
    ],
    [
      'frame addresses',
      { exception: [{ stacktrace: { frames: [{ abs_path: `http://x/a.js?k=${SECRET}`, filename: SECRET }] } }] },
    ],
    ['a bare stack', { stacktrace: { frames: [{ function: 'f', vars: { a: SECRET } }] } }],
    ['threads', { threads: [{ id: 1, stacktrace: { frames: [{ function: 'f', vars: { a: SECRET } }] } }] }],
    ['breadcrumb message', { breadcrumbs: [{ message: SECRET }] }],
    ['breadcrumb data', { breadcrumbs: [{ data: { url: `http://x/?a=${SECRET}` } }] }],
    ['request URL', { request: { url: `http://x/${SECRET}` } }],
    ['query string', { request: { query_string: `a=${SECRET}` } }],
    ['header', { request: { headers: { Referer: SECRET } } }],
    ['body as object', { request: { data: { a: [SECRET] } } }],
    ['body as text', { request: { data: `a ${SECRET}` } }],
    ['body as JSON text', { request: { data: `{"a":"${SECRET}"}` } }],
    ['request environment', { request: { env: { X: SECRET } } }],
    ['user', { user: { id: SECRET, username: SECRET, name: SECRET, data: { a: SECRET } } }],
    ['tags', { tags: { a: SECRET } }],
    ['contexts', { contexts: { a: { b: SECRET } } }],
    ['extra', { extra: { a: SECRET, b: [{ c: SECRET }] } }],
    ['transaction', { transaction: `/x/${SECRET}` }],
    ['fingerprint', { fingerprint: [SECRET] }],
    ['server name', { server_name: SECRET }],
    ['debug images', { debug_meta: { images: [{ code_file: SECRET }] } }],
  ])('%s', (_, raw) => {
    const event = clean(raw);
    expect(JSON.stringify(event)).not.toContain(SECRET);
    expect(JSON.stringify(event)).toContain(F);
    expect(event.errors.some((note) => note.reason.startsWith('scrubbed: '))).toBe(true);
  });
});

describe('by field name', () => {
  it('objects, headers and tags', () => {
    const event = clean({
      request: {
        headers: {
          Cookie: 'a=b',
          'Set-Cookie': 'c',
          Authorization: 'x',
          'X-Api-Key': 'k',
          'X-CSRF-Token': 't',
          Accept: 'text/html',
        },
        cookies: { sid: 'x' },
      },
      extra: { userPassword: 'p', deep: { clientSecret: { nested: 1 }, list: [{ api_key: 'k' }] }, author: 'Ann', password: '' },
      contexts: { session: { id: 1 }, os: { name: 'Linux' } },
      tags: { auth_token: 't', area: 'a' },
    });
    expect(Object.fromEntries(event.request?.headers ?? [])).toEqual({
      Cookie: F,
      'Set-Cookie': F,
      Authorization: F,
      'X-Api-Key': F,
      'X-CSRF-Token': F,
      Accept: 'text/html',
    });
    expect(event.extra).toEqual({
      userPassword: F,
      deep: { clientSecret: F, list: [{ api_key: F }] },
      author: 'Ann',
      password: '',
    });
    expect(event.contexts).toEqual({ session: { value: F }, os: { name: 'Linux' } });
    expect(Object.fromEntries(event.tags)).toMatchObject({ auth_token: F, area: 'a' });
    expect(event.errors).toContainEqual({ field: 'extra.userPassword', reason: 'scrubbed: a sensitive name' });
  });

  it('counts and switches stay, unless the name leaves no doubt', () => {
    const extra = { session: 12, has_password: true, token: null, max_tokens: 4096, password: 1234, pin_token_count: 7 };
    expect(clean({ extra }).extra).toEqual({ ...extra, password: F });
  });

  it('cookies that came beside the headers', () => {
    expect(clean({ request: { cookies: 'sid=1' } }).request?.headers).toEqual([['Cookie', F]]);
  });

  it('a card number that is a number', () => {
    expect(clean({ extra: { n: 4111111111111111, t: 1732276800000 } }).extra).toEqual({ n: F, t: 1732276800000 });
  });
});

describe('the project decides', () => {
  it('sensitive fields of its own: any part of a name, in text too', () => {
    const event = clean(
      {
        extra: { personalNumber: '1', x: 'personal_number=7' },
        message: '{"personalNumber": "abc"}',
        tags: { 'my-NUMBER': 'n' },
      },
      { sensitiveFields: ['personal', ' Number '] },
    );
    expect(event.extra).toEqual({ personalNumber: F, x: `personal_number=${F}` });
    expect(event.message).toBe(`{"personalNumber": "${F}"}`);
    expect(event.tags).toContainEqual(['my-NUMBER', F]);
  });

  it('safe fields are left alone, patterns included; sensitive wins over safe', () => {
    const extra = { session: 'abc', Token: 'Bearer abcdefgh12345678', secret: 's' };
    expect(clean({ extra }, { safeFields: ['session', 'token', 'secret'], sensitiveFields: ['secret'] }).extra).toEqual({
      ...extra,
      secret: F,
    });
  });

  it('without the default rules only its own apply', () => {
    const event = clean(
      { extra: { password: 'p', mine: 'm' }, message: 'password=p mine=m' },
      { scrubDefaults: false, sensitiveFields: ['mine'] },
    );
    expect(event.extra).toEqual({ password: 'p', mine: F });
    expect(event.message).toBe(`password=p mine=${F}`);
  });

  it('with nothing switched on, nothing is touched', () => {
    const event = clean({ extra: { password: 'p' }, message: 'card 4111111111111111' }, { scrubDefaults: false });
    expect(event).toMatchObject({ extra: { password: 'p' }, message: 'card 4111111111111111', errors: [] });
  });

  it('e-mails', () => {
    const raw = {
      message: 'mail to ann@example.com failed',
      user: { id: '1', email: 'ann@example.com', username: 'ann@example.com' },
      release: 'app@1.2.3',
      extra: { list: ['bob@example.co.uk'] },
    };
    expect(clean(raw)).toMatchObject({ message: raw.message, user: raw.user });
    const event = clean(raw, { scrubEmails: true });
    expect(event).toMatchObject({
      message: `mail to ${F} failed`,
      user: { id: '1', username: F },
      release: 'app@1.2.3',
      extra: { list: [F] },
    });
    expect(event.user?.email).toBeUndefined();
    expect(event.tags).toContainEqual(['release', 'app@1.2.3']);
  });

  it('addresses', () => {
    const raw = {
      message: 'connect 10.1.2.3:5432 and 2001:db8::1 at 12:34:56',
      user: { id: '1', ip_address: '{{auto}}' },
      request: {
        url: 'http://192.168.0.1/x',
        headers: { 'X-Forwarded-For': '203.0.113.7, 10.0.0.1', 'User-Agent': 'Mozilla/5.0 Chrome/126.0.0.0 Safari/537.36' },
        env: { REMOTE_ADDR: '203.0.113.7' },
      },
      contexts: { browser: { name: 'Chrome', version: '126.0.0.0' } },
    };
    expect(clean(raw).user).toEqual({ id: '1', ipAddress: '203.0.113.9' });
    const event = clean(raw, { scrubIpAddresses: true });
    expect(event).toMatchObject({
      message: `connect ${F}:5432 and ${F} at 12:34:56`,
      user: { id: '1' },
      request: { url: `http://${F}/x`, env: { REMOTE_ADDR: F } },
    });
    expect(Object.fromEntries(event.request?.headers ?? [])).toEqual({
      'X-Forwarded-For': `${F}, ${F}`,
      'User-Agent': 'Mozilla/5.0 Chrome/126.0.0.0 Safari/537.36',
    });
    expect(event.contexts['browser']).toEqual({ name: 'Chrome', version: '126.0.0.0' });
    expect(event.tags).toContainEqual(['browser', 'Chrome 126.0.0.0']);
    expect(event.user?.ipAddress).toBeUndefined();
  });
});
