import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, startServer } from '../server.ts';
import { lines, run } from './errata.ts';

interface Finding {
  check: string;
  state: string;
  detail: string;
  advice?: string;
}

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0)) await act();
});
function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'errata-doctor-'));
  cleanUp.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
async function taken(server: Server | HttpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  return String((server.address() as AddressInfo).port);
}

/** Exit code and findings by check. */
async function examine(env: Record<string, string>): Promise<{ code: number | null; findings: Record<string, Finding> }> {
  const port = env['PORT'] ?? String(await freePort());
  const result = await run(['doctor', '--json'], { env: { PORT: port, ...env } });
  expect(result.stderr).toBe('');
  return {
    code: result.code,
    findings: Object.fromEntries(lines<Finding & Record<string, unknown>>(result.stdout).map((f) => [f.check, f])),
  };
}

describe('errata doctor', () => {
  it('finds nothing wrong before the first start, and changes nothing', async () => {
    const dataDir = directory();
    const { code, findings } = await examine({ ERRATA_DATA_DIR: join(dataDir, 'data') });
    expect(code).toBe(0);
    expect(Object.values(findings).map(({ check, state }) => `${check} ${state}`)).toEqual([
      'Node ok',
      'configuration ok',
      'data directory ok',
      'disk ok',
      'database ok',
      'server ok',
    ]);
    expect(findings['data directory']!.detail).toMatch(/not there yet/);
    expect(findings['server']!.detail).toMatch(/not running; port \d+ is free/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('sees the server that runs', async () => {
    const server = await startServer({ signIn: false });
    const { code, findings } = await examine({ ERRATA_DATA_DIR: server.dataDir, PORT: new URL(server.url).port });
    expect([code, findings['server']!.detail]).toEqual([0, `running and ready on port ${new URL(server.url).port}`]);
    expect(findings['database']!.detail).toBe('SQLite, up to date');
    const text = await run(['doctor'], { env: { ERRATA_DATA_DIR: server.dataDir, PORT: new URL(server.url).port } });
    expect(text.stdout.split('\n').filter((line) => line.startsWith('✓'))).toHaveLength(6);
    await server.dispose();
  });

  it('names every faulty variable at once', async () => {
    const { code, findings } = await examine({ PORT: 'many', BASE_URL: 'errata.example', ERRATA_LOG_LEVEL: 'loud' });
    expect([code, findings['configuration']!.state]).toEqual([1, 'failed']);
    for (const name of ['PORT', 'BASE_URL', 'ERRATA_LOG_LEVEL']) expect(findings['configuration']!.detail).toContain(name);
    expect(findings['configuration']!.advice).toContain('docs/administer.md');
    const proxies = await examine({ ERRATA_TRUSTED_PROXIES: '10.0.0.0/99' });
    expect([proxies.code, proxies.findings['configuration']!.detail]).toEqual([
      1,
      expect.stringContaining('ERRATA_TRUSTED_PROXIES'),
    ]);
  });

  it.each([
    ['an open port without a public address', { HOST: '0.0.0.0' }, /set BASE_URL/],
    ['a public address without encryption', { HOST: '0.0.0.0', BASE_URL: 'http://errata.example' }, /unencrypted/],
  ])('warns of %s', async (_name, env, advice) => {
    const { code, findings } = await examine({ ERRATA_DATA_DIR: directory(), ...env });
    expect([code, findings['configuration']!.state]).toEqual([0, 'warning']);
    expect(findings['configuration']!.advice).toMatch(advice);
  });

  it('finds a data directory that is none', async () => {
    const file = join(directory(), 'file');
    writeFileSync(file, '');
    const { code, findings } = await examine({ ERRATA_DATA_DIR: join(file, 'data') });
    expect([code, findings['data directory']!.state, findings['database']]).toEqual([1, 'failed', undefined]);
    expect(findings['data directory']!.advice).toMatch(/ERRATA_DATA_DIR/);
  });

  it('finds a database that is damaged', async () => {
    const dataDir = directory();
    await run(['project', 'create', 'X', '--data-dir', dataDir]);
    truncateSync(join(dataDir, 'errata.db'), 20_000);
    const { code, findings } = await examine({ ERRATA_DATA_DIR: dataDir });
    expect([code, findings['database']!.state]).toEqual([1, 'failed']);
    expect(findings['database']!.advice).toMatch(/restore the last backup/);
  });

  it('finds a database that cannot be reached', async () => {
    const port = await freePort();
    const { code, findings } = await examine({
      ERRATA_DATA_DIR: directory(),
      DATABASE_URL: `postgres://errata@127.0.0.1:${port}/errata`,
    });
    expect([code, findings['database']!.state]).toEqual([1, 'failed']);
    expect(findings['database']!.detail).toMatch(/ECONNREFUSED/);
    expect(findings['database']!.advice).toMatch(/DATABASE_URL/);
  });

  it('finds another program on the port', async () => {
    const web = await taken(createHttpServer((_req, res) => res.end('hello')));
    const other = await examine({ ERRATA_DATA_DIR: directory(), PORT: web });
    expect([other.code, other.findings['server']!.detail]).toEqual([1, `port ${web} answers 200 to /readyz`]);
    const mute = await taken(createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n')));
    const silent = await examine({ ERRATA_DATA_DIR: directory(), PORT: mute });
    expect([silent.code, silent.findings['server']!.state]).toEqual([1, 'failed']);
  });
});
