import { expect, it } from 'vitest';
import type { NormalizedException } from '../detection/normalized-event.ts';
import { relationsOf } from './exception-relation.ts';

it.each<[string, Partial<NormalizedException>[], string[]]>([
  ['one', [{}], ['THROWN']],
  ['a chain', [{}, {}], ['CAUSE', 'THROWN']],
  ['what Java suppressed', [{ mechanism: 'suppressed' }, { mechanism: 'chained' }, {}], ['SUPPRESSED', 'CAUSE', 'THROWN']],
  [
    'a group of Python: a member with a cause',
    [
      { exceptionId: 3, parentId: 2 },
      { exceptionId: 2, parentId: 0 },
      { exceptionId: 1, parentId: 0 },
      { exceptionId: 0, isGroup: true },
    ],
    ['CAUSE', 'MEMBER', 'MEMBER', 'THROWN'],
  ],
  [
    'a group that was wrapped',
    [{ parentId: 1 }, { exceptionId: 1, parentId: 0, isGroup: true }, { exceptionId: 0 }],
    ['MEMBER', 'CAUSE', 'THROWN'],
  ],
  ['a group without links', [{}, {}, { isGroup: true }], ['MEMBER', 'MEMBER', 'THROWN']],
  ['nothing', [], []],
])('%s', (_, exceptions, relations) => {
  expect(relationsOf(exceptions.map((one) => ({ frames: [], ...one })))).toEqual(relations);
});
