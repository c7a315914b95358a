import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { HOUR, makeActivity, makeError, makeProject, makeUser, NOW } from '../../../test/factories.ts';
import { minutes } from '../../platform/clock.ts';
import type { Actor } from '../access/actor.ts';
import type { ErrorStatus } from './error-group.entity.ts';

const CHANGE =
  '__typename ... on BulkChange { count undoToken errors { id status } } ... on ValidationRefusal { code field message }';

eachDatabase((db) => {
  describe('bulk changes', () => {
    let world: ErrorsWorld;
    let project: number;
    let admin: Actor;
    let colleague: Actor;
    let adminId: number;

    beforeAll(async () => {
      world = await errorsWorld(db());
      adminId = await makeUser(db().write, { role: 'ADMIN', name: 'Ada' });
      admin = somebody('ADMIN', [], adminId);
      colleague = somebody('ADMIN', [], await makeUser(db().write, { role: 'ADMIN' }));
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      project = await makeProject(db().write);
      world.clock.set(NOW);
      world.changes.length = 0;
    });

    const make = (status: ErrorStatus = 'NEW', values: Partial<Parameters<typeof makeError>[1]> = {}) =>
      makeError(db().write, { projectId: project, status, ...values });
    const row = (id: number) =>
      db().read.get<Record<string, unknown>>(
        'select status, resolved_at, resolved_by_id, resolved_in_release, archived_until_at, assignee_id, deleted_at from error_group where id = ?',
        [id],
      );
    const change = async (name: string, ids: number[], more = '', actor = admin) => {
      const selection = `{ ids: [${ids.map((id) => `"${id}"`).join(',')}] }`;
      return (await world.run(actor, `mutation { answer: ${name}(selection: ${selection}${more}) { ${CHANGE} } }`)).answer;
    };
    const undo = async (token: string, actor = admin) =>
      (
        await world.run(
          actor,
          `mutation { answer: undoErrorChange(undoToken: "${token}") { __typename ... on BulkChange { count undoToken errors { id status } } } }`,
        )
      ).answer;
    const history = async (id: number) =>
      (await world.run(admin, `{ error(id: "${id}") { history { kind actor data user { name } } } }`)).error?.history;

    it('resolves what is open, counts what really changed, and writes history', async () => {
      const fresh = await make('NEW');
      const back = await make('REGRESSED');
      const done = await make('RESOLVED');
      const answer = await change('resolveErrors', [fresh, back, done, 999_999]);
      expect(answer).toMatchObject({ count: 2, undoToken: expect.stringMatching(/^[\w-]{32}$/) });
      expect(answer.errors).toEqual([
        { id: String(fresh), status: 'RESOLVED' },
        { id: String(back), status: 'RESOLVED' },
      ]);
      expect(await row(fresh)).toMatchObject({
        status: 'RESOLVED',
        resolved_at: NOW,
        resolved_by_id: adminId,
        resolved_in_release: null,
      });
      expect(await history(fresh)).toEqual([{ kind: 'resolved', actor: `admin ${adminId}`, data: {}, user: { name: 'Ada' } }]);
      expect(await history(done)).toEqual([]);
      expect(world.changes).toEqual([fresh, back].map((errorId) => ({ kind: 'UPDATED', errorId, projectId: project })));
    });

    it('resolves in a release, also what was resolved without one', async () => {
      const done = await make('RESOLVED');
      expect(await change('resolveErrors', [done], ', inRelease: " 2.0 "')).toMatchObject({ count: 1 });
      expect(await row(done)).toMatchObject({ resolved_in_release: '2.0' });
      expect((await history(done))[0]).toMatchObject({ kind: 'resolved', data: { release: '2.0' } });
      expect(await change('resolveErrors', [done], ', inRelease: "2.0"')).toMatchObject({ count: 0, undoToken: null });
      expect(await change('resolveErrors', [done], `, inRelease: "${'x'.repeat(201)}"`)).toMatchObject({
        code: 'TOO_LONG',
        field: 'inRelease',
      });
    });

    it('moves only as the table of states allows', async () => {
      const cases: [string, ErrorStatus, ErrorStatus | undefined][] = [
        ['unresolveErrors', 'RESOLVED', 'ONGOING'],
        ['unresolveErrors', 'ARCHIVED', 'ONGOING'],
        ['unresolveErrors', 'NEW', undefined],
        ['unresolveErrors', 'ESCALATING', undefined],
        ['archiveErrors', 'ONGOING', 'ARCHIVED'],
        ['archiveErrors', 'RESOLVED', 'ARCHIVED'],
        ['archiveErrors', 'ARCHIVED', undefined],
        ['resolveErrors', 'ARCHIVED', 'RESOLVED'],
      ];
      for (const [name, from, to] of cases) {
        const id = await make(from);
        const { count } = await change(name, [id]);
        expect([name, from, count, (await row(id))?.['status']]).toEqual([name, from, to ? 1 : 0, to ?? from]);
      }
    });

    it('archives until a moment, which must lie ahead', async () => {
      const id = await make();
      const until = new Date(NOW + HOUR).toISOString();
      expect(await change('archiveErrors', [id], `, until: "${until}"`)).toMatchObject({ count: 1 });
      expect(await row(id)).toMatchObject({ status: 'ARCHIVED', archived_until_at: NOW + HOUR });
      expect(await change('archiveErrors', [id], `, until: "${until}"`)).toMatchObject({ count: 0 });
      expect(await change('archiveErrors', [id])).toMatchObject({ count: 1 });
      expect(await row(id)).toMatchObject({ archived_until_at: null });
      const past = new Date(NOW).toISOString();
      expect(await change('archiveErrors', [id], `, until: "${past}"`)).toMatchObject({ code: 'PAST', field: 'until' });
    });

    it('assigns to people who may see the errors', async () => {
      const id = await make();
      const member = await makeUser(db().write, { role: 'OPERATOR', memberOf: [project], name: 'Mem' });
      const stranger = await makeUser(db().write, { role: 'OPERATOR' });
      const gone = await makeUser(db().write, { role: 'ADMIN', disabledAt: 1 });
      const assign = (to: string) => change('assignErrors', [id], `, assigneeId: ${to}`);
      expect(await assign(`"${member}"`)).toMatchObject({ count: 1 });
      expect(await assign(`"${member}"`)).toMatchObject({ count: 0 });
      expect((await history(id))[0]).toMatchObject({ kind: 'assigned', data: { assignee: 'Mem', assigneeId: member } });
      expect(await assign('"me"')).toMatchObject({ count: 1 });
      expect(await row(id)).toMatchObject({ assignee_id: adminId });
      expect(await assign('null')).toMatchObject({ count: 1 });
      expect(await row(id)).toMatchObject({ assignee_id: null });
      expect(await assign(`"${stranger}"`)).toMatchObject({ code: 'NOT_A_MEMBER', field: 'assigneeId' });
      for (const nobody of [`"${gone}"`, '"999999"', '"x"']) expect(await assign(nobody)).toMatchObject({ code: 'UNKNOWN_USER' });
      expect(await row(id)).toMatchObject({ assignee_id: null });
    });

    it('changes everything that matches a filter and a query now', async () => {
      const hit = await make('NEW', { title: 'disk full' });
      await make('NEW', { title: 'disk empty' });
      const resolved = await make('RESOLVED', { title: 'disk full' });
      const selection = `{ filter: { projectIds: ["${project}"] }, query: "is:unresolved full" }`;
      const { answer } = await world.run(admin, `mutation { answer: archiveErrors(selection: ${selection}) { ${CHANGE} } }`);
      expect(answer).toMatchObject({ count: 1, errors: [{ id: String(hit) }] });
      expect(await row(resolved)).toMatchObject({ status: 'RESOLVED' });
    });

    it('refuses a selection that says too little, too much or nonsense', async () => {
      const cases: [string, object][] = [
        ['{}', { code: 'SELECTION' }],
        ['{ query: "  " }', { code: 'SELECTION' }],
        ['{ ids: ["1"], filter: {} }', { code: 'SELECTION' }],
        ['{ ids: ["x"] }', { code: 'BAD_INPUT', field: 'selection.ids' }],
        ['{ query: "is:x" }', { code: 'BAD_INPUT', field: 'selection.query' }],
      ];
      for (const [selection, refusal] of cases) {
        const { answer } = await world.run(admin, `mutation { answer: resolveErrors(selection: ${selection}) { ${CHANGE} } }`);
        expect([selection, answer]).toEqual([
          selection,
          expect.objectContaining({ __typename: 'ValidationRefusal', ...refusal }),
        ]);
      }
    });

    it('hides deleted errors at once', async () => {
      const id = await make();
      expect(await change('deleteErrors', [id])).toMatchObject({ count: 1, errors: [] });
      expect(world.changes).toEqual([{ kind: 'DELETED', errorId: id, projectId: project }]);
      expect((await world.run(admin, `{ error(id: "${id}") { id } }`)).error).toBeNull();
      expect(await change('resolveErrors', [id])).toMatchObject({ count: 0 });
      expect(await change('deleteErrors', [id])).toMatchObject({ count: 0 });
    });

    describe('taken back', () => {
      it('puts back exactly what was', async () => {
        const archived = await make('ARCHIVED', { archivedUntilAt: NOW + HOUR });
        const fresh = await make('NEW');
        const before = [await row(archived), await row(fresh)];
        const { undoToken } = await change('resolveErrors', [archived, fresh]);
        world.changes.length = 0;
        const undone = await undo(undoToken);
        expect(undone).toMatchObject({ count: 2, undoToken: null });
        expect([await row(archived), await row(fresh)]).toEqual(before);
        expect((await history(fresh)).map((line: { kind: string }) => line.kind)).toEqual(['undone', 'resolved']);
        expect(world.changes.map((one) => one.kind)).toEqual(['UPDATED', 'UPDATED']);
      });

      it('brings deleted errors back', async () => {
        const id = await make();
        const { undoToken } = await change('deleteErrors', [id]);
        world.changes.length = 0;
        expect(await undo(undoToken)).toMatchObject({ count: 1, errors: [{ id: String(id), status: 'NEW' }] });
        expect(world.changes).toEqual([{ kind: 'CREATED', errorId: id, projectId: project }]);
      });

      it('works once, for ten minutes, for the same person', async () => {
        const id = await make();
        const { undoToken } = await change('resolveErrors', [id]);
        expect(await undo(undoToken, colleague)).toEqual({ __typename: 'NotFoundRefusal' });
        world.clock.advance(minutes(10));
        expect(await undo(undoToken)).toMatchObject({ count: 1 });
        expect(await undo(undoToken)).toEqual({ __typename: 'NotFoundRefusal' });
        const again = await change('resolveErrors', [id]);
        world.clock.advance(minutes(10) + 1);
        expect(await undo(again.undoToken)).toEqual({ __typename: 'NotFoundRefusal' });
        expect(await undo('made-up')).toEqual({ __typename: 'NotFoundRefusal' });
      });

      it('leaves what somebody else changed since, and counts the rest', async () => {
        const [kept, reopened, again] = [await make(), await make(), await make()];
        const { undoToken } = await change('resolveErrors', [kept, reopened, again]);
        await change('unresolveErrors', [reopened], '', colleague);
        // The very same values again, by somebody else, are his change.
        world.clock.advance(1);
        await change('unresolveErrors', [again], '', colleague);
        world.clock.set(NOW);
        await change('resolveErrors', [again], '', admin);
        expect(await undo(undoToken)).toMatchObject({ count: 1, errors: [{ id: String(kept), status: 'NEW' }] });
        expect(await row(reopened)).toMatchObject({ status: 'ONGOING' });
        expect(await row(again)).toMatchObject({ status: 'RESOLVED' });
      });

      it('leaves what an event brought back', async () => {
        const id = await make();
        const { undoToken } = await change('resolveErrors', [id]);
        await db().write.run("update error_group set status = 'REGRESSED', updated_at = ? where id = ?", [NOW, id]);
        await makeActivity(db().write, { groupId: id, kind: 'regressed' });
        expect(await undo(undoToken)).toEqual({ __typename: 'ConflictRefusal' });
        expect(await row(id)).toMatchObject({ status: 'REGRESSED' });
      });

      it('is not stopped by a change of something else', async () => {
        const id = await make();
        const { undoToken } = await change('resolveErrors', [id]);
        await change('assignErrors', [id], ', assigneeId: "me"', colleague);
        expect(await undo(undoToken)).toMatchObject({ count: 1 });
        expect(await row(id)).toMatchObject({ status: 'NEW', assignee_id: colleague.userId });
      });
    });

    it('changes thousands in one go, and back', async () => {
      await db().write.run(
        `insert into error_group (project_id, number, title, level, status, platform, first_seen_at, last_seen_at, updated_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
         select ${project}, i + 100000, 'e', 'error', case when i % 2 = 0 then 'NEW' else 'ONGOING' end, 'node', i, i, 1 from n`,
      );
      const selection = `{ filter: { projectIds: ["${project}"] } }`;
      const { answer } = await world.run(admin, `mutation { answer: resolveErrors(selection: ${selection}) { ${CHANGE} } }`);
      expect([answer.count, answer.errors.length]).toEqual([3000, 200]);
      expect(world.changes).toHaveLength(3000);
      const states = () =>
        db().read.all('select status, count(*) as n from error_group where project_id = ? group by status order by status', [
          project,
        ]);
      expect(await states()).toEqual([{ status: 'RESOLVED', n: 3000 }]);
      expect(await undo(answer.undoToken)).toMatchObject({ count: 3000 });
      expect(await states()).toEqual([
        { status: 'NEW', n: 1500 },
        { status: 'ONGOING', n: 1500 },
      ]);
    });
  });
});
