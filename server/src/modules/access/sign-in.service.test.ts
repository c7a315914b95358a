import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, openAccessWorld, PASSWORD, START } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { days, seconds } from '../../platform/clock.ts';
import { ThrottledRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { Session } from './access.entity.ts';
import { ANONYMOUS, SYSTEM } from './actor-for.ts';
import type { SignedIn } from './sign-in.service.ts';

const HERE = { ip: '192.0.2.1', userAgent: 'Firefox' };
const ELSEWHERE = { ip: '203.0.113.7', userAgent: 'Safari' };

eachDatabase((db) => {
  let world: AccessWorld;
  beforeEach(() => {
    world = openAccessWorld(db());
  });
  const signIn = (email: string, password = PASSWORD, place = HERE) => world.access.signIn.signIn(email, password, place);
  const signedIn = async (...args: Parameters<typeof signIn>) => {
    const result = await signIn(...args);
    if (!('token' in result)) throw new Error(result.message);
    return result satisfies SignedIn;
  };

  describe('signing in', () => {
    it('opens a session and tells the person what he may do', async () => {
      const { user } = await world.person('OPERATOR');
      const { token, viewer } = await signedIn(user.email);
      expect(token).toMatch(/^[0-9A-Za-z_-]{43}$/);
      expect(viewer.user.id).toBe(user.id);
      expect(viewer.permissions).toContain('errors:write');
      expect(viewer.permissions).not.toContain('errors:delete');
      expect(viewer.sessionExpiresAt).toBe(START + days(30));
      const [session] = await world.access.sessions.listOf(user.id);
      expect(session).toMatchObject({ ip: '192.0.2.1', userAgent: 'Firefox', createdAt: START });
      expect(JSON.stringify(session)).not.toContain(token);
    });

    it('does not mind case and blanks in the e-mail', async () => {
      const { user } = await world.person('VIEWER');
      expect((await signedIn(`  ${user.email.toUpperCase()} `)).viewer.user.id).toBe(user.id);
    });

    it('answers a wrong password, an unknown e-mail and a disabled user alike', async () => {
      const { user } = await world.person('VIEWER');
      const disabled = await world.person('VIEWER');
      await world.access.users.update(SYSTEM, String(disabled.user.id), { disabled: true });
      const answers = [
        await signIn(user.email, 'not the password'),
        await signIn(user.email, ''),
        await signIn(user.email, user.passwordHash),
        await signIn('nobody@example.org'),
        await signIn(''),
        await signIn(`${user.email}' or '1'='1`),
        await signIn(disabled.user.email),
      ];
      for (const answer of answers) {
        expect(answer).toBeInstanceOf(ValidationRefusal);
        expect(answer).toMatchObject({
          code: 'WRONG_CREDENTIALS',
          field: null,
          message: (answers[0] as ValidationRefusal).message,
        });
      }
      expect(await world.access.sessions.listOf(user.id)).toEqual([]);
    });

    it('is slowed after five failures there, and works elsewhere at once', async () => {
      const { user } = await world.person('OWNER');
      for (let n = 0; n < 5; n++) expect(await signIn(user.email, 'wrong')).toBeInstanceOf(ValidationRefusal);
      const refused = await signIn(user.email);
      expect(refused).toBeInstanceOf(ThrottledRefusal);
      expect((refused as ThrottledRefusal).retryAfterSeconds).toBe(5);
      expect((await signedIn(user.email, PASSWORD, ELSEWHERE)).viewer.user.id).toBe(user.id);
      world.clock.advance(seconds(5));
      expect((await signedIn(user.email)).viewer.user.id).toBe(user.id);
    });

    it('is slowed for unknown e-mails just the same', async () => {
      for (let n = 0; n < 5; n++) await signIn('nobody@example.org', 'wrong');
      expect(await signIn('nobody@example.org', 'wrong')).toBeInstanceOf(ThrottledRefusal);
    });

    it('lets the owner in from where he has a session, while the world guesses at his password', async () => {
      const { user } = await world.person('OWNER');
      await signedIn(user.email, PASSWORD, ELSEWHERE);
      for (let n = 0; n < 20; n++) await signIn(user.email, 'wrong', { ip: `198.51.100.${n}`, userAgent: null! });
      expect(await signIn(user.email, PASSWORD, { ip: '203.0.113.99', userAgent: 'x' })).toBeInstanceOf(ThrottledRefusal);
      expect((await signedIn(user.email, PASSWORD, ELSEWHERE)).viewer.user.id).toBe(user.id);
    });

    it('sweeps out sessions that have lapsed', async () => {
      const { user } = await world.person('VIEWER');
      await signedIn(user.email);
      world.clock.advance(days(31));
      await signedIn(user.email);
      expect(await world.db.orm.em.fork().count(Session, { userId: user.id })).toBe(1);
    });
  });

  it('ends the sessions used longest ago when there are more than a hundred', async () => {
    const { user } = await world.person('VIEWER');
    const ids: number[] = [];
    for (let n = 0; n < 102; n++) {
      world.clock.advance(seconds(1));
      ids.push((await world.access.sessions.start(user.id, HERE)).session.id);
    }
    expect((await world.access.sessions.listOf(user.id)).map(({ id }) => id)).toEqual(ids.slice(2).reverse());
    expect(world.revoked).toEqual([{ sessionId: ids[0] }, { sessionId: ids[1] }]);
  });

  describe('signing out', () => {
    it('ends the session asked for, and only that one', async () => {
      const { user, actor } = await world.person('VIEWER');
      await signedIn(user.email);
      await signedIn(user.email, PASSWORD, ELSEWHERE);
      const [later, earlier] = await world.access.sessions.listOf(user.id);
      await world.access.signIn.signOut(actor, later!.id, false);
      expect((await world.access.sessions.listOf(user.id)).map((session) => session.id)).toEqual([earlier!.id]);
      expect(world.revoked).toEqual([{ sessionId: later!.id }]);
    });

    it('everywhere ends them all, and nobody else’s', async () => {
      const [ann, bob] = [await world.person('VIEWER'), await world.person('VIEWER')];
      for (const { user } of [ann, ann, bob]) await signedIn(user.email);
      const [own] = await world.access.sessions.listOf(ann.user.id);
      await world.access.signIn.signOut(ann.actor, own!.id, true);
      expect(await world.access.sessions.listOf(ann.user.id)).toEqual([]);
      expect(await world.access.sessions.listOf(bob.user.id)).toHaveLength(1);
      expect(world.revoked).toEqual([{ userId: ann.user.id }]);
    });

    it('does nothing for strangers and for tokens', async () => {
      const { user, actor } = await world.person('VIEWER');
      await signedIn(user.email);
      await world.access.signIn.signOut(ANONYMOUS, null, true);
      await world.access.signIn.signOut({ ...actor, kind: 'token' }, null, true);
      expect(await world.access.sessions.listOf(user.id)).toHaveLength(1);
    });

    it('never ends another’s session by its id', async () => {
      const [ann, bob] = [await world.person('OWNER'), await world.person('VIEWER')];
      await signedIn(bob.user.email);
      const [his] = await world.access.sessions.listOf(bob.user.id);
      expect(await world.access.sessions.end(his!.id, ann.user.id)).toBe(false);
      expect(await world.access.sessions.listOf(bob.user.id)).toHaveLength(1);
    });
  });
});
