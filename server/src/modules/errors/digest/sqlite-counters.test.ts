import type Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../test/databases.ts';
import { countsOfProject, DigestKit, eventRecord } from '../../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';
import { fixedClock } from '../../../platform/clock.ts';
import { openSqlite } from '../../../platform/db/sql.ts';
import { SqliteCounters } from './sqlite-counters.ts';
import { SqliteStore } from './sqlite-store.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase('sqlite');
});
afterAll(() => db.close());

const clock = fixedClock(NOW);
const unlike = (i: number) =>
  anEvent({
    exceptions: [{ type: `E${i % 20}`, value: 'x', frames: [] }],
    user: { id: `u${i % 50}` },
    environment: 'production',
    tags: [['n', String(i % 7)]],
  });

/** Digests without ever coming to rest: counters are left outstanding. */
async function digestRestlessly(projectId: number, count: number): Promise<void> {
  const kit = new DigestKit(db, clock);
  kit.log.position = await kit.store.position();
  kit.log.append(...Array.from({ length: count }, (_, i) => eventRecord(projectId, unlike(i))));
  const end = kit.log.position;
  for (;;) {
    // As if more were to come.
    const step = await kit.digester.step(end + 1_000_000);
    if (step.kind === 'committed' && step.position >= end) break;
    expect(step.kind).not.toBe('waiting');
  }
  await kit.close();
}

function inTransaction<T>(handle: Database.Database, work: () => T): T {
  handle.exec('begin immediate');
  const result = work();
  handle.exec('commit');
  return result;
}

it('counts again what was stored and not counted, wherever it was cut', async () => {
  const expected = await makeProject(db.write);
  const kit = new DigestKit(db, clock);
  kit.log.position = await kit.store.position();
  await kit.digest(expected, ...Array.from({ length: 400 }, (_, i) => unlike(i)));
  await kit.close();

  const cut = await makeProject(db.write);
  await digestRestlessly(cut, 400);
  expect((await countsOfProject(db.read, cut)).groups.reduce((sum, group) => sum + (group['user_count'] as number), 0)).toBe(0);
  // A new error is found by its filters at once, even before it is counted.
  const early = (await countsOfProject(db.read, cut)).tags[0]!.rows;
  expect(early.map((row) => [row['key'], row['event_count']])).toEqual([
    ['environment', 0],
    ['level', 0],
  ]);
  for (const errorsWritten of [3, 1, 5]) {
    const handle = openSqlite(db.config, 'write');
    const counters = new SqliteCounters(handle);
    expect(counters.waiting).toBe(true);
    for (let i = 0; i < errorsWritten; i++) inTransaction(handle, () => counters.writeSlice(0));
    handle.close();
  }
  const store = new SqliteStore({ config: db.config });
  await store.position();
  while (store.uncounted() !== 'nothing') await store.settle();
  await store.close();

  const [a, b] = [await countsOfProject(db.read, expected), await countsOfProject(db.read, cut)];
  expect({ tags: b.tags, users: b.users, hours: b.hours, groups: b.groups }).toEqual({
    tags: a.tags,
    users: a.users,
    hours: a.hours,
    groups: a.groups,
  });
});

it('passes over errors that are gone', async () => {
  const projectId = await makeProject(db.write);
  await digestRestlessly(projectId, 40);
  await db.write.transaction((tx) => tx.run('delete from error_group where project_id = ?', [projectId]));
  const store = new SqliteStore({ config: db.config });
  await store.position();
  while (store.uncounted() !== 'nothing') expect(await store.settle()).toEqual([]);
  await store.close();
  expect(
    await db.read.all(`select 1 from error_user u where not exists (select 1 from error_group g where g.id = u.group_id)`),
  ).toEqual([]);
});
