import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { countsOfProject, DigestKit, eventRecord, outcomesOf, outcomesRecord } from '../../../../test/digest-kit.ts';
import { anEvent, HOUR, makeProject, NOW } from '../../../../test/factories.ts';
import { fixedClock } from '../../../platform/clock.ts';
import { readEvents, readPayload } from '../payload-store.ts';

const scrubbed = (event: ReturnType<typeof anEvent>) => event as never;

eachDatabase((db) => {
  const clock = fixedClock(NOW);
  const open = async (options: ConstructorParameters<typeof DigestKit>[2] = {}) => {
    const kit = new DigestKit(db(), clock, options);
    kit.log.position = await kit.store.position();
    return kit;
  };

  it('stores an event, its error, and everything that is counted', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    const event = anEvent({
      release: 'shop@1.0',
      environment: 'production',
      user: { id: '7' },
      tags: [
        ['release', 'shop@1.0'],
        ['browser', 'Firefox 131'],
        ['browser', 'Firefox 131'],
        ['empty', ''],
      ],
      sdk: { name: 'sentry.javascript.node', version: '10.2.0' },
    });
    await kit.digest(projectId, event);
    const counts = await countsOfProject(db().read, projectId);
    expect(counts.groups).toEqual([
      {
        number: 1,
        title: 'TypeError: x is not a function',
        status: 'NEW',
        level: 'error',
        event_count: 1,
        user_count: 1,
        first_seen_at: NOW - HOUR,
        last_seen_at: NOW - HOUR,
        first_release: 'shop@1.0',
        last_release: 'shop@1.0',
      },
    ]);
    expect(counts.tags[0]?.rows.map((row) => [row['key'], row['value'], row['event_count']])).toEqual([
      ['browser', 'Firefox 131', 1],
      ['environment', 'production', 1],
      ['level', 'error', 1],
      ['release', 'shop@1.0', 1],
    ]);
    expect(counts.hours[0]?.rows).toEqual([{ hour: NOW - HOUR, event_count: 1 }]);
    expect(counts.minutes).toEqual([{ minute: NOW - HOUR, level: 'error', event_count: 1 }]);
    expect(counts.projectHours).toEqual([{ hour: NOW - HOUR, level: 'error', event_count: 1 }]);
    expect(counts.releases).toEqual([
      { version: 'shop@1.0', first_seen_at: NOW - HOUR, last_seen_at: NOW - HOUR, event_count: 1 },
    ]);
    expect(counts.environments).toEqual([{ name: 'production', first_seen_at: NOW - HOUR }]);
    expect(counts.activity).toEqual([{ number: 1, rows: [{ kind: 'created' }] }]);
    expect(await outcomesOf(db().read, projectId)).toEqual({ accepted: 1 });
    expect(await db().read.get('select first_event_at from project where id = ?', [projectId])).toEqual({
      first_event_at: NOW - HOUR,
    });
    expect(kit.facts).toEqual([
      expect.objectContaining({ eventId: event.eventId, projectId, isNew: true, isRegression: false, release: 'shop@1.0' }),
    ]);
    await kit.close();
  });

  it('gives back the whole event', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    const events = [
      anEvent({ message: 'naïve ☃ \u{1f600}\n second line', extra: { deep: [{ a: null }] } }),
      anEvent({ breadcrumbs: [{ message: 'click' }], user: { id: 'u', data: { plan: 'pro' } } }),
    ];
    await kit.digest(projectId, ...events);
    const read = await readEvents(db().read, [...kit.facts.map((fact) => fact.id), 999_999_999]);
    expect([...read.values()]).toEqual(events.map(scrubbed));
    const row = await db().read.get<{ block_id: number; block_index: number }>(
      'select block_id, block_index from error_event where id = ?',
      [kit.facts[1]!.id],
    );
    expect(await readPayload(db().read, row!.block_id, row!.block_index)).toEqual(events[1]);
    expect(await readPayload(db().read, row!.block_id, 99)).toBeUndefined();
    await kit.close();
  });

  it('tells duplicates: in one batch, in another, with another time, and after a restart', async () => {
    const projectId = await makeProject(db().write);
    const first = await open();
    const event = anEvent();
    const moved = { ...event, timestamp: event.timestamp - 5_000, occurredAt: event.occurredAt - 5_000 };
    await first.digest(projectId, event, event);
    const before = await countsOfProject(db().read, projectId);
    await first.digest(projectId, event, moved);
    await first.close();
    const second = await open();
    await second.digest(projectId, moved, event);
    expect(await countsOfProject(db().read, projectId)).toEqual(before);
    expect(await outcomesOf(db().read, projectId)).toEqual({ accepted: 1, duplicate: 5 });
    // The same id in another project is another event.
    const other = await makeProject(db().write);
    await second.digest(other, event);
    expect(await outcomesOf(db().read, other)).toEqual({ accepted: 1 });
    await second.close();
  });

  it('does nothing twice when it dies between the commit and the acknowledgement', async () => {
    const projectId = await makeProject(db().write);
    const first = await open();
    first.log.append(
      ...Array.from({ length: 50 }, () => eventRecord(projectId, anEvent({ user: { id: randomBytes(2).toString('hex') } }))),
    );
    const position = first.log.position;
    await first.drain();
    const before = await countsOfProject(db().read, projectId);
    await first.close();
    // The log was never told: it still holds everything, and is read from the committed position on.
    const second = await open({ log: first.log });
    second.log.position = position;
    await second.drain();
    expect(second.steps).toEqual([{ kind: 'idle' }]);
    expect(await countsOfProject(db().read, projectId)).toEqual(before);
    await second.close();
  });

  it('counts distinct users by their most stable identifier', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    await kit.digest(
      projectId,
      anEvent({ user: { id: '1', email: 'a@example.com' } }),
      anEvent({ user: { id: '1', email: 'b@example.com' } }),
      anEvent({ user: { email: 'c@example.com', ipAddress: '10.0.0.1' } }),
      anEvent({ user: { id: '[Filtered]', ipAddress: '10.0.0.2' } }),
      anEvent({ user: {} }),
      anEvent(),
    );
    await kit.digest(projectId, anEvent({ user: { id: '1' } }), anEvent({ user: { username: 'dora' } }));
    const [group] = (await countsOfProject(db().read, projectId)).groups;
    expect(group).toMatchObject({ event_count: 8, user_count: 4 });
    await kit.close();
  });

  it('caps values and keys of tags, and counts the rest as other', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    const events = Array.from({ length: 250 }, (_, i) =>
      anEvent({
        environment: 'production',
        tags: [['request', `r-${i}`], ...Array.from({ length: 40 }, (_, k): [string, string] => [`key-${k}`, 'v'])],
      }),
    );
    await kit.digest(projectId, ...events.slice(0, 120));
    await kit.digest(projectId, ...events.slice(120));
    await kit.digest(
      projectId,
      anEvent({
        environment: 'production',
        tags: [
          ['request', 'r-0'],
          ['request', 'brand-new'],
          ['late', 'v'],
        ],
      }),
    );
    const rows = (await countsOfProject(db().read, projectId)).tags[0]!.rows;
    const of = (key: string) => rows.filter((row) => row['key'] === key);
    expect(of('request')).toHaveLength(201);
    expect(of('request').find((row) => row['value'] === '')).toMatchObject({ event_count: 51 });
    expect(of('request').find((row) => row['value'] === 'r-0')).toMatchObject({ event_count: 2 });
    expect(of('request').reduce((sum, row) => sum + row['event_count'], 0)).toBe(252);
    expect(of('environment')).toMatchObject([{ value: 'production', event_count: 251 }]);
    expect(of('late')).toEqual([]);
    expect(new Set(rows.map((row) => row['key'])).size).toBeLessThanOrEqual(35);
    await kit.close();
  });

  it('gathers a flood of distinct errors in one', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open({ newGroupsPerHour: 5 });
    const unlike = (i: number) => anEvent({ exceptions: [{ type: `E${'abcdefghijklmnop'[i]}`, value: 'x', frames: [] }] });
    await kit.digest(projectId, ...Array.from({ length: 8 }, (_, i) => unlike(i)));
    await kit.digest(projectId, unlike(9), unlike(0));
    const { groups, events } = await countsOfProject(db().read, projectId);
    expect(groups.map((group) => [group['title'], group['event_count']])).toEqual([
      ['Ea: x', 2],
      ['Eb: x', 1],
      ['Ec: x', 1],
      ['Ed: x', 1],
      ['Ee: x', 1],
      ['Too many distinct errors', 4],
    ]);
    expect(events.filter((event) => event['hash'] === 'overflow')).toHaveLength(4);
    const why = await db().read.get(`select why from grouping where project_id = ? and hash = 'overflow'`, [projectId]);
    expect(JSON.stringify(why)).toContain('more than');
    // The next hour has room again.
    clock.advance(HOUR);
    await kit.digest(projectId, unlike(10));
    clock.set(NOW);
    expect((await countsOfProject(db().read, projectId)).groups).toHaveLength(7);
    await kit.close();
  });

  it('sums outcomes: every item has one', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    const count = {
      hour: NOW,
      projectId,
      keyId: 1,
      item: 'session',
      outcome: 'unsupported' as const,
      reason: 'no_room',
      sdk: '',
      quantity: 3,
    };
    kit.log.append(
      outcomesRecord(count, { ...count, outcome: 'rate_limited', reason: 'quota', quantity: 2 }),
      eventRecord(projectId, anEvent()),
      outcomesRecord(count),
      Buffer.from('not a record'),
      Buffer.from(JSON.stringify({ kind: 'event', projectId, keyId: 1, event: { ...anEvent(), eventId: 'short' } })),
      eventRecord(999_999, anEvent()),
    );
    await kit.drain();
    expect(await outcomesOf(db().read, projectId)).toEqual({ accepted: 1, failed: 1, rate_limited: 2, unsupported: 6 });
    expect(await outcomesOf(db().read, 999_999)).toEqual({ invalid: 1 });
    expect((await outcomesOf(db().read, 0))['failed']).toBeGreaterThanOrEqual(1);
    await kit.close();
  });

  it('makes a fresh error when one being deleted happens again, and never uses its number again', async () => {
    const projectId = await makeProject(db().write);
    const kit = await open();
    await kit.digest(projectId, anEvent());
    await db().write.transaction((tx) => tx.run('update error_group set deleted_at = ? where project_id = ?', [NOW, projectId]));
    await kit.digest(projectId, anEvent());
    await db().write.transaction((tx) => tx.run('delete from error_group where project_id = ? and number = 2', [projectId]));
    await kit.digest(projectId, anEvent());
    const rows = await db().read.all(
      'select number, event_count, deleted_at is null as live from error_group where project_id = ? order by 1',
      [projectId],
    );
    expect(rows.map((row) => [row['number'], row['event_count'], Boolean(row['live'])])).toEqual([
      [1, 1, false],
      [3, 1, true],
    ]);
    await kit.close();
  });

  describe('several fingerprints of one error', () => {
    it('count once each after a merge', async () => {
      const projectId = await makeProject(db().write);
      const kit = await open();
      const a = () => anEvent({ exceptions: [{ type: 'A', value: 'x', frames: [] }], user: { id: 'same' } });
      const b = () => anEvent({ exceptions: [{ type: 'B', value: 'x', frames: [] }], user: { id: 'same' } });
      await kit.digest(projectId, a(), b());
      await db().write.transaction(async (tx) => {
        const [first, second] = await tx.all<{ id: number }>('select id from error_group where project_id = ? order by id', [
          projectId,
        ]);
        await tx.run('update grouping set group_id = ? where group_id = ?', [first!.id, second!.id]);
        await tx.run('delete from error_group where id = ?', [second!.id]);
      });
      await kit.digest(projectId, b(), a(), b());
      expect((await countsOfProject(db().read, projectId)).groups).toMatchObject([{ event_count: 4, user_count: 1 }]);
      await kit.close();
    });
  });
});
