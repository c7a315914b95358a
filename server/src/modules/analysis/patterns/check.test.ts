import { expect, it } from 'vitest';
import { aPattern } from '../../../../test/patterns.ts';
import { checkPattern } from './check.ts';

it('a definition that holds says what it captures; one that does not says every fault', () => {
  expect(checkPattern(aPattern({ expression: '%{IP:client} %{WORD:w}' }))).toEqual({ faults: [], fields: ['client', 'w'] });
  const { faults } = checkPattern(
    aPattern({
      name: ' ',
      expression: '%{WORD:w}',
      levelField: 'severity',
      fields: { w: 'nowhere', x: 'tag:x' },
      tags: { ü: 'x' },
      pieces: { lower: 'x', BAD: '(' },
      maxLines: 0,
      continuation: { mode: 'while', expression: '[' },
    }),
  );
  expect(faults.map(({ field }) => field).sort()).toEqual([
    'continuation.expression',
    'fields.w',
    'fields.x',
    'levelField',
    'maxLines',
    'name',
    'pieces.BAD',
    'pieces.lower',
    'tags.ü',
  ]);
});
