import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type RunningServer, startServer } from '../server.ts';

let server: RunningServer;
let project: { id: string; keys: { dsn: string }[] };
beforeAll(async () => {
  server = await startServer();
  const made = await server.graphql<{ createProject: typeof project }>(
    'mutation { createProject(input: { name: "Jobs" }) { ... on Project { id keys { dsn } } } }',
  );
  project = made.createProject;
});
afterAll(() => server?.dispose());

const run = async (end: string) => {
  const program = spawn(process.execPath, [join(import.meta.dirname, 'health-node.mjs'), project.keys[0]!.dsn, end], {
    stdio: 'ignore',
  });
  return (await once(program, 'exit'))[0];
};

interface Health {
  release: { health: Record<string, number | null>; environments: string[] } | null;
}
interface Monitors {
  monitors: {
    id: string;
    slug: string;
    status: string;
    origin: string;
    schedule: { text: string };
    marginMinutes: number;
    latestRuns: { status: string; environment: string; release: string | null; durationMs: number | null }[];
  }[];
}

const HEALTH = `query ($id: ID!) { release(projectId: $id, version: "jobs@2.0.0") {
  environments health { sessionCount crashedCount crashFreeSessions crashFreeUsers adoption } } }`;
const MONITORS = `query ($id: ID!) { monitors(projectIds: [$id]) { id slug status origin marginMinutes schedule { text }
  latestRuns { status environment release durationMs } } }`;
const ERRORS = `query ($id: ID!) { errors(filter: { projectIds: [$id] }, query: "monitor.slug:import") {
  edges { node { title status eventCount } } } }`;

it('sessions of @sentry/node become the health of its release', async () => {
  expect(await run('well')).toBe(0);
  expect(await run('crash')).toBe(1);
  const { release } = await eventually(
    () => server.graphql<Health>(HEALTH, { id: project.id }),
    // Three requests to its server, and a process that dies.
    (answer) => answer.release?.health['sessionCount'] === 4 && answer.release.health['crashedCount'] === 1,
  );
  expect(release).toMatchObject({ environments: ['e2e'], health: { crashFreeSessions: 3 / 4, crashFreeUsers: 0, adoption: 1 } });
});

it('its check-ins make monitors; a failing job is an error until it is well', async () => {
  const { monitors } = await eventually(
    () => server.graphql<Monitors>(MONITORS, { id: project.id }),
    (answer) => answer.monitors.length === 2 && answer.monitors.every(({ latestRuns }) => latestRuns.length === 1),
  );
  expect(monitors).toMatchObject([
    {
      slug: 'import',
      status: 'FAILED',
      schedule: { text: 'every hour' },
      latestRuns: [{ status: 'FAILED' }],
    },
    {
      slug: 'nightly-backup',
      status: 'OK',
      origin: 'CODE',
      marginMinutes: 10,
      schedule: { text: '0 4 * * * (Europe/Berlin)' },
      latestRuns: [{ status: 'OK', environment: 'e2e', release: 'jobs@2.0.0', durationMs: expect.any(Number) }],
    },
  ]);
  interface Errors {
    errors: { edges: { node: { title: string; status: string; eventCount: number } }[] };
  }
  const errors = async () => (await server.graphql<Errors>(ERRORS, { id: project.id })).errors.edges.map(({ node }) => node);
  await eventually(errors, ([error]) => error?.eventCount === 1);
  expect(await errors()).toEqual([{ title: 'Monitor import failed', status: 'NEW', eventCount: 1 }]);
  expect(await run('mended')).toBe(0);
  await eventually(errors, ([error]) => error?.status === 'RESOLVED');
});

it('a check-in by curl', async () => {
  const { username, host, pathname } = new URL(project.keys[0]!.dsn);
  const url = `http://${host}/api${pathname}/cron/nightly-backup/${username}/?status=error&environment=staging`;
  const answer = await fetch(url);
  expect(answer.status).toBe(202);
  await eventually(
    () => server.graphql<Monitors>(MONITORS, { id: project.id }),
    (now) => now.monitors.some(({ slug, status }) => slug === 'nightly-backup' && status === 'FAILED'),
  );
});
