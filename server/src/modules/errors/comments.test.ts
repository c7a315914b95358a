import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { makeError, makeProject, makeUser, NOW } from '../../../test/factories.ts';
import type { Actor } from '../access/actor.ts';

eachDatabase((db) => {
  describe('comments', () => {
    let world: ErrorsWorld;
    let error: number;
    let author: Actor;
    let other: Actor;
    let admin: Actor;
    let project: number;

    beforeAll(async () => {
      world = await errorsWorld(db());
      const sql = db().write;
      project = await makeProject(sql);
      error = await makeError(sql, { projectId: project });
      const member = (role: 'OPERATOR' | 'ADMIN', name: string) => makeUser(sql, { role, name, memberOf: [project] });
      author = somebody('OPERATOR', [project], await member('OPERATOR', 'Ann'));
      other = somebody('OPERATOR', [project], await member('OPERATOR', 'Bob'));
      admin = somebody('ADMIN', [], await member('ADMIN', 'Cid'));
    });
    afterAll(() => world.close());

    const FIELDS =
      '__typename ... on Comment { id body createdAt editedAt author { name } } ... on ValidationRefusal { code field }';
    const add = async (body: string, actor = author) =>
      (
        await world.run(
          actor,
          `mutation ($body: String!) { answer: addComment(errorId: "${error}", body: $body) { ${FIELDS} } }`,
          { body },
        )
      ).answer;
    const edit = (id: string, body: string, actor: Actor) =>
      world.run(actor, `mutation ($body: String!) { answer: editComment(id: "${id}", body: $body) { ${FIELDS} } }`, { body });
    const remove = (id: string, actor: Actor) =>
      world.run(actor, `mutation { answer: deleteComment(id: "${id}") { __typename } }`);
    const shown = async () =>
      (
        await world.run(
          admin,
          `{ error(id: "${error}") { commentCount comments { body author { name } editedAt } history { kind } } }`,
        )
      ).error;

    it('are added, counted, told in the history, and shown oldest first', async () => {
      expect(await add('  first **line**\r\nsecond \u0000 ')).toMatchObject({
        body: 'first **line**\nsecond',
        createdAt: new Date(NOW).toISOString(),
        editedAt: null,
        author: { name: 'Ann' },
      });
      await add('<script>alert(1)</script> stays text', other);
      expect(await shown()).toEqual({
        commentCount: 2,
        comments: [
          { body: 'first **line**\nsecond', author: { name: 'Ann' }, editedAt: null },
          { body: '<script>alert(1)</script> stays text', author: { name: 'Bob' }, editedAt: null },
        ],
        history: [{ kind: 'commented' }, { kind: 'commented' }],
      });
      expect(world.changes.at(-1)).toEqual({ kind: 'UPDATED', errorId: error, projectId: project });
    });

    it('are refused when empty or too long', async () => {
      expect(await add(' \n ')).toEqual({ __typename: 'ValidationRefusal', code: 'REQUIRED', field: 'body' });
      expect(await add('x'.repeat(10_001))).toEqual({ __typename: 'ValidationRefusal', code: 'TOO_LONG', field: 'body' });
      expect(await add('x'.repeat(10_000))).toMatchObject({ __typename: 'Comment' });
    });

    it('are changed and deleted by their author or an administrator, by nobody else', async () => {
      const truth: [string, () => Actor, boolean][] = [
        ['the author', () => author, true],
        ['another operator', () => other, false],
        ['an administrator', () => admin, true],
      ];
      for (const [who, actor, may] of truth) {
        const { id } = await add('to be changed');
        if (may) {
          expect([who, (await edit(id, 'changed', actor())).answer]).toEqual([
            who,
            expect.objectContaining({ body: 'changed', editedAt: new Date(NOW).toISOString(), author: { name: 'Ann' } }),
          ]);
          expect((await remove(id, actor())).answer).toEqual({ __typename: 'Done' });
          expect((await remove(id, actor())).answer).toEqual({ __typename: 'NotFoundRefusal' });
        } else {
          await expect(edit(id, 'changed', actor())).rejects.toMatchObject({ code: 'FORBIDDEN' });
          await expect(remove(id, actor())).rejects.toMatchObject({ code: 'FORBIDDEN' });
        }
      }
      const { commentCount, comments } = await shown();
      expect(commentCount).toBe(comments.length);
    });

    it('of an error that is gone are gone with it', async () => {
      const { id } = await add('soon gone');
      await db().write.run('update error_group set deleted_at = 1 where id = ?', [error]);
      expect((await edit(id, 'x', author)).answer).toEqual({ __typename: 'NotFoundRefusal' });
      expect(await add('late')).toEqual({ __typename: 'NotFoundRefusal' });
    });
  });
});
