import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePort, type RunningServer, startServer } from '../server.ts';
import { lines, makeToken, run, start } from './errata.ts';

let server: RunningServer;
let env: Record<string, string>;
let dsn: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  env = { ERRATA_URL: server.url, ERRATA_TOKEN: await makeToken(server) };
  dsn = { ERRATA_DSN: server.dsn };
});
afterAll(() => server?.dispose());

type Run = { status: string; environment: string; seconds: number | null; release: string | null };
const runsOf = (slug: string, satisfied: (runs: Run[]) => boolean) =>
  eventually(async () => lines<Run>((await run(['monitor', 'show', slug, '--json'], { env })).stdout), satisfied);
const node = (script: string) => [process.execPath, '-e', script];

describe('errata monitor run', () => {
  it('makes the monitor, runs the command with its own streams, and ends as it ends', async () => {
    const args = ['monitor', 'run', 'Nightly Backup', '--schedule', '0 4 * * *', '--timezone', 'Europe/Berlin'];
    const good = await run([...args, '--release', 'r7', '--', ...node('process.stdin.pipe(process.stdout)')], {
      env: dsn,
      input: 'through',
    });
    expect(good).toEqual({ code: 0, stdout: 'through', stderr: '' });
    await runsOf('nightly-backup', ([latest]) => latest?.status === 'OK');
    const bad = await run(['monitor', 'run', 'nightly-backup', '--', ...node("console.error('no'); process.exit(7)")], {
      env: dsn,
    });
    expect(bad).toEqual({ code: 7, stdout: '', stderr: 'no\n' });
    const runs = await runsOf('nightly-backup', ([latest]) => latest?.status === 'FAILED');
    expect(runs).toMatchObject([
      { status: 'FAILED', environment: 'production', release: null, seconds: expect.any(Number) },
      { status: 'OK', release: 'r7', seconds: expect.any(Number) },
    ]);
    const listed = lines((await run(['monitor', 'list', '--json'], { env })).stdout);
    expect(listed).toMatchObject([{ slug: 'nightly-backup', status: 'FAILED', schedule: '0 4 * * * (Europe/Berlin)' }]);
    expect((await run(['monitor', 'show', 'nightly-backup'], { env })).stdout).toContain('FAILED  0 4 * * * (Europe/Berlin)');
  });

  it('tells of a run in progress, passes signals on, and says which one ended it', async () => {
    const command = start(
      ['monitor', 'run', 'hanging', '--schedule', '1 hour', '--', ...node("console.log('up'); setInterval(() => {}, 1000)")],
      dsn,
    );
    await command.until((stdout) => stdout.includes('up'));
    await runsOf('hanging', ([latest]) => latest?.status === 'IN_PROGRESS');
    command.child.kill('SIGTERM');
    expect(await command.code).toBe(143);
    await runsOf('hanging', ([latest]) => latest?.status === 'FAILED');
  });

  it('answers as a shell does when there is no such command', async () => {
    const gone = await run(['monitor', 'run', 'typo', '--schedule', '1 day', '--', 'errata-no-such-command'], { env: dsn });
    expect(gone).toMatchObject({ code: 127, stderr: 'errata: errata-no-such-command: no such command\n' });
    await runsOf('typo', ([latest]) => latest?.status === 'FAILED');
  });

  it('runs the command when nobody can be told, and says so', async () => {
    const away = server.dsn.replace(/@[^/]+/, `@127.0.0.1:${await freePort()}`);
    const ran = await run(['monitor', 'run', 'x', '--', ...node("console.log('ran'); process.exit(3)")], {
      env: { ERRATA_DSN: away },
    });
    expect(ran).toMatchObject({
      code: 3,
      stdout: 'ran\n',
      stderr: expect.stringMatching(/monitor x was not told: cannot reach/),
    });
  }, 60_000);

  it('prints what a server says without letting it command the terminal', async () => {
    const rude = createServer((_, res) => res.writeHead(400).end(JSON.stringify({ detail: 'no\u001b]0;owned\u0007\u001b[2J' })));
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const at = server.dsn.replace(/@[^/]+/, `@127.0.0.1:${(rude.address() as { port: number }).port}`);
    const said = await run(['monitor', 'check-in', 'x', '--status', 'ok', '--dsn', at]);
    expect(said).toEqual({ code: 4, stdout: '', stderr: 'errata: no\\x1b]0;owned\\x07\\x1b[2J\n' });
    rude.close();
  });

  it.each<[string, string[]]>([
    ['no command', ['run', 'x']],
    ['nowhere to report to', ['run', 'x', '--', 'true']],
    ['a DSN that is none', ['run', 'x', '--dsn', 'https://nope', '--', 'true']],
    ['minutes that are none', ['run', 'x', '--dsn', 'http://a@b/1', '--schedule', '1 hour', '--margin', 'soon', '--', 'true']],
    ['a margin without a schedule', ['run', 'x', '--dsn', 'http://a@b/1', '--margin', '5', '--', 'true']],
    ['a status that is none', ['check-in', 'x', '--dsn', 'http://a@b/1', '--status', 'great']],
  ])('refuses %s before anything is run', async (_, args) => {
    expect((await run(['monitor', ...args])).code).toBe(2);
  });
});

describe('errata monitor check-in', () => {
  it('joins begin and end by an id', async () => {
    const id = ['--check-in-id', '7c2f8d6e-0000-4000-8000-000000000001'];
    await run(['monitor', 'run', 'by-hand', '--schedule', '1 day', '--', 'true'], { env: dsn });
    const checkIn = (...args: string[]) => run(['monitor', 'check-in', 'by-hand', ...id, ...args], { env: dsn });
    expect(await checkIn('--status', 'in_progress')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await checkIn('--status', 'ok', '--duration', '12.5', '--environment', 'production')).code).toBe(0);
    const runs = await runsOf('by-hand', ([latest]) => latest?.seconds === 12.5);
    expect(runs[0]).toMatchObject({ status: 'OK', seconds: 12.5 });
    expect((await run(['monitor', 'show', 'nope'], { env })).code).toBe(4);
    expect((await run(['monitor', 'list'])).code).toBe(2);
  });
});
