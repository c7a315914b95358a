import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort, type RunningServer, startServer } from '../server.ts';
import { run } from './errata.ts';

const BATCHES = 12;
const LINES = 2_000;
const directory = mkdtempSync(join(tmpdir(), 'errata-backup-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Sends a batch of events in one request; answers how many were acknowledged. */
async function send(server: RunningServer, batch: number): Promise<number> {
  const dsn = new URL(server.dsn);
  const lines = Array.from({ length: LINES }, (_, n) => JSON.stringify({ type: `Failure${n % 7}`, message: `${batch} of ${n}` }));
  const response = await fetch(`${server.url}/api${dsn.pathname}/bulk/?sentry_key=${dsn.username}`, {
    method: 'POST',
    body: `${lines.join('\n')}\n`,
  });
  return ((await response.json()) as { accepted: number }).accepted;
}

async function sendWithFile(server: RunningServer): Promise<void> {
  const dsn = new URL(server.dsn);
  const item = '{"type":"event"}\n{"message":"with a file"}\n{"type":"attachment","length":5,"filename":"a.txt"}\nhello\n';
  const body = `{"event_id":"${'ab'.repeat(16)}"}\n${item}`;
  const address = `${server.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}`;
  expect((await fetch(address, { method: 'POST', body })).status).toBe(200);
}

const COUNTS = `{ errors(first: 100) { edges { node { title eventCount latestEvent { attachments { id } } } } } }`;
interface Counts {
  errors: {
    edges: { node: { title: string; eventCount: number; latestEvent: { attachments: { id: string }[] } } }[];
  };
}

describe('errata backup', () => {
  it('has everything that was acknowledged when it began, beside a busy server, and is started from', async () => {
    const server = await startServer({});
    await sendWithFile(server);
    let acknowledged = 1;
    for (let batch = 0; batch < BATCHES; batch++) acknowledged += await send(server, batch);
    expect(acknowledged).toBe(1 + BATCHES * LINES);
    const later = Promise.all([send(server, 100), send(server, 101)]); // goes on while it is copied
    const folder = join(directory, 'deep', 'copy');
    const made = await run(['backup', folder], { env: { ERRATA_DATA_DIR: server.dataDir } });
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('is whole')]);
    await later;
    await server.dispose(); // the machine is gone

    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const restored = await startServer({ dataDir: folder });
    await restored.stop(); // digests what the copy of the ingest log has
    const port = await freePort();
    const again = await startServer({ dataDir: folder, port });
    const { errors } = await again.graphql<Counts>(COUNTS);
    const kept = errors.edges.reduce((sum, { node }) => sum + node.eventCount, 0);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    const [file] = errors.edges.find(({ node }) => node.title === 'with a file')!.node.latestEvent.attachments;
    const answer = await fetch(`${again.url}/attachments/${file!.id}`, { headers: { cookie: again.cookie } });
    expect(await answer.text()).toBe('hello');
    await again.stop();
  }, 90_000);

  it('leaves what is there alone, and nothing half-done behind', async () => {
    const dataDir = join(directory, 'data');
    const none = await run(['backup', join(directory, 'none')], { env: { ERRATA_DATA_DIR: dataDir } });
    expect([none.code, none.stderr]).toEqual([4, expect.stringContaining('there is no data')]);
    await run(['project', 'create', 'One'], { env: { ERRATA_DATA_DIR: dataDir } });

    const taken = join(directory, 'taken');
    mkdirSync(taken);
    const refused = await run(['backup', taken], { env: { ERRATA_DATA_DIR: dataDir } });
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('is there already')]);
    expect(readdirSync(taken)).toEqual([]);

    const before = await run(['backup', join(directory, 'early'), '--json'], { env: { ERRATA_DATA_DIR: dataDir } });
    expect(before.code).toBe(0);
    expect(before.stdout.split('\n')[1]).toContain('"part":"errata.db","files":1');
    expect(existsSync(join(directory, 'early.partial'))).toBe(false);
  }, 30_000);
});
