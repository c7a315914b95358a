import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../test/databases.ts';
import { countsOfProject, DigestKit, eventRecord, outcomesOf } from '../../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';
import { fixedClock } from '../../../platform/clock.ts';
import { PostgresStore } from './postgres-store.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase('postgres');
}, 60_000);
afterAll(() => db.close());

it('serves two nodes that digest the same events at once', async () => {
  const projects = await Promise.all([makeProject(db.write), makeProject(db.write), makeProject(db.write)]);
  const events = Array.from({ length: 240 }, (_, i) =>
    anEvent({
      exceptions: [{ type: `E${i % 12}`, value: 'x', frames: [] }],
      user: { id: `u${i % 9}` },
      release: `r${i % 3}`,
      environment: 'production',
    }),
  );
  const node = (stateId: number) => {
    const store = new PostgresStore({ connectionString: db.config.databaseUrl!, stateId });
    const kit = new DigestKit(db, fixedClock(NOW), { store });
    // In small pieces and in another order, so that batches of both meet on the same rows.
    const order = stateId === 1 ? events : events.toReversed();
    for (const event of order)
      for (const projectId of stateId === 1 ? projects : projects.toReversed()) kit.log.append(eventRecord(projectId, event));
    return kit;
  };
  const nodes = [node(1), node(2)];
  await Promise.all(
    nodes.map(async (kit) => {
      for (let until = 20_000; ; until += 20_000) {
        for (;;) {
          const step = await kit.digester.step(Math.min(until, kit.log.position));
          if (step.kind === 'idle') break;
          if (step.kind === 'waiting' && step.error !== undefined) throw step.error;
        }
        if (until >= kit.log.position) break;
      }
    }),
  );
  for (const projectId of projects) {
    const counts = await countsOfProject(db.read, projectId);
    expect(counts.groups).toHaveLength(12);
    expect(counts.groups.map((group) => group.number)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(counts.groups.reduce((sum, group) => sum + (group['event_count'] as number), 0)).toBe(240);
    expect(counts.events).toHaveLength(240);
    expect(counts.releases.reduce((sum, release) => sum + release['event_count'], 0)).toBe(240);
    expect(counts.users.flatMap((group) => group.rows)).toHaveLength(
      counts.groups.reduce((sum, group) => sum + (group['user_count'] as number), 0),
    );
    expect(await outcomesOf(db.read, projectId)).toEqual({ accepted: 240, duplicate: 240 });
  }
  for (const kit of nodes) await kit.close();
}, 60_000);
