import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BesideWorld, besideWorld } from '../../../../test/beside-world.ts';
import { eachDatabase } from '../../../../test/databases.ts';
import { outcomesOf } from '../../../../test/digest-kit.ts';
import { somebody } from '../../../../test/errors-world.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';
import { days, hours } from '../../../platform/clock.ts';
import { WAITS_MS } from '../event-links.ts';
import { deleteEventsOlderThan } from '../retention.ts';
import { purgeDeletedGroups } from '../retention-groups.ts';

eachDatabase((db) => {
  let world: BesideWorld;
  beforeAll(async () => {
    world = await besideWorld(db());
    world.links.start();
  });
  afterAll(() => world.close());

  const rows = (projectId: number) =>
    db().read.all<{ id: number; owner: string; filename: string; sha256: string }>(
      'select id, owner, filename, sha256 from attachment where project_id = ? order by id',
      [projectId],
    );
  const isThere = async (sha256: string) => {
    const file = await world.store.open(sha256);
    await file?.close();
    return file !== undefined;
  };

  it('an attachment is kept with its event, once, and refused when the event is not there', async () => {
    const projectId = await makeProject(db().write);
    const event = anEvent();
    const own = { owner: 'event', occurredAt: event.occurredAt } as const;
    const record = await world.file(event.eventId, 'hello', own);
    world.event(projectId, event);
    world.side(projectId, 'attachment', record);
    expect(await world.digest()).toMatchObject([{ side: 'attachment', projectId }]);
    world.side(projectId, 'attachment', record);
    world.side(projectId, 'attachment', await world.file('a'.repeat(32), 'nobody’s', own));
    expect(await world.digest()).toEqual([]);
    expect(await rows(projectId)).toMatchObject([{ owner: 'event', filename: 'a.txt' }]);
    expect(await outcomesOf(db().read, projectId)).toEqual({ accepted: 2, duplicate: 1, invalid: 1 });
  });

  it('one that came before or after its event finds it', async () => {
    const projectId = await makeProject(db().write);
    const [early, late] = [anEvent(), anEvent({ occurredAt: NOW - days(3), timestamp: NOW - days(3) })];
    world.side(projectId, 'attachment', await world.file(early.eventId, 'early'));
    world.event(projectId, late);
    await world.digest();
    world.side(projectId, 'attachment', await world.file(late.eventId, 'late'));
    await world.digest();
    expect((await rows(projectId)).map(({ owner }) => owner)).toEqual(['pending', 'event']);
    world.event(projectId, early);
    await world.digest();
    expect((await rows(projectId)).map(({ owner }) => owner)).toEqual(['event', 'event']);
  });

  it('one that waits is remembered over a restart', async () => {
    const projectId = await makeProject(db().write);
    const event = anEvent();
    world.side(projectId, 'attachment', await world.file(event.eventId, 'before the restart'));
    await world.digest();
    world.event(projectId, event);
    await world.kit.drain(); // nobody is told
    const next = world.beside();
    next.links.start();
    await next.links.idle();
    expect(await rows(projectId)).toMatchObject([{ owner: 'event' }]);
    await next.close();
  });

  describe('the API', () => {
    const QUERY = `query ($id: ID!) { errorEvent(id: $id) { attachments { id filename contentType type sizeBytes preview path sha256 } } }`;
    const REMOVE = `mutation ($id: ID!) { deleteAttachment(id: $id) { __typename ... on AttachmentDeleted { id } } }`;

    it('lists the files of an event, and says how each may be shown', async () => {
      const projectId = await makeProject(db().write);
      const event = anEvent();
      world.event(projectId, event);
      const own = { owner: 'event', occurredAt: event.occurredAt } as const;
      for (const [filename, contentType, type] of [
        ['shot.png', 'image/png', 'event.attachment'],
        ['state.json', 'application/json', 'event.attachment'],
        ['page.svg', 'image/svg+xml', 'event.attachment'],
        ['view-hierarchy.json', 'application/json', 'event.view_hierarchy'],
        ['app.log', 'application/octet-stream', 'event.attachment'],
      ] as const)
        world.side(projectId, 'attachment', await world.file(event.eventId, filename, { ...own, filename, contentType, type }));
      await world.digest();
      const id = world.kit.facts.at(-1)!.id;
      const { errorEvent } = await world.run(somebody('VIEWER', [projectId]), QUERY, { id });
      expect(errorEvent.attachments.map((one: { filename: string; preview: string }) => [one.filename, one.preview])).toEqual([
        ['shot.png', 'IMAGE'],
        ['state.json', 'JSON'],
        ['page.svg', 'NONE'],
        ['view-hierarchy.json', 'VIEW_HIERARCHY'],
        ['app.log', 'TEXT'],
      ]);
      expect(errorEvent.attachments[0]).toMatchObject({ sizeBytes: 8, path: `/attachments/${errorEvent.attachments[0].id}` });
    });

    it('gives a file to those who see its project, and lets those who may delete remove it', async () => {
      const projectId = await makeProject(db().write);
      const other = await makeProject(db().write);
      world.side(projectId, 'attachment', await world.file('b'.repeat(32), 'to be removed'));
      await world.digest();
      const [row] = await rows(projectId);
      const id = String(row!.id);
      expect(await world.attachments.byId(somebody('VIEWER', [projectId]), id)).toMatchObject({
        id: row!.id,
        eventId: 'b'.repeat(32),
      });
      expect(await world.attachments.byId(somebody('VIEWER', [other]), id)).toBeNull();
      expect(await world.attachments.byId(somebody('VIEWER', [projectId]), '../etc')).toBeNull();
      await expect(world.run(somebody('OPERATOR', [projectId]), REMOVE, { id })).rejects.toThrow(/errors:delete/);
      const admin = somebody('ADMIN');
      world.clock.advance(hours(2));
      expect(await world.run(admin, REMOVE, { id })).toEqual({ deleteAttachment: { __typename: 'AttachmentDeleted', id } });
      expect(await isThere(row!.sha256)).toBe(false);
      expect(await world.run(admin, REMOVE, { id })).toEqual({ deleteAttachment: { __typename: 'NotFoundRefusal' } });
    });

    it('law (d): removing a file leaves the same bytes to those who have just sent them, too', async () => {
      const projectId = await makeProject(db().write);
      world.side(projectId, 'attachment', await world.file('c'.repeat(32), 'sent twice'));
      await world.digest();
      world.clock.advance(hours(2));
      const again = await world.file('d'.repeat(32), 'sent twice'); // answered 200; its record is not digested yet
      const [row] = await rows(projectId);
      await world.attachments.remove(somebody('ADMIN'), String(row!.id));
      world.side(projectId, 'attachment', again);
      await world.digest();
      expect(await rows(projectId)).toHaveLength(1);
      expect(await isThere(again.sha256)).toBe(true);
    });
  });

  describe('nothing stays for ever', () => {
    it('the oldest go first when a project is over its quota, a shared file when nobody needs it', async () => {
      const projectId = await makeProject(db().write);
      await db().write.transaction((tx) =>
        tx.run('update project set settings = ? where id = ?', [JSON.stringify({ attachmentQuotaMegabytes: 1 }), projectId]),
      );
      const [big, shared] = ['x'.repeat(600_000), 'y'.repeat(300_000)];
      for (const [i, content] of [shared, big, shared, big].entries())
        world.side(projectId, 'attachment', await world.file(String(i).repeat(32), content));
      await world.digest();
      world.clock.advance(hours(2));
      expect(await world.keeper.evict()).toBe(2);
      const left = await rows(projectId);
      expect(left).toHaveLength(2);
      expect(await Promise.all(left.map(({ sha256 }) => isThere(sha256)))).toEqual([true, true]);
      expect(await world.keeper.evict()).toBe(0);
    });

    it('they go with their event and with their error, and their files with the next walk', async () => {
      const projectId = await makeProject(db().write);
      const [old, doomed, kept] = [
        anEvent({ occurredAt: NOW - days(40), timestamp: NOW - days(40) }),
        anEvent({ exceptions: [{ type: 'Doomed', frames: [] }] }),
        anEvent(),
      ];
      for (const event of [old, doomed, kept]) {
        world.event(projectId, event);
        const own = { owner: 'event', occurredAt: event.occurredAt } as const;
        world.side(projectId, 'attachment', await world.file(event.eventId, `of ${event.eventId}`, own));
      }
      await world.digest();
      const before = await rows(projectId);
      await deleteEventsOlderThan(db().write, projectId, NOW - days(30));
      await db().write.transaction((tx) =>
        tx.run(`update error_group set deleted_at = 1 where project_id = ? and type = 'Doomed'`, [projectId]),
      );
      for (let more = true; more; ) ({ more } = await purgeDeletedGroups(db().write, NOW, 50));
      expect((await rows(projectId)).map(({ sha256 }) => sha256)).toEqual([before[2]!.sha256]);
      world.clock.advance(hours(2));
      expect(await world.keeper.dropOrphans()).toBeGreaterThan(0);
      expect(await Promise.all(before.map(({ sha256 }) => isThere(sha256)))).toEqual([false, false, true]);
    });

    it('a file whose record is still on its way is left alone', async () => {
      const { sha256 } = await world.file('c'.repeat(32), 'not logged yet');
      await world.keeper.dropOrphans();
      expect(await isThere(sha256)).toBe(true);
    });

    it('one whose event never comes goes after three days', async () => {
      const projectId = await makeProject(db().write);
      world.side(projectId, 'attachment', await world.file('d'.repeat(32), 'lonely'));
      await world.digest();
      await world.keeper.dropLost();
      expect(await rows(projectId)).toHaveLength(1);
      world.clock.advance(WAITS_MS + 1);
      await world.keeper.dropLost();
      expect(await rows(projectId)).toEqual([]);
      world.clock.set(NOW);
    });
  });
});
