import { expect, test } from 'vitest';
import { Random } from '../../../../bench/random.ts';
import { eachDatabase } from '../../../../test/databases.ts';
import { makeProject } from '../../../../test/factories.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { CheckInRecord } from '../../detection/records/check-in-record.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import { checkInWriter } from './check-in-writer.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
type Record_ = Extract<SideRecord, { side: 'checkIn' }>;

/** Check-ins as they might come: begun, ended, told at the end, twice, of other environments, with and without ids. */
function someCheckIns(count: number): Omit<Record_, 'projectId'>[] {
  const random = new Random(20261123);
  const id = (n: number) => n.toString(16).padStart(32, '0');
  return Array.from({ length: count }, (_, i) => {
    const data: CheckInRecord = {
      recordId: id(1_000_000 + (random.next() < 0.05 ? random.below(i + 1) : i)),
      monitorSlug: random.pick(['nightly', 'hourly', 'minutely', ...(random.next() < 0.03 ? ['unknown'] : [])]),
      status: random.pick(['in_progress', 'ok', 'ok', 'error'] as const),
      environment: random.pick(['production', 'staging']),
      ...(random.next() < 0.6 ? { checkInId: id(random.below(count / 2)) } : {}),
      ...(random.next() < 0.5 ? { durationSeconds: random.below(90) } : {}),
      ...(random.next() < 0.3 ? { release: `r${random.below(3)}` } : {}),
    };
    if (data.monitorSlug !== 'unknown' && random.next() < 0.4)
      data.config = {
        schedule: { type: 'interval', value: random.next() < 0.1 ? 2 : 1, unit: 'minute' },
        failureIssueThreshold: 2,
      };
    return { kind: 'side', side: 'checkIn', keyId: 1, receivedAt: NOON + i * 2_500, item: 'check_in', sdk: '', data };
  });
}

async function tables(sql: Sql, projectId: number): Promise<unknown> {
  const runs = await sql.all(
    `select m.slug, e.name, c.check_in_id, c.status, c.started_at, c.ended_at, c.duration_ms, c.expected_at, c.timeout_at, c."release",
       c.ended_by, c.report_state, i.started_at as incident from monitor_check_in c join monitor m on m.id = c.monitor_id
       join monitor_environment e on e.id = c.environment_id left join monitor_incident i on i.id = c.incident_id
     where c.project_id = ? order by c.id`,
    [projectId],
  );
  const environments = await sql.all(
    `select m.slug, m.schedule, e.name, e.state, e.last_check_in_at, e.last_ok_at, e.next_expected_at, e.failures_in_row, e.ok_in_row,
       e.created_at, i.started_at as incident from monitor_environment e join monitor m on m.id = e.monitor_id
       left join monitor_incident i on i.id = e.incident_id where e.project_id = ? order by m.slug, e.name`,
    [projectId],
  );
  const incidents = await sql.all(
    'select started_at, recovered_at, settle_state from monitor_incident where project_id = ? order by id',
    [projectId],
  );
  return { runs, environments, incidents };
}

eachDatabase((db) => {
  test('many check-ins at once come to what they come to one by one', async () => {
    const checkIns = someCheckIns(300);
    const [whole, single] = [await makeProject(db().write), await makeProject(db().write)];
    const write = (projectId: number, some: readonly Omit<Record_, 'projectId'>[]) =>
      db().write.transaction((tx) =>
        checkInWriter(
          tx,
          some.map((one) => ({ ...one, projectId })),
          NOON,
        ),
      );
    const outcomes = (fates: readonly { outcome: string; reason: string }[]) =>
      fates.map((one) => `${one.outcome} ${one.reason}`);
    const atOnce = outcomes(await write(whole, checkIns));
    const oneByOne: string[] = [];
    for (const one of checkIns) oneByOne.push(...outcomes(await write(single, [one])));
    expect(atOnce).toEqual(oneByOne);
    expect(new Set(atOnce)).toEqual(new Set(['accepted ', 'duplicate ', 'invalid unknown_monitor', 'invalid other_monitor']));
    expect(await tables(db().read, whole)).toEqual(await tables(db().read, single));
    // Law (c): read twice, nothing more comes of it.
    const before = await tables(db().read, whole);
    expect(outcomes(await write(whole, checkIns)).filter((fate) => fate.startsWith('accepted')).length).toBeLessThan(
      checkIns.length / 10,
    );
    expect(before).not.toEqual({ runs: [], environments: [], incidents: [] });
  });

  test('a batch of thousands takes few statements', async () => {
    const projectId = await makeProject(db().write);
    let statements = 0;
    const records = Array.from({ length: 4_000 }, (_, i): Record_ => {
      const data: CheckInRecord = {
        recordId: i.toString(16).padStart(32, '0'),
        monitorSlug: `job-${i % 40}`,
        status: 'ok',
        environment: 'production',
        config: { schedule: { type: 'interval', value: 1, unit: 'minute' } },
      };
      return { kind: 'side', side: 'checkIn', projectId, keyId: 1, receivedAt: NOON + i * 60, item: 'check_in', sdk: '', data };
    });
    const counted = (tx: Sql): Sql =>
      new Proxy(tx, {
        get(target, name: keyof Sql) {
          if (name === 'all' || name === 'get' || name === 'run') statements += 1;
          return target[name];
        },
      });
    const fates = await db().write.transaction((tx) => checkInWriter(counted(tx), records, NOON));
    expect(fates.filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
    expect(statements).toBeLessThan(600); // 40 monitors are made; a statement for each check-in would be 28,000
  });
});
