import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePort, type RunningServer, startServer } from '../server.ts';
import { pieceOf } from './corpus.ts';
import { faults, makeSource, statusOf } from './tail-world.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'errata-logs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOTHING_WRONG = { lost: [], doubled: [], strange: [] };

describe('the tail of a server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ env: { ERRATA_LOG_ROOTS: folder } });
  });
  afterAll(() => server?.dispose());

  it('finds every exception once, through rotation of every kind and a long line', { timeout: 90_000 }, async () => {
    const logs = join(folder, 'rotation');
    mkdirSync(logs);
    const path = join(logs, 'app.log');
    const marks = new Set<string>();
    let n = 0;
    const write = (count: number, to = path) => {
      for (let i = 0; i < count; i += 1) {
        const { text, mark } = pieceOf(n++, 'rotation');
        appendFileSync(to, text);
        marks.add(mark);
      }
    };
    write(20);
    const id = await makeSource(server, {
      name: 'rotation',
      globs: [join(logs, '*.log')],
      startAt: 'BEGINNING',
      flushAfterMs: 300,
    });
    await eventually(
      () => statusOf(server, id),
      ({ state }) => state === 'FOLLOWING',
    );
    write(10);
    renameSync(path, `${path}.1`); // by rename, the writer still on the old one
    write(5, `${path}.1`);
    write(10);
    await delay(700);
    write(10);
    writeFileSync(`${path}.2.gz`, gzipSync(readFileSync(`${path}.1`))); // packed, the plain one removed
    rmSync(`${path}.1`);
    copyFileSync(path, `${path}.1`); // by copy and truncation
    truncateSync(path, 0);
    write(10);
    appendFileSync(path, `${'x'.repeat(1024 * 1024)}\n`); // 1 MB in one line
    write(5);
    expect(await faults(server, marks)).toEqual(NOTHING_WRONG);
  });

  it('follows a link to where it leads by now', { timeout: 60_000 }, async () => {
    const logs = join(folder, 'links');
    mkdirSync(join(logs, 'pods'), { recursive: true });
    const marks = new Set<string>();
    const write = (name: string, from: number) => {
      for (let n = from; n < from + 5; n += 1) {
        const { text, mark } = pieceOf(n, 'links');
        appendFileSync(join(logs, 'pods', name), text);
        marks.add(mark);
      }
    };
    write('0.txt', 0);
    symlinkSync(join(logs, 'pods/0.txt'), join(logs, 'pod.log'));
    const id = await makeSource(server, { name: 'links', globs: [join(logs, '*.log')], startAt: 'BEGINNING', polling: 'ALWAYS' });
    await eventually(
      () => statusOf(server, id),
      ({ events }) => events >= 4,
    );
    write('0.txt', 5);
    write('1.txt', 10);
    symlinkSync(join(logs, 'pods/1.txt'), join(logs, 'next'));
    renameSync(join(logs, 'next'), join(logs, 'pod.log'));
    const found = await faults(server, marks);
    expect({ ...found, strange: [] }).toEqual(NOTHING_WRONG);
  });

  it('leaves binary files alone and refuses what it may not read', async () => {
    const logs = join(folder, 'binary');
    mkdirSync(logs);
    writeFileSync(
      join(logs, 'image.log'),
      Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(4096)]),
    );
    symlinkSync('/etc/passwd', join(logs, 'secret.log'));
    symlinkSync(join(server.dataDir, 'errata.db'), join(logs, 'own.log'));
    const id = await makeSource(server, { name: 'binary', globs: [join(logs, '*.log')], startAt: 'BEGINNING' });
    const status = await eventually(
      () => statusOf(server, id),
      ({ files }) => files[0]?.state === 'BINARY',
    );
    expect(status.files.map(({ path }) => path)).toEqual([join(logs, 'image.log')]);
    expect(status.problems.map(({ code }) => code).sort()).toEqual(['outside_roots', 'outside_roots']);
    await expect(makeSource(server, { name: 'x', globs: ['/etc/*.conf'] })).rejects.toThrow('ERRATA_LOG_ROOTS');
    await expect(makeSource(server, { name: 'x', globs: [join(folder, '../*.log')] })).rejects.toThrow('outside the folders');
    await expect(makeSource(server, { name: 'x', globs: [`${folder}/../../etc/passwd`] })).rejects.toThrow('..');
  });

  it('takes up two thousand files', { timeout: 90_000 }, async () => {
    const logs = join(folder, 'many');
    mkdirSync(logs);
    const marks = new Set<string>();
    for (let n = 0; n < 2000; n += 1) {
      const { text, mark } = pieceOf(n * 5 + 3, 'many');
      writeFileSync(join(logs, `host-${n}.log`), text);
      marks.add(mark);
    }
    const id = await makeSource(server, { name: 'many', globs: [join(logs, '*.log')], startAt: 'BEGINNING' });
    await eventually(
      () => statusOf(server, id),
      ({ events }) => events === 2000,
      60_000,
    );
    const found = await faults(server, marks);
    expect({ ...found, strange: [] }).toEqual(NOTHING_WRONG);
  });

  it('waits while the quota is used up, and skips nothing', { timeout: 60_000 }, async () => {
    const logs = join(folder, 'quota');
    mkdirSync(logs);
    type Made = { createProject: { id: string } };
    const { createProject } = await server.graphql<Made>(
      'mutation { createProject(input: { name: "Limited" }) { ... on Project { id } } }',
    );
    const set = (limit: number | null) =>
      server.graphql(
        'mutation ($id: ID!, $limit: Int) { updateProject(id: $id, input: { settings: { eventsPerMinute: $limit } }) { __typename } }',
        {
          id: createProject.id,
          limit,
        },
      );
    await set(3);
    const marks = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const { text, mark } = pieceOf(n, 'quota');
      appendFileSync(join(logs, 'app.log'), text);
      marks.add(mark);
    }
    type Source = { createLogSource: { id: string } };
    const { createLogSource } = await server.graphql<Source>(
      'mutation ($projectId: ID!, $input: LogSourceInput!) { createLogSource(projectId: $projectId, input: $input) { ... on LogSource { id } } }',
      { projectId: createProject.id, input: { name: 'quota', globs: [join(logs, '*.log')], startAt: 'BEGINNING' } },
    );
    await eventually(
      () => statusOf(server, createLogSource.id),
      ({ state }) => state === 'HELD',
    );
    await set(null);
    const found = await faults(server, marks, 45_000);
    expect({ ...found, strange: [] }).toEqual(NOTHING_WRONG);
    type Outcomes = { project: { outcomes: { item: string; outcome: string }[] } };
    const { project } = await server.graphql<Outcomes>(
      'query ($id: ID!) { project(id: $id) { outcomes { item outcome } } }',
      createProject,
    );
    expect([...new Set(project.outcomes.map(({ item, outcome }) => `${item} ${outcome}`))]).toEqual(['log_line ACCEPTED']);
  });
});

