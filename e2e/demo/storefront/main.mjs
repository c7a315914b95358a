// The shop's pages as they are really served: built and minified here, without their maps beside them. Visitors run into
// faults of the minified script; its source maps are uploaded after a while, as a build that forgot them would do.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { event, thrown } from '../foreign/events.mjs';
import { BROWSERS, below, endWithParent, pick, sleep } from '../people.mjs';

const { DEMO_URL, DEMO_DSN, DEMO_OPERATOR, DEMO_OPERATOR_PASSWORD } = process.env;
const RELEASE = 'storefront@2.4.0';
const SCRIPT = 'https://shop.example/static/storefront.js';
const errata = join(import.meta.dirname, '../../../server/dist/main.js');
/** How long the maps are late. */
const LATE_MS = 30_000;

/** Builds the page's script into a folder of its own. */
async function build() {
  const { build: bundle } = await import('vite');
  const directory = mkdtempSync(join(tmpdir(), 'errata-storefront-'));
  process.on('SIGTERM', () => process.exit(0));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  await bundle({
    configFile: false,
    logLevel: 'silent',
    root: join(import.meta.dirname, 'src'),
    build: {
      outDir: directory,
      emptyOutDir: true,
      sourcemap: true,
      minify: true,
      rolldownOptions: {
        input: join(import.meta.dirname, 'src/main.ts'),
        output: {
          format: 'iife',
          entryFileNames: 'storefront.js',
          // As a build beside its sources names them, wherever this one runs.
          sourcemapPathTransform: (source) => source.replace(/^.*\/storefront\/src\//, 'src/'),
        },
      },
    },
  });
  await promisify(execFile)(process.execPath, [errata, 'sourcemaps', 'inject', directory]);
  return directory;
}

/** Uploads the maps with a token of the operator's. */
async function upload(directory) {
  const ask = async (query, variables, cookie) => {
    const response = await fetch(`${DEMO_URL}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: DEMO_URL, ...(cookie ? { cookie } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    return { data: (await response.json()).data, cookie: response.headers.getSetCookie()[0]?.split(';')[0] };
  };
  const { cookie } = await ask(
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }',
    {
      email: DEMO_OPERATOR,
      password: DEMO_OPERATOR_PASSWORD,
    },
  );
  const { data } = await ask(
    'mutation { createApiToken(input: { name: "storefront build", scopes: ["artifacts:write"] }) { ... on CreatedApiToken { secret } } }',
    {},
    cookie,
  );
  const args = ['sourcemaps', 'upload', directory, '--project', 'shop-web', '--release', RELEASE, '--url-prefix', '~/static'];
  const env = { ...process.env, ERRATA_URL: DEMO_URL, ERRATA_TOKEN: data?.createApiToken?.secret };
  await promisify(execFile)(process.execPath, [errata, ...args], { env });
}

/** What a browser's SDK makes of an error: frames outermost first. */
function framesOf(stack) {
  return [...stack.matchAll(/^ +at (?:(.*?) \()?(https:[^)\s]+):(\d+):(\d+)\)?$/gm)]
    .map(([, called, file, line, column]) => ({
      function: called ?? '?',
      filename: file,
      abs_path: file,
      lineno: Number(line),
      colno: Number(column),
      in_app: true,
    }))
    .reverse();
}

const ACTS = [
  (page) => page.showProduct(pick([3, 4])),
  (page) => page.checkout([1, pick([3, 99])]),
  (page) => page.redeem(pick(['%%%', btoa('{"percent": 60}'), btoa('percent=10')])),
];

endWithParent();
const directory = await build().catch(() => undefined); // no bundler in this installation: the shop stays closed
if (directory === undefined) {
  process.send?.('ready');
  await new Promise(() => undefined);
}
const script = readFileSync(join(directory, 'storefront.js'), 'utf8');
const debugId = /\/\/# debugId=([0-9a-f-]{36})/.exec(script)?.[1];
const page = vm.createContext({ Intl, atob, Error, JSON });
vm.runInContext(script, page, { filename: SCRIPT });
process.send?.('ready');
if (DEMO_OPERATOR) setTimeout(() => void upload(directory).catch(() => undefined), LATE_MS);

const { origin, username, pathname } = new URL(DEMO_DSN);
for (;;) {
  try {
    pick(ACTS)(page.storefront);
  } catch (error) {
    const mechanism = { type: 'auto.browser.global_handlers.onerror', handled: false };
    const body = event('javascript', {
      exceptions: [thrown(error.name, error.message, framesOf(error.stack), { mechanism })],
      release: RELEASE,
      sdk: { name: 'sentry.javascript.browser', version: '11.12.0' },
      request: { url: `https://shop.example/storefront?visitor=${below(900)}`, headers: { 'User-Agent': pick(BROWSERS) } },
    });
    body.debug_meta = { images: [{ type: 'sourcemap', code_file: SCRIPT, debug_id: debugId }] };
    await fetch(`${origin}/api${pathname}/store/?sentry_key=${username}`, { method: 'POST', body: JSON.stringify(body) }).then(
      (response) => response.arrayBuffer(),
      () => sleep(1_000),
    );
  }
  await sleep(4_000 + below(9_000));
}
