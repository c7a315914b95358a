import { expect, it } from 'vitest';
import { ByFirstCharacter } from './first-character.ts';

const PATTERNS: (readonly [RegExp, number])[] = [
  [/^panic: |^fatal /, 0],
  [/^(?:PHP )?Fatal/, 1],
  [/^\s{1,4}at /, 2],
  [/^\s{0,4}at /, 3],
  [/^(?:\*\*\* (?:a|b)|==\d|[xy]z)/, 4],
  [/^a|b/, 5],
  [/^#\d|^\[c\]|^\d{2}/, 6],
  [/^(?:Kernel|kernel) p/i, 7],
  [/^q?r/, 8],
];

it('leaves out what cannot match, and nothing else', () => {
  const by = new ByFirstCharacter(PATTERNS);
  const kept = (text: string) => by.of(text).map(([, n]) => n);
  // those with a class, an optional beginning, or no anchor are always asked
  expect(kept('panic: x')).toEqual([0, 1, 3, 4, 5, 7, 8]);
  expect(kept('  at x')).toEqual([1, 2, 3, 4, 5, 7, 8]);
  expect(kept('#0 x')).toEqual([1, 3, 4, 5, 6, 7, 8]);
  expect(kept('étoile')).toEqual(PATTERNS.map(([, n]) => n));
});

it('finds the same first match as asking all', () => {
  const by = new ByFirstCharacter(PATTERNS);
  for (const text of [
    'panic: ',
    'fatal x',
    'Fatal',
    'PHP Fatal',
    ' at ',
    'at ',
    '*** b',
    '==1',
    'xz',
    'a',
    'cb',
    '#1',
    '[c]',
    '77',
    'KERNEL p',
    'r',
    'qr',
    '',
  ]) {
    const first = (patterns: readonly (readonly [RegExp, number])[]) => patterns.find(([pattern]) => pattern.test(text))?.[1];
    expect(first(by.of(text))).toBe(first(PATTERNS));
  }
});
