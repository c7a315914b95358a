import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { DigestKit } from '../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../test/factories.ts';
import { days, fixedClock, minutes } from '../../platform/clock.ts';
import { compactBlocks } from './digest/compact-blocks.ts';
import { readEvents } from './payload-store.ts';
import { deleteEventsBeyond, deleteEventsOlderThan, pruneMinutes } from './retention.ts';
import { purgeDeletedGroups } from './retention-groups.ts';

eachDatabase((db) => {
  const open = async () => {
    const kit = new DigestKit(db(), fixedClock(NOW));
    kit.log.position = await kit.store.position();
    return kit;
  };
  const blocks = (projectId: number) =>
    db().read.all<{ id: number; event_count: number }>(
      'select id, event_count from event_block where project_id = ? order by id',
      [projectId],
    );
  const idsOf = async (projectId: number) =>
    (await db().read.all<{ id: number }>('select id from error_event where project_id = ? order by id', [projectId])).map(
      (row) => row.id,
    );

  describe('payload blocks', () => {
    it('of a slow trickle are merged, and give back the same events', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      const events = Array.from({ length: 150 }, (_, i) => anEvent({ message: `event ${i} ☃` }));
      for (let i = 0; i < 150; i += 1 + (i % 3)) await kit.digest(projectId, ...events.slice(i, i + 1 + (i % 3)));
      const before = await readEvents(db().read, await idsOf(projectId));
      expect((await blocks(projectId)).length).toBeGreaterThan(60);
      let merged = 0;
      for (let n = await compactBlocks(db().write, NOW); n > 0; n = await compactBlocks(db().write, NOW)) merged += n;
      expect(merged).toBeGreaterThan(50);
      expect(
        (await blocks(projectId)).filter((block) => block.event_count < 32).reduce((sum, block) => sum + block.event_count, 0),
      ).toBeLessThan(64);
      const after = await readEvents(db().read, await idsOf(projectId));
      expect([...after.values()]).toEqual(events);
      expect([...after.values()]).toEqual([...before.values()]);
      await kit.close();
    });

    it('lose what was deleted when they are merged', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      const events = Array.from({ length: 100 }, () => anEvent());
      for (const event of events) await kit.digest(projectId, event);
      const ids = await idsOf(projectId);
      await db().write.transaction(async (tx) => {
        for (const id of ids.filter((_, i) => i % 2 === 0)) await tx.run('delete from error_event where id = ?', [id]);
      });
      while ((await compactBlocks(db().write, NOW)) > 0);
      const read = await readEvents(db().read, ids);
      expect([...read.values()]).toEqual(events.filter((_, i) => i % 2 === 1));
      await kit.close();
    });

    it('of big events are not merged beyond what is cheap to read', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      const events = Array.from({ length: 80 }, (_, i) => anEvent({ extra: { text: `${i}${'abcdefghij'.repeat(5_000)}` } }));
      for (const event of events) await kit.digest(projectId, event);
      for (let i = 0; (await compactBlocks(db().write, NOW)) > 0; i++) expect(i).toBeLessThan(80);
      expect((await blocks(projectId)).length).toBeGreaterThanOrEqual(4);
      expect([...(await readEvents(db().read, await idsOf(projectId))).values()]).toEqual(events);
      await kit.close();
    });
  });

  describe('events', () => {
    const aged = (ageDays: number, values = {}) => anEvent({ timestamp: NOW - days(ageDays), ...values });

    it('go by age, with their blocks, and leave the counts', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      await kit.digest(projectId, aged(40), aged(35));
      const kept = [aged(20), aged(1, { occurredAt: 0 }), aged(1)];
      await kit.digest(projectId, aged(31), ...kept);
      expect(await deleteEventsOlderThan(db().write, projectId, NOW - days(30), 1)).toBe(1);
      expect(await deleteEventsOlderThan(db().write, projectId, NOW - days(30))).toBe(2);
      expect(await deleteEventsOlderThan(db().write, projectId, NOW - days(30))).toBe(0);
      expect([...(await readEvents(db().read, await idsOf(projectId))).values()]).toEqual(kept);
      expect(await blocks(projectId)).toHaveLength(1);
      expect(await db().read.get('select event_count from error_group where project_id = ?', [projectId])).toEqual({
        event_count: 6,
      });
      await kit.close();
    });

    it('go by number, the oldest first', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      const events = [5, 4, 3, 2, 1].map((age) => aged(age));
      await kit.digest(projectId, ...events);
      expect(await deleteEventsBeyond(db().write, projectId, 2)).toBe(3);
      expect(await deleteEventsBeyond(db().write, projectId, 2)).toBe(0);
      expect([...(await readEvents(db().read, await idsOf(projectId))).values()]).toEqual(events.slice(3));
      await kit.close();
    });

    it('by the minute are dropped after their time', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      await kit.digest(
        projectId,
        anEvent({ timestamp: NOW - minutes(30) }),
        anEvent({ timestamp: NOW - minutes(5) }),
        anEvent({ timestamp: NOW - days(3) }),
      );
      await pruneMinutes(db().write, NOW - minutes(10));
      expect(await db().read.all('select minute from project_minute where project_id = ?', [projectId])).toEqual([
        { minute: NOW - minutes(5) },
      ]);
      await kit.close();
    });
  });

  describe('deleted errors', () => {
    it('are removed with all that hangs on them, when their time has come', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      const rich = (type: string) =>
        anEvent({ exceptions: [{ type, value: 'x', frames: [] }], user: { id: '1' }, environment: 'e' });
      await kit.digest(projectId, rich('Gone'), rich('Gone'), rich('Later'), rich('Stays'));
      await db().write.transaction(async (tx) => {
        await tx.run(`update error_group set deleted_at = ? where project_id = ? and type = 'Gone'`, [NOW - 10, projectId]);
        await tx.run(`update error_group set deleted_at = ? where project_id = ? and type = 'Later'`, [NOW, projectId]);
      });
      let purged: { projectId: number }[] = [];
      for (let more = true; more; ) {
        const done = await purgeDeletedGroups(db().write, NOW - 5, 1);
        purged = [...purged, ...done.purged];
        more = done.more;
      }
      expect(purged.filter((group) => group.projectId === projectId)).toHaveLength(1);
      const left = await db().read.all<{ id: number; type: string }>(
        'select id, type from error_group where project_id = ? order by id',
        [projectId],
      );
      expect(left.map((group) => group.type)).toEqual(['Later', 'Stays']);
      for (const table of ['error_event', 'error_tag', 'error_user', 'error_hour', 'grouping', 'activity']) {
        const rows = await db().read.all<{ group_id: number }>(
          `select distinct group_id from ${table} t where not exists (select 1 from error_group g where g.id = t.group_id)`,
        );
        expect([table, rows]).toEqual([table, []]);
      }
      expect([...(await readEvents(db().read, await idsOf(projectId))).values()]).toHaveLength(2);
      await kit.close();
    });
  });
});
