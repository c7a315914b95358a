import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lines, run } from '../cli/errata.ts';
import { eventually, type RunningServer, startServer } from '../server.ts';

const NAMES = [
  'Shop API',
  'Payments worker',
  'Reports',
  'Shop web',
  'Legacy Java',
  'Gateway',
  'Magazine',
  'Back office',
  'Desk',
  'Resizer',
  'Recommender',
];

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

it('fails in every project, looks back a week where it is new, and leaves nobody behind', { timeout: 120_000 }, async () => {
  const env = { ERRATA_DATA_DIR: server.dataDir, PORT: new URL(server.url).port };
  const made = lines<{ slug: string; dsn: string }>((await run(['project', 'create', ...NAMES, '--json'], { env })).stdout);
  const fleet = spawn(process.execPath, [join(import.meta.dirname, 'fleet.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true, // a process group of its own, so that we can see who is left of it
    env: {
      ...process.env,
      DEMO_URL: server.url,
      DEMO_DSNS: JSON.stringify(Object.fromEntries(made.map(({ slug, dsn }) => [slug, dsn]))),
      DEMO_FRESH: 'resizer,desk',
    },
  });
  const python = await once(spawn('python3', ['--version']), 'exit').then(
    () => true,
    () => false,
  );
  const expected = made.map(({ slug }) => slug).filter((slug) => python || slug !== 'reports');
  const { projects } = await eventually(
    () => server.graphql<{ projects: { slug: string; openErrorCount: number }[] }>('{ projects { slug openErrorCount } }'),
    (answer) => expected.every((slug) => answer.projects.some((project) => project.slug === slug && project.openErrorCount > 0)),
    90_000,
  );
  expect(projects.length).toBe(NAMES.length + 1);
  const query = (slug: string) =>
    server.graphql<{ errors: { edges: { node: { firstSeen: string } }[] } }>(
      'query ($query: String) { errors(query: $query, orderBy: { field: FIRST_SEEN, direction: ASC }, first: 1) { edges { node { firstSeen } } } }',
      { query: `project:${slug}` },
    );
  const daysAgo = async (slug: string) =>
    (Date.now() - Date.parse((await query(slug)).errors.edges[0]!.node.firstSeen)) / 86_400_000;
  expect(await daysAgo('desk')).toBeGreaterThan(1);
  expect(await daysAgo('gateway')).toBeLessThan(0.1);
  // Secrets that the programs carelessly send do not come out of Errata.
  const events = await server.graphql<{ errorEvents: { edges: { node: { raw: unknown } }[] } }>(
    '{ errorEvents(first: 200) { edges { node { raw } } } }',
  );
  expect(JSON.stringify(events)).not.toContain('not-to-be-seen-in-errata');

  const gone = once(fleet, 'exit');
  fleet.disconnect();
  await gone;
  await eventually(
    async () => {
      try {
        process.kill(-fleet.pid!, 0);
        return 'somebody is left';
      } catch {
        return 'nobody';
      }
    },
    (left) => left === 'nobody',
  );
});
