import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { DigestKit } from '../../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';
import { days, fixedClock, minutes, seconds } from '../../../platform/clock.ts';
import { sqlitePath } from '../../../platform/db/sql.ts';
import { Housekeeping } from './housekeeping.ts';

eachDatabase((db, dialect) => {
  it('does every chore in quiet moments, one piece at a time', async () => {
    const [trickle, old, gone] = [await makeProject(db().write), await makeProject(db().write), await makeProject(db().write)];
    const clock = fixedClock(NOW - days(8));
    const kit = new DigestKit(db(), clock);
    kit.log.position = await kit.store.position();
    await kit.digest(old, anEvent({ timestamp: NOW - days(8) }));
    clock.set(NOW - days(1));
    for (let i = 0; i < 70; i++) await kit.digest(trickle, anEvent({ timestamp: NOW - days(1) }));
    await kit.digest(gone, anEvent());
    await db().write.transaction((tx) =>
      tx.run('update error_group set deleted_at = ? where project_id = ?', [NOW - minutes(12), gone]),
    );

    clock.set(NOW);
    const walBytes = () => statSync(`${sqlitePath(db().config.dataDir)}-wal`).size;
    const before = dialect === 'sqlite' ? walBytes() : 0;
    const housekeeping = new Housekeeping({ store: kit.store, clock });
    expect(await housekeeping.run(false)).toBeUndefined();
    clock.advance(seconds(6));
    const news = [];
    for (let some = await housekeeping.run(false); some !== undefined; some = await housekeeping.run(false)) news.push(...some);
    const status = async (projectId: number) =>
      (await db().read.get('select status from error_group where project_id = ?', [projectId]))?.['status'];
    expect([await status(old), await status(trickle), await status(gone)]).toEqual(['ONGOING', 'NEW', undefined]);
    expect(news).toMatchObject([
      { kind: 'changed', changes: [{ kind: 'UPDATED', projectId: old }] },
      { kind: 'log', fields: { errors: 1 } },
    ]);
    const blocks = await db().read.get<{ n: number }>('select count(*) as n from event_block where project_id = ?', [trickle]);
    expect(blocks!.n).toBe(1);
    if (dialect === 'sqlite') expect(walBytes()).toBeLessThan(before / 2);
    await kit.close();
  });

  it('leaves events their way under load, but not for ever', async () => {
    const clock = fixedClock(NOW);
    const kit = new DigestKit(db(), clock);
    const housekeeping = new Housekeeping({ store: kit.store, clock });
    clock.advance(seconds(60));
    expect(await housekeeping.run(true)).toBeUndefined();
    clock.advance(minutes(11));
    expect(await housekeeping.run(true)).toBeDefined();
    await kit.close();
  });
});
