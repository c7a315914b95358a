import { describe, expect, it } from 'vitest';
import { aPattern } from '../../../../test/patterns.ts';
import { compilePatterns } from './compile.ts';
import type { PatternDefinition } from './definition.ts';
import { scanLines } from './scan.ts';

describe('joining lines', () => {
  const lines = ['ERR one', '  at a', '  at b', '', 'note', 'END', 'ERR two', 'ERR three', '\tat c'];
  const joined = (continuation: PatternDefinition['continuation'], maxLines = 100) =>
    scanLines(compilePatterns([aPattern({ expression: '^ERR', continuation, maxLines })]), lines).map(({ first, last }) => [
      first,
      last,
    ]);

  it.each([
    [
      'none',
      null,
      [
        [0, 0],
        [6, 6],
        [7, 7],
      ],
    ],
    [
      'indented',
      null,
      [
        [0, 2],
        [6, 6],
        [7, 8],
      ],
    ],
    [
      'while',
      '^\\s|^$|note',
      [
        [0, 4],
        [6, 6],
        [7, 8],
      ],
    ],
    [
      'until',
      '^END',
      [
        [0, 5],
        [6, 8],
      ],
    ],
    [
      'until_start',
      null,
      [
        [0, 5],
        [6, 6],
        [7, 8],
      ],
    ],
  ] as const)('%s', (mode, expression, expected) => {
    expect(joined({ mode, expression })).toEqual(expected);
  });

  it('never more than maxLines', () => {
    expect(joined({ mode: 'until', expression: '^NEVER' }, 2)).toEqual([
      [0, 1],
      [6, 7],
    ]);
    expect(joined({ mode: 'until_start', expression: null }, 1)).toEqual([
      [0, 0],
      [6, 6],
      [7, 7],
    ]);
  });

  it('ends early when told to stop', () => {
    let asked = 0;
    const many = Array.from({ length: 1000 }, () => 'ERR x');
    const found = scanLines(compilePatterns([aPattern({ expression: '^ERR' })]), many, () => ++asked > 3);
    expect(found.length).toBeLessThan(300);
  });
});
