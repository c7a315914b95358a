import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { run, start } from './errata.ts';

it('a server whose port is taken says so and ends, whatever it had begun', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const dataDir = mkdtempSync(join(tmpdir(), 'errata-serve-'));
  try {
    const { code, stderr } = await run(['serve', '--port', String(port), '--data-dir', join(dataDir, 'data')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/port \d+ on 127\.0\.0\.1 is taken .* choose another with PORT or --port/);
    // The password that is shown once was not made for the start that failed.
    const server = start(['serve', '--port', '0', '--data-dir', join(dataDir, 'data')]);
    await server.until((stdout) => stdout.includes('DSN to paste'));
    expect(server.stdout()).toMatch(/with password {5}\w{20} /);
    expect(statSync(join(dataDir, 'data')).mode & 0o777).toBe(0o700); // nobody else's to read
    expect(statSync(join(dataDir, 'data')).mode & 0o777).toBe(0o700); // nobody else's to read
    const second = await run(['serve', '--port', '0', '--data-dir', join(dataDir, 'data')]);
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringContaining('Another server is running on this data directory'),
    ]);
    server.child.kill('SIGTERM');
    expect(await server.code).toBe(0);
  } finally {
    await new Promise((resolve) => other.close(resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 30_000);

it('commands leave the tables alone that a server of an older version runs on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'errata-older-'));
  mkdirSync(join(dataDir, 'ingest-log'));
  // What such a server holds, on a database that is all to be made.
  const older = new DatabaseSync(join(dataDir, 'ingest-log/writer.lock'));
  older.exec('begin exclusive');
  try {
    const refused = await run(['project', 'create', 'One', '--data-dir', dataDir]);
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('a server of an older version runs on it')]);
    older.exec('rollback');
    expect((await run(['project', 'create', 'One', '--data-dir', dataDir])).code).toBe(0);
  } finally {
    older.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 20_000);
