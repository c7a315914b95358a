// The demo: a small fleet of programs that really crash. Started by `npm start -- --demo` beside the server; everything
// ends with it. Rates are gentle: a few events a second, with bursts now and then.
//
//   DEMO_URL       where the server is
//   DEMO_DSNS      { slug: dsn }
//   DEMO_FRESH     slugs of projects made just now, comma-separated: they get a week of history
//   DEMO_OPERATOR, DEMO_OPERATOR_PASSWORD   somebody to triage as; nobody does if unset
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endWithParent } from './people.mjs';

const { DEMO_LOGS } = process.env;
const { DEMO_URL, DEMO_DSNS = '{}', DEMO_FRESH = '', DEMO_OPERATOR, DEMO_OPERATOR_PASSWORD } = process.env;
const dsns = JSON.parse(DEMO_DSNS);
const fresh = new Set(DEMO_FRESH.split(',').filter(Boolean));
const RESTART_MS = 4000;
/** How long the operator waits for the history at most. */
const HISTORY_MS = 90_000;
const children = new Set();
let stopping = false;

const lookBack = (...slugs) => {
  const found = slugs.filter((slug) => fresh.has(slug));
  return found.length === 0 ? {} : { DEMO_LOOK_BACK: found.join(',') };
};

/** Runs a program; one that dies is started again, as a supervisor would. Resolves when it has sent its history. */
function run(file, env, { command = process.execPath, flags = ['--max-old-space-size=96', '--no-warnings'], ipc = true } = {}) {
  return new Promise((resolve) => {
    const begin = (environment) => {
      const child = spawn(command, [...flags, join(import.meta.dirname, file)], {
        // Standard input stays open as long as this process lives: a program without IPC ends when it closes.
        stdio: ['pipe', 'ignore', 'ignore', ...(ipc ? ['ipc'] : [])],
        env: { PATH: process.env.PATH, NODE_ENV: 'production', DEMO_URL, ...environment },
      });
      children.add(child);
      child.on('error', () => resolve()); // not installed here: the fleet is a little smaller
      child.stdin.on('error', () => undefined);
      if (ipc) child.on('message', () => resolve());
      else setTimeout(resolve, 5000);
      child.on('exit', () => {
        children.delete(child);
        resolve();
        if (stopping || child.pid === undefined) return;
        const { DEMO_LOOK_BACK: _, ...rest } = environment;
        setTimeout(() => stopping || begin(rest), RESTART_MS);
      });
    };
    begin(env);
  });
}

const dsn = (slug) => ({ SENTRY_DSN: dsns[slug], SENTRY_ENVIRONMENT: 'production' });

function stop() {
  stopping = true;
  for (const child of children) child.kill('SIGTERM');
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.on('disconnect', stop);
endWithParent();

const told = [];
// The Sentry SDK of these two reports itself; the third is plain Python; the fourth knows only
// OpenTelemetry; the fifth speaks for programs in seven languages.
if (dsns['shop-api']) told.push(run('shop-api/main.mjs', { ...dsn('shop-api'), ...lookBack('shop-api') }));
if (dsns['payments-worker']) told.push(run('payments/main.mjs', { ...dsn('payments-worker'), ...lookBack('payments-worker') }));
if (dsns.reports)
  told.push(
    run(
      'reports.py',
      { ...dsn('reports'), ...lookBack('reports'), PYTHONDONTWRITEBYTECODE: '1' },
      { command: 'python3', flags: ['-u'], ipc: false },
    ),
  );
if (dsns.recommender) told.push(run('recommender.mjs', { ...dsn('recommender'), ...lookBack('recommender') }));
told.push(run('foreign/main.mjs', { DEMO_DSNS, ...lookBack(...Object.keys(dsns)) }));
// Knows nothing of Errata: it writes log files, and the server watches them.
if (DEMO_LOGS) void run('warehouse.mjs', { DEMO_LOGS });
if (dsns['shop-web']) told.push(run('voices/main.mjs', { DEMO_DSNS }));
// A page that is really minified, and its source maps.
if (dsns['shop-web']) void run('storefront/main.mjs', { DEMO_DSN: dsns['shop-web'], DEMO_OPERATOR, DEMO_OPERATOR_PASSWORD });
// And one for visitors' sessions and scheduled jobs.
told.push(run('health/main.mjs', { DEMO_DSNS, ...lookBack('shop-web') }));

if (DEMO_OPERATOR) {
  await Promise.race([Promise.all(told), new Promise((resolve) => setTimeout(resolve, HISTORY_MS))]);
  void run('operator.mjs', { DEMO_OPERATOR, DEMO_OPERATOR_PASSWORD, ...(fresh.size > 0 ? { DEMO_LOOK_BACK: '1' } : {}) });
}
