import { expect, it } from 'vitest';
import { freeSlug, isSlug, plainName, slugOf } from './slug.ts';

it.each([
  ['My project', 'my-project'],
  ['  Shop: check-out (EU) ', 'shop-check-out-eu'],
  ['Crème Brûlée', 'creme-brulee'],
  ['日本語', 'project'],
  ['---', 'project'],
  ['x'.repeat(80), 'x'.repeat(50)],
  [`${'x'.repeat(49)} yz`, 'x'.repeat(49)],
])('the slug of %j is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  expect(isSlug(slug)).toBe(true);
});

it('a plain name may keep more than a slug does', () => {
  expect(plainName('Prüfung_der Kasse!', /[^a-z0-9_]+/g)).toBe('prufung_der-kasse');
  expect(plainName('日本語')).toBe('');
});

it.each(['', 'A', 'a b', 'a_b', 'a/b', 'é', 'x'.repeat(51), 'a\n'])('%j is no slug', (slug) => {
  expect(isSlug(slug)).toBe(false);
});

it('counts up beside slugs that are taken, within the length', () => {
  expect(freeSlug('shop', new Set())).toBe('shop');
  expect(freeSlug('shop', new Set(['shop', 'shop-2']))).toBe('shop-3');
  const long = 'x'.repeat(50);
  expect(freeSlug(long, new Set([long]))).toBe(`${'x'.repeat(48)}-2`);
});
