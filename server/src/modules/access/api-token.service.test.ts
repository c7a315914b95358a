import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld, START } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { ApiToken } from './access.entity.ts';
import type { Actor } from './actor.ts';
import { ANONYMOUS, tokenActor } from './actor-for.ts';

eachDatabase((db) => {
  let world: AccessWorld;
  beforeEach(() => {
    world = openAccessWorld(db());
  });
  async function make(actor: Actor, input: object = {}) {
    const made = await world.access.tokens.create(actor, { name: 'ci', scopes: ['errors:read'], ...input });
    if (!('secret' in made)) throw new Error(made.message);
    return made;
  }

  describe('a new token', () => {
    it('shows its secret once, and keeps only its hash', async () => {
      const { user, actor } = await world.person('VIEWER');
      const { token, secret } = await make(actor, { scopes: ['errors:read', 'errors:read', 'events:write'] });
      expect(secret).toMatch(/^errata_[0-9A-Za-z]{43}$/);
      const stored = await world.db.orm.em.fork().findOneOrFail(ApiToken, { id: token.id });
      expect(stored).toMatchObject({
        userId: user.id,
        scopes: ['errors:read', 'events:write'],
        projectIds: null,
        createdAt: START,
      });
      expect(secret.startsWith(stored.prefix)).toBe(true);
      expect(stored.prefix).toHaveLength(11);
      expect(JSON.stringify(stored)).not.toContain(secret.slice(11));
    });

    it.each<[string, object, string]>([
      ['no scopes', { scopes: [] }, 'scopes'],
      ['a scope that does not exist', { scopes: ['errors:read', 'everything'] }, 'scopes'],
      ['a scope its user’s role does not hold', { scopes: ['errors:write'] }, 'scopes'],
      ['no name', { name: ' ' }, 'name'],
      ['an end in the past', { expiresAt: new Date(START) }, 'expiresAt'],
      ['an end that is no time', { expiresAt: new Date(Number.NaN) }, 'expiresAt'],
      ['an empty list of projects', { projectIds: [] }, 'projectIds'],
      ['a project that does not exist', { projectIds: ['999999'] }, 'projectIds'],
    ])('is refused with %s', async (_name, input, field) => {
      const { actor } = await world.person('VIEWER');
      const refusal = await world.access.tokens.create(actor, { name: 'ci', scopes: ['errors:read'], ...input });
      expect(expectA(refusal, ValidationRefusal).field).toBe(field);
    });

    it('is refused for a project its user does not see, as if there were none', async () => {
      const [mine, other] = [await world.project(), await world.project()];
      const { actor } = await world.person('VIEWER', [mine.id]);
      const ask = (projectIds: string[]) =>
        world.access.tokens.create(actor, { name: 'ci', scopes: ['errors:read'], projectIds });
      const foreign = expectA(await ask([String(mine.id), String(other.id)]), ValidationRefusal);
      expect(foreign).toEqual(await ask(['999999']));
      expect((await make(actor, { projectIds: [String(mine.id)] })).token.projectIds).toEqual([mine.id]);
    });

    it('cannot be made by a token, however mighty, nor by a stranger', async () => {
      const { user } = await world.person('OWNER');
      const mighty = tokenActor(
        user,
        { id: 1, name: 'x', scopes: ['tokens:write', 'errors:read', 'owners:write'], projectIds: null },
        [],
      );
      const input = { name: 'child', scopes: ['errors:read'] };
      await expect(world.access.tokens.create(mighty, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(world.access.tokens.create(ANONYMOUS, input)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    });

    it('is refused when there are a hundred', async () => {
      const { actor } = await world.person('VIEWER');
      for (let n = 0; n < 100; n++) await make(actor);
      const refusal = await world.access.tokens.create(actor, { name: 'ci', scopes: ['errors:read'] });
      expect(expectA(refusal, ValidationRefusal).code).toBe('TOO_MANY');
    });
  });

  describe('seeing and revoking', () => {
    it('is for one’s own tokens; everybody’s for administrators', async () => {
      const [ann, bob, admin] = [await world.person('VIEWER'), await world.person('VIEWER'), await world.person('ADMIN')];
      const { token: hers } = await make(ann.actor);
      const { token: his } = await make(bob.actor);
      const { tokens } = world.access;
      expect((await tokens.list(ann.actor)).map(({ id }) => id)).toEqual([hers.id]);
      expect((await tokens.list(admin.actor)).map(({ id }) => id)).toEqual(expect.arrayContaining([hers.id, his.id]));
      expectA(await tokens.revoke(ann.actor, String(his.id)), NotFoundRefusal);
      expectA(await tokens.revoke(ann.actor, 'x'), NotFoundRefusal);
      expect(await tokens.revoke(ann.actor, String(hers.id))).toBeNull();
      expect(await tokens.list(ann.actor)).toEqual([]);
      expectA(await tokens.revoke(ann.actor, String(hers.id)), NotFoundRefusal);
      expect(await tokens.revoke(admin.actor, String(his.id))).toBeNull();
      expect(world.revoked).toEqual([{ tokenId: hers.id }, { tokenId: his.id }]);
    });

    it('of an OWNER’s token is for OWNERs', async () => {
      const [owner, other, admin] = [await world.person('OWNER'), await world.person('OWNER'), await world.person('ADMIN')];
      const { token } = await make(owner.actor);
      await expect(world.access.tokens.revoke(admin.actor, String(token.id))).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(await world.access.tokens.revoke(other.actor, String(token.id))).toBeNull();
    });
  });
});
