import { test as base, expect, type Page } from '@playwright/test';
import { type RunningServer, startServer } from '../server.ts';

interface WorkerFixtures {
  server: RunningServer;
}
interface TestFixtures {
  /** A page signed in as the administrator. Fails the test on any console error or uncaught exception. */
  signedIn: Page;
}

/** Console lines that the browser itself writes and that are no fault of the page. */
const HARMLESS = [/net::ERR_NETWORK_CHANGED/];

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
  signedIn: async ({ page, server }, use) => {
    const [name, value] = server.cookie.split('=') as [string, string];
    await page.context().addCookies([{ name, value, url: server.url }]);
    const faults = watchForFaults(page);
    await use(page);
    expect(faults()).toEqual([]);
  },
});

/** Collects console errors and uncaught exceptions of a page. */
export function watchForFaults(page: Page): () => string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !HARMLESS.some((pattern) => pattern.test(message.text()))) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return () => faults;
}

export { expect };
