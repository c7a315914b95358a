import { expect, test } from 'vitest';
import { dsnParts, SNIPPETS, snippetFor } from './snippets.ts';

const dsn = 'https://0123456789abcdef0123456789abcdef@errors.example.org/errata/42';

test.each(SNIPPETS.map((one) => [one.name, one] as const))('%s: the real DSN stands in what is pasted', (_, snippet) => {
  const code = snippet
    .steps(dsn)
    .map((step) => step.code)
    .join('\n');
  const wanted =
    snippet.id === 'curl' ? ['0123456789abcdef0123456789abcdef', 'https://errors.example.org/errata/api/42/envelope/'] : [dsn];
  for (const text of wanted) expect(code).toContain(text);
});

test('every snippet has its own id and its own platforms', () => {
  const ids = SNIPPETS.map((one) => one.id);
  const platforms = SNIPPETS.flatMap((one) => one.platforms);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(platforms).size).toBe(platforms.length);
});

test.each([
  ['http://k@localhost:4000/1', 'k', 'http://localhost:4000/api/1/envelope/'],
  ['https://k@a.example/deep/er/7', 'k', 'https://a.example/deep/er/api/7/envelope/'],
  ['no dsn', '', ''],
])('%s is taken apart', (text, key, endpoint) => expect(dsnParts(text)).toEqual({ key, endpoint }));

test.each([
  ['python-django', 'django'],
  ['node', 'node'],
  ['csharp', 'dotnet'],
  ['never-heard-of', 'browser'],
  [null, 'browser'],
])('a project of platform %s opens %s', (platform, id) => expect(snippetFor(platform).id).toBe(id));
