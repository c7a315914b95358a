import { expect, it } from 'vitest';
import { admitValue, MAX_KEYS, MAX_VALUES, OTHER, type TagShape } from './tag-shapes.ts';

it('lets in so many values of a key, then only "other"', () => {
  const shape: TagShape = new Map();
  const admitted = Array.from({ length: MAX_VALUES + 2 }, (_, i) => admitValue(shape, 'k', `v${i}`));
  expect(admitted.slice(0, MAX_VALUES)).toEqual(Array.from({ length: MAX_VALUES }, (_, i) => `v${i}`));
  expect(admitted.slice(MAX_VALUES)).toEqual([OTHER, OTHER]);
});

it('lets in so many keys, and always the ones that filters are built on', () => {
  const shape: TagShape = new Map();
  for (const key of ['level', 'environment']) expect(admitValue(shape, key, 'v')).toBe('v');
  const admitted = Array.from({ length: MAX_KEYS + 5 }, (_, i) => admitValue(shape, `key-${i}`, 'v'));
  expect(admitted.filter((value) => value !== undefined).length).toBeGreaterThanOrEqual(MAX_KEYS);
  expect(admitted.at(-1)).toBeUndefined();
  expect(admitValue(shape, 'release', '1.0')).toBe('1.0');
  expect(admitValue(shape, 'key-0', 'another')).toBe('another');
});
