import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { delimiter } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePort, type RunningServer, startServer } from '../server.ts';
import { LAUNCHER, lines, makeToken, run, send, start } from './errata.ts';

let server: RunningServer;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  env = { ERRATA_URL: server.url, ERRATA_TOKEN: await makeToken(server) };
});
afterAll(() => server?.dispose());

const error = (value: string, more: Record<string, unknown> = {}) => ({
  platform: 'node',
  exception: { values: [{ type: 'StreamError', value }] },
  ...more,
});

async function subscribers(of = server): Promise<number> {
  return (await of.graphql<{ systemStatus: { subscribers: number } }>('{ systemStatus { subscribers } }')).systemStatus
    .subscribers;
}
/** Starts the stream and waits until the server has another subscriber: from then on nothing can be missed. */
const listening = async (args: string[]) => {
  const before = await subscribers();
  const command = start(['stream', ...args], env);
  await Promise.race([
    eventually(subscribers, (now) => now > before),
    command.code.then((code) => Promise.reject(new Error(`ended with ${code}: ${command.stderr()}`))),
  ]);
  return command;
};

describe('errata stream', () => {
  it('prints what is kept as NDJSON and ends at its limit', async () => {
    const command = await listening(['--limit', '2']);
    const first = await send(server, error('one', { level: 'fatal', release: 'r1', environment: 'production' }));
    const second = await send(server, error('two'));
    expect(await command.code).toBe(0);
    const printed = lines(command.stdout());
    expect(printed.map(({ eventId }) => eventId)).toEqual([first, second]);
    expect(printed[0]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      eventId: first,
      errorId: expect.stringMatching(/^\d+$/),
      projectId: expect.stringMatching(/^\d+$/),
      project: { slug: 'my-project' },
      isNew: true,
      isRegression: false,
      title: 'StreamError: one',
      culprit: null,
      level: 'FATAL',
      environment: 'production',
      release: 'r1',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(command.stderr()).toBe('');
  });

  it('prints only what matches', async () => {
    const other = lines<{ dsn: string }>(
      (
        await run(['project', 'create', 'Other', '--json', '--data-dir', server.dataDir], {
          env: { PORT: new URL(server.url).port },
        })
      ).stdout,
    )[0]!;
    await eventually(
      () =>
        send(server, error('warm'), other.dsn).then(
          () => true,
          () => false,
        ),
      Boolean,
      40_000,
    );
    const command = await listening(['--query', 'level:warning', '--project', 'other', 'third', '--limit', '1']);
    await send(server, error('wrong project', { level: 'warning' }));
    await send(server, error('wrong level'), other.dsn);
    const right = await send(server, error('right', { level: 'warning' }), other.dsn);
    expect(await command.code).toBe(0);
    expect(lines(command.stdout()).map(({ eventId }) => eventId)).toEqual([right]);
  });

  it('begins after a known event with what came since', async () => {
    const ids: string[] = [];
    for (const value of ['a', 'b', 'c', 'd']) ids.push(await send(server, error(value)));
    const all = await run(['stream', '--after', '0', '--query', 'StreamError', '--limit', '1'], { env });
    expect(all.code).toBe(0);
    const events = await eventually(
      () =>
        server.graphql<{ errorEvents: { edges: { node: { id: string; eventId: string } }[] } }>(
          '{ errorEvents(first: 10) { edges { node { id eventId } } } }',
        ),
      (answer) => answer.errorEvents.edges.some(({ node }) => node.eventId === ids[3]),
    );
    const b = events.errorEvents.edges.find(({ node }) => node.eventId === ids[1])!.node.id;
    const later = await run(['stream', '--after', b, '--limit', '2'], { env });
    expect(lines(later.stdout).map(({ eventId }) => eventId)).toEqual([ids[2], ids[3]]);
  });

  it('ends with 0 when it is interrupted', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const command = await listening([]);
      command.child.kill(signal);
      expect([signal, await command.code, command.stderr()]).toEqual([signal, 0, '']);
    }
  });

  it('ends with 0 when its reader has gone', async () => {
    const shell = spawn('bash', ['-c', 'set -o pipefail; "$0" "$1" stream --after 0 | head -1', process.execPath, LAUNCHER], {
      env: { ...env, PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    shell.stdout.on('data', (chunk) => (out += chunk));
    shell.stderr.on('data', (chunk) => (err += chunk));
    const closed = once(shell, 'close') as Promise<[number]>;
    let open = true;
    void closed.then(() => (open = false));
    await eventually(
      async () => out,
      (text) => text.includes('\n'),
    );
    // The pipe is found broken at the next write.
    while (open) await send(server, error('one more'));
    expect([...(await closed), err]).toEqual([0, null, '']);
    expect(lines(out)).toHaveLength(1);
  });

  it('runs under the Node of the system, however old', async () => {
    const path = process.env['PATH'] ?? '';
    const outside = path.split(delimiter).filter((folder) => !folder.includes('node_modules'));
    const shell = spawn('/usr/bin/env', [LAUNCHER, 'stream', '--after', '0', '--limit', '1'], {
      env: { ...env, PATH: outside.join(delimiter) },
    });
    let out = '';
    shell.stdout.on('data', (chunk) => (out += chunk));
    const [code] = (await once(shell, 'close')) as [number];
    expect([code, lines(out).length]).toEqual([0, 1]);
  });
});

describe('errata stream refuses', () => {
  it.each([
    ['an unknown option', ['--lmit', '3'], {}, 2, /unknown option.*--lmit/],
    ['a limit that is no number', ['--limit', 'many'], {}, 2, /--limit takes a whole number/],
    ['an after that is no id', ['--after', 'yesterday'], {}, 2, /--after takes the id/],
    ['no token', [], { ERRATA_TOKEN: '' }, 2, /a token is needed/],
    ['no address', ['--url', 'errata.example'], {}, 2, /not an address/],
    ['a query that cannot be read', ['--query', 'level:loud'], {}, 2, /level: knows/],
    ['a query about errors, not events', ['--query', 'is:unresolved'], {}, 2, /./],
    ['a wrong token', [], { ERRATA_TOKEN: 'errata_nosuchtoken' }, 4, /token is not valid/],
    [
      'a server that is not there',
      ['--url', 'http://127.0.0.1:65000'],
      {},
      3,
      /cannot reach http:\/\/127\.0\.0\.1:65000: .*ECONNREFUSED/,
    ],
  ])('%s', async (_name, args, extra, code, message) => {
    const result = await run(['stream', ...args], { env: { ...env, ...(extra as Record<string, string>) } });
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('a token without the scope', async () => {
    const token = await makeToken(server, ['projects:read']);
    const result = await run(['stream'], { env: { ...env, ERRATA_TOKEN: token } });
    expect([result.code, result.stdout]).toEqual([4, '']);
  });

  it('a token that is revoked meanwhile', async () => {
    const secret = await makeToken(server);
    const before = await subscribers();
    const command = start(['stream'], { ...env, ERRATA_TOKEN: secret });
    await eventually(subscribers, (now) => now > before);
    const { apiTokens } = await server.graphql<{ apiTokens: { id: string; prefix: string }[] }>('{ apiTokens { id prefix } }');
    const { id } = apiTokens.find(({ prefix }) => secret.startsWith(prefix))!;
    await server.graphql('mutation ($id: ID!) { revokeApiToken(id: $id) { __typename } }', { id });
    expect(await command.code).toBe(4);
  });
});

describe('errata stream after a cut', () => {
  it('goes on without gap or double, though the server was killed, even before the first event', {
    timeout: 120_000,
  }, async () => {
    const port = await freePort();
    let own = await startServer({ port });
    const { dataDir } = own;
    const options = { ERRATA_URL: own.url, ERRATA_TOKEN: await makeToken(own) };
    const sent: string[] = [await send(own, error('before the stream'))];
    await eventually(
      () => own.graphql<{ errorEvents: { totalCount: number } }>('{ errorEvents { totalCount } }'),
      (a) => a.errorEvents.totalCount === 1,
    );
    const command = start(['stream'], options);
    await eventually(
      () => subscribers(own),
      (count) => count === 1,
    );
    for (let kill = 0; kill < 3; kill += 1) {
      await own.kill();
      own = await startServer({ port, dataDir });
      for (let n = 0; n < 20; n += 1) {
        sent.push(await send(own, error(`after kill ${kill}`)));
        // The second time it is killed right after the answers: some are not digested yet, others not shown yet.
        if (kill === 1 && n === 19) break;
      }
      if (kill !== 1) await command.until((stdout) => lines(stdout).length >= sent.length - 1);
    }
    await command.until((stdout) => lines(stdout).length >= sent.length - 1);
    command.child.kill('SIGINT');
    expect(await command.code).toBe(0);
    expect(lines(command.stdout()).map(({ eventId }) => eventId)).toEqual(sent.slice(1));
    expect(command.stderr()).toMatch(/connection lost, trying again in 0\.25 s/);
    await own.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('tells a reader that is too slow how many it missed', { timeout: 180_000 }, async () => {
    const total = 14_000;
    // As large as a line gets, to fill the buffers on the way with fewer of them.
    const wide = (n: number, length: number) => `${n} ${'文'.repeat(length)}`;
    const command = await listening([]);
    command.child.stdout?.pause();
    const metric = async (name: string) => {
      const page = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(page)?.[1] ?? Number.NaN);
    };
    const missedBefore = await metric('errata_live_missed_total');
    let next = 0;
    const sender = async () => {
      while (next < total) {
        const n = next++;
        await send(server, {
          transaction: wide(n, 190),
          release: wide(n % 5, 200),
          environment: wide(n % 3, 55),
          exception: { values: [{ type: 'Flood', value: wide(n % 7, 180) }] },
        });
      }
    };
    await Promise.all(Array.from({ length: 24 }, sender));
    await eventually(
      () => metric('errata_live_missed_total'),
      (missed) => missed > missedBefore,
      60_000,
    );
    const last = await send(server, error('the last one'));
    command.child.stdout?.resume();
    await command.until((stdout) => stdout.includes(last));
    command.child.kill('SIGINT');
    expect(await command.code).toBe(0);
    const missed = [...command.stderr().matchAll(/(\d+) events were missed, this reader is too slow/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    const printed = lines<{ id: string }>(command.stdout());
    expect(missed).toBeGreaterThan(0);
    expect(printed.length + missed).toBe(total + 1);
    expect(new Set(printed.map(({ id }) => id)).size).toBe(printed.length);
  });
});
