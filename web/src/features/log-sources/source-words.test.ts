import { expect, test } from 'vitest';
import { readPercent } from './source-words.ts';

test.each([
  [0, 0, 100],
  [1000, 0, 100],
  [1000, 1, 99],
  [1000, 1000, 0],
  [1000, 250, 75],
])('of %i bytes with %i left, %i %% are read', (size, lag, percent) => {
  expect(readPercent(size, lag)).toBe(percent);
});
