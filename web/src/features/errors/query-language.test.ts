import { describe, expect, test } from 'vitest';
import { applySuggestion, faultAt, lexQuery, namesStatus, queryFaults, quoteValue, suggest } from './query-language.ts';

const values = { environments: ['production', 'pre prod'], releases: ['shop@1.2'], projects: ['shop'] };

describe('taking the box apart', () => {
  test.each<[string, object[]]>([
    ['cart', [{ kind: 'text', value: 'cart', start: 0, end: 4 }]],
    [
      'level:error cart',
      [
        { kind: 'term', key: 'level', value: 'error', valueStart: 6 },
        { kind: 'text', value: 'cart', start: 12 },
      ],
    ],
    ['"two words"', [{ kind: 'text', value: '"two words"' }]],
    ['release:"a \\"b\\"" x', [{ key: 'release', value: '"a \\"b\\""' }, { value: 'x' }]],
    [
      '!level:[info, debug] x',
      [{ key: 'level', negated: true, start: 0, valueStart: 7, value: '[info, debug]' }, { value: 'x' }],
    ],
    ['"my tag":1', [{ kind: 'term', key: 'my tag', value: '1' }]],
    ['-1', [{ kind: 'text', value: '-1', negated: false }]],
    ['https://x.test/a', [{ kind: 'text', value: 'https://x.test/a' }]],
    ['A::b', [{ kind: 'text' }]],
    ['"open', [{ kind: 'text', value: '"open' }]],
    ['TypeError: x', [{ kind: 'text', value: 'TypeError:' }, { value: 'x' }]],
    ['!', [{ kind: 'text', value: '!', negated: false }]],
    ['  ', []],
  ])('%s', (text, expected) => {
    expect(lexQuery(text)).toMatchObject(expected);
  });
});

describe('faults and where they stand', () => {
  test.each<[string, object[]]>([
    ['level:[error,fatal] is:unhandled', []],
    ['level:loud x', [{ start: 6, end: 10 }]],
    ['any-tag:red', []],
    ['is: x', [{ start: 0, end: 3 }]],
    ['a "open', [{ start: 2, end: 7 }]],
    ['level:[error', [{ start: 6, end: 12 }]],
  ])('%s', (text, expected) => {
    expect(queryFaults(text)).toMatchObject(expected);
  });

  test('what is being typed is not yet a fault', () => {
    expect(queryFaults('level:lo', 8)).toEqual([]);
  });

  test('a position from the server becomes a stretch of the box', () => {
    expect(faultAt('x timesSeen:many y', 12, 'm')).toEqual({ start: 12, end: 16, message: 'm' });
    expect(faultAt('x', 99, 'm')).toEqual({ start: 1, end: 1, message: 'm' });
  });
});

test.each<[string, boolean]>([
  ['is:resolved x', true],
  ['!is:new', true],
  ['issue:SHOP-12', true],
  ['is:unhandled', false],
  ['resolved', false],
])('%s names a status: %s', (text, expected) => {
  expect(namesStatus(text)).toBe(expected);
});

describe('suggestions', () => {
  const labels = (text: string, caret = text.length): string[] => suggest(text, caret, values).map(({ label }) => label);
  test.each<[string, string[]]>([
    ['', ['is:', 'level:', 'environment:', 'release:', 'assigned:', 'project:', 'timesSeen:', 'users:']],
    ['le', ['level:']],
    ['level:', ['fatal', 'error', 'warning', 'info', 'debug']],
    ['level:r', ['error', 'warning']],
    ['env:pro', ['production', 'pre prod']],
    ['cart as', ['assigned:']],
    ['"le', []],
    ['nothing:x', []],
  ])('%s', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  test('taking one replaces the word at the caret and quotes where needed', () => {
    const text = 'env:pre cart';
    const [first] = suggest(text, 7, values);
    expect(applySuggestion(text, first!)).toEqual({ text: 'env:"pre prod" cart', caret: 15 });
    expect(quoteValue('a"b')).toBe('"a\\"b"');
  });
});
