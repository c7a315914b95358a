import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type RunningServer, startServer } from '../server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

it('takes an envelope typed by hand with curl', async () => {
  const dsn = new URL(server.dsn);
  const eventId = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  const event = {
    message: 'typed by hand',
    level: 'warning',
    platform: 'other',
    exception: {
      values: [
        {
          type: 'HandMade',
          value: 'typed by hand',
          stacktrace: { frames: [{ filename: 'app.py', function: 'main', lineno: 3, in_app: true }] },
        },
      ],
    },
  };
  const envelope = `${JSON.stringify({ event_id: eventId })}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
  const { stdout } = await promisify(execFile)('curl', [
    '-sS',
    '-X',
    'POST',
    `${server.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`,
    '--data-binary',
    envelope,
  ]);
  expect(JSON.parse(stdout)).toEqual({ id: eventId });
  const { errors } = await eventually(
    () =>
      server.graphql<{ errors: { edges: { node: { title: string; level: string; latestEvent: { eventId: string } } }[] } }>(
        '{ errors { edges { node { title level latestEvent { eventId } } } } }',
      ),
    (answer) => answer.errors.edges.length > 0,
  );
  expect(errors.edges[0]!.node).toEqual({ title: 'HandMade: typed by hand', level: 'WARNING', latestEvent: { eventId } });
});
