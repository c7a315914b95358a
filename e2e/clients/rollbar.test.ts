import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../server.ts';
import { eventsOf, ownFrames, runApp, type SeenEvent } from './foreign.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

it("Rollbar's client for Node, with only its endpoint and token changed", async () => {
  const uuid = expect.stringMatching(/^[0-9a-f]{32}$/);
  expect(JSON.parse(await runApp(server, 'rollbar-app.mjs'))).toMatchObject([{ uuid }, { uuid }]);
  const events = await eventsOf(server, 2);
  const crash = events.find(({ title }) => title === 'ShippingError: no carrier for 12345') as SeenEvent;
  expect(crash).toMatchObject({
    source: 'rollbar',
    platform: 'node',
    level: 'FATAL',
    environment: 'staging',
    release: '9f1c2d',
    transaction: 'jobs#ship',
    user: { id: '7' },
    exceptions: [{ type: 'ShippingError', value: 'no carrier for 12345' }],
  });
  expect(ownFrames(crash).at(-1)).toMatch(/^ship \d+$/);
  expect(events.find(({ message }) => message === 'only words')).toMatchObject({ level: 'INFO', exceptions: [] });
});
