import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFeedback, type BesideWorld, besideWorld } from '../../../../test/beside-world.ts';
import { eachDatabase } from '../../../../test/databases.ts';
import { outcomesOf } from '../../../../test/digest-kit.ts';
import { somebody } from '../../../../test/errors-world.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';
import { minutes } from '../../../platform/clock.ts';
import { purgeDeletedGroups } from '../retention-groups.ts';

const LIST = `query ($filter: FeedbackFilter, $first: Int, $after: String) {
  feedback(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id message name status eventId project { id } error { id } attachments { filename } } }
  }
}`;
const UPDATE = `mutation ($ids: [ID!]!, $status: FeedbackStatus!) { updateFeedback(ids: $ids, status: $status) {
  ... on FeedbackChanges { count changes { formerStatus feedback { id status } } } ... on ValidationRefusal { code } } }`;

eachDatabase((db) => {
  let world: BesideWorld;
  const heard: { id: number; projectId: number }[] = [];
  beforeAll(async () => {
    world = await besideWorld(db());
    world.bus.subscribe('feedbackReceived', ({ feedback }) => void heard.push(...feedback));
    world.links.start();
  });
  afterAll(() => world.close());
  const id = (digit: string) => digit.repeat(32);
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const nodes = (answer: any) => answer.feedback.edges.map((edge: any) => edge.node);

  describe('feedback', () => {
    it('is kept once, linked to the error of its event, and announced', async () => {
      const projectId = await makeProject(db().write);
      const event = anEvent({ occurredAt: NOW - minutes(90), timestamp: NOW - minutes(90) });
      world.event(projectId, event);
      await world.digest();
      const record = aFeedback({ feedbackId: id('1'), eventId: event.eventId, name: 'Ann' });
      world.side(projectId, 'feedback', record);
      world.side(projectId, 'feedback', record);
      await world.digest();
      const errorId = String(world.kit.facts.at(-1)!.groupId);
      const [one] = nodes(await world.run(somebody('VIEWER', [projectId]), LIST));
      expect(one).toMatchObject({
        message: 'It does not work',
        name: 'Ann',
        status: 'UNREAD',
        eventId: event.eventId,
        error: { id: errorId },
      });
      expect(heard).toEqual([{ id: Number(one.id), projectId }]);
      expect(await outcomesOf(db().read, projectId)).toEqual({ accepted: 2, duplicate: 1 });
      const ofError = await world.run(
        somebody('VIEWER', [projectId]),
        '{ errors { edges { node { feedback { totalCount edges { node { name } } } } } } }',
      );
      expect(ofError.errors.edges[0].node.feedback).toEqual({ totalCount: 1, edges: [{ node: { name: 'Ann' } }] });
    });

    it('that comes before its event finds it later', async () => {
      const projectId = await makeProject(db().write);
      const event = anEvent();
      world.side(projectId, 'feedback', aFeedback({ feedbackId: id('2'), eventId: event.eventId }));
      await world.digest();
      const viewer = somebody('VIEWER', [projectId]);
      expect(nodes(await world.run(viewer, LIST))[0].error).toBeNull();
      world.event(projectId, event);
      await world.digest();
      const errorId = world.kit.facts.at(-1)!.groupId;
      expect(nodes(await world.run(viewer, LIST))[0].error).toEqual({ id: String(errorId) });
      expect(world.changes).toContainEqual({ kind: 'UPDATED', errorId, projectId });
    });

    it('of an event of another project is not linked', async () => {
      const [one, other] = [await makeProject(db().write), await makeProject(db().write)];
      const event = anEvent();
      world.event(one, event);
      world.side(other, 'feedback', aFeedback({ feedbackId: id('3'), eventId: event.eventId }));
      await world.digest();
      expect(nodes(await world.run(somebody('VIEWER', [other]), LIST))[0].error).toBeNull();
    });

    it('brings its screenshots', async () => {
      const projectId = await makeProject(db().write);
      world.side(projectId, 'feedback', aFeedback({ feedbackId: id('4') }));
      world.side(projectId, 'attachment', await world.file(id('4'), 'png', { owner: 'feedback', filename: 'screenshot.png' }));
      await world.digest();
      expect(nodes(await world.run(somebody('VIEWER', [projectId]), LIST))[0].attachments).toEqual([
        { filename: 'screenshot.png' },
      ]);
    });

    it('outlives the error it is about', async () => {
      const projectId = await makeProject(db().write);
      const event = anEvent();
      world.event(projectId, event);
      world.side(projectId, 'feedback', aFeedback({ feedbackId: id('5'), eventId: event.eventId }));
      await world.digest();
      await db().write.transaction((tx) => tx.run('update error_group set deleted_at = 1 where project_id = ?', [projectId]));
      for (let more = true; more; ) ({ more } = await purgeDeletedGroups(db().write, NOW, 50));
      expect(nodes(await world.run(somebody('VIEWER', [projectId]), LIST))).toMatchObject([
        { error: null, message: 'It does not work' },
      ]);
    });
  });

  describe('lists', () => {
    it('come in pages, newest first, narrowed by status, project and text', async () => {
      const projectId = await makeProject(db().write);
      for (const [i, message] of ['100% broken', 'fine_ now', 'Broken again'].entries())
        world.side(
          projectId,
          'feedback',
          aFeedback({ feedbackId: String(i).repeat(32), message, email: `user${i}@example.com` }),
        );
      await world.digest();
      const viewer = somebody('VIEWER', [projectId]);
      const first = await world.run(viewer, LIST, { first: 2 });
      expect([nodes(first).map((n: { message: string }) => n.message), first.feedback.totalCount]).toEqual([
        ['Broken again', 'fine_ now'],
        3,
      ]);
      const second = await world.run(viewer, LIST, { first: 2, after: first.feedback.pageInfo.endCursor });
      expect(nodes(second)).toMatchObject([{ message: '100% broken' }]);
      expect(second.feedback.pageInfo.hasNextPage).toBe(false);
      const found = async (filter: object) => nodes(await world.run(viewer, LIST, { filter })).length;
      expect(await found({ search: 'BROKEN' })).toBe(2);
      expect(await found({ search: '%' })).toBe(1);
      expect(await found({ search: 'user1@' })).toBe(1);
      expect(await found({ statuses: ['SPAM'] })).toBe(0);
      expect(await found({ statuses: [] })).toBe(0);
      expect(await found({ projectIds: ['999999'] })).toBe(0);
      expect(nodes(await world.run(somebody('VIEWER', []), LIST))).toEqual([]);
    });
  });

  describe('a status', () => {
    it('is set for many at once, tells what it was, and can be put back', async () => {
      const projectId = await makeProject(db().write);
      for (const digit of ['6', '7']) world.side(projectId, 'feedback', aFeedback({ feedbackId: id(digit) }));
      await world.digest();
      const operator = somebody('OPERATOR', [projectId]);
      const ids = nodes(await world.run(operator, LIST)).map((node: { id: string }) => node.id);
      const spam = await world.run(operator, UPDATE, { ids: [ids[0]], status: 'SPAM' });
      expect(spam.updateFeedback).toEqual({
        count: 1,
        changes: [{ formerStatus: 'UNREAD', feedback: { id: ids[0], status: 'SPAM' } }],
      });
      const all = await world.run(operator, UPDATE, { ids, status: 'ARCHIVED' });
      expect(all.updateFeedback.changes.map((change: { formerStatus: string }) => change.formerStatus)).toEqual(
        ['UNREAD', 'SPAM'].reverse(),
      );
      expect((await world.run(operator, UPDATE, { ids, status: 'ARCHIVED' })).updateFeedback.count).toBe(0);
    });

    it('of what is deleted is gone, with its files; only those who may delete can', async () => {
      const projectId = await makeProject(db().write);
      world.side(projectId, 'feedback', aFeedback({ feedbackId: id('9') }));
      world.side(projectId, 'attachment', await world.file(id('9'), 'png', { owner: 'feedback' }));
      await world.digest();
      const [one] = nodes(await world.run(somebody('VIEWER', [projectId]), LIST));
      const DELETE = 'mutation ($ids: [ID!]!) { deleteFeedback(ids: $ids) { ... on FeedbackDeleted { ids } } }';
      await expect(world.run(somebody('OPERATOR', [projectId]), DELETE, { ids: [one.id] })).rejects.toThrow(/errors:delete/);
      expect(await world.run(somebody('ADMIN'), DELETE, { ids: [one.id, '999999'] })).toEqual({
        deleteFeedback: { ids: [one.id] },
      });
      expect(nodes(await world.run(somebody('VIEWER', [projectId]), LIST))).toEqual([]);
      expect(await db().read.all('select id from attachment where project_id = ?', [projectId])).toEqual([]);
    });

    it('may not be set by those who only read, nor out of sight', async () => {
      const projectId = await makeProject(db().write);
      world.side(projectId, 'feedback', aFeedback({ feedbackId: id('8') }));
      await world.digest();
      const [one] = nodes(await world.run(somebody('VIEWER', [projectId]), LIST));
      await expect(world.run(somebody('VIEWER', [projectId]), UPDATE, { ids: [one.id], status: 'READ' })).rejects.toThrow(
        /errors:write/,
      );
      expect((await world.run(somebody('OPERATOR', []), UPDATE, { ids: [one.id], status: 'READ' })).updateFeedback.count).toBe(0);
      expect((await world.run(somebody('OPERATOR', []), UPDATE, { ids: [], status: 'READ' })).updateFeedback).toEqual({
        code: 'SELECTION',
      });
    });
  });
});
