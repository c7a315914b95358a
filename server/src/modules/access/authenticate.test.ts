import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, openAccessWorld, START } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { days, hours, minutes, seconds } from '../../platform/clock.ts';
import { ApiToken, Session, User } from './access.entity.ts';
import { SYSTEM } from './actor-for.ts';

const PLACE = { ip: '192.0.2.1', userAgent: 'test' };

eachDatabase((db) => {
  let world: AccessWorld;
  beforeEach(() => {
    world = openAccessWorld(db());
  });
  const byCookie = (cookie: string | null) => world.access.authenticator.authenticate({ cookie, bearer: null });
  const byBearer = (bearer: string, cookie: string | null = null) => world.access.authenticator.authenticate({ cookie, bearer });
  const refused = expect.objectContaining({ code: 'UNAUTHENTICATED' });
  const start = (user: User) => world.access.sessions.start(user.id, PLACE);
  async function tokenOf(actor: Parameters<typeof world.access.tokens.create>[0], input: object = {}) {
    const created = await world.access.tokens.create(actor, { name: 'ci', scopes: ['errors:read'], ...input });
    if (!('secret' in created)) throw new Error(created.message);
    return created;
  }

  describe('a session cookie', () => {
    it('makes its person the actor', async () => {
      const project = await world.project();
      const { user } = await world.person('OPERATOR', [project.id]);
      const { token, session } = await start(user);
      const identity = await byCookie(token);
      expect(identity).toMatchObject({ sessionId: session.id, actor: { kind: 'user', userId: user.id, role: 'OPERATOR' } });
      expect(identity.actor.projectIds).toEqual([project.id]);
    });

    it('is nobody when it is absent, forged by a bit or a character, or not a token at all', async () => {
      const { user } = await world.person('OWNER');
      const { token, session } = await start(user);
      const bytes = Buffer.from(token, 'base64url');
      const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const copy = Buffer.from(bytes);
        copy[bit >> 3]! ^= 1 << (bit & 7);
        return copy.toString('base64url');
      });
      const forged = [
        null,
        '',
        'x',
        token.slice(1),
        `${token}A`,
        ` ${token}`,
        session.tokenHash,
        String(session.id),
        `${token}' or '1'='1`,
      ];
      for (const cookie of [...forged, ...flipped]) {
        expect((await byCookie(cookie)).actor.kind, `cookie ${cookie}`).toBe('anonymous');
      }
      expect((await byCookie(token)).actor.kind).toBe('user');
    });

    it('lasts thirty days after the last request', async () => {
      const { user } = await world.person('VIEWER');
      const { token } = await start(user);
      world.clock.advance(days(29));
      expect((await byCookie(token)).actor.kind).toBe('user');
      world.clock.advance(days(29));
      expect((await byCookie(token)).actor.kind).toBe('user');
      world.clock.advance(days(30));
      expect((await byCookie(token)).actor.kind).toBe('anonymous');
    });

    it('ends after ninety days whatever happens', async () => {
      const { user } = await world.person('VIEWER');
      const { token } = await start(user);
      for (let day = 0; day < 90; day += 10) {
        expect((await byCookie(token)).actor.kind).toBe('user');
        world.clock.advance(days(10));
      }
      expect((await byCookie(token)).actor.kind).toBe('anonymous');
    });

    it('has "last seen" written at most once a minute', async () => {
      const { user } = await world.person('VIEWER');
      const { token, session } = await start(user);
      const seen = async () => {
        const em = world.db.orm.em.fork();
        const stored = await em.findOneOrFail(Session, { id: session.id });
        return [stored.lastSeenAt - START, (await em.findOneOrFail(User, { id: user.id })).lastSeenAt];
      };
      world.clock.advance(seconds(59));
      await byCookie(token);
      expect(await seen()).toEqual([0, null]);
      world.clock.advance(seconds(6));
      await byCookie(token);
      expect(await seen()).toEqual([65_000, START + 65_000]);
      world.clock.advance(seconds(30));
      await byCookie(token);
      expect(await seen()).toEqual([65_000, START + 65_000]);
    });

    it('dies with its session, its user, and every session of his', async () => {
      const { user, actor } = await world.person('VIEWER');
      const first = await start(user);
      const second = await start(user);
      const third = await start(user);
      for (const { token } of [first, second, third]) expect((await byCookie(token)).actor.kind).toBe('user');
      await world.access.sessions.end(first.session.id, user.id);
      expect((await byCookie(first.token)).actor.kind).toBe('anonymous');
      expect((await byCookie(second.token)).actor.kind).toBe('user');
      await world.access.signIn.signOut(actor, second.session.id, true);
      expect((await byCookie(second.token)).actor.kind).toBe('anonymous');
      expect((await byCookie(third.token)).actor.kind).toBe('anonymous');
      const fourth = await start(user);
      expect((await byCookie(fourth.token)).actor.kind).toBe('user');
      await world.access.users.update(SYSTEM, String(user.id), { disabled: true });
      expect((await byCookie(fourth.token)).actor.kind).toBe('anonymous');
    });

    it('gives the role and the projects of now, at once on this node', async () => {
      const project = await world.project();
      const { user } = await world.person('VIEWER');
      const { token } = await start(user);
      expect((await byCookie(token)).actor.projectIds).toEqual([]);
      await world.access.users.update(SYSTEM, String(user.id), { projectIds: [String(project.id)] });
      expect((await byCookie(token)).actor.projectIds).toEqual([project.id]);
    });

    it('notices what another node changed within seconds', async () => {
      const { user } = await world.person('ADMIN');
      const { token } = await start(user);
      expect((await byCookie(token)).actor.role).toBe('ADMIN');
      await world.db.orm.em.fork().nativeUpdate(User, { id: user.id }, { role: 'VIEWER' });
      world.clock.advance(seconds(5));
      expect((await byCookie(token)).actor.role).toBe('VIEWER');
      await world.db.orm.em.fork().nativeDelete(Session, { userId: user.id });
      world.clock.advance(seconds(5));
      expect((await byCookie(token)).actor.kind).toBe('anonymous');
    });
  });

  describe('a bearer token', () => {
    it('acts for its user within its scopes, and wins over a cookie', async () => {
      const { user, actor } = await world.person('OWNER');
      const { secret, token } = await tokenOf(actor);
      const identity = await byBearer(secret, (await start(user)).token);
      expect(identity).toMatchObject({ sessionId: null, actor: { kind: 'token', tokenId: token.id, userId: user.id } });
      expect(identity.actor.can('errors:read')).toBe(true);
      expect(identity.actor.can('errors:write')).toBe(false);
    });

    it('is refused when it is forged in any character, and does not fall back to the cookie', async () => {
      const { user, actor } = await world.person('OWNER');
      const { secret, token } = await tokenOf(actor);
      const cookie = (await start(user)).token;
      const changed = Array.from({ length: 43 }, (_, at) => {
        const index = 'errata_'.length + at;
        return `${secret.slice(0, index)}${secret[index] === 'a' ? 'b' : 'a'}${secret.slice(index + 1)}`;
      });
      const swapped = secret.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase());
      for (const forged of [
        '',
        'x',
        token.prefix,
        token.tokenHash,
        `${secret}0`,
        secret.slice(0, -1),
        cookie,
        swapped,
        ...changed,
      ]) {
        if (forged === secret) continue;
        await expect(byBearer(forged, cookie), `token ${forged}`).rejects.toEqual(refused);
      }
    });

    it('is refused once it has expired, was revoked, or its user was disabled', async () => {
      const { user, actor } = await world.person('VIEWER');
      const brief = await tokenOf(actor, { expiresAt: new Date(START + hours(1)) });
      const second = await tokenOf(actor);
      const third = await tokenOf(actor);
      for (const { secret } of [brief, second, third]) expect((await byBearer(secret)).actor.kind).toBe('token');
      world.clock.advance(hours(1) - 1);
      expect((await byBearer(brief.secret)).expiresAt).toBe(START + hours(1));
      world.clock.advance(1);
      await expect(byBearer(brief.secret)).rejects.toEqual(refused);
      await world.access.tokens.revoke(actor, String(second.token.id));
      await expect(byBearer(second.secret)).rejects.toEqual(refused);
      expect(world.revoked.at(-1)).toEqual({ tokenId: second.token.id });
      await world.access.users.update(SYSTEM, String(user.id), { disabled: true });
      await expect(byBearer(third.secret)).rejects.toEqual(refused);
      await world.access.users.update(SYSTEM, String(user.id), { disabled: false });
      expect((await byBearer(third.secret)).actor.kind).toBe('token');
    });

    it('shrinks with its user: scope and role together decide', async () => {
      const { user, actor } = await world.person('ADMIN');
      const { secret } = await tokenOf(actor, { scopes: ['projects:write', 'errors:read'] });
      expect((await byBearer(secret)).actor.can('projects:write')).toBe(true);
      await world.access.users.update(SYSTEM, String(user.id), { role: 'VIEWER' });
      const { actor: now } = await byBearer(secret);
      expect([now.can('projects:write'), now.can('errors:read'), now.projectIds]).toEqual([false, true, []]);
    });

    it('has "last used" written at most once a minute', async () => {
      const { actor } = await world.person('VIEWER');
      const { secret, token } = await tokenOf(actor);
      const used = async () => (await world.db.orm.em.fork().findOneOrFail(ApiToken, { id: token.id })).lastUsedAt;
      await byBearer(secret);
      expect(await used()).toBe(START);
      world.clock.advance(seconds(50));
      await byBearer(secret);
      expect(await used()).toBe(START);
      world.clock.advance(minutes(1));
      await byBearer(secret);
      expect(await used()).toBe(START + seconds(110));
    });
  });

  it('never keeps what was read before a revocation', async () => {
    const { user } = await world.person('VIEWER');
    const { token, session } = await start(user);
    const underWay = byCookie(token);
    const ended = world.access.sessions.end(session.id, user.id);
    await Promise.all([underWay, ended]);
    expect((await byCookie(token)).actor.kind).toBe('anonymous');
  });
});
