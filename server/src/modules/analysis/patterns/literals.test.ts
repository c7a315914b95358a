import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { requiredLiterals } from './literals.ts';
import { combinedPrefilter, prefilter } from './prefilter.ts';

describe('what a line must hold', () => {
  it.each([
    ['abc', ['abc']],
    ['a(?:bc|de)f', ['abcf', 'adef']],
    ['(?P<x>ERR|WARN): .*', ['ERR: ', 'WARN: ']],
    ['^\\[[^\\]]+\\] "[^"]*" (?P<s>5[0-9]{2})', ['" 5']],
    ['ab+cd', ['bcd']],
    ['(?:abc)+', ['abc']],
    ['x?yz{2}', ['yzz', 'xyzz']],
    ['[EF]1', ['E1', 'F1']],
    ['\\d+ms \\.log', ['ms .log']],
    ['\\Qa+b\\E', ['a+']],
    ['(?:long one|.*)', null],
    ['.*', null],
    ['a*', null],
    ['x', null],
    ['(?:abc)?', null],
    ['\\pL\\x41', null],
  ])('%s → %j', (expression, texts) => {
    expect(requiredLiterals(expression, false)?.texts ?? null).toEqual(texts);
  });

  it('folds case where the expression does', () => {
    expect(requiredLiterals('(?i:oops)', false)).toEqual({ texts: ['oops'], fold: true });
    expect(prefilter(requiredLiterals('kaos', true))('\u212aAO\u017f')).toBe(true);
  });

  it('together: certain only when each demands something', () => {
    const abc = requiredLiterals('abc', false);
    const def = requiredLiterals('def', true);
    expect(combinedPrefilter([abc, def])('nothing')).toBe(false);
    expect(combinedPrefilter([abc, def])('xDEFx')).toBe(true);
    expect(combinedPrefilter([abc, null])('nothing')).toBe(true);
  });

  const piece = fc.constantFrom(
    'a',
    'b',
    'ab',
    '.',
    '\\.',
    '[ab]',
    '[^a]',
    '\\w',
    '^',
    '$',
    '\\b',
    '(?i:b)',
    '\\Qa+\\E',
    '|',
    '-',
    'é',
    '😀',
    '{',
    '\\x61',
    'B',
  );
  const quantified = fc
    .tuple(piece, fc.constantFrom('', '', '', '+', '*', '?', '{2}', '{1,2}', '{0,1}', '{2,}', '+?'))
    .map(([a, b]) => a + b);
  const expression = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      quantified,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}${b}`),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
      fc.tuple(tie('node'), fc.constantFrom('', '+', '?', '{2}')).map(([a, b]) => `(${a})${b}`),
    ),
  })).node as fc.Arbitrary<string>;
  const text = fc
    .array(fc.constantFrom('a', 'b', 'A', 'B', 'ab', '.', '+', '-', ' ', 'é', '😀', '{'), { maxLength: 14 })
    .map((parts) => parts.join(''));

  it('never rules out a line that matches', () => {
    let matched = 0;
    fc.assert(
      fc.property(expression, fc.array(text, { minLength: 6, maxLength: 6 }), fc.boolean(), (source, lines, fold) => {
        let compiled: RE2JS;
        try {
          compiled = RE2JS.compile(source, fold ? RE2JS.CASE_INSENSITIVE : 0);
        } catch {
          return;
        }
        const literals = requiredLiterals(source, fold);
        if (literals === null) return;
        for (const line of lines) {
          if (!compiled.test(line)) continue;
          matched++;
          if (!prefilter(literals)(line) || !combinedPrefilter([literals])(line))
            throw new Error(`${source} on ${line}: ${literals.texts}`);
        }
      }),
      { numRuns: 4000 },
    );
    expect(matched).toBeGreaterThan(100);
  });
});
