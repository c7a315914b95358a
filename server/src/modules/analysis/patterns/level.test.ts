import { expect, it } from 'vitest';
import { levelOf } from './level.ts';

it.each([
  ['[ERROR]', 'error'],
  ['<W>:', 'warning'],
  ['  fatal ', 'fatal'],
  ['30', 'info'],
  ['503', 'error'],
  ['nothing', undefined],
  ['ERROR', 'error'],
  ['[warn]', 'warning'],
  ['<crit>', 'fatal'],
  ['E', 'error'],
  ['notice', 'info'],
  ['SEVERE', 'fatal'],
  ['3', 'error'],
  ['50', 'error'],
  ['502', 'error'],
  ['404', 'warning'],
  ['8', undefined],
  ['hello', undefined],
])('%s means %s', (text, level) => expect(levelOf(text)).toBe(level));

it('a long row of brackets takes no long time', () => {
  const begun = performance.now();
  expect(levelOf(`${']'.repeat(1_000_000)}x`)).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(1_000); // it was a quarter of an hour
});
