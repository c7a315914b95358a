import { beforeEach, expect, it, vi } from 'vitest';
import { type AccessWorld, openAccessWorld } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { User } from './access.entity.ts';
import type { AccessRevoked } from './access-events.ts';
import { AccessWatch } from './access-watch.ts';
import { SYSTEM } from './actor-for.ts';

const PLACE = { ip: '192.0.2.1', userAgent: null };

eachDatabase((db) => {
  /** This process, which watches, and another one that works on the same database. */
  let here: AccessWorld;
  let there: AccessWorld;
  let watch: AccessWatch;
  let user: User;
  beforeEach(async () => {
    [here, there] = [openAccessWorld(db()), openAccessWorld(db())];
    watch = here.access.watch;
    user = (await there.person('OPERATOR')).user;
    return () => watch.close();
  });
  const news = async (): Promise<AccessRevoked[]> => {
    here.revoked.length = 0;
    await watch.check();
    return [...here.revoked];
  };

  it('says nothing when nothing has changed, nor when something is new', async () => {
    await watch.start();
    expect(await news()).toEqual([]);
    const { user: fresh } = await there.person('VIEWER');
    await there.access.sessions.start(fresh.id, PLACE);
    expect(await news()).toEqual([]);
  });

  it('says when a session or a token has ended elsewhere, once', async () => {
    const { session } = await there.access.sessions.start(user.id, PLACE);
    const { actor } = await there.person('OWNER');
    const made = await there.access.tokens.create(actor, { name: 'ci', scopes: ['errors:read'] });
    if (!('secret' in made)) throw new Error(made.message);
    await watch.start();
    await there.access.sessions.end(session.id, user.id);
    await there.access.tokens.revoke(actor, String(made.token.id));
    expect(await news()).toEqual([{ sessionId: session.id }, { tokenId: made.token.id }]);
    expect(await news()).toEqual([]);
  });

  it('says when a role, the standing or the projects of somebody have changed elsewhere', async () => {
    const [a, b] = [await there.project(), await there.project()];
    await watch.start();
    const steps = [
      { role: 'VIEWER' as const },
      { projectIds: [String(a.id)] },
      { projectIds: [String(b.id), String(a.id)] },
      { projectIds: [String(b.id)] },
      { disabled: true },
    ];
    for (const changes of steps) {
      await there.access.users.update(SYSTEM, String(user.id), changes);
      expect(await news(), JSON.stringify(changes)).toEqual([{ userId: user.id }]);
    }
    await there.access.users.update(SYSTEM, String(user.id), { name: 'Other name' });
    expect(await news()).toEqual([]);
  });

  it('does not repeat what this process has said itself', async () => {
    const { session } = await here.access.sessions.start(user.id, PLACE);
    await watch.start();
    await here.access.sessions.end(session.id, user.id);
    await here.access.users.update(SYSTEM, String(user.id), { role: 'VIEWER' });
    await vi.waitFor(async () => expect(await news()).toEqual([]));
    await there.access.users.update(SYSTEM, String(user.id), { role: 'OPERATOR' });
    expect(await news()).toEqual([{ userId: user.id }]);
  });

  it('goes on after the database was away', async () => {
    let away = false;
    const all: Sql['all'] = (...args) => (away ? Promise.reject(new Error('down')) : db().read.all(...args));
    const shaky = { ...db().read, all } as Sql;
    watch = new AccessWatch({ ...here, sql: shaky, log: here.log });
    await watch.start();
    away = true;
    expect(await news()).toEqual([]);
    await there.access.users.update(SYSTEM, String(user.id), { role: 'VIEWER' });
    away = false;
    expect(await news()).toEqual([{ userId: user.id }]);
  });
});
