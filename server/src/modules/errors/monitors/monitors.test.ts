import { afterEach, expect, test } from 'vitest';
import { eachDatabase, type TestDatabase } from '../../../../test/databases.ts';
import { DigestKit, outcomesOf } from '../../../../test/digest-kit.ts';
import { anEvent, makeProject } from '../../../../test/factories.ts';
import { Bus } from '../../../platform/bus/bus.ts';
import { fixedClock, minutes, seconds } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import type { CheckInRecord } from '../../detection/records/check-in-record.ts';
import type { MonitorChange } from './monitor-events.ts';
import { MonitorWatch } from './monitor-watch.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const time = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(11, 19));
let ids = 0;
const newId = () => (++ids).toString(16).padStart(32, '0');

/** A project with a digest, a watch that makes its errors by the digest, and a clock. */
async function world(db: TestDatabase, options: { startAt?: number } = {}) {
  const clock = fixedClock(options.startAt ?? NOON);
  const projectId = await makeProject(db.write);
  const kit = new DigestKit(db, clock);
  kit.log.position = await kit.store.position();
  const bus = new Bus(silentLog);
  const changes: MonitorChange[] = [];
  bus.subscribe('monitorChanged', (change) => changes.push(change));
  const reports: Record<string, unknown>[] = [];
  let answer: 'done' | 'later' = 'done';
  const watch = () =>
    new MonitorWatch({
      read: db.read,
      write: db.write,
      bus,
      clock,
      log: silentLog,
      heardUpTo: () => clock.now(),
      async report(project, event) {
        if (answer === 'later') return 'later';
        reports.push(event);
        const timestamp = Date.parse(event['timestamp'] as string);
        const fingerprint = event['fingerprint'] as string[];
        const { formatted } = event['logentry'] as { formatted: string };
        await kit.digest(
          project,
          anEvent({
            eventId: event['event_id'] as string,
            occurredAt: timestamp,
            timestamp,
            exceptions: [],
            message: formatted,
            fingerprint,
          }),
        );
        return 'done';
      },
    });
  let watching = watch();
  await watching.open();
  const send = async (...data: Partial<CheckInRecord>[]) => {
    const records = data.map(
      (one): CheckInRecord => ({ recordId: newId(), monitorSlug: 'nightly', status: 'ok', environment: 'production', ...one }),
    );
    kit.log.append(
      ...records.map((record) =>
        Buffer.from(
          JSON.stringify({
            kind: 'side',
            side: 'checkIn',
            projectId,
            keyId: 1,
            receivedAt: clock.now(),
            item: 'check_in',
            sdk: '',
            data: record,
          }),
        ),
      ),
    );
    await kit.drain();
    return records;
  };
  return {
    clock,
    projectId,
    reports,
    changes,
    send,
    answer: (word: typeof answer) => (answer = word),
    tick: () => watching.tick(),
    /** To a time of the day, judging on the way. */
    async until(text: string) {
      const to = Date.parse(`2026-11-22T${text}Z`);
      while (clock.now() < to) {
        clock.set(Math.min(to, clock.now() + seconds(55)));
        await watching.tick();
      }
    },
    /** The server is away until a time. */
    async awayUntil(text: string) {
      await watching.stop();
      clock.set(Date.parse(`2026-11-22T${text}Z`));
      watching = watch();
      await watching.open();
      await watching.tick();
    },
    async runs() {
      const rows = await db.read.all<{ status: string; at: number; ended: number | null; expected: number | null }>(
        `select status, started_at as at, ended_at as ended, expected_at as expected from monitor_check_in
         where project_id = ? order by started_at, id`,
        [projectId],
      );
      return rows.map(({ status, at, ended, expected }) => [status, time(at), time(ended), time(expected)]);
    },
    async states() {
      return db.read.all<{ name: string; state: string; failuresInRow: number; incident: number | null }>(
        `select name, state, failures_in_row as "failuresInRow", incident_id as incident from monitor_environment
         where project_id = ? order by name`,
        [projectId],
      );
    },
    errors: () =>
      db.read.all<{ title: string; status: string; events: number }>(
        'select title, status, event_count as events from error_group where project_id = ? order by number',
        [projectId],
      ),
    async close() {
      await watching.stop();
      await kit.close();
      await db.write.run('delete from monitor_environment');
      await db.write.run('delete from monitor_check_in');
      await db.write.run('delete from monitor_clock');
    },
  };
}

const hourly = {
  schedule: { type: 'crontab', value: '0 * * * *', timezone: 'UTC' },
  checkinMarginMinutes: 5,
  maxRuntimeMinutes: 10,
} as const;

