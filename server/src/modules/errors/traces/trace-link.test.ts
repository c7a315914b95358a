import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BesideWorld, besideWorld } from '../../../../test/beside-world.ts';
import { eachDatabase } from '../../../../test/databases.ts';
import { somebody } from '../../../../test/errors-world.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';

eachDatabase((db) => {
  let world: BesideWorld;
  beforeAll(async () => {
    world = await besideWorld(db());
  });
  afterAll(() => world.close());
  const QUERY = '{ errorEvents { edges { node { replayId partOf { transaction op status durationMs startedAt } } } } }';

  it('an event tells what it was part of, and which replay shows it', async () => {
    const projectId = await makeProject(db().write);
    const traceId = 'c'.repeat(32);
    world.event(projectId, anEvent({ traceId, contexts: { replay: { replay_id: 'a'.repeat(32) } } }));
    world.event(projectId, anEvent({ contexts: { replay: { replay_id: 'javascript:alert(1)' } } }));
    await world.digest();
    const link = { projectId, traceId, op: 'http.server', status: 'ok', startedAt: NOW };
    world.traces.add({ ...link, transaction: 'GET /part', durationMs: 10 });
    world.traces.add({ ...link, transaction: 'POST /checkout', durationMs: 312 });
    world.traces.add({ ...link, projectId: projectId + 1, transaction: 'elsewhere', durationMs: 999 });
    await world.traces.flush();
    const { errorEvents } = await world.run(somebody('VIEWER', [projectId]), QUERY);
    expect(errorEvents.edges.map(({ node }: { node: object }) => node)).toEqual([
      { replayId: null, partOf: null },
      {
        replayId: 'a'.repeat(32),
        partOf: {
          transaction: 'POST /checkout',
          op: 'http.server',
          status: 'ok',
          durationMs: 312,
          startedAt: new Date(NOW).toISOString(),
        },
      },
    ]);
  });
});
