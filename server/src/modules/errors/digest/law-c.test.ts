import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { countsOfProject, DigestKit, eventRecord, outcomesOf } from '../../../../test/digest-kit.ts';
import { anEvent, HOUR, makeProject, NOW } from '../../../../test/factories.ts';
import { fixedClock } from '../../../platform/clock.ts';
import { readEvents } from '../payload-store.ts';

// Law (c): replaying an envelope changes no count, whatever happens between: other batches, deaths, restarts.
eachDatabase((db, dialect) => {
  const clock = fixedClock(NOW);
  const events = fc.array(
    fc.record({
      type: fc.constantFrom('A', 'B', 'C', 'D'),
      minutesAgo: fc.integer({ min: 0, max: 300 }),
      user: fc.option(fc.constantFrom('u1', 'u2', 'u3'), { nil: undefined }),
      release: fc.option(fc.constantFrom('1.0', '2.0'), { nil: undefined }),
      environment: fc.option(fc.constantFrom('production', 'test'), { nil: undefined }),
      tag: fc.constantFrom('x', 'y', 'z'),
      level: fc.constantFrom('error' as const, 'fatal' as const),
    }),
    { minLength: 1, maxLength: 25 },
  );
  type Act = { kind: 'send'; which: number } | { kind: 'digest'; most: number } | { kind: 'die' };
  const acts = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const), which: fc.nat() }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('digest' as const), most: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const) }) },
    ),
    { maxLength: 60 },
  );

  it('holds for any events, replays, batches and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(events, acts, async (shapes, path: Act[]) => {
        const [once, often] = [await makeProject(db().write), await makeProject(db().write)];
        const sent = shapes.map(({ type, minutesAgo, user, release, environment, tag, level }) =>
          anEvent({
            timestamp: NOW - HOUR - minutesAgo * 60_000,
            exceptions: [{ type, value: 'x', frames: [] }],
            tags: [['tag', tag]],
            level,
            ...(user === undefined ? {} : { user: { id: user } }),
            ...(release === undefined ? {} : { release }),
            ...(environment === undefined ? {} : { environment }),
          }),
        );
        let kit = new DigestKit(db(), clock);
        kit.log.position = await kit.store.position();
        await kit.digest(once, ...sent);
        const expected = await countsOfProject(db().read, once);

        // Everything once, in order, with replays of what was sent already strewn in.
        let next = 0;
        let copies = 0;
        const send = (which: number) => {
          kit.log.append(eventRecord(often, sent[which]!));
          copies += 1;
        };
        for (const act of path) {
          if (act.kind === 'send') send(next < sent.length && (next === 0 || act.which % 2 === 0) ? next++ : act.which % next);
          else if (act.kind === 'digest') for (let i = 0; i < act.most; i++) await kit.digester.step(kit.log.position);
          else {
            // Death: nothing is written any more; what was not acknowledged is still in the log.
            await kit.close();
            kit = new DigestKit(db(), clock, { log: kit.log });
          }
        }
        while (next < sent.length) send(next++);
        await kit.drain();
        expect(await countsOfProject(db().read, often)).toEqual(expected);
        const outcomes = await outcomesOf(db().read, often);
        expect(outcomes['accepted']).toBe(sent.length);
        expect((outcomes['accepted'] ?? 0) + (outcomes['duplicate'] ?? 0)).toBe(copies);
        const ids = await db().read.all<{ id: number }>('select id from error_event where project_id = ? order by id', [often]);
        const read = await readEvents(
          db().read,
          ids.map((row) => row.id),
        );
        expect([...read.values()]).toEqual(sent);
        await kit.close();
      }),
      { numRuns: dialect === 'sqlite' ? 100 : 20 },
    );
  }, 120_000);
});