it('finds every exception exactly once over eight kills with files being written and rotated', { timeout: 180_000 }, async () => {
  const logs = join(folder, 'kills');
  mkdirSync(logs);
  const port = await freePort();
  const env = { ERRATA_LOG_ROOTS: folder };
  let server = await startServer({ port, env });
  const { dataDir } = server;
  const marks = new Set<string>();
  await makeSource(server, {
    name: 'kills',
    globs: [join(logs, '*.log*')],
    startAt: 'BEGINNING',
    flushAfterMs: 200,
    pollIntervalMs: 100,
  });
  let isWriting = true;
  const writer = (async () => {
    for (let n = 0; isWriting; n += 1) {
      const path = join(logs, `app-${n % 3}.log`);
      const { text, mark } = pieceOf(n, 'kills');
      // In two pieces, as a program that is in the middle of a line.
      appendFileSync(path, text.slice(0, text.length / 2));
      if (n % 7 === 0) await delay(3);
      appendFileSync(path, text.slice(text.length / 2));
      marks.add(mark);
      if (n % 150 === 149) renameSync(path, `${path}.${n}`);
      await delay(4);
    }
  })();
  for (let kill = 0; kill < 8; kill += 1) {
    await delay(200 + ((kill * 97) % 500));
    await server.kill();
    server = await startServer({ port, dataDir, env, signIn: false });
  }
  isWriting = false;
  await writer;
  await server.stop();
  server = await startServer({ port, dataDir, env });
  expect(marks.size).toBeGreaterThan(500);
  expect(await faults(server, marks)).toEqual(NOTHING_WRONG);
  await server.dispose();
});
