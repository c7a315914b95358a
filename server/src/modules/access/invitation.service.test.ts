import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld, START } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { days } from '../../platform/clock.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { Invitation, type User } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { SYSTEM } from './actor-for.ts';

const PLACE = { ip: '192.0.2.1', userAgent: null };
let count = 0;

eachDatabase((db) => {
  let world: AccessWorld;
  let owner: { user: User; actor: Actor };
  beforeEach(async () => {
    world = openAccessWorld(db());
    owner = await world.person('OWNER');
  });
  const newcomer = (token: string, change: object = {}) => ({
    token,
    email: `newcomer${++count}@example.org`,
    name: 'Newcomer',
    password: 'correct-horse-9',
    ...change,
  });
  async function invite(input: object = {}, actor = owner.actor) {
    const made = await world.access.invitations.invite(actor, { role: 'VIEWER', ...input });
    if (!('url' in made)) throw new Error(made.message);
    return { ...made, token: new URL(made.url).searchParams.get('token')! };
  }
  const accept = (token: string, change: object = {}) => world.access.invitations.accept(newcomer(token, change), PLACE);

  describe('an invitation', () => {
    it('is a link under the public address that shows who invites to what', async () => {
      const { url, token, invitation } = await invite({ email: 'Guest@Example.org', role: 'OPERATOR' });
      expect(url).toMatch(/^https:\/\/errata\.example\/sub\/join\?token=[0-9A-Za-z_-]{43}$/);
      expect(JSON.stringify(invitation)).not.toContain(token);
      expect(await world.access.invitations.preview(token)).toEqual({
        email: 'guest@example.org',
        role: 'OPERATOR',
        invitedBy: owner.user.name,
        expiresAt: START + days(7),
      });
    });

    it('makes the user with its role and projects, and signs him in', async () => {
      const project = await world.project();
      const { token, invitation } = await invite({ role: 'OPERATOR', projectIds: [String(project.id)] });
      const result = await accept(token);
      if (!('viewer' in result)) throw new Error(result.message);
      const identity = await world.access.authenticator.authenticate({ cookie: result.token, bearer: null });
      expect(identity.actor).toMatchObject({ userId: result.viewer.user.id, role: 'OPERATOR', projectIds: [project.id] });
      const [listed] = await world.access.invitations.list(owner.actor);
      expect(listed).toMatchObject({ id: invitation.id, acceptedAt: START });
    });

    it('works once', async () => {
      const { token } = await invite();
      expect(await accept(token)).toHaveProperty('viewer');
      expectA(await accept(token), NotFoundRefusal);
      expect(await world.access.invitations.preview(token)).toBeNull();
    });

    it('works once when several use it at the same moment', async () => {
      const { token } = await invite();
      const results = await Promise.all([1, 2, 3, 4].map(() => accept(token)));
      expect(results.filter((result) => 'viewer' in result)).toHaveLength(1);
      expect(results.filter((result) => result instanceof NotFoundRefusal)).toHaveLength(3);
    });

    it('lapses after seven days', async () => {
      const { token } = await invite();
      world.clock.advance(days(7) - 1);
      expect(await world.access.invitations.preview(token)).not.toBeNull();
      world.clock.advance(1);
      expect(await world.access.invitations.preview(token)).toBeNull();
      expectA(await accept(token), NotFoundRefusal);
    });

    it('can be taken back until it is used', async () => {
      const [first, second] = [await invite(), await invite()];
      expect(await world.access.invitations.revoke(owner.actor, String(first.invitation.id))).toBeNull();
      expectA(await accept(first.token), NotFoundRefusal);
      await accept(second.token);
      expectA(await world.access.invitations.revoke(owner.actor, String(second.invitation.id)), ConflictRefusal);
      expectA(await world.access.invitations.revoke(owner.actor, String(first.invitation.id)), NotFoundRefusal);
      expectA(await world.access.invitations.revoke(owner.actor, 'x'), NotFoundRefusal);
    });

    it('is void once whoever made it could not make it any more', async () => {
      const admin = await world.person('ADMIN');
      const { token } = await invite({ role: 'ADMIN' }, admin.actor);
      await world.access.users.update(SYSTEM, String(admin.user.id), { role: 'OPERATOR' });
      expectA(await accept(token), NotFoundRefusal);
      await world.access.users.update(SYSTEM, String(admin.user.id), { role: 'ADMIN' });
      expect(await world.access.invitations.preview(token)).not.toBeNull();
      await world.access.users.update(SYSTEM, String(admin.user.id), { disabled: true });
      expectA(await accept(token), NotFoundRefusal);
    });

    it('for one address is for that address', async () => {
      const { token } = await invite({ email: 'guest@example.org' });
      expect(expectA(await accept(token), ValidationRefusal).field).toBe('email');
      expect(await accept(token, { email: 'GUEST@example.org' })).toHaveProperty('viewer.user.email', 'guest@example.org');
    });

    it('is not used up by what is refused', async () => {
      const { token } = await invite();
      expect(expectA(await accept(token, { password: 'short' }), ValidationRefusal).field).toBe('password');
      expect(expectA(await accept(token, { name: '' }), ValidationRefusal).field).toBe('name');
      expect(expectA(await accept(token, { email: owner.user.email }), ConflictRefusal).code).toBe('EMAIL_TAKEN');
      expect(await accept(token)).toHaveProperty('viewer');
    });

    it('cannot be forged', async () => {
      const { token, invitation } = await invite();
      for (const forged of ['', 'x', `${token}A`, token.slice(1), [...token].reverse().join(''), invitation.tokenHash]) {
        expect(await world.access.invitations.preview(forged)).toBeNull();
        expectA(await accept(forged), NotFoundRefusal);
      }
    });
  });

  it('is refused for somebody who is here already, a bad address, or projects that do not exist', async () => {
    const invitations = world.access.invitations;
    expectA(await invitations.invite(owner.actor, { role: 'VIEWER', email: owner.user.email }), ConflictRefusal);
    expectA(await invitations.invite(owner.actor, { role: 'VIEWER', email: 'x' }), ValidationRefusal);
    expectA(await invitations.invite(owner.actor, { role: 'VIEWER', projectIds: ['999999'] }), ValidationRefusal);
  });

  it('is made, seen and taken back by administrators; an OWNER’s by OWNERs', async () => {
    const admin = await world.person('ADMIN');
    const operator = await world.person('OPERATOR');
    const { invitations } = world.access;
    const { invitation } = await invite({ role: 'OWNER' });
    const forbidden = expect.objectContaining({ code: 'FORBIDDEN' });
    await expect(invitations.invite(admin.actor, { role: 'OWNER' })).rejects.toEqual(forbidden);
    await expect(invitations.revoke(admin.actor, String(invitation.id))).rejects.toEqual(forbidden);
    for (const attempt of [
      invitations.invite(operator.actor, { role: 'VIEWER' }),
      invitations.list(operator.actor),
      invitations.revoke(operator.actor, String(invitation.id)),
    ]) {
      await expect(attempt).rejects.toEqual(forbidden);
    }
    expect(await world.db.orm.em.fork().count(Invitation, { id: invitation.id })).toBe(1);
  });
});
