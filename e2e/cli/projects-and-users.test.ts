import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, eventually, type RunningServer, startServer } from '../server.ts';
import { lines, run, send } from './errata.ts';

let server: RunningServer;
const empty: string[] = [];
const emptyDirectory = () => {
  const path = mkdtempSync(join(tmpdir(), 'errata-cli-'));
  empty.push(path);
  return path;
};
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server?.dispose();
  for (const path of empty) rmSync(path, { recursive: true, force: true });
});

/** The command on the running server's data directory. */
const errata = (args: string[], input?: string) =>
  run(args, {
    env: { ERRATA_DATA_DIR: server.dataDir, PORT: new URL(server.url).port },
    ...(input === undefined ? {} : { input }),
  });

/** What signing in answers, by type. */
async function signIn(email: string, password: string): Promise<{ outcome: string; cookie: string }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($e: String!, $p: String!) { signIn(email: $e, password: $p) { __typename } }',
      variables: { e: email, p: password },
    }),
  });
  const { data } = (await response.json()) as { data: { signIn: { __typename: string } } };
  return { outcome: data.signIn.__typename, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** Slugs that somebody sees. */
async function seenBy(cookie: string): Promise<string[]> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query: '{ projects { slug } }' }),
  });
  const { data } = (await response.json()) as { data: { projects: { slug: string }[] } | null };
  return (data?.projects ?? []).map(({ slug }) => slug);
}

describe('errata project', () => {
  it('makes a project whose DSN the running server takes a moment later', async () => {
    const made = await errata(['project', 'create', 'Shop API', '--platform', 'node', '--json']);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const [row] = lines<{ dsn: string }>(made.stdout);
    const { host } = new URL(server.url);
    expect(row).toEqual({
      id: expect.any(Number),
      slug: 'shop-api',
      name: 'Shop API',
      status: 'ACTIVE',
      dsn: expect.stringMatching(new RegExp(`^http://[0-9a-f]{32}@${host}/\\d+$`)),
      created: true,
    });
    const taken = () =>
      send(server, { message: 'first' }, row!.dsn).then(
        () => true,
        () => false,
      );
    await eventually(taken, Boolean, 10_000);
  });

  it('makes several at once, and leaves alone what is there when asked to', async () => {
    const made = await errata(['project', 'create', 'Shop API', 'Reports', '--if-missing', '--json']);
    expect(lines(made.stdout).map(({ slug, created }) => [slug, created])).toEqual([
      ['shop-api', false],
      ['reports', true],
    ]);
    const again = await errata(['project', 'create', 'Any name', '--slug', 'reports']);
    expect(again.code).toBe(4);
    expect(again.stderr).toMatch(/^errata: .*\n$/);
    expect((await errata(['project', 'create', 'A', 'B', '--slug', 'c'])).code).toBe(2);
  });

  it('archives and restores; lists archived ones only when asked', async () => {
    const slugs = async (...more: string[]) =>
      lines<{ slug: string; status: string }>((await errata(['project', 'list', '--json', ...more])).stdout)
        .map(({ slug, status }) => `${slug} ${status}`)
        .sort();
    expect((await errata(['project', 'archive', 'reports'])).code).toBe(0);
    expect(await slugs()).toEqual(['my-project ACTIVE', 'shop-api ACTIVE']);
    expect(await slugs('--all')).toEqual(['my-project ACTIVE', 'reports ARCHIVED', 'shop-api ACTIVE']);
    expect((await errata(['project', 'restore', 'reports'])).code).toBe(0);
    expect(await slugs()).toContain('reports ACTIVE');
    const unknown = await errata(['project', 'archive', 'nowhere']);
    expect([unknown.code, unknown.stderr]).toEqual([4, 'errata: there is no project nowhere\n']);
  });

  it('prints columns for people', async () => {
    const { stdout } = await errata(['project', 'list']);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID +SLUG +NAME +STATUS +DSN$/);
    expect(rows).toHaveLength(3);
    const column = head!.indexOf('STATUS');
    expect(rows.map((row) => row.slice(column, column + 6))).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  });
});

