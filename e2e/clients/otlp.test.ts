import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../server.ts';
import { eventsOf, outcomesOf, ownFrames, runApp, type SeenEvent } from './foreign.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

it("OpenTelemetry's exporters, JSON and protobuf, plain and packed: one failure in span and log is one event", async () => {
  for (const [encoding, compression] of [
    ['json', 'none'],
    ['proto', 'gzip'],
  ] as const)
    expect(JSON.parse(await runApp(server, 'otlp-app.mjs', encoding, compression))).toEqual([{ code: 0 }, { code: 0 }]);

  const events = await eventsOf(server, 4);
  expect(events).toHaveLength(4);
  for (const encoding of ['json', 'proto']) {
    const crash = events.find(({ title }) => title === `PaymentError: card refused by ${encoding}`) as SeenEvent;
    expect(crash).toMatchObject({
      source: 'otlp',
      platform: 'node',
      level: 'ERROR',
      environment: 'staging',
      release: `shop-${encoding}@1.4.2`,
      transaction: '/checkout',
      exceptions: [{ type: 'PaymentError', value: `card refused by ${encoding}` }],
      breadcrumbs: [{ message: 'cart loaded' }],
    });
    expect(ownFrames(crash).at(-1)).toMatch(/^charge \d+$/);
    const log = events.find(({ message }) => message === `queue ${encoding} is full after 7 tries`);
    expect(log).toMatchObject({ source: 'otlp', level: 'ERROR', exceptions: [] });
  }
  const outcomes = await outcomesOf(server, 'otlp_log DUPLICATE same_exception');
  expect(outcomes).toMatchObject({
    'otlp_span ACCEPTED': 2,
    'otlp_span ACCEPTED no_error': 2,
    'otlp_log ACCEPTED': 2,
    'otlp_log ACCEPTED no_error': 2,
    'otlp_log DUPLICATE same_exception': 2,
  });
});
