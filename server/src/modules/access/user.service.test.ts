import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld, PASSWORD } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { User } from './access.entity.ts';
import { ANONYMOUS, SYSTEM } from './actor-for.ts';
import { ensureFirstAdministrator } from './first-administrator.ts';
import { ROLES, type Role } from './permissions.ts';

const PLACE = { ip: '192.0.2.1', userAgent: null };
const forbidden = expect.objectContaining({ code: 'FORBIDDEN' });

eachDatabase((db) => {
  let world: AccessWorld;
  beforeEach(async () => {
    world = openAccessWorld(db());
    await db().orm.em.fork().nativeDelete(User, {});
  });
  const stored = (id: number) => world.db.orm.em.fork().findOneOrFail(User, { id });

  describe('the first administrator', () => {
    const config = (adminPassword?: string) => ({ adminEmail: 'boss@example.org', adminPassword });

    it('is an OWNER with the configured password, which is not given back', async () => {
      const { users, signIn } = world.access;
      expect(await ensureFirstAdministrator({ users, config: config('correct-horse-9') })).toEqual({
        email: 'boss@example.org',
        password: null,
      });
      const result = await signIn.signIn('boss@example.org', 'correct-horse-9', PLACE);
      expect(result).toHaveProperty('viewer.user.role', 'OWNER');
    });

    it('gets a generated password, told once, when none is configured', async () => {
      const { users, signIn } = world.access;
      const first = await ensureFirstAdministrator({ users, config: config() });
      expect(first?.password).toMatch(/^[0-9A-Za-z]{20}$/);
      expect(await signIn.signIn('boss@example.org', first!.password!, PLACE)).toHaveProperty('token');
      expect(await ensureFirstAdministrator({ users, config: config() })).toBeNull();
    });

    it('is made once when two processes start together', async () => {
      const { users } = world.access;
      const made = await Promise.all([1, 2].map(() => ensureFirstAdministrator({ users, config: config('correct-horse-9') })));
      expect(made.filter((result) => result !== null)).toHaveLength(1);
      expect(await users.list(SYSTEM)).toHaveLength(1);
    });

    it('is refused with a password that anybody would guess', async () => {
      const { users } = world.access;
      await expect(ensureFirstAdministrator({ users, config: config('password123') })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('ERRATA_ADMIN_PASSWORD'),
      });
      expect(await users.isEmpty()).toBe(true);
    });
  });

  describe('making users', () => {
    const input = { email: 'New@Example.org', name: ' New  Person ', password: 'correct-horse-9', role: 'VIEWER' as Role };

    it('cleans what was typed, and finds the user again', async () => {
      const user = expectA(await world.access.users.create(SYSTEM, input), User);
      expect(user).toMatchObject({ email: 'new@example.org', name: 'New Person', role: 'VIEWER', preferences: {} });
      expect((await world.access.users.byEmail('NEW@example.ORG'))?.id).toBe(user.id);
      expect(await world.access.users.usersByIds([user.id, 999_999, user.id])).toMatchObject([
        { id: user.id },
        null,
        { id: user.id },
      ]);
    });

    it.each([
      [{ email: 'nothing' }, 'email'],
      [{ email: 'a@b@c' }, 'email'],
      [{ email: `${'x'.repeat(250)}@example.org` }, 'email'],
      [{ name: ' \u202e\u0000 ' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ password: 'short' }, 'password'],
    ])('refuses %j', async (change, field) => {
      const refusal = expectA(await world.access.users.create(SYSTEM, { ...input, ...change }), ValidationRefusal);
      expect(refusal.field).toBe(field);
    });

    it('gives one e-mail to one user, also when two ask at once', async () => {
      const results = await Promise.all([1, 2, 3].map(() => world.access.users.create(SYSTEM, input)));
      expect(results.filter((result) => result instanceof User)).toHaveLength(1);
      expect(results.filter((result) => result instanceof ConflictRefusal)).toHaveLength(2);
    });

    it('is for administrators, an OWNER for OWNERs', async () => {
      const people = Object.fromEntries(await Promise.all(ROLES.map(async (role) => [role, (await world.person(role)).actor])));
      for (const role of ['VIEWER', 'OPERATOR'] as const) {
        await expect(world.access.users.create(people[role], input)).rejects.toEqual(forbidden);
      }
      await expect(world.access.users.create(ANONYMOUS, input)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(world.access.users.create(people['ADMIN'], { ...input, role: 'OWNER' })).rejects.toEqual(forbidden);
      expectA(await world.access.users.create(people['OWNER'], { ...input, role: 'OWNER' }), User);
    });
  });

  describe('changing users', () => {
    it('changes the name, the role, the standing and the projects', async () => {
      const { actor } = await world.person('OWNER');
      const { user } = await world.person('VIEWER');
      const project = await world.project();
      const changes = { name: 'Renamed', role: 'OPERATOR' as const, projectIds: [String(project.id)] };
      const changed = expectA(await world.access.users.update(actor, String(user.id), changes), User);
      expect(changed).toMatchObject({ id: user.id, name: 'Renamed', role: 'OPERATOR' });
      expect(await stored(user.id)).toMatchObject({ name: 'Renamed', role: 'OPERATOR', disabledAt: null });
      expect(await world.access.memberships.visibleTo([user.id])).toEqual([[project.id]]);
      await world.access.users.update(actor, String(user.id), { projectIds: [] });
      expect(await world.access.memberships.visibleTo([user.id])).toEqual([[]]);
    });

    it('leaves alone what is absent or null', async () => {
      const { actor } = await world.person('OWNER');
      const { user } = await world.person('VIEWER');
      await world.access.users.update(actor, String(user.id), { name: null, role: null, disabled: null, projectIds: null });
      expect(await stored(user.id)).toMatchObject({ name: user.name, role: 'VIEWER', disabledAt: null });
      expect(world.revoked).toEqual([]);
    });

    it.each([
      ['a change of role', { role: 'OPERATOR' as const }],
      ['disabling', { disabled: true }],
    ])('%s ends his sessions', async (_name, changes) => {
      const { actor } = await world.person('OWNER');
      const { user } = await world.person('VIEWER');
      await world.access.sessions.start(user.id, PLACE);
      await world.access.users.update(actor, String(user.id), changes);
      expect(await world.access.sessions.listOf(user.id)).toEqual([]);
      expect(world.revoked).toEqual([{ userId: user.id }]);
    });

    it.each([
      ['a change of projects', { projectIds: [] }, 1],
      ['the same role again', { role: 'VIEWER' as const }, 0],
      ['a change of name', { name: 'Other' }, 0],
    ])('%s keeps him signed in', async (_name, changes, said) => {
      const { actor } = await world.person('OWNER');
      const { user } = await world.person('VIEWER');
      await world.access.sessions.start(user.id, PLACE);
      await world.access.users.update(actor, String(user.id), changes);
      expect(await world.access.sessions.listOf(user.id)).toHaveLength(1);
      expect(world.revoked).toHaveLength(said);
    });

    it('refuses projects that do not exist, users that do not, and ids that are none', async () => {
      const { actor } = await world.person('OWNER');
      const { user } = await world.person('VIEWER');
      for (const projectIds of [['999999'], ['x'], ['-1'], ['1e3'], ['99999999999999999999']]) {
        const refusal = expectA(await world.access.users.update(actor, String(user.id), { projectIds }), ValidationRefusal);
        expect(refusal.field).toBe('projectIds');
      }
      for (const id of ['999999', '0', '-1', 'x', '1 or 1=1', '']) {
        expectA(await world.access.users.update(actor, id, { name: 'x' }), NotFoundRefusal);
      }
    });

    it('of an OWNER is for OWNERs, and so is making one', async () => {
      const owner = await world.person('OWNER');
      const admin = await world.person('ADMIN');
      const viewer = await world.person('VIEWER');
      const { update } = world.access.users;
      const by = update.bind(world.access.users);
      for (const changes of [{ name: 'x' }, { role: 'VIEWER' as const }, { disabled: true }, { projectIds: [] }]) {
        await expect(by(admin.actor, String(owner.user.id), changes)).rejects.toEqual(forbidden);
      }
      await expect(by(admin.actor, String(admin.user.id), { role: 'OWNER' })).rejects.toEqual(forbidden);
      await expect(by(viewer.actor, String(viewer.user.id), { role: 'ADMIN' })).rejects.toEqual(forbidden);
      expect((await stored(owner.user.id)).role).toBe('OWNER');
      expectA(await by(owner.actor, String(admin.user.id), { role: 'OWNER' }), User);
    });

    it('never takes the last OWNER who can sign in', async () => {
      const owner = await world.person('OWNER');
      const disabled = await world.person('OWNER');
      await world.access.users.update(SYSTEM, String(disabled.user.id), { disabled: true });
      const id = String(owner.user.id);
      for (const changes of [{ role: 'ADMIN' as const }, { disabled: true }]) {
        expect(expectA(await world.access.users.update(SYSTEM, id, changes), ConflictRefusal).code).toBe('LAST_OWNER');
      }
      expectA(await world.access.users.update(owner.actor, id, { name: 'Still here', role: 'OWNER' }), User);
      await world.access.users.update(SYSTEM, String(disabled.user.id), { disabled: false });
      expectA(await world.access.users.update(SYSTEM, id, { role: 'ADMIN' }), User);
    });

    it('leaves one OWNER when all demote each other at once', async () => {
      const owners = [await world.person('OWNER'), await world.person('OWNER'), await world.person('OWNER')];
      const results = await Promise.allSettled(
        owners.map(({ actor }, n) => world.access.users.update(actor, String(owners[(n + 1) % 3]!.user.id), { role: 'VIEWER' })),
      );
      expect(results.every((result) => result.status === 'fulfilled')).toBe(true);
      const left = (await world.access.users.list(SYSTEM)).filter((user) => user.role === 'OWNER');
      expect(left).toHaveLength(1);
    });

    it('does not let anybody disable himself', async () => {
      await world.person('OWNER');
      const { user, actor } = await world.person('OWNER');
      expect(expectA(await world.access.users.update(actor, String(user.id), { disabled: true }), ConflictRefusal).code).toBe(
        'SELF',
      );
    });
  });

  it('a password set from the command line ends the sessions and works', async () => {
    const { user } = await world.person('OWNER');
    await world.access.sessions.start(user.id, PLACE);
    expectA(await world.access.users.setPassword(SYSTEM, user.email, 'short'), ValidationRefusal);
    expectA(await world.access.users.setPassword(SYSTEM, 'nobody@example.org', 'correct-horse-9'), NotFoundRefusal);
    const admin = await world.person('ADMIN');
    await expect(world.access.users.setPassword(admin.actor, user.email, 'correct-horse-9')).rejects.toEqual(forbidden);
    expectA(await world.access.users.setPassword(SYSTEM, user.email.toUpperCase(), 'correct-horse-9'), User);
    expect(await world.access.sessions.listOf(user.id)).toEqual([]);
    expect(await world.access.signIn.signIn(user.email, PASSWORD, PLACE)).toBeInstanceOf(ValidationRefusal);
    expect(await world.access.signIn.signIn(user.email, 'correct-horse-9', PLACE)).toHaveProperty('token');
  });
});
