import { expect, test } from 'vitest';
import { dsnParts, SNIPPETS, snippetFor } from './snippets.ts';
import { dsnAddress } from './snippets-foreign.ts';

const dsn = 'https://0123456789abcdef0123456789abcdef@errors.example.org/errata/42';

const key = '0123456789abcdef0123456789abcdef';
const base = 'https://errors.example.org/errata';
/** What knows no DSN is told its parts. */
const WITHOUT_DSN: Record<string, string[]> = {
  curl: [key, `${base}/api/42/envelope/`],
  opentelemetry: [key, `${base}\n`, `${base}/v1/logs`],
  bugsnag: [key, `${base}/notify`, `${base}/sessions`],
  rollbar: [key, `${base}/api/1/item/`],
  shell: [dsn, key, `${base}/api/42/bulk/`],
  graphql: ['projectId: 42', `${base}/graphql`],
};

test.each(SNIPPETS.map((one) => [one.name, one] as const))('%s: the real DSN stands in what is pasted', (_, snippet) => {
  const code = snippet
    .steps(dsn)
    .map((step) => step.code)
    .join('\n');
  const wanted = WITHOUT_DSN[snippet.id] ?? [dsn];
  for (const text of wanted) expect(code).toContain(text);
});

test.each([
  ['http://k:secret@localhost:4000/1', { key: 'k', projectId: '1', base: 'http://localhost:4000' }],
  ['no dsn', { key: '', projectId: '', base: '' }],
])('%s has an address', (text, address) => expect(dsnAddress(text)).toEqual(address));

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
