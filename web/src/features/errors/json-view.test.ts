import { expect, test } from 'vitest';
import { branchesAbove, branchesTo, pathKey, pathText, searchJson } from './json-view.ts';

const event = { user: { id: 7, email: 'a@x.test' }, tags: [{ key: 'User', value: 'ada' }], 'odd key': null };

test('search finds keys and leaves in the order shown', () => {
  expect(searchJson(event, 'user').map(pathText)).toEqual(['$.user', '$.tags[0].key']);
  expect(searchJson(event, '7').map(pathText)).toEqual(['$.user.id']);
  expect(searchJson(event, 'null').map(pathText)).toEqual(['$["odd key"]']);
  expect(searchJson(event, '')).toEqual([]);
  expect(searchJson(event, 'a', 2).length).toBe(2);
});

test('deep nesting is walked without breaking', () => {
  let deep: unknown = 'needle';
  for (let level = 0; level < 20_000; level++) deep = [deep];
  const limited = deep as unknown[];
  expect(searchJson({ shallow: 'needle', deep: limited.length }, 'needle').length).toBe(1);
  expect(branchesTo(deep, 3).size).toBe(4);
});

test('what stands above a hit must be open', () => {
  const above = branchesAbove([['tags', 0, 'key']]);
  expect([...above]).toEqual(['', pathKey(['tags']), pathKey(['tags', 0])]);
});

test('keys with dots and number-like keys do not collide', () => {
  expect(pathKey(['a.b'])).not.toBe(pathKey(['a', 'b']));
  expect(pathKey(['0'])).not.toBe(pathKey([0]));
});
