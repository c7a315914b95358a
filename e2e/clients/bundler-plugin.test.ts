import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentryVitePlugin } from '@sentry/bundler-plugins/vite';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type RunningServer, startServer } from '../server.ts';

const CART = `export function payFor(total: number, mark: string): number {
  if (total === 0) throw new Error('nothing to pay ' + mark);
  return total;
}
`;
const MAIN = `import { payFor } from './cart.ts';
document.querySelector('button')!.addEventListener('click', () => payFor(0, 'by plugin'));
`;

let server: RunningServer;
const root = mkdtempSync(join(import.meta.dirname, '../.plugin-'));
const out = mkdtempSync(join(tmpdir(), 'errata-plugin-'));
beforeAll(async () => {
  server = await startServer();
  writeFileSync(join(root, 'cart.ts'), CART);
  writeFileSync(join(root, 'main.ts'), MAIN);
});
afterAll(async () => {
  await server?.dispose();
  for (const directory of [root, out]) rmSync(directory, { recursive: true, force: true });
});

/** A build as an application's own, with the plugin told of nothing but where and who. */
async function buildWithPlugin(release: string): Promise<void> {
  const { createApiToken } = await server.graphql<{ createApiToken: { secret: string } }>(
    'mutation { createApiToken(input: { name: "ci", scopes: ["artifacts:write"] }) { ... on CreatedApiToken { secret } } }',
  );
  const failures: unknown[] = [];
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    plugins: [
      sentryVitePlugin({
        url: server.url,
        org: 'any',
        project: 'my-project',
        authToken: createApiToken.secret,
        release: { name: release },
        telemetry: false,
        errorHandler: (error) => failures.push(error),
      }),
    ],
    build: {
      outDir: out,
      emptyOutDir: true,
      sourcemap: true,
      // Not Vite's own: by its backticks the plugin's uploader does not see that ids are there, and moves the map by a line.
      minify: 'esbuild',
      rolldownOptions: { input: join(root, 'main.ts'), output: { format: 'iife', entryFileNames: 'shop.js' } },
    },
  });
  expect(failures).toEqual([]);
}

it('Sentry’s Vite plugin uploads what a build made, and a minified error shows its original frames', async () => {
  await buildWithPlugin('shop@1');
  const script = readFileSync(join(out, 'shop.js'), 'utf8');
  const debugId = /sentry-dbid-([0-9a-f-]{36})/.exec(script)?.[1];
  expect(debugId).toBeDefined();
  const at = script.indexOf('nothing to pay');
  const line = script.slice(0, at).split('\n').length;
  const column = at - script.lastIndexOf('\n', at);
  const url = 'https://shop.example/assets/shop.js';
  const event = {
    event_id: '7'.repeat(32),
    platform: 'javascript',
    release: 'shop@1',
    exception: {
      values: [
        {
          type: 'Error',
          value: 'nothing to pay by plugin',
          stacktrace: { frames: [{ function: 't', filename: url, lineno: line, colno: column }] },
        },
      ],
    },
    debug_meta: { images: [{ type: 'sourcemap', code_file: url, debug_id: debugId }] },
  };
  const { pathname, username } = new URL(server.dsn);
  const sent = await fetch(`${server.url}/api${pathname}/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body: `{}\n{"type":"event"}\n${JSON.stringify(event)}\n`,
  });
  expect(sent.status).toBe(200);
  interface Found {
    errorEvents: {
      edges: { node: { culprit: string; exceptions: { frames: { function: string; filename: string; line: number }[] }[] } }[];
    };
  }
  const found = await eventually(
    () =>
      server.graphql<Found>(
        '{ errorEvents(first: 5) { edges { node { culprit exceptions { frames { function filename line } } } } } }',
      ),
    ({ errorEvents }) => errorEvents.edges[0]?.node.exceptions[0]?.frames[0]?.filename.endsWith('cart.ts') === true,
  );
  const [frame] = found.errorEvents.edges[0]!.node.exceptions[0]!.frames;
  expect(frame).toMatchObject({ function: 'payFor', filename: expect.stringMatching(/cart\.ts$/), line: 2 });
  const { releases } = await server.graphql<{ releases: { edges: { node: { version: string } }[] } }>(
    '{ releases(first: 5) { edges { node { version } } } }',
  );
  expect(releases.edges.map(({ node }) => node.version)).toEqual(['shop@1']);
});
