import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeToken, run, start } from '../cli/errata.ts';
import { eventually, freePort, type RunningServer, startServer } from '../server.ts';
import { pieceOf } from './corpus.ts';
import { faults, makeSource, marksOf, statusOf } from './tail-world.ts';

let server: RunningServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'errata-tail-cli-'));
  server = await startServer();
});
afterAll(async () => {
  await server?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Pieces of log and the marks in them. */
function pieces(run: string, from: number, count: number): { text: string; marks: string[] } {
  const all = Array.from({ length: count }, (_, i) => pieceOf(from + i, run));
  return { text: all.map(({ text }) => text).join(''), marks: all.map(({ mark }) => mark) };
}
const ofRun = async (run: string) => new Map([...(await marksOf(server))].filter(([mark]) => mark.includes(`-${run}-`)));

describe('errata tail', () => {
  it('reports what comes through a pipe, and passes it on', async () => {
    const { text, marks } = pieces('pipe', 0, 10);
    const { code, stdout, stderr } = await run(['tail', '--dsn', server.dsn, '--tee', '-'], { input: text });
    expect({ code, stdout }).toEqual({ code: 0, stdout: text });
    expect(stderr).toContain('10 events reported');
    const found = await eventually(
      () => ofRun('pipe'),
      (now) => now.size === 10,
    );
    expect(found).toEqual(new Map(marks.map((mark) => [mark, 1])));
  });

  it('reads files once, and reading them again changes nothing', async () => {
    const path = join(folder, 'once.log');
    const { text, marks } = pieces('once', 0, 25);
    writeFileSync(path, text);
    for (let i = 0; i < 2; i += 1)
      expect(await run(['tail', '--dsn', server.dsn, '--once', join(folder, 'on*.log')])).toMatchObject({ code: 0 });
    const found = await eventually(
      () => ofRun('once'),
      (now) => now.size === 25,
    );
    expect(found).toEqual(new Map(marks.map((mark) => [mark, 1])));
  });

  it('says what is wrong by its exit code', async () => {
    const path = join(folder, 'codes.log');
    writeFileSync(path, pieces('codes', 0, 1).text);
    const codeOf = async (...args: string[]) => (await run(['tail', '--patience', '1', ...args])).code;
    const nobody = `http://0123456789abcdef0123456789abcdef@127.0.0.1:${await freePort()}/1`;
    const stranger = server.dsn.replace(/\/\/\w+@/, '//0123456789abcdef0123456789abcdef@');
    expect(await codeOf()).toBe(2);
    expect(await codeOf(path)).toBe(2);
    expect(await codeOf('--dsn', server.dsn, '-', path)).toBe(2);
    expect(await codeOf('--dsn', server.dsn, '--from', 'there', path)).toBe(2);
    expect(await codeOf('--dsn', server.dsn, '--wrapper', 'paper', path)).toBe(2);
    expect(await codeOf('--dsn', 'nonsense', '--once', path)).toBe(2);
    expect(await codeOf('--dsn', server.dsn, '--once', join(folder, 'none'))).toBe(1);
    expect(await codeOf('--dsn', nobody, '--once', path)).toBe(3);
    expect(await codeOf('--dsn', stranger, '--once', path)).toBe(4);
  });

  it('follows through rotation, SIGKILL and a restart', { timeout: 60_000 }, async () => {
    const logs = join(folder, 'follow');
    mkdirSync(logs);
    const path = join(logs, 'app.log');
    const marks = new Set<string>();
    let n = 0;
    const write = (count: number) => {
      const { text, marks: made } = pieces('follow', n, count);
      n += count;
      appendFileSync(path, text);
      for (const mark of made) marks.add(mark);
    };
    write(5);
    const args = ['tail', '--dsn', server.dsn, '--from', 'beginning', '--state-dir', join(folder, 'state'), join(logs, '*.log')];
    let command = start(args);
    await eventually(
      () => ofRun('follow'),
      (now) => now.size >= 4,
    );
    write(20);
    await eventually(
      () => ofRun('follow'),
      (now) => now.size >= 10,
    );
    command.child.kill('SIGKILL');
    await command.code;
    write(5);
    renameSync(path, `${path}.1`);
    write(5);
    command = start(args);
    await eventually(
      () => ofRun('follow'),
      (now) => now.size === marks.size,
    );
    command.child.kill('SIGTERM');
    expect(await command.code).toBe(0);
    const found = await ofRun('follow');
    expect([...found].filter(([, count]) => count > 1)).toEqual([]);
    expect(new Set(found.keys())).toEqual(marks);
  });

  it('watches a source of the dashboard, tells how it goes, and obeys', { timeout: 60_000 }, async () => {
    const logs = join(folder, 'agent');
    mkdirSync(logs);
    const { text, marks } = pieces('agent', 0, 10);
    // Only a pattern of the project finds the last one.
    marks.push('mark-agent-pattern-end');
    writeFileSync(join(logs, 'app.log'), `${text}2026-11-21T10:00:00Z INFO door jammed: mark-agent-pattern-end\n`);
    const yaml = 'version: 1\npatterns:\n  - name: doors\n    level: error\n    regex: "door jammed"\n';
    const { projects } = await server.graphql<{ projects: { id: string }[] }>('{ projects { id } }');
    const imported = await server.graphql(
      'mutation ($projectId: ID!, $yaml: String!) { importPatterns(projectId: $projectId, yaml: $yaml, mode: MERGE) { __typename } }',
      { projectId: projects[0]?.id, yaml },
    );
    expect(JSON.stringify(imported)).not.toContain('Refusal');
    const id = await makeSource(server, { name: 'agent', globs: [join(logs, '*.log')], startAt: 'BEGINNING', watcher: 'AGENT' });
    expect((await statusOf(server, id)).state).toBe('ABSENT');
    const env = { ERRATA_URL: server.url, ERRATA_TOKEN: await makeToken(server, ['projects:read', 'events:write']) };
    const command = start(['tail', '--source', id, '--state-dir', join(folder, 'agent-state')], env);
    const status = await eventually(
      () => statusOf(server, id),
      ({ state, events }) => state === 'FOLLOWING' && events === 11,
    );
    expect(status.host).not.toBeNull();
    const found = await eventually(
      () => ofRun('agent'),
      (now) => now.size === 11,
    );
    expect(found).toEqual(new Map(marks.map((mark) => [mark, 1])));
    await server.graphql('mutation ($id: ID!) { pauseLogSource(id: $id) { __typename } }', { id });
    await command.until((_, stderr) => stderr.includes('is paused'));
    command.child.kill('SIGTERM');
    expect(await command.code).toBe(0);
    await server.graphql('mutation ($id: ID!) { resumeLogSource(id: $id) { __typename } }', { id });
    expect((await statusOf(server, id)).state).toBe('ABSENT');
    expect(await run(['tail', '--source', '999'], { env })).toMatchObject({ code: 4 });
  });

  it('takes over a pattern that is made while an agent follows', { timeout: 60_000 }, async () => {
    const logs = join(folder, 'agent-pattern');
    mkdirSync(logs);
    const path = join(logs, 'app.log');
    const line = (mark: string) => `2026-11-21T10:00:00Z INFO valve 7 stuck: ${mark}\n`;
    // The last few lines are looked at again when settings change; what lies further back is not.
    const talk = '2026-11-21T10:00:00Z INFO all is well\n'.repeat(20);
    writeFileSync(path, `${line('mark-valve-before-end')}${talk}`);
    const id = await makeSource(server, { name: 'valves', globs: [path], startAt: 'BEGINNING', watcher: 'AGENT' });
    const env = { ERRATA_URL: server.url, ERRATA_TOKEN: await makeToken(server, ['projects:read', 'events:write']) };
    const command = start(['tail', '--source', id], env);
    onTestFinished(() => void command.child.kill('SIGKILL'));
    await eventually(
      () => statusOf(server, id),
      ({ state, lagBytes }) => state === 'FOLLOWING' && lagBytes === 0,
    );
    const { projects } = await server.graphql<{ projects: { id: string }[] }>('{ projects { id } }');
    const { createPattern } = await server.graphql<{ createPattern: { __typename: string } }>(
      'mutation ($projectId: ID!, $input: PatternInput!) { createPattern(projectId: $projectId, input: $input) { __typename } }',
      {
        projectId: projects[0]?.id,
        input: {
          name: 'Valves',
          kind: 'GROK',
          expression: 'valve %{INT:valve} stuck: %{GREEDYDATA:message}',
          level: 'FATAL',
          tags: [{ name: 'plant', value: 'north' }],
        },
      },
    );
    expect(createPattern.__typename).toBe('Pattern');
    await command.until((_, stderr) => stderr.includes('took over changed patterns'));
    appendFileSync(path, line('mark-valve-after-end'));
    type Found = {
      errorEvents: { edges: { node: { message: string; level: string; tags: { key: string; value: string }[] } }[] };
    };
    const query = '{ errorEvents(first: 200) { edges { node { title message level tags { key value } } } } }';
    const [event] = await eventually(
      async () =>
        (await server.graphql<Found>(query)).errorEvents.edges
          .map(({ node }) => node)
          .filter(({ message }) => message?.includes('mark-valve')),
      (events) => events.length > 0,
    );
    expect(event).toMatchObject({ message: 'mark-valve-after-end', level: 'FATAL' });
    expect(Object.fromEntries(event?.tags.map(({ key, value }) => [key, value]) ?? [])).toMatchObject({
      plant: 'north',
      valve: '7',
      pattern: 'Valves',
      log_source: 'valves',
    });
    command.child.kill('SIGTERM');
    expect(await command.code).toBe(0);
  });

  it('finds nothing of nobody', async () => {
    const all = new Set([...(await marksOf(server)).keys()]);
    expect((await faults(server, all)).strange).toEqual([]);
    expect([...all].filter((mark) => !mark.startsWith('mark-'))).toEqual([]);
  });
});
