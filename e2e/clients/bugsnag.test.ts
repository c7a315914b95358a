import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../server.ts';
import { eventsOf, outcomesOf, ownFrames, runApp, type SeenEvent } from './foreign.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

it("Bugsnag's client for Node, with only its endpoints and key changed", async () => {
  expect(await runApp(server, 'bugsnag-app.mjs')).toBe('sent');
  const [event] = (await eventsOf(server, 1)) as [SeenEvent];
  expect(event).toMatchObject({
    title: 'StockError: nothing left of 4711',
    source: 'bugsnag',
    platform: 'node',
    level: 'WARNING',
    environment: 'staging',
    release: '1.4.2',
    transaction: 'POST /reserve',
    user: { id: '7' },
    exceptions: [
      { type: 'RangeError', value: 'stock below zero' },
      { type: 'StockError', value: 'nothing left of 4711', handled: true },
    ],
  });
  expect(event.breadcrumbs.map(({ message }) => message)).toContain('cart loaded');
  expect(ownFrames(event).at(-1)).toMatch(/^reserve \d+$/);
  expect(await outcomesOf(server, 'bugsnag ACCEPTED')).toMatchObject({ 'bugsnag ACCEPTED': 1 });
});
