// `npm start -- --demo`: the server, and beside it a small fleet of programs that really crash (e2e/demo). Projects are made
// once; a project made just now gets a week of history. The fleet ends with the server.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { environment, fail, node, root, serverEnvironment, serverFlags } from './node24.mjs';

const main = join(root, 'server/dist/main.js');
/** By platform, so that one command makes several. */
const PROJECTS = [
  ['node', 'Shop API', 'Payments worker'],
  ['javascript-react', 'Shop web'],
  ['python', 'Reports'],
  ['java-spring-boot', 'Legacy Java'],
  ['go', 'Gateway'],
  ['php-laravel', 'Magazine'],
  ['ruby-rails', 'Back office'],
  ['csharp', 'Desk'],
  ['rust', 'Resizer'],
  ['opentelemetry', 'Recommender'],
  ['other', 'Warehouse'],
];
const OPERATOR = 'robin@demo.errata.local';

/** Runs the command line; answers its exit code and the objects it printed. */
function errata(args, input = '') {
  return new Promise((resolve) => {
    const child = spawn(node(), [main, ...args, '--json'], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) => {
      const rows = out.split('\n').filter((line) => line !== '');
      resolve({ code, rows: code === 0 ? rows.map((line) => JSON.parse(line)) : [], err });
    });
  });
}

async function expectDone(running) {
  const result = await running;
  if (result.code !== 0) fail(`the demo cannot be prepared:\n${result.err}`);
  return result.rows;
}

/** Makes the projects that are missing; all of them with their DSN, and whether they are new. */
async function prepareProjects() {
  const existing = new Map((await errata(['project', 'list', '--all'])).rows.map((row) => [row.name, row]));
  const missing = PROJECTS.filter(([, ...names]) => names.some((name) => !existing.has(name)));
  if (missing.length > 0) console.error('Making the demo projects…');
  // The one whose DSN the server prints: what somebody sends to try Errata does not mix with the demo. It makes the database, too.
  if (existing.size === 0) await expectDone(errata(['project', 'create', 'My project']));
  const make = ([platform, ...names]) =>
    expectDone(errata(['project', 'create', ...names, '--platform', platform, '--if-missing']));
  const made = [];
  for (let n = 0; n < missing.length; n += 2) made.push(...(await Promise.all(missing.slice(n, n + 2).map(make))).flat());
  return [...existing.values(), ...made].filter(
    ({ name, dsn, status }) => dsn && status === 'ACTIVE' && PROJECTS.some(([, ...names]) => names.includes(name)),
  );
}

/** A program without any SDK: the server watches the files that it writes. */
async function prepareLogs(projects) {
  const { slug } = projects.find(({ name }) => name === 'Warehouse') ?? {};
  if (slug === undefined) return {};
  const folder = join(tmpdir(), `errata-demo-logs-${userInfo().uid}`);
  process.env.ERRATA_LOG_ROOTS = [process.env.ERRATA_LOG_ROOTS, folder].filter(Boolean).join(',');
  mkdirSync(folder, { recursive: true });
  const { code } = await errata([
    'source',
    'add',
    'Warehouse',
    join(folder, '*.log'),
    '--project',
    slug,
    '--from',
    'beginning',
    '--if-missing',
  ]);
  return code === 0 ? { DEMO_LOGS: folder } : {};
}

/** The demo's own person, with a password that only this process knows. */
async function prepareOperator(slugs) {
  const password = randomBytes(24).toString('base64url');
  const created = await errata(
    ['user', 'create', OPERATOR, '--name', 'Robin Demo', '--role', 'OPERATOR', '--project', ...slugs],
    password,
  );
  if (created.code !== 0 && (await errata(['user', 'password', OPERATOR], password)).code !== 0) return {};
  return { DEMO_OPERATOR: OPERATOR, DEMO_OPERATOR_PASSWORD: password };
}

/** Resolves when the server says that it is ready; never, when it ends before. */
function ready(url) {
  return new Promise((resolve) => {
    const ask = () => {
      const again = () => setTimeout(ask, 200);
      get(`${url}/readyz`, (response) => {
        response.resume();
        if (response.statusCode === 200) resolve();
        else again();
      }).on('error', again);
    };
    ask();
  });
}

/** `--port 4100 --data-dir x` stand for their variables, so that the command line below sees them, too. */
function takeOptions(args) {
  const names = { '--port': 'PORT', '--host': 'HOST', '--data-dir': 'ERRATA_DATA_DIR' };
  for (const [index, arg] of args.entries()) {
    const [option, value = args[index + 1]] = arg.split('=');
    if (names[option] !== undefined && value !== undefined) process.env[names[option]] = value;
  }
}

/** Serves with `args`, with the demo beside it; takes this process over. */
export async function demo(args) {
  takeOptions(args);
  const projects = await prepareProjects();
  const logs = await prepareLogs(projects);
  const server = spawn(node(), [...serverFlags, main, 'serve', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: environment(serverEnvironment),
  });
  let fleet;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      fleet?.kill('SIGTERM');
      server.kill(signal);
    });
  server.on('exit', (code, signal) => {
    fleet?.kill('SIGTERM');
    process.exit(signal ? 1 : (code ?? 1));
  });

  const { PORT = '4000', HOST = '127.0.0.1' } = process.env;
  const host = ['', '0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST;
  const url = `http://${host}:${PORT || '4000'}`;
  await ready(url);
  const operator = await prepareOperator(projects.map(({ slug }) => slug));
  // DSNs name the public address, which need not be reachable from here.
  const near = ({ dsn }) => `http://${new URL(dsn).username}@${new URL(url).host}/${dsn.split('/').at(-1)}`;
  fleet = spawn(node(), [join(root, 'e2e/demo/fleet.mjs')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environment({
      DEMO_URL: url,
      DEMO_DSNS: JSON.stringify(Object.fromEntries(projects.map((project) => [project.slug, near(project)]))),
      DEMO_FRESH: projects
        .filter(({ created }) => created)
        .map(({ slug }) => slug)
        .join(','),
      ...operator,
      ...logs,
    }),
  });
  fleet.on('error', () => undefined);
  console.log(`  Demo              ${projects.length} projects whose programs fail on purpose, until you press Ctrl-C\n`);
}
