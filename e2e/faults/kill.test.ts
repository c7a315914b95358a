import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { freePort, type RunningServer, startServer } from '../server.ts';

const KILLS = 20;

/** Seeded, so that a failure can be had again; the moments of the kills still vary with the machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

it(`finds every acknowledged event exactly once after ${KILLS} kills under load`, { timeout: 240_000 }, async () => {
  const port = await freePort();
  const next = random(20_261_122);
  const acknowledged = new Set<string>();
  let server: RunningServer = await startServer({ port });
  const { dataDir } = server;
  const dsn = new URL(server.dsn);
  const address = `${server.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`;
  let sending = true;

  /** One sender: keeps sending, also while the server is away; remembers only what was answered with 200. */
  const send = async (sender: number) => {
    for (let n = 0; sending; n += 1) {
      const id = randomUUID().replaceAll('-', '');
      const event = {
        event_id: id,
        timestamp: Date.now() / 1000,
        platform: 'node',
        release: `r${n % 3}`,
        exception: { values: [{ type: `Failure${n % 17}`, value: `sender ${sender}` }] },
      };
      const body = `{"event_id":"${id}"}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
      try {
        const response = await fetch(address, { method: 'POST', body });
        if (response.status === 200 && ((await response.json()) as { id: string }).id === id) acknowledged.add(id);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20)); // the server is away
      }
    }
  };
  const senders = Array.from({ length: 16 }, (_, i) => send(i));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = acknowledged.size;
    await new Promise((resolve) => setTimeout(resolve, 30 + next() * 500));
    while (acknowledged.size === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.kill();
    server = await startServer({ port, dataDir, signIn: false });
  }
  sending = false;
  await Promise.all(senders);
  await server.stop(); // digests what was accepted
  server = await startServer({ port, dataDir });

  const found = new Map<string, number>();
  for (let after: string | null = null; ; ) {
    type Page = {
      errorEvents: { edges: { node: { eventId: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    const page: Page = await server.graphql<Page>(
      'query ($after: String) { errorEvents(first: 200, after: $after) { edges { node { eventId } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    for (const { node } of page.errorEvents.edges) found.set(node.eventId, (found.get(node.eventId) ?? 0) + 1);
    if (!page.errorEvents.pageInfo.hasNextPage) break;
    after = page.errorEvents.pageInfo.endCursor;
  }
  const lost = [...acknowledged].filter((id) => !found.has(id));
  const doubled = [...found].filter(([, count]) => count > 1);
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  expect(acknowledged.size).toBeGreaterThan(KILLS * 10);
  const { errors } = await server.graphql<{ errors: { edges: { node: { eventCount: number } }[] } }>(
    '{ errors(first: 100) { edges { node { eventCount } } } }',
  );
  expect(errors.edges.reduce((sum, { node }) => sum + node.eventCount, 0)).toBe(found.size);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