describe('errata user', () => {
  it('adds somebody who can sign in at once, with the password from standard input', async () => {
    const made = await errata(
      ['user', 'create', 'Ada@Example.org', '--name', 'Ada', '--project', 'shop-api', '--json'],
      'analytical-engine\n',
    );
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(lines(made.stdout)).toEqual([{ id: expect.any(Number), email: 'ada@example.org', name: 'Ada', role: 'OPERATOR' }]);
    const { outcome, cookie } = await signIn('ada@example.org', 'analytical-engine');
    expect(outcome).toBe('Viewer');
    expect(await seenBy(cookie)).toEqual(['shop-api']);
  });

  it('changes a password and ends the sessions', async () => {
    const before = await signIn('ada@example.org', 'analytical-engine');
    const changed = await errata(['user', 'password', 'ada@example.org'], 'difference-engine-2');
    expect([changed.code, changed.stdout, changed.stderr]).toEqual([0, '', 'the password of ada@example.org is changed\n']);
    expect((await signIn('ada@example.org', 'analytical-engine')).outcome).toBe('ValidationRefusal');
    expect((await signIn('ada@example.org', 'difference-engine-2')).outcome).toBe('Viewer');
    expect(await seenBy(before.cookie)).toEqual([]);
  });

  it('lists everybody, never a password', async () => {
    const { stdout } = await errata(['user', 'list', '--json']);
    expect(lines(stdout)).toEqual([
      { id: expect.any(Number), email: 'ada@example.org', name: 'Ada', role: 'OPERATOR', disabled: false },
      { id: expect.any(Number), email: ADMIN.email, name: 'Administrator', role: 'OWNER', disabled: false },
    ]);
  });

  it.each([
    ['a weak password', ['user', 'create', 'b@example.org'], 'short\n', 4, /password/i],
    ['no password', ['user', 'create', 'b@example.org'], '', 2, /no password on standard input/],
    ['an address that is taken', ['user', 'create', 'ada@example.org'], 'long-enough-1\n', 4, /already/],
    ['no address', ['user', 'create', 'ada'], 'long-enough-1\n', 4, /mail/],
    [
      'a role there is not',
      ['user', 'create', 'b@example.org', '--role', 'king'],
      'long-enough-1\n',
      2,
      /VIEWER, OPERATOR, ADMIN, OWNER/,
    ],
    [
      'a project there is not',
      ['user', 'create', 'b@example.org', '--project', 'nowhere'],
      'long-enough-1\n',
      4,
      /no project nowhere/,
    ],
    ['a password for nobody', ['user', 'password', 'nobody@example.org'], 'long-enough-1\n', 4, /no user/],
  ])('refuses %s', async (_name, args, input, code, message) => {
    const result = await errata(args, input);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('before the first start', () => {
  it('makes the very first user an OWNER, and nobody less', async () => {
    const env = { ERRATA_DATA_DIR: emptyDirectory() };
    const less = await run(['user', 'create', 'ada@example.org', '--role', 'ADMIN'], { env, input: 'analytical-engine\n' });
    expect([less.code, less.stderr]).toEqual([4, 'errata: the very first user has to be an OWNER\n']);
    const made = await run(['user', 'create', 'ada@example.org', '--json'], { env, input: 'analytical-engine\n' });
    expect(lines(made.stdout)).toMatchObject([{ role: 'OWNER' }]);
  });

  it('makes no installation of a mistyped directory', async () => {
    const path = join(emptyDirectory(), 'mistyped');
    for (const args of [
      ['project', 'list'],
      ['project', 'archive', 'x'],
      ['user', 'list'],
    ]) {
      const result = await run([...args, '--data-dir', path]);
      expect([result.code, result.stderr]).toEqual([
        4,
        `errata: there is no database in ${path}; set ERRATA_DATA_DIR or --data-dir\n`,
      ]);
    }
    expect(existsSync(path)).toBe(false);
  });

  it('makes projects that the first start then has', async () => {
    const dataDir = emptyDirectory();
    const made = await run(['project', 'create', 'Early', '--json'], { env: { ERRATA_DATA_DIR: dataDir } });
    expect(made.code).toBe(0);
    const later = await startServer({ dataDir });
    const { projects } = await later.graphql<{ projects: { slug: string }[] }>('{ projects { slug } }');
    expect(projects).toEqual([{ slug: 'early' }]);
    expect(later.output()).toContain('DSN to paste');
    await later.dispose();
  });
});

describe('the command line', () => {
  it.each([
    [[], 2, /Usage: errata/],
    [['frobnicate'], 2, /unknown command/],
    [['project', 'create'], 2, /missing required argument/],
    [['serve', '--port', 'many'], 2, /PORT: must be a port number/],
  ])('ends with 2 for wrong usage: %j', async (args, code, message) => {
    const result = await run(args as string[], { env: { ERRATA_DATA_DIR: emptyDirectory() } });
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(message as RegExp);
  });

  it.each([
    [['--help'], /Usage: errata/],
    [['stream', '--help'], /Exit codes/],
    [['backup', '--help'], /pg_dump/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('%j ends with 0', async (args, out) => {
    const result = await run(args);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(out);
  });
});
