import { expect, it } from 'vitest';
import { dsnOf, newPublicKey } from './dsn.ts';

const key = '0123456789abcdef0123456789abcdef';

it.each([
  ['http://127.0.0.1:4000', `http://${key}@127.0.0.1:4000/7`],
  ['https://errata.example', `https://${key}@errata.example/7`],
  ['https://errata.example/', `https://${key}@errata.example/7`],
  ['https://example.org/tools/errata', `https://${key}@example.org/tools/errata/7`],
  ['http://[::1]:4000', `http://${key}@[::1]:4000/7`],
])('under %s', (baseUrl, dsn) => {
  expect(dsnOf(baseUrl, key, 7)).toBe(dsn);
});

it('keys are 32 lower-case hex digits, and never twice the same', () => {
  const keys = new Set(Array.from({ length: 100 }, newPublicKey));
  expect(keys.size).toBe(100);
  for (const made of keys) expect(made).toMatch(/^[0-9a-f]{32}$/);
});
