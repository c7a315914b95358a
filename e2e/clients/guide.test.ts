import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeToken, send } from '../cli/errata.ts';
import { eventually, type RunningServer, startServer } from '../server.ts';

const root = join(import.meta.dirname, '../..');
/** The examples of a page in one language, as they stand there. */
const examples = (page: string, language: string) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code]) => code!,
  );

let server: RunningServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  mkdirSync(join(import.meta.dirname, '../.cache'), { recursive: true });
  folder = mkdtempSync(join(import.meta.dirname, '../.cache/guide-')); // below here, so that packages are found
});
afterAll(async () => {
  await server?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a program and runs it. */
function program(name: string, code: string, env: Record<string, string> = {}) {
  const file = join(folder, name);
  writeFileSync(file, code);
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  return { child, out: () => out, code: once(child, 'close').then(([code]) => code as number | null) };
}

it('the first error of the README appears as it says', async () => {
  const [code] = examples('README.md', 'js');
  const filled = code!.replace(/dsn: '[^']+'/, `dsn: '${server.dsn}'`);
  expect(filled).toContain(server.dsn);
  expect(await program('crash.mjs', filled).code).toBe(1);
  type Answer = {
    errors: {
      edges: {
        node: {
          title: string;
          culprit: string;
          latestEvent: { exceptions: { frames: { function: string; inApp: boolean }[] }[] };
        };
      }[];
    };
  };
  const { errors } = await eventually(
    () =>
      server.graphql<Answer>(
        '{ errors { edges { node { title culprit latestEvent { exceptions { frames { function inApp } } } } } } }',
      ),
    (answer) => answer.errors.edges.length > 0,
  );
  const { title, latestEvent } = errors.edges[0]!.node;
  expect(title).toBe("TypeError: Cannot read properties of undefined (reading 'reduce')");
  expect(latestEvent.exceptions[0]!.frames.filter(({ inApp }) => inApp).at(-1)!.function).toBe('total');
});

describe('the API guide', () => {
  it('has queries that are answered', async () => {
    const queries = examples('docs/api.md', 'graphql');
    expect(queries.length).toBeGreaterThan(4);
    const { errors } = await server.graphql<{ errors: { edges: { node: { id: string } }[] } }>(
      '{ errors(first: 1) { edges { node { id } } } }',
    );
    for (const query of queries) {
      const input = query.includes('[ErrorReportInput!]!') ? [{ message: 'from the guide' }] : { name: 'From the guide' };
      const variables = { id: errors.edges[0]!.node.id, input };
      expect([query, await server.graphql(query, variables)]).toEqual([query, expect.any(Object)]); // throws on any error
    }
  });

  it('has a subscriber of twenty lines that prints what comes', async () => {
    const [code] = examples('docs/api.md', 'js');
    const live = program('live.mjs', code!.replace('127.0.0.1:4000', new URL(server.url).host), {
      ERRATA_TOKEN: await makeToken(server),
    });
    const listening = () => server.graphql<{ systemStatus: { subscribers: number } }>('{ systemStatus { subscribers } }');
    await eventually(listening, ({ systemStatus }) => systemStatus.subscribers === 1);
    await send(server, { message: 'only a warning', level: 'warning' });
    await send(server, { message: 'seen by the guide', level: 'error' });
    await eventually(
      async () => live.out(),
      (out) => out.includes('seen by the guide'),
    );
    live.child.kill();
    await live.code;
    expect(live.out()).toBe('seen by the guide\n');
  });
});
