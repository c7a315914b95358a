import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import { eventually, type RunningServer } from '../server.ts';
import { expect, test } from './fixtures.ts';
import { type MinifiedShop, startMinifiedShop } from './minified-shop.ts';

const run = promisify(execFile);
const errata = join(import.meta.dirname, '../../server/dist/main.js');

/** Sentry's own tool, where it is installed (its package is for some platforms only). */
function sentryCli(): string | undefined {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve('@sentry/cli-linux-x64/package.json')), 'bin/sentry-cli');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function tokenFor(server: RunningServer): Promise<string> {
  const { createApiToken } = await server.graphql<{ createApiToken: { secret: string } }>(
    'mutation { createApiToken(input: { name: "ci", scopes: ["artifacts:write"] }) { ... on CreatedApiToken { secret } } }',
  );
  return createApiToken.secret;
}

/** Opens the shop in a browser of its own and lets it crash. */
async function crash(browser: Browser, shop: MinifiedShop, server: RunningServer, release: string, mark: string): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sent = page.waitForResponse(
    (response) => response.url().includes('/envelope/') && response.request().method() === 'POST',
  );
  const query = new URLSearchParams({ dsn: server.dsn, release, mark });
  await page.goto(`${shop.url}/?${query}`);
  await page.getByRole('button', { name: 'Pay' }).click();
  expect((await sent).status()).toBe(200);
  await context.close();
}

interface Found {
  id: string;
  culprit: string;
  group: { id: string; culprit: string; eventCount: number };
  exceptions: {
    frames: { function: string | null; filename: string; line: number; inApp: boolean; minified: { line: number } | null }[];
  }[];
}

function eventsOf(server: RunningServer, mark: string): Promise<Found[]> {
  return server
    .graphql<{ errorEvents: { edges: { node: Found & { title: string } }[] } }>(
      `{ errorEvents(first: 10) { edges { node { id title culprit group { id culprit eventCount }
        exceptions { frames { function filename line inApp minified { line } } } } } } }`,
    )
    .then(({ errorEvents }) => errorEvents.edges.map(({ node }) => node).filter(({ title }) => title.includes(mark)));
}

const top = (event: Found) => event.exceptions[0]!.frames.at(-1)!;

test.describe('a minified page', () => {
  let shop: MinifiedShop;
  test.beforeEach(async () => {
    shop = await startMinifiedShop();
  });
  test.afterEach(() => shop.close());

  test('shows original frames when its maps were uploaded by sentry-cli', async ({ browser, server, signedIn: page }) => {
    const cli = sentryCli();
    test.skip(cli === undefined, 'sentry-cli is not installed on this platform');
    const env = {
      ...process.env,
      SENTRY_URL: server.url,
      SENTRY_AUTH_TOKEN: await tokenFor(server),
      SENTRY_ORG: 'any',
      SENTRY_PROJECT: 'my-project',
    };
    const sentry = (...args: string[]) => run(cli!, args, { env });
    await sentry('releases', 'new', 'shop-web@1.0.0');
    await sentry('sourcemaps', 'inject', shop.directory);
    const { stdout } = await sentry(
      'sourcemaps',
      'upload',
      '--release',
      'shop-web@1.0.0',
      '--url-prefix',
      '~/static',
      shop.directory,
    );
    expect(stdout).toContain('File processing complete');
    await sentry('releases', 'finalize', 'shop-web@1.0.0');
    await sentry('deploys', 'new', '-r', 'shop-web@1.0.0', '-e', 'production');

    await crash(browser, shop, server, 'shop-web@1.0.0', 'early');
    const [event] = await eventually(
      () => eventsOf(server, 'early'),
      (found) => found.length === 1,
    );
    expect(top(event!)).toMatchObject({ function: 'payFor', line: 11, inApp: true });
    expect(top(event!).filename).toMatch(/cart\.ts$/);
    expect(event!.group.culprit).toMatch(/^payFor in .*cart\.ts$/);
    const sdk = event!.exceptions[0]!.frames.filter(({ filename }) => filename.includes('@sentry/'));
    expect(sdk.every(({ inApp }) => !inApp)).toBe(true);

    await page.goto(`${server.url}/errors/${event!.group.id}`);
    await expect(page.getByText("if (total === 0) throw new Error('nothing to pay ' + mark);")).toBeVisible();
    await page.getByText('Minified', { exact: true }).click();
    await expect(page.getByText(/static\/shop\.js:\d+:\d+/).first()).toBeVisible();
    await page.goto(`${server.url}/projects/my-project/source-maps`);
    await page.getByRole('button', { name: 'shop-web@1.0.0', exact: true }).click();
    await expect(page.getByText('~/static/shop.js.map')).toBeVisible();
  });

  test('does so too when they come late, and the next crash joins the same error', async ({ browser, server }) => {
    await crash(browser, shop, server, 'shop-web@2.0.0', 'late');
    const [before] = await eventually(
      () => eventsOf(server, 'late'),
      (found) => found.length === 1,
    );
    const env = { ...process.env, ERRATA_URL: server.url, ERRATA_TOKEN: await tokenFor(server) };
    const upload = [
      'sourcemaps',
      'upload',
      shop.directory,
      '--project',
      'my-project',
      '--release',
      'shop-web@2.0.0',
      '--url-prefix',
      '~/static',
    ];
    await run(process.execPath, [errata, ...upload], { env });
    const [after] = await eventually(
      () => eventsOf(server, 'late'),
      ([event]) => top(event!).minified !== null,
    );
    expect(top(after!)).toMatchObject({ function: 'payFor', line: 11 });
    await eventually(
      () => eventsOf(server, 'late'),
      ([event]) => /^payFor in .*cart\.ts$/.test(event!.group.culprit),
    );
    await crash(browser, shop, server, 'shop-web@2.0.0', 'late again');
    const found = await eventually(
      () => eventsOf(server, 'late'),
      (events) => events.length === 2,
    );
    expect(new Set(found.map((event) => event.group.id)).size).toBe(1);
    expect(before!.id).toBe(after!.id);
  });
});
