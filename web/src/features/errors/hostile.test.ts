import { expect, test } from 'vitest';
import { hasInvisible, piecesOf, safeHref } from './hostile.ts';

test.each<[string, object[]]>([
  ['plain', [{ text: 'plain' }]],
  ['a\u202Eb', [{ text: 'a' }, { control: 'U+202E' }, { text: 'b' }]],
  ['\u2066\u2069', [{ control: 'U+2066' }, { control: 'U+2069' }]],
  ['zero\u200Bwidth', [{ text: 'zero' }, { control: 'U+200B' }, { text: 'width' }]],
  ['\u001b[31mred', [{ control: 'U+001B' }, { text: '[31mred' }]],
  ['tab\tand\nline', [{ text: 'tab\tand\nline' }]],
  ['👩‍💻 می‌خواهم', [{ text: '👩‍💻 می‌خواهم' }]],
  ['', []],
])('%j is shown as it is', (text, expected) => {
  expect(piecesOf(text)).toEqual(expected);
  expect(hasInvisible(text)).toBe(expected.some((piece) => 'control' in piece));
});

test.each<[string, string | null]>([
  ['https://example.com/a?b=1', 'https://example.com/a?b=1'],
  ['HTTP://EXAMPLE.com', 'http://example.com/'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['//example.com', null],
  ['https://user:pass@example.com', null],
  ['https://exa\u202Emple.com', null],
  ['https://a b', null],
  ['https://', null],
  ['file:///etc/passwd', null],
])('%s links to %s', (text, expected) => {
  expect(safeHref(text)).toBe(expected);
});
