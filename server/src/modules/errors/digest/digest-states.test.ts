import { expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { DigestKit } from '../../../../test/digest-kit.ts';
import { anEvent, HOUR, makeProject, NOW } from '../../../../test/factories.ts';
import { days, fixedClock } from '../../../platform/clock.ts';
import { moveByClock } from '../status-clock.ts';

eachDatabase((db) => {
  const clock = fixedClock(NOW);
  const open = async () => {
    const kit = new DigestKit(db(), clock);
    kit.log.position = await kit.store.position();
    return kit;
  };
  const only = async (projectId: number) =>
    (await db().read.get(
      `select id, status, resolved_at, resolved_in_release, archived_until_at, event_count, updated_at from error_group
       where project_id = ?`,
      [projectId],
    ))!;
  const set = (projectId: number, text: string, values: (string | number | null)[] = []) =>
    db().write.transaction((tx) => tx.run(`update error_group set ${text} where project_id = ?`, [...values, projectId]));
  const kinds = async (groupId: number) =>
    (
      await db().read.all<{ kind: string; actor: string; data: unknown }>(
        'select kind, actor, data from activity where group_id = ? order by id',
        [groupId],
      )
    ).map((row) => ({
      ...row,
      data: typeof row.data === 'string' ? JSON.parse(row.data) : row.data,
    }));

  it('brings a resolved error back with the first event that says so', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    await kit.digest(projectId, anEvent());
    await set(projectId, `status = 'RESOLVED', resolved_at = ?, resolved_by_id = 1`, [NOW - 60_000]);
    const early = anEvent({ timestamp: NOW - HOUR + 1 });
    const back = anEvent({ timestamp: NOW - 1_000, release: 'shop@2' });
    const next = anEvent({ timestamp: NOW - 500 });
    await kit.digest(projectId, early, back, next);
    const row = await only(projectId);
    expect(row).toMatchObject({ status: 'REGRESSED', resolved_at: null, event_count: 4, updated_at: NOW });
    expect(kit.facts.filter((fact) => fact.isRegression).map((fact) => fact.eventId)).toEqual([back.eventId]);
    expect(await kinds(row['id'])).toMatchObject([
      { kind: 'created', actor: 'system' },
      { kind: 'regressed', data: { from: 'RESOLVED', eventId: back.eventId, release: 'shop@2' } },
    ]);
    const changes = kit.steps.flatMap((step) => (step.kind === 'committed' ? step.result.changes : []));
    expect(changes).toEqual([
      { kind: 'CREATED', errorId: row['id'], projectId },
      { kind: 'UPDATED', errorId: row['id'], projectId },
    ]);
    await kit.close();
  });

  it('lets old releases go on failing when a release has the fix', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    const from = (release: string, at: number) => anEvent({ release, timestamp: NOW - 10_000 + at });
    await kit.digest(projectId, from('1.0', 1), from('2.0', 2));
    await set(projectId, `status = 'RESOLVED', resolved_at = ?, resolved_in_release = '2.0'`, [NOW - HOUR]);
    await kit.digest(projectId, from('1.0', 3), from('2.0', 4));
    expect(await only(projectId)).toMatchObject({ status: 'RESOLVED', event_count: 4, resolved_in_release: '2.0' });
    await kit.digest(projectId, from('3.0', 5));
    expect(await only(projectId)).toMatchObject({ status: 'REGRESSED', resolved_in_release: null });
    await kit.close();
  });

  it('leaves archived errors alone until their date', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    await kit.digest(projectId, anEvent());
    await set(projectId, `status = 'ARCHIVED', archived_until_at = null`);
    await kit.digest(projectId, anEvent());
    expect(await only(projectId)).toMatchObject({ status: 'ARCHIVED', event_count: 2 });
    await set(projectId, 'archived_until_at = ?', [NOW - 1]);
    await kit.digest(projectId, anEvent());
    const row = await only(projectId);
    expect(row).toMatchObject({ status: 'ONGOING', archived_until_at: null });
    expect((await kinds(row['id'])).map((line) => line.kind)).toEqual(['created', 'ongoing']);
    await kit.close();
  });

  it('does not move anything for a duplicate', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    const event = anEvent({ timestamp: NOW - 10 });
    await kit.digest(projectId, event);
    await set(projectId, `status = 'RESOLVED', resolved_at = ?`, [NOW - 100]);
    await kit.digest(projectId, event);
    expect(await only(projectId)).toMatchObject({ status: 'RESOLVED', event_count: 1 });
    await kit.close();
  });

  it('moves by the clock: after seven days, and at the date of an archived one', async () => {
    const kit = await open();
    const ages: [string, string, number, number | null][] = [];
    const make = async (status: string, ageDays: number, archivedUntilAt: number | null = null) => {
      const projectId = await makeProject(db().write);
      clock.set(NOW - days(ageDays));
      await kit.digest(projectId, anEvent({ timestamp: clock.now() }));
      clock.set(NOW);
      await set(projectId, 'status = ?, archived_until_at = ?', [status, archivedUntilAt]);
      ages.push([status, (await only(projectId))['status'], ageDays, archivedUntilAt]);
      return projectId;
    };
    const moved = [await make('NEW', 8), await make('REGRESSED', 8), await make('ESCALATING', 8), await make('ARCHIVED', 1, NOW)];
    const stay = [
      await make('NEW', 6),
      await make('ARCHIVED', 90),
      await make('ARCHIVED', 90, NOW + 1),
      await make('RESOLVED', 90),
      await make('ONGOING', 90),
    ];
    const back = await make('REGRESSED', 30);
    await db().write.transaction(async (tx) => {
      const { id } = await only(back).then((row) => row as { id: number });
      await tx.run(
        `insert into activity (group_id, kind, actor, user_id, data, at) values (?, 'regressed', 'system', null, '{}', ?)`,
        [id, NOW - days(1)],
      );
    });
    const changes = await moveByClock(db().write, NOW);
    expect(
      changes
        .map((change) => change.projectId)
        .filter((id) => [...moved, ...stay, back].includes(id))
        .toSorted(),
    ).toEqual(moved.toSorted());
    for (const projectId of moved) expect(await only(projectId)).toMatchObject({ status: 'ONGOING', archived_until_at: null });
    expect((await only(back))['status']).toBe('REGRESSED');
    expect(await moveByClock(db().write, NOW)).toEqual([]);
    await kit.close();
  });
});
