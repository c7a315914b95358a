import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lines, makeToken, run } from '../cli/errata.ts';
import { type RunningServer, startServer } from '../server.ts';
import { eventsOf, ownFrames, type SeenEvent } from './foreign.ts';

let server: RunningServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await makeToken(server, ['events:write']);
});
afterAll(() => server?.dispose());

async function post(query: string, variables: object, bearer = token) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as {
    data?: { reportErrors: Record<string, unknown> };
    errors?: { extensions: { code: string } }[];
  };
}
const MUTATION = `mutation ($input: [ErrorReportInput!]!, $slug: String) { reportErrors(input: $input, slug: $slug) {
  __typename ... on ReportedErrors { accepted results { index outcome eventId field } } ... on UserError { code message } } }`;
const seen = async (title: string) => {
  const events = await eventsOf(server, 1);
  return events.find((event) => event.title === title) as SeenEvent;
};
const TRACE = `Traceback (most recent call last):
  File "/srv/jobs/nightly.py", line 12, in main
    copy(source)
  File "/srv/jobs/nightly.py", line 30, in copy
    raise DiskFull("no space on /backup")
DiskFull: no space on /backup
`;

describe('reportErrors, by a token that may only send events', () => {
  it('takes a thousand at once, with their stacks', async () => {
    const stack = `TypeError: x is not a function\n${Array.from({ length: 30 }, (_, i) => `    at f${i} (/srv/app/src/file${i}.js:${i + 1}:5)`).join('\n')}`;
    const input = Array.from({ length: 1000 }, (_, i) => ({
      stack,
      message: `x${i} is not a function`,
      extra: { filler: 'x'.repeat(2_500) },
    }));
    expect(JSON.stringify(input).length).toBeGreaterThan(3_000_000);
    const { data } = await post(MUTATION, { input, slug: 'my-project' });
    expect(data?.reportErrors).toMatchObject({ __typename: 'ReportedErrors', accepted: 1000 });
  });

  it('and can do nothing else', async () => {
    for (const query of [
      '{ projects { id } }',
      '{ errors { edges { node { id } } } }',
      'mutation { deleteErrors(ids: ["1"]) { __typename } }',
    ]) {
      const { errors } = await post(query, {});
      expect(['FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED']).toContain(errors?.[0]?.extensions.code);
    }
    const { errors } = await post(
      MUTATION,
      { input: [{ message: 'm' }], slug: 'my-project' },
      await makeToken(server, ['errors:read']),
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('errata report', () => {
  it('a message, by a DSN', async () => {
    const args = [
      'report',
      'backup failed',
      '--level',
      'fatal',
      '--tag',
      'host=db-3',
      'job=nightly',
      '--release',
      'r7',
      '--environment',
      'staging',
    ];
    const { code, stdout, stderr } = await run(args, { env: { ERRATA_DSN: server.dsn } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[0-9a-f]{32}\n$/);
    await expect
      .poll(() => seen('backup failed'))
      .toMatchObject({ level: 'FATAL', release: 'r7', environment: 'staging', source: 'bulk' });
  });

  it('a stack from standard input, by a token', async () => {
    const env = { ERRATA_URL: server.url, ERRATA_TOKEN: token };
    const { code, stderr } = await run(['report', '--project', 'my-project', '--stack-from-stdin'], { env, input: TRACE });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect.poll(() => seen('DiskFull: no space on /backup')).toMatchObject({ platform: 'python', source: 'graphql' });
    expect(ownFrames(await seen('DiskFull: no space on /backup'))).toEqual(['main 12', 'copy 30']);
  });

  it.each([
    ['a DSN', () => ({ ERRATA_DSN: server.dsn }), []],
    ['a token', () => ({ ERRATA_URL: server.url, ERRATA_TOKEN: token }), ['--project', 'my-project']],
  ])('many as NDJSON, by %s; what is bad is told with its line', async (name, env, more) => {
    const input = `${JSON.stringify({ message: `one by ${name}` })}\n\nnonsense\n${JSON.stringify({ type: 'Two', message: `two by ${name}` })}\n{"message":"m","level":"loud"}\n`;
    const { code, stdout, stderr } = await run(['report', '--ndjson', '--json', ...more], { env: env(), input });
    expect(code).toBe(1);
    expect(lines(stdout)).toMatchObject([
      { line: 1, outcome: 'accepted' },
      { line: 2, outcome: 'invalid' },
      { line: 3, outcome: 'accepted' },
      { line: 4, outcome: 'invalid', reason: 'level' },
    ]);
    expect(stderr).toContain('event 2: ');
    expect(stderr).toContain('2 of 4 events were not taken');
    await expect.poll(() => seen(`Two: two by ${name}`)).toBeDefined();
  });

  it.each([
    ['nowhere to send to', ['report', 'm'], {}, 2, 'where to?'],
    ['no DSN', ['report', 'm', '--dsn', 'http://x'], {}, 2, 'not a DSN'],
    ['both ways', ['report', 'm', '--dsn', 'x', '--project', 'y'], {}, 2, 'either'],
    ['nothing', ['report', '--dsn', `http://${'a'.repeat(32)}@127.0.0.1:1/1`], {}, 2, 'nothing to report'],
    [
      'a tag without value',
      ['report', 'm', '--tag', 'x', '--dsn', `http://${'a'.repeat(32)}@127.0.0.1:1/1`],
      {},
      2,
      'name=value',
    ],
    ['nobody there', ['report', 'm', '--dsn', `http://${'a'.repeat(32)}@127.0.0.1:1/1`], {}, 3, 'cannot reach'],
  ])('%s', async (_, args, env, code, text) => {
    const result = await run(args, { env });
    expect(result.stderr).toContain(text);
    expect(result.code).toBe(code);
  });

  it('a wrong key, a wrong token, a project out of sight and a wrong level are refused', async () => {
    const wrong = server.dsn.replace(/[0-9a-f]{32}/, 'f'.repeat(32));
    expect(await run(['report', 'm', '--dsn', wrong])).toMatchObject({ code: 4, stderr: expect.stringContaining('unknown key') });
    const by = (more: string[], bearer = token) =>
      run(['report', 'm', ...more], { env: { ERRATA_URL: server.url, ERRATA_TOKEN: bearer } });
    expect(await by(['--project', 'my-project'], 'errata_wrong')).toMatchObject({ code: 4 });
    expect(await by(['--project', 'none'])).toMatchObject({ code: 4, stderr: expect.stringContaining('no such project') });
    expect(await by(['--project', 'my-project', '--level', 'loud'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('level'),
    });
  });
});
