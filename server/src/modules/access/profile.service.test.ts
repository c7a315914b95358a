import { beforeEach, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld, PASSWORD } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { User } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { ANONYMOUS, tokenActor } from './actor-for.ts';
import { PREFERENCES_MAX_BYTES, type ProfileChanges } from './profile.service.ts';

const PLACE = { ip: '192.0.2.1', userAgent: null };

eachDatabase((db) => {
  let world: AccessWorld;
  beforeEach(() => {
    world = openAccessWorld(db());
  });
  const update = (actor: Actor, changes: ProfileChanges, sessionId: number | null = null) =>
    world.access.profile.update(actor, sessionId, PLACE.ip, changes);

  it('changes the name, and merges preferences key by key', async () => {
    const { user, actor } = await world.person('VIEWER');
    await update(actor, { name: ' Ann  Other ', preferences: { theme: 'dark', columns: ['a'] } });
    const changed = expectA(await update(actor, { preferences: { theme: null, density: 2 } }), User);
    expect(changed).toMatchObject({ id: user.id, name: 'Ann Other', preferences: { columns: ['a'], density: 2 } });
    const viewer = await world.access.signIn.viewer(actor, null);
    expect(viewer?.preferences).toEqual({ columns: ['a'], density: 2 });
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['a text', 'dark'],
    ['a number', 1],
    ['too much', { big: 'x'.repeat(PREFERENCES_MAX_BYTES) }],
  ])('refuses preferences that are %s', async (_name, preferences) => {
    const { actor } = await world.person('VIEWER');
    expect(expectA(await update(actor, { preferences }), ValidationRefusal).field).toBe('preferences');
  });

  it('keeps a key such as __proto__ from meaning anything', async () => {
    const { actor } = await world.person('VIEWER');
    const hostile = JSON.parse('{"__proto__":{"polluted":true},"constructor":"x","ok":1}');
    const user = expectA(await update(actor, { preferences: hostile }), User);
    expect(user.preferences).toEqual({ constructor: 'x', ok: 1 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('changes the password with the current one, and ends every other session', async () => {
    const { user, actor } = await world.person('VIEWER');
    const [here, there] = [await world.access.sessions.start(user.id, PLACE), await world.access.sessions.start(user.id, PLACE)];
    const changes = { currentPassword: PASSWORD, newPassword: 'correct-horse-9' };
    expectA(await update(actor, changes, here.session.id), User);
    expect((await world.access.sessions.listOf(user.id)).map(({ id }) => id)).toEqual([here.session.id]);
    expect(world.revoked).toEqual([{ sessionId: there.session.id }]);
    expect(await world.access.signIn.signIn(user.email, 'correct-horse-9', PLACE)).toHaveProperty('token');
    expect(await world.access.signIn.signIn(user.email, PASSWORD, PLACE)).toBeInstanceOf(ValidationRefusal);
  });

  it('changes nothing at all when one part is refused', async () => {
    const { user, actor } = await world.person('VIEWER');
    const cases: [ProfileChanges, string][] = [
      [{ name: 'Other', newPassword: 'correct-horse-9' }, 'currentPassword'],
      [{ name: 'Other', newPassword: 'correct-horse-9', currentPassword: 'wrong' }, 'currentPassword'],
      [{ name: 'Other', newPassword: 'short', currentPassword: PASSWORD }, 'newPassword'],
      [{ name: 'Other', newPassword: user.email, currentPassword: PASSWORD }, 'newPassword'],
      [{ name: '', newPassword: 'correct-horse-9', currentPassword: PASSWORD }, 'name'],
      [{ name: 'Other', preferences: 1, newPassword: 'correct-horse-9', currentPassword: PASSWORD }, 'preferences'],
    ];
    for (const [changes, field] of cases) {
      expect(expectA(await update(actor, changes), ValidationRefusal).field).toBe(field);
    }
    expect(await world.db.orm.em.fork().findOneOrFail(User, { id: user.id })).toMatchObject({
      name: user.name,
      passwordHash: user.passwordHash,
    });
    expect(world.revoked).toEqual([]);
  });

  it('slows down whoever guesses at the current password from an open browser', async () => {
    const { actor } = await world.person('VIEWER');
    const guess = () => update(actor, { currentPassword: 'wrong', newPassword: 'correct-horse-9' });
    for (let n = 0; n < 5; n++) expectA(await guess(), ValidationRefusal);
    await expect(guess()).rejects.toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 5 } });
  });

  it('is nothing for strangers and API tokens', async () => {
    const { user } = await world.person('OWNER');
    const scopes = ['users:write', 'owners:write', 'tokens:write'];
    const token = tokenActor(user, { id: 1, name: 'ci', scopes, projectIds: null }, []);
    await expect(update(token, { name: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(update(ANONYMOUS, { name: 'x' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
