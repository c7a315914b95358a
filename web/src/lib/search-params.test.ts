import { expect, test } from 'vitest';
import { listParam, parseSearch, stringifySearch, textParam } from './search-params.ts';

test.each([
  ['?a=1&b=x', { a: '1', b: 'x' }],
  ['?b=x&b=y', { b: ['x', 'y'] }],
  ['?q=a%20b%26c', { q: 'a b&c' }],
  ['', {}],
])('%s is read as %j', (text, search) => expect(parseSearch(text)).toEqual(search));

test.each([
  [{ project: 'shop,api', q: 'level:fatal' }, '?project=shop,api&q=level:fatal'],
  [{ a: ['x', 'y'], b: undefined, c: '', d: null }, '?a=x&a=y'],
  [{ q: 'a b&c=+é' }, '?q=a+b%26c%3D%2B%C3%A9'],
  [{}, ''],
])('%j is written as %s', (search, text) => expect(stringifySearch(search)).toBe(text));

test.each(['a b&c=+é', '%', '1', 'true', '{"x":1}', 'a,b:c/d'])('%s comes back as it was', (value) =>
  expect(parseSearch(stringifySearch({ value }))).toEqual({ value }),
);

test('raw values become one text, or a list of those allowed', () => {
  expect([textParam(['a', 'b']), textParam(''), textParam(3)]).toEqual(['a', undefined, undefined]);
  expect(listParam(['A', 'X', 'A'], ['A', 'B'])).toEqual(['A']);
  expect(listParam('X', ['A'])).toBeUndefined();
});
