import { expect, it } from 'vitest';
import { readBearer, readSessionCookie, SessionCookie } from './cookies.ts';
import { isOwnOrigin } from './origin.ts';

it.each([
  [undefined, null],
  ['errata_session=abc-_.~1', 'abc-_.~1'],
  ['a=1;errata_session=x; b=2', 'x'],
  ['errata_session=first; errata_session=second', 'first'],
  ['xerrata_session=x', null],
  ['errata_session=', null],
  ['errata_session=a b', null],
  [`errata_session=${'a'.repeat(513)}`, null],
  ['errata_session', null],
])('reads the cookie %s', (header, expected) => expect(readSessionCookie(header)).toBe(expected));

it.each([
  [undefined, null],
  ['Bearer abc', 'abc'],
  ['bearer  abc= ', 'abc='],
  ['Basic abc', null],
  ['Bearer', null],
  ['Bearer a b', null],
])('reads the token of %s', (header, expected) => expect(readBearer(header)).toBe(expected));

it('is Secure under https, and for the base path only', () => {
  const cookie = new SessionCookie({ baseUrl: 'https://x.test/errata' });
  expect(cookie.set('v')).toBe('errata_session=v; Path=/errata; HttpOnly; SameSite=Lax; Secure');
  expect(cookie.clear()).toBe('errata_session=; Path=/errata; HttpOnly; SameSite=Lax; Secure; Max-Age=0');
  expect(() => cookie.set('a; Domain=evil.test')).toThrow(TypeError);
});

it.each([
  ['https://e.test', 'e.test', true],
  ['http://e.test', 'e.test', false], // the wire may not speak for the encrypted page
  ['https://10.0.0.5:4000', '10.0.0.5:4000', true],
  ['https://evil.test', 'e.test', false],
  ['https://e.test.evil.test', 'e.test', false],
])('with BASE_URL https://e.test: origin %s at host %s', (origin, host, expected) => {
  expect(isOwnOrigin({ origin, host }, 'https://e.test/errata')).toBe(expected);
});
