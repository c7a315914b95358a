import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startServer } from '../server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const QUERY = `query ($projectId: ID!) {
  errors(filter: { projectIds: [$projectId] }, first: 5) {
    totalCount
    edges { node {
      title type value culprit level handled platform eventCount status firstRelease environments
      latestEvent { release environment sdk breadcrumbs { category message } exceptions { type value handled frames { function filename line inApp context } } }
    } }
  }
}`;

interface Answer {
  errors: {
    totalCount: number;
    edges: {
      node: {
        title: string;
        type: string;
        value: string;
        culprit: string;
        eventCount: number;
        environments: string[];
        latestEvent: {
          release: string;
          environment: string;
          sdk: { name: string; version: string };
          breadcrumbs: { category: string; message: string }[];
          exceptions: {
            type: string;
            value: string;
            handled: boolean | null;
            frames: { function: string; filename: string; line: number; inApp: boolean; context: string | null }[];
          }[];
        };
      };
    }[];
  };
}

describe.each([
  ['7', 'sentry-node-7'],
  ['8', 'sentry-node-8'],
  ['9', 'sentry-node-9'],
  ['10', 'sentry-node-10'],
  ['11', '@sentry/node'],
])('@sentry/node %s with only its DSN changed', (major, sdk) => {
  const mark = `node-${major}-mark`;

  it('is read back with type, message and in-app frames', async () => {
    // Each version sends to a project of its own: they crash alike, and would rightly be one error.
    const { createProject } = await server.graphql<{ createProject: { id: string; keys: { dsn: string }[] } }>(
      'mutation ($name: String!) { createProject(input: { name: $name }) { ... on Project { id keys { dsn } } } }',
      { name: `Node ${major}` },
    );
    const program = spawn(
      process.execPath,
      [join(import.meta.dirname, 'crash-node.mjs'), sdk, createProject.keys[0]!.dsn, mark],
      {
        stdio: 'ignore',
      },
    );
    const [code] = await once(program, 'exit');
    expect(code).toBe(1);
    const { errors } = await eventually(
      () => server.graphql<Answer>(QUERY, { projectId: createProject.id }),
      (answer) => answer.errors.totalCount >= 1,
    );
    const caught = errors.edges.map((edge) => edge.node).find((node) => node.type === 'TypeError')!;
    expect(caught.value).toBe(`Cannot read properties of undefined (reading 'number') in ${mark}`);
    expect(caught.environments).toEqual(['e2e']);
    const event = caught.latestEvent;
    expect(event.release).toBe('shop@1.2.3');
    expect(event.sdk.version.split('.')[0]).toBe(major);
    expect(event.breadcrumbs).toContainEqual({ category: 'cart', message: 'checkout pressed' });
    const top = event.exceptions.at(-1)!.frames.at(-1)!;
    expect(top).toMatchObject({ function: expect.stringMatching(/chargeCard$/), inApp: true, line: 9 });
    expect(top.filename).toMatch(/crash-node\.mjs$/);
    expect(top.context).toContain('order.card.number');
  });
});
