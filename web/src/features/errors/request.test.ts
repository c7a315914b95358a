import { describe, expect, test } from 'vitest';
import { fullUrl, readRequest, shellQuote, toCurl } from './request.ts';

test.each<[string, unknown]>([
  ['null', null],
  ['text', 'GET /'],
  ['a list', []],
  ['nothing in it', {}],
])('%s is no request', (_, value) => {
  expect(readRequest(value)).toBeNull();
});

test('headers and query come as pairs, objects or text', () => {
  expect(readRequest({ url: '/a', headers: [['A', '1'], 'x', [2]], queryString: '?b=1' })).toMatchObject({
    headers: [['A', '1']],
    query: 'b=1',
  });
  expect(readRequest({ url: '/a', headers: { A: ['1', '2'] }, query_string: { 'b c': '1&2' } })).toMatchObject({
    headers: [['A', '["1","2"]']],
    query: 'b%20c=1%262',
  });
  expect(fullUrl(readRequest({ url: '/a?x=1', queryString: 'x=1' })!)).toBe('/a?x=1');
});

describe('curl', () => {
  const curl = (request: object): string | null => toCurl(readRequest(request)!);
  test('a whole request', () => {
    const command = curl({
      method: 'put',
      url: 'https://shop.test/cart',
      queryString: 'a=1',
      headers: [
        ['Content-Type', 'application/json'],
        ['Host', 'shop.test'],
      ],
      data: { note: "it's" },
    });
    expect(command).toBe(
      [
        "curl --globoff -X PUT --url 'https://shop.test/cart?a=1'",
        "-H 'Content-Type: application/json'",
        "--data-raw '{\n  \"note\": \"it'\\''s\"\n}'",
      ].join(' \\\n  '),
    );
  });

  test.each<[string, object, RegExp]>([
    ['a quote cannot end the word', { url: "https://x.test/'; rm -rf ~; '" }, /^null$/],
    ['nor in an address without blanks', { url: "https://x.test/';reboot;'" }, /--url 'https:\/\/x\.test\/'\\'';reboot;'\\'''$/],
    [
      'a header cannot name a file',
      { url: 'https://x.test', headers: [['@/etc/passwd', '']] },
      /^curl --globoff --url 'https:\/\/x\.test'$/,
    ],
    ['a header cannot hold a second one', { url: 'https://x.test', headers: [['A', 'b\r\nEvil: 1']] }, /'A: b Evil: 1'$/],
    ['a method cannot be an option', { url: 'https://x.test', method: '-o/tmp/x' }, /^curl --globoff --url/],
    ['other schemes are not repeated', { url: 'file:///etc/passwd' }, /^null$/],
    ['a body is never read from a file', { url: 'https://x.test', data: '@/etc/passwd' }, /--data-raw '@\/etc\/passwd'$/],
  ])('%s', (_, request, expected) => {
    expect(String(curl(request))).toMatch(expected);
  });

  test('substitutions stay text', () => {
    expect(shellQuote('$(id) `id` $HOME \\')).toBe("'$(id) `id` $HOME \\'");
  });
});
