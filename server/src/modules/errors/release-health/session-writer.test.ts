import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachDatabase, type TestDatabase } from '../../../../test/databases.ts';
import { DigestKit, outcomesOf } from '../../../../test/digest-kit.ts';
import { makeProject, NOW } from '../../../../test/factories.ts';
import { days, fixedClock, hours, minutes } from '../../../platform/clock.ts';
import { SESSION_STATES, type SessionRecord, type SessionState } from '../../detection/records/session-record.ts';
import { sessionWriter } from './session-writer.ts';

const HOUR = NOW - (NOW % hours(1));
const idOf = (n: number) => n.toString(16).padStart(32, '0');

function session(
  n: number,
  sequence: number,
  state: SessionState,
  more: Partial<SessionRecord> & { user?: string; at?: number } = {},
) {
  const { user, at = HOUR, ...rest } = more;
  const update = { sequence, state, startedAt: at, ...(user === undefined ? {} : { userHash: user }) };
  return { id: idOf(n), release: 'shop@1.0.0', environment: 'production', update, ...rest } satisfies SessionRecord;
}

const side = (projectId: number, data: SessionRecord): Uint8Array =>
  Buffer.from(
    JSON.stringify({ kind: 'side', side: 'session', projectId, keyId: 1, receivedAt: NOW, item: 'session', sdk: '', data }),
  );

async function digest(db: TestDatabase, projectId: number, ...records: SessionRecord[]): Promise<void> {
  const kit = new DigestKit(db, fixedClock(NOW));
  kit.log.position = await kit.store.position();
  kit.log.append(...records.map((record) => side(projectId, record)));
  await kit.drain();
  await kit.close();
}

async function healthOf(db: TestDatabase, projectId: number) {
  const all = (sql: string) => db.read.all(sql, [projectId]);
  return {
    hours: await all(
      `select hour, "release", environment, session_count, errored_count, abnormal_count, crashed_count from release_hour
       where project_id = ? order by 1, 2, 3`,
    ),
    days: await all(
      'select day, "release", environment, user_count, crashed_user_count from release_day where project_id = ? order by 1, 2, 3',
    ),
    releases: await all(
      'select version, first_seen_at, last_seen_at, event_count from "release" where project_id = ? order by 1',
    ),
    environments: await all('select name from environment where project_id = ? order by 1'),
    window: await all('select kept, forgotten_up_to from session_window where project_id = ?'),
  };
}

eachDatabase((db, dialect) => {
  const project = () => makeProject(db().write);

  test('a session counts once in the hour it began, and moves with its updates', async () => {
    const id = await project();
    await digest(db(), id, session(1, 1, 'healthy', { user: 'u1' }), session(2, 1, 'healthy', { user: 'u2' }));
    await digest(db(), id, session(1, 2, 'errored', { user: 'u1' }));
    await digest(db(), id, session(1, 3, 'crashed'), session(2, 0, 'crashed'));
    const health = await healthOf(db(), id);
    expect(health.hours).toEqual([
      {
        hour: HOUR,
        release: 'shop@1.0.0',
        environment: 'production',
        session_count: 2,
        errored_count: 0,
        abnormal_count: 0,
        crashed_count: 1,
      },
    ]);
    // The crash named no user, but its session had.
    expect(health.days).toMatchObject([{ user_count: 2, crashed_user_count: 1 }]);
    expect(health.releases).toEqual([{ version: 'shop@1.0.0', first_seen_at: HOUR, last_seen_at: HOUR, event_count: 0 }]);
    expect(health.environments).toEqual([{ name: 'production' }]);
    expect(health.window).toEqual([{ kept: 2, forgotten_up_to: 0 }]);
    expect(await outcomesOf(db().read, id)).toEqual({ accepted: 4, duplicate: 1 });
  });

  test('counted sessions count by their minutes, and not twice', async () => {
    const id = await project();
    const counts = [HOUR, HOUR + minutes(90)].map((startedAt) => ({
      startedAt,
      states: { healthy: 10, errored: 2, abnormal: 1, crashed: 3 },
    }));
    const record = { id: idOf(9), release: 'api@2', environment: '', counts };
    await digest(db(), id, record, record);
    await digest(db(), id, record);
    const { hours: rows, environments } = await healthOf(db(), id);
    expect(rows).toMatchObject([
      { hour: HOUR, session_count: 16, errored_count: 2, abnormal_count: 1, crashed_count: 3 },
      { hour: HOUR + hours(1), session_count: 16 },
    ]);
    expect(environments).toEqual([]);
    expect(await outcomesOf(db().read, id)).toEqual({ accepted: 1, duplicate: 2 });
  });

  test('what is forgotten is refused, never counted again', async () => {
    const id = await project();
    const write = (mostKept: number, ...data: SessionRecord[]) =>
      db().write.transaction((tx) =>
        sessionWriter(mostKept)(
          tx,
          data.map((one) => JSON.parse(Buffer.from(side(id, one)).toString())),
          NOW,
        ),
      );
    const old = Array.from({ length: 10 }, (_, n) => session(n, 1, 'healthy', { at: HOUR + n }));
    await write(4, ...old);
    expect(await write(4, ...old)).toEqual(
      old.map((_, n) => (n < 6 ? { outcome: 'invalid', reason: 'too_old', id: 0 } : { outcome: 'duplicate', reason: '', id: 0 })),
    );
    const { hours: rows, window } = await healthOf(db(), id);
    expect(rows).toMatchObject([{ session_count: 10 }]);
    expect(window).toEqual([{ kept: 4, forgotten_up_to: HOUR + 5 }]);
    // Time does the same.
    await write(1000, session(50, 1, 'healthy', { at: NOW - days(6), user: 'u' }));
    await write(1000, session(51, 1, 'healthy'));
    expect(await db().read.all('select 1 from release_session where project_id = ? and started_at < ?', [id, HOUR])).toEqual([]);
    expect(await db().read.all('select 1 from release_user where project_id = ?', [id])).toEqual([]);
  });

  test('replays, and other cuts into batches, change no count (law c)', async () => {
    const records = fc.array(
      fc.record({
        n: fc.integer({ min: 1, max: 5 }),
        sequence: fc.integer({ min: 0, max: 3 }),
        state: fc.constantFrom(...SESSION_STATES),
        user: fc.constantFrom('u1', 'u2'),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(records, fc.array(fc.nat(), { maxLength: 8 }), async (some, again) => {
        const [once, often] = [await project(), await project()];
        const sent = some.map(({ n, sequence, state, user }) => session(n, sequence, state, { user, at: HOUR + n }));
        await digest(db(), once, ...sent);
        for (const record of sent) await digest(db(), often, record);
        const replayed = again.map((which) => sent[which % sent.length] as SessionRecord);
        await digest(db(), often, ...replayed);
        expect(await healthOf(db(), often)).toEqual(await healthOf(db(), once));
        const outcomes = await outcomesOf(db().read, often);
        expect((outcomes['accepted'] ?? 0) + (outcomes['duplicate'] ?? 0)).toBe(sent.length + replayed.length);
      }),
      { numRuns: dialect === 'sqlite' ? 25 : 8 },
    );
  }, 60_000);
});
