import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Request } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { startShopPage } from './sentry-page.ts';

const crash = (sdk: string, dsn: string, mark: string) =>
  spawn(process.execPath, [join(import.meta.dirname, '../clients/crash-node.mjs'), sdk, dsn, mark], { stdio: 'ignore' });

/** A project of its own, so that what one test sends is all it sees. */
async function project(server: { graphql<T>(query: string, variables: Record<string, unknown>): Promise<T> }, name: string) {
  const { createProject } = await server.graphql<{ createProject: { slug: string; keys: { dsn: string }[] } }>(
    'mutation ($name: String!) { createProject(input: { name: $name }) { ... on Project { slug keys { dsn } } } }',
    { name },
  );
  return { slug: createProject.slug, dsn: createProject.keys[0]!.dsn };
}

test.describe('an error arrives in the open dashboard without a reload', () => {
  for (const [major, sdk] of Object.entries({
    7: 'sentry-node-7',
    8: 'sentry-node-8',
    9: 'sentry-node-9',
    10: 'sentry-node-10',
    11: '@sentry/node',
  })) {
    test(`from @sentry/node ${major}`, async ({ signedIn: page, server }) => {
      const { slug, dsn } = await project(server, `Live node ${major}`);
      await page.goto(`${server.url}/errors?project=${slug}`);
      await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
      await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
      const program = crash(sdk, dsn, `live-${major}`);
      await expect(page.getByText(`in live-${major}`).first()).toBeVisible();
      expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
      if (program.exitCode === null) await once(program, 'exit');
    });
  }

  test('from @sentry/browser on another origin, in Chromium', async ({ signedIn: page, server, browser }) => {
    const { slug, dsn } = await project(server, 'Live browser');
    const shop = await startShopPage();
    await page.goto(`${server.url}/errors?project=${slug}`);
    await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();

    const visitor = await browser.newPage();
    await visitor.goto(`${shop.url}/?${new URLSearchParams({ dsn, mark: 'live-browser' })}`);
    await visitor.getByRole('button', { name: 'Pay' }).click();

    const row = page.getByText('Cannot read properties of undefined').first();
    await expect(row).toBeVisible();
    await visitor.close();
    await shop.close();

    const { errors } = await server.graphql<{
      errors: {
        edges: {
          node: {
            type: string;
            latestEvent: { exceptions: { handled: boolean; frames: { function: string; inApp: boolean }[] }[] };
          };
        }[];
      };
    }>(
      `query ($query: String) { errors(query: $query, first: 2) { edges { node {
         type latestEvent { exceptions { handled frames { function inApp } } }
       } } } }`,
      { query: `project:${slug}` },
    );
    const [exception] = errors.edges[0]!.node.latestEvent.exceptions;
    expect(errors.edges[0]!.node.type).toBe('TypeError');
    expect(exception!.handled).toBe(false);
    expect(exception!.frames.at(-1)).toEqual({ function: 'renderCart', inApp: true });
  });

  test('from a browser whose ad blocker knows the usual addresses, through the tunnel', async ({
    signedIn: page,
    server,
    browser,
  }) => {
    const { slug, dsn } = await project(server, 'Live tunnel');
    const shop = await startShopPage();
    await page.goto(`${server.url}/errors?project=${slug}`);
    await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();

    const visitor = await browser.newPage();
    const blocked: string[] = [];
    await visitor.route(/\/api\/\d+\/|sentry/i, (route) => {
      blocked.push(route.request().url());
      return route.abort();
    });
    const visit = async (more: Record<string, string>) => {
      await visitor.goto(`${shop.url}/?${new URLSearchParams({ dsn, mark: 'live-tunnel', ...more })}`);
      const posted = { predicate: (request: Request) => request.method() === 'POST' };
      const sent =
        more['tunnel'] === undefined
          ? visitor.waitForEvent('requestfailed', posted)
          : visitor.waitForEvent('requestfinished', posted);
      await visitor.getByRole('button', { name: 'Pay' }).click();
      return (await sent).url();
    };
    await visit({});
    expect(blocked.length).toBeGreaterThan(0);
    expect(await visit({ tunnel: `${server.url}/tunnel` })).toBe(`${server.url}/tunnel`);
    await expect(page.getByText('Cannot read properties of undefined').first()).toBeVisible();
    await visitor.close();
    await shop.close();
  });
});
