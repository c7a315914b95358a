import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startServer } from '../server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const run = promisify(execFile);
const EVENT = `query ($eventId: String!) { errorEvent(eventId: $eventId) {
  partOf { transaction op durationMs }
  attachments { id filename contentType preview sizeBytes path }
  group { id feedback { totalCount edges { node { message name email status attachments { filename path } } } } }
} }`;
interface File {
  filename: string;
  path: string;
  preview: string;
}
interface Answer {
  errorEvent: {
    partOf: { transaction: string; op: string; durationMs: number } | null;
    attachments: File[];
    group: { feedback: { totalCount: number; edges: { node: { message: string; name: string; attachments: File[] } }[] } };
  } | null;
}

describe('what @sentry/node sends besides events', () => {
  let answer: NonNullable<Answer['errorEvent']>;
  beforeAll(async () => {
    const program = join(import.meta.dirname, 'beside-node.mjs');
    const { stdout: eventId } = await run(process.execPath, [program, '@sentry/node', server.dsn, 'mark-1']);
    ({ errorEvent: answer } = (await eventually(
      () => server.graphql<Answer>(EVENT, { eventId }),
      ({ errorEvent }) => errorEvent !== null && errorEvent.partOf !== null && errorEvent.group.feedback.totalCount === 1,
    )) as { errorEvent: NonNullable<Answer['errorEvent']> });
  });
  const get = (path: string, headers: Record<string, string> = { cookie: server.cookie }) =>
    fetch(`${server.url}${path}`, { headers });

  it('attachments stand with their event, and are given to those who may read it', async () => {
    expect(answer.attachments.map(({ filename, preview }) => [filename, preview])).toEqual([
      ['cart.json', 'JSON'],
      ['screenshot.png', 'IMAGE'],
      ['page.html', 'TEXT'],
    ]);
    const [json] = answer.attachments;
    const given = await get(json!.path);
    expect([given.status, await given.json()]).toEqual([200, { mark: 'mark-1', items: [1, 2] }]);
    expect((await get(json!.path, {})).status).toBe(401);
    expect((await get('/attachments/999999')).status).toBe(404);
    expect((await get('/attachments/..%2f..%2ferrata.db')).status).toBe(404);
  });

  it('nothing of a file is ever run: all but raster pictures are downloads without a type, in a sandbox', async () => {
    const [json, picture, page] = answer.attachments;
    for (const path of [json!.path, page!.path, `${page!.path}?inline=1`, picture!.path]) {
      const { headers } = await get(path);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toMatch(/^attachment; /);
      expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const { headers } = await get(`${picture!.path}?inline=1`);
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      'image/png',
      `inline; filename="screenshot.png"; filename*=UTF-8''screenshot.png`,
    ]);
  });

  it('feedback is linked to its error, with its screenshot', () => {
    expect(answer.group.feedback.edges.map(({ node }) => node)).toMatchObject([
      {
        message: 'Paying does nothing mark-1',
        name: 'Ann',
        email: 'ann@example.com',
        status: 'UNREAD',
        attachments: [{ filename: 'shot.png' }],
      },
    ]);
  });

  it('the transaction tells what the error was part of', () => {
    expect(answer.partOf).toMatchObject({ transaction: 'POST /checkout', op: 'http.server' });
  });

  it('an error-level log is an error of its own, with the template it was made from', async () => {
    const { errors } = await eventually(
      () =>
        server.graphql<{
          errors: { edges: { node: { title: string; messageTemplate: string | null; latestEvent: { source: string } } }[] };
        }>('{ errors { edges { node { title messageTemplate latestEvent { source } } } } }'),
      (found) => found.errors.edges.some(({ node }) => node.title.includes('payment failed')),
    );
    const logged = errors.edges.map(({ node }) => node).find(({ title }) => title.includes('payment failed'))!;
    expect(logged.title).toBe('payment failed in mark-1');
    expect(errors.edges.some(({ node }) => node.title.includes('nothing to see'))).toBe(false);
  });

  it('every item has one fate', async () => {
    type Outcomes = { projects: { outcomes: { item: string; outcome: string; reason: string; quantity: number }[] }[] };
    const { projects } = await eventually(
      () => server.graphql<Outcomes>('{ projects { outcomes { item outcome reason quantity } } }'),
      (found) => found.projects[0]!.outcomes.some(({ reason }) => reason === 'below_level'),
    );
    const counted = Object.fromEntries(
      projects[0]!.outcomes.map((row) => [`${row.item} ${row.outcome} ${row.reason}`.trim(), row.quantity]),
    );
    expect(counted).toMatchObject({
      'attachment ACCEPTED': 4,
      'feedback ACCEPTED': 1,
      'log ACCEPTED below_level': 1,
      'log ACCEPTED': 1,
      'event ACCEPTED': 1,
    });
  });
});

it('what was answered is there after a power cut: the file, its record, the feedback', async () => {
  const own = await startServer();
  try {
    const dsn = new URL(own.dsn);
    const address = `${own.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`;
    const large = 'x'.repeat(300_000);
    const event = { event_id: 'a'.repeat(32), timestamp: Date.now() / 1000, platform: 'node', message: 'before the cut' };
    const items = [
      [{ type: 'event' }, JSON.stringify(event)],
      [{ type: 'attachment', filename: 'large.txt', length: large.length }, large],
      [
        { type: 'user_report' },
        JSON.stringify({ event_id: event.event_id, name: 'Ann', email: 'a@b.example', comments: 'It went dark' }),
      ],
    ] as const;
    const body = [
      JSON.stringify({ event_id: event.event_id }),
      ...items.flatMap(([head, payload]) => [JSON.stringify(head), payload]),
    ].join('\n');
    expect((await fetch(address, { method: 'POST', body })).status).toBe(200);
    await own.kill();
    // Half a file of a request that was under way when the power went.
    const again = await startServer({ dataDir: own.dataDir });
    const { errorEvent } = await eventually(
      () => again.graphql<Answer>(EVENT, { eventId: event.event_id }),
      (found) => found.errorEvent?.group.feedback.totalCount === 1,
    );
    expect(errorEvent!.attachments).toHaveLength(1);
    const file = await fetch(`${again.url}${errorEvent!.attachments[0]!.path}`, { headers: { cookie: again.cookie } });
    expect(await file.text()).toBe(large);
    expect(readdirSync(join(own.dataDir, 'attachments', 'tmp'))).toEqual([]);
    // The same envelope again changes nothing.
    expect(
      (await fetch(`${again.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`, { method: 'POST', body })).status,
    ).toBe(200);
    const later = await again.graphql<Answer>(EVENT, { eventId: event.event_id });
    expect([later.errorEvent!.attachments.length, later.errorEvent!.group.feedback.totalCount]).toEqual([1, 1]);
    await again.stop();
  } finally {
    await own.dispose();
  }
});
