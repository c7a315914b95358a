import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { SYSTEM, tokenActor } from '../access/actor-for.ts';
import { DsnKey, type Project } from './project.entity.ts';

eachDatabase((db) => {
  let world: AccessWorld;
  let project: Project;
  let admin: Actor;
  beforeEach(async () => {
    world = openAccessWorld(db());
    project = await world.project();
    admin = (await world.person('ADMIN')).actor;
  });
  const keys = () => world.projects.keys;
  const create = async (input: object = {}) =>
    expectA(await keys().create(admin, { projectId: String(project.id), label: 'Web', ...input }), DsnKey);
  const keysOfProject = async () => (await keys().keysOf([project.id]))[0]!;
  const known = (key: DsnKey) => world.projects.directory.find(key.publicKey);

  it('a project may have several keys, each with its label and limit', async () => {
    const key = await create({ label: ' Mobile  app ', eventsPerMinute: 100 });
    expect(key).toMatchObject({
      projectId: project.id,
      label: 'Mobile app',
      eventsPerMinute: 100,
      status: 'ACTIVE',
      lastUsedAt: null,
    });
    expect((await keysOfProject()).map(({ label }) => label)).toEqual(['Default', 'Mobile app']);
    expect(known(key)).toMatchObject({ keyId: key.id, keyEventsPerMinute: 100, projectStatus: 'ACTIVE' });
    expect(await keys().keysOf([999_999, project.id])).toMatchObject([[], [{}, {}]]);
  });

  it('a key may limit other items than events, each kind once, and keeps that when it is rotated', async () => {
    const key = await create({ quotas: [{ category: 'attachment', perMinute: 5 }] });
    expect(known(key)?.keyQuotas).toEqual([{ category: 'attachment', perMinute: 5 }]);
    const quotas = [
      { category: 'session' as const, perMinute: 0 },
      { category: 'monitor' as const, perMinute: 60 },
    ];
    expect(await keys().update(admin, String(key.id), { quotas })).toMatchObject({ quotas });
    expect(await keys().update(admin, String(key.id), { label: 'Web 2' })).toMatchObject({ quotas });
    const next = expectA(await keys().rotate(admin, String(key.id)), DsnKey);
    expect(known(next)?.keyQuotas).toEqual(quotas);
    for (const bad of [[quotas[0]!, quotas[0]!], [{ category: 'session' as const, perMinute: -1 }]]) {
      const refusal = expectA(await keys().update(admin, String(next.id), { quotas: bad }), ValidationRefusal);
      expect(refusal.field).toBe('quotas');
    }
  });

  it('a key is changed, disabled and enabled again', async () => {
    const key = await create({ eventsPerMinute: 100 });
    const update = (changes: object) => keys().update(admin, String(key.id), changes);
    expectA(await update({ label: 'Web 2', status: 'DISABLED' }), DsnKey);
    expect(known(key)).toMatchObject({ status: 'DISABLED', keyEventsPerMinute: 100 });
    expectA(await update({ status: 'ACTIVE', eventsPerMinute: null }), DsnKey);
    expect(known(key)).toMatchObject({ status: 'ACTIVE', keyEventsPerMinute: null });
    expect(expectA(await update({ eventsPerMinute: 0 }), ValidationRefusal).field).toBe('eventsPerMinute');
    expect(expectA(await update({ label: '' }), ValidationRefusal).field).toBe('label');
    expect((await keysOfProject()).at(-1)).toMatchObject({ label: 'Web 2', status: 'ACTIVE', eventsPerMinute: null });
  });

  describe('rotating', () => {
    it('puts a new key with the same label and limit in the place of the old one', async () => {
      const old = await create({ eventsPerMinute: 100 });
      const next = expectA(await keys().rotate(admin, String(old.id)), DsnKey);
      expect(next).toMatchObject({ label: 'Web', eventsPerMinute: 100, status: 'ACTIVE' });
      expect(next.publicKey).not.toBe(old.publicKey);
      expect(known(old)?.status).toBe('DISABLED');
      expect(known(next)?.status).toBe('ACTIVE');
    });

    it('makes one new key when it is asked for twice at once', async () => {
      const old = await create();
      const results = await Promise.all([1, 2, 3].map(() => keys().rotate(admin, String(old.id))));
      expect(results.filter((result) => result instanceof DsnKey)).toHaveLength(1);
      expect((await keysOfProject()).filter(({ label, status }) => label === 'Web' && status === 'ACTIVE')).toHaveLength(1);
    });

    it('does nothing to a key that was disabled on purpose', async () => {
      const key = await create();
      await keys().update(admin, String(key.id), { status: 'DISABLED' });
      expect(expectA(await keys().rotate(admin, String(key.id)), ValidationRefusal).code).toBe('DISABLED');
    });
  });

  it('there are at most a hundred keys', async () => {
    for (let n = 0; n < 99; n++) await create();
    const refusal = await keys().create(admin, { projectId: String(project.id), label: 'One more' });
    expect(expectA(refusal, ValidationRefusal).code).toBe('TOO_MANY');
    const [first] = await keysOfProject();
    expectA(await keys().rotate(admin, String(first!.id)), ValidationRefusal);
    expect(known(first!)?.status).toBe('ACTIVE');
  });

  it('keys of other projects are out of reach, for bound tokens and by made-up ids', async () => {
    const other = await world.project();
    const [[his]] = (await keys().keysOf([other.id])) as [[DsnKey]];
    const { user } = await world.person('OWNER');
    const bound = tokenActor(user, { id: 1, name: 'x', scopes: ['projects:write'], projectIds: [project.id] }, []);
    expectA(await keys().create(bound, { projectId: String(other.id), label: 'x' }), NotFoundRefusal);
    expectA(await keys().update(bound, String(his.id), { status: 'DISABLED' }), NotFoundRefusal);
    expectA(await keys().rotate(bound, String(his.id)), NotFoundRefusal);
    expect(known(his)?.status).toBe('ACTIVE');
    for (const id of ['999999', 'x', '']) {
      expectA(await keys().create(SYSTEM, { projectId: id, label: 'x' }), NotFoundRefusal);
      expectA(await keys().update(SYSTEM, id, {}), NotFoundRefusal);
      expectA(await keys().rotate(SYSTEM, id), NotFoundRefusal);
    }
    const operator = await world.person('OPERATOR', [project.id]);
    await expect(keys().rotate(operator.actor, String(his.id))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(keys().create(operator.actor, { projectId: String(project.id), label: 'x' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});