eachDatabase((db) => {
  let w: Awaited<ReturnType<typeof world>>;
  afterEach(() => w.close());

  test('a job that runs by its schedule is well, and each run is one row', async () => {
    w = await world(db());
    await w.send({ status: 'in_progress', checkInId: '1'.repeat(32), config: hourly });
    await w.until('12:01:30');
    await w.send({ status: 'ok', checkInId: '1'.repeat(32) });
    await w.until('13:00:03');
    await w.send({ status: 'in_progress' });
    await w.until('13:00:33');
    await w.send({ status: 'ok' });
    await w.until('14:00:10');
    await w.send({ status: 'ok', durationSeconds: 7 });
    await w.until('14:59:00');
    expect(await w.runs()).toEqual([
      ['OK', '12:00:00', '12:01:30', null],
      ['OK', '13:00:03', '13:00:33', '13:00:00'],
      ['OK', '14:00:03', '14:00:10', '14:00:00'],
    ]);
    expect(await w.states()).toMatchObject([{ name: 'production', state: 'OK', failuresInRow: 0, incident: null }]);
    expect(w.reports).toEqual([]);
  });

  test('more runs in a minute than any job has are refused, however long they say they took', async () => {
    w = await world(db());
    await w.send({ config: hourly });
    const many = (more: Partial<CheckInRecord>) => Array.from({ length: 70 }, () => ({ checkInId: newId(), ...more }));
    await w.send(...many({ durationSeconds: 7_200 }), ...many({ status: 'in_progress' }), ...many({}));
    expect(await w.runs()).toHaveLength(60);
    expect(await outcomesOf(db().read, w.projectId)).toEqual({ accepted: 60, invalid: 151 });
    w.clock.set(w.clock.now() + seconds(61));
    await w.send({});
    expect(await w.runs()).toHaveLength(61);
  });

  test('a run that does not come is missed after its margin, makes an error, and the next good one resolves it', async () => {
    w = await world(db());
    await w.send({ config: hourly });
    await w.until('13:05:00');
    expect(await w.errors()).toEqual([]);
    await w.until('13:05:10');
    expect(await w.runs()).toContainEqual(['MISSED', '13:00:00', null, '13:00:00']);
    expect(w.reports).toMatchObject([
      {
        timestamp: '2026-11-22T13:05:00.000Z',
        level: 'error',
        environment: 'production',
        fingerprint: ['monitor', 'nightly', 'missed'],
        logentry: { formatted: 'Monitor nightly did not run' },
        contexts: { monitor: { slug: 'nightly', expected_at: '2026-11-22T13:00:00.000Z', schedule: '0 * * * * (UTC)' } },
      },
    ]);
    await w.until('14:06:00');
    expect(await w.errors()).toMatchObject([{ status: 'NEW', events: 2 }]);
    await w.until('15:00:01');
    await w.send({});
    await w.tick();
    expect(await w.errors()).toMatchObject([{ status: 'RESOLVED', events: 2 }]);
    const lines = await db().read.all<{ kind: string; actor: string }>(
      `select a.kind, a.actor from activity a join error_group g on g.id = a.group_id where g.project_id = ? order by a.id`,
      [w.projectId],
    );
    expect(lines.at(-1)).toEqual({ kind: 'resolved', actor: 'monitor nightly' });
    await w.until('16:06:00');
    expect(await w.errors()).toMatchObject([{ status: 'REGRESSED', events: 3 }]);
    expect(w.changes.map(({ kind }) => kind)).toEqual(['UPDATED', 'UPDATED', 'UPDATED']);
  });

  test('a run that does not end has timed out; its late end is noted and heals nothing', async () => {
    w = await world(db());
    await w.send({ status: 'in_progress', checkInId: 'a'.repeat(32), config: hourly });
    await w.until('12:10:10');
    expect(await w.states()).toMatchObject([{ state: 'TIMEOUT' }]);
    expect(w.reports).toMatchObject([{ fingerprint: ['monitor', 'nightly', 'timeout'], timestamp: '2026-11-22T12:10:00.000Z' }]);
    await w.send({ status: 'ok', checkInId: 'a'.repeat(32) });
    expect(await w.runs()).toEqual([['TIMEOUT', '12:00:00', '12:10:10', null]]);
    expect(await w.states()).toMatchObject([{ state: 'TIMEOUT' }]);
  });

  test('failures count from the threshold on; the error waits until it can be kept, and is made once', async () => {
    w = await world(db());
    const config = { ...hourly, failureIssueThreshold: 2, recoveryThreshold: 2 };
    await w.send({ status: 'error', config });
    await w.tick();
    expect(w.reports).toEqual([]);
    w.answer('later');
    await w.until('13:00:01');
    await w.send({ status: 'error' });
    await w.tick();
    expect(w.reports).toEqual([]);
    w.answer('done');
    await w.tick();
    await w.tick();
    expect(w.reports).toHaveLength(1);
    await w.until('14:00:01');
    await w.send({});
    await w.tick();
    expect(await w.errors()).toMatchObject([{ status: 'NEW' }]);
    await w.until('15:00:01');
    await w.send({});
    await w.tick();
    expect(await w.errors()).toMatchObject([{ status: 'RESOLVED' }]);
  });

  test('a server that was away holds nothing against a job, and judges the next run', async () => {
    w = await world(db());
    await w.send({ status: 'in_progress', checkInId: 'b'.repeat(32), config: { ...hourly, maxRuntimeMinutes: 90 } });
    await w.until('12:58:00');
    await w.awayUntil('15:30:00');
    await w.until('15:59:00');
    expect((await w.runs()).map(([status]) => status)).toEqual(['UNKNOWN', 'UNKNOWN']);
    expect(w.reports).toEqual([]);
    // Its end was only late.
    await w.send({ status: 'ok', checkInId: 'b'.repeat(32) });
    expect(await w.states()).toMatchObject([{ state: 'OK' }]);
    await w.until('16:05:10');
    expect(w.reports).toMatchObject([{ fingerprint: ['monitor', 'nightly', 'missed'] }]);
  });

  test('a machine that slept does not either', async () => {
    w = await world(db());
    await w.send({ config: hourly });
    await w.until('12:59:50');
    w.clock.set(Date.parse('2026-11-22T13:20:00Z'));
    await w.tick();
    expect((await w.runs()).map(([status]) => status)).toEqual(['OK', 'UNKNOWN']);
  });

  test('environments stand for themselves; an error stays open while one of them fails', async () => {
    w = await world(db());
    await w.send({ status: 'error', config: hourly }, { status: 'error', environment: 'staging' });
    await w.tick();
    await w.send({ environment: 'staging' });
    await w.tick();
    expect(await w.states()).toMatchObject([
      { name: 'production', state: 'FAILED' },
      { name: 'staging', state: 'OK' },
    ]);
    expect(await w.errors()).toMatchObject([{ status: 'NEW', events: 2 }]);
    await w.send({});
    await w.tick();
    expect(await w.errors()).toMatchObject([{ status: 'RESOLVED' }]);
  });

  test.each(['paused', 'muted', 'archived'] as const)('%s: no errors', async (how) => {
    w = await world(db());
    await w.send({ config: hourly });
    if (how === 'archived') await db().write.run("update project set status = 'ARCHIVED' where id = ?", [w.projectId]);
    else await db().write.run(`update monitor set ${how} = 1 where project_id = ?`, [w.projectId]);
    await w.until('13:06:00');
    expect(w.reports).toEqual([]);
    expect(await w.states()).toMatchObject([{ state: how === 'muted' ? 'MISSED' : 'OK' }]);
  });

  test('the configuration of a check-in makes a monitor and changes it', async () => {
    w = await world(db());
    await w.send({ monitorSlug: 'unknown' });
    await w.send({ config: hourly });
    await w.send({ config: { schedule: { type: 'interval', value: 2, unit: 'hour' } } });
    expect(await outcomesOf(db().read, w.projectId)).toEqual({ accepted: 2, invalid: 1 });
    expect(
      await db().read.all(
        'select slug, schedule_type as type, schedule, margin_minutes as margin, origin from monitor where project_id = ?',
        [w.projectId],
      ),
    ).toEqual([{ slug: 'nightly', type: 'interval', schedule: '2', margin: 5, origin: 'CODE' }]);
    const [row] = await db().read.all<{ at: number }>(
      'select next_expected_at as at from monitor_environment where project_id = ?',
      [w.projectId],
    );
    expect(time(row?.at ?? null)).toBe('14:00:00');
  });

  test('records read twice change nothing (law c)', async () => {
    w = await world(db());
    const sent = [
      ...(await w.send({ status: 'in_progress', config: hourly })),
      ...(await w.send({ status: 'ok' })),
      ...(await w.send({ status: 'in_progress', checkInId: 'c'.repeat(32) })),
      ...(await w.send({ status: 'error', checkInId: 'c'.repeat(32) })),
      ...(await w.send({ status: 'ok' })),
    ];
    const before = [await w.runs(), await w.states()];
    w.clock.advance(minutes(2));
    await w.send(...sent);
    expect([await w.runs(), await w.states()]).toEqual(before);
    expect(await outcomesOf(db().read, w.projectId)).toEqual({ accepted: 5, duplicate: 5 });
  });

  test('a flood of check-ins is kept to sixty a minute', async () => {
    w = await world(db());
    await w.send({ config: hourly });
    await w.send(...Array.from({ length: 70 }, () => ({ status: 'ok' as const })));
    expect(await outcomesOf(db().read, w.projectId)).toEqual({ accepted: 60, invalid: 11 });
  });
});
