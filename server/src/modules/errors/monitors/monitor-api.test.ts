import { afterAll, beforeAll, expect, test } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../../test/errors-world.ts';
import { makeProject, NOW } from '../../../../test/factories.ts';
import { minutes } from '../../../platform/clock.ts';

eachDatabase((db) => {
  let world: ErrorsWorld;
  let mine: number;
  let theirs: number;
  const operator = () => somebody('OPERATOR', [mine]);
  const CREATE = `mutation ($input: CreateMonitorInput!) { createMonitor(input: $input) { __typename
    ... on Monitor { id slug status origin schedule { text timezone } marginMinutes maxRuntimeMinutes }
    ... on UserError { code message } ... on ValidationRefusal { field } } }`;
  const create = async (input: object) =>
    (
      await world.run(operator(), CREATE, {
        input: { projectId: String(mine), name: 'Nightly backup', schedule: { type: 'CRONTAB', value: '0 4 * * *' }, ...input },
      })
    ).createMonitor;

  beforeAll(async () => {
    world = await errorsWorld(db());
    [mine, theirs] = [await makeProject(db().write), await makeProject(db().write)];
  });
  afterAll(() => world.close());

  test('is made, changed, paused, muted and deleted', async () => {
    const made = await create({ marginMinutes: 5 });
    expect(made).toMatchObject({
      slug: 'nightly-backup',
      status: 'WAITING',
      origin: 'HAND',
      schedule: { text: '0 4 * * * (UTC)' },
      marginMinutes: 5,
      maxRuntimeMinutes: 30,
    });
    const update = async (input: object) =>
      (
        await world.run(
          operator(),
          `mutation ($id: ID!, $input: UpdateMonitorInput!) { updateMonitor(id: $id, input: $input) { __typename
            ... on Monitor { name status isPaused isMuted schedule { text } marginMinutes } ... on ValidationRefusal { field } } }`,
          { id: made.id, input },
        )
      ).updateMonitor;
    expect(await update({ isMuted: true, schedule: { type: 'INTERVAL', value: '2', unit: 'HOUR' } })).toMatchObject({
      isMuted: true,
      isPaused: false,
      schedule: { text: 'every 2 hours' },
      marginMinutes: 5,
    });
    expect(await update({ isPaused: true, name: 'Backup' })).toMatchObject({ name: 'Backup', status: 'PAUSED', isMuted: true });
    expect(await update({ marginMinutes: 0 })).toEqual({ __typename: 'ValidationRefusal', field: 'input.marginMinutes' });
    const remove = 'mutation ($id: ID!) { deleteMonitor(id: $id) { __typename } }';
    expect((await world.run(operator(), remove, { id: made.id })).deleteMonitor.__typename).toBe('Done');
    expect((await world.run(operator(), remove, { id: made.id })).deleteMonitor.__typename).toBe('NotFoundRefusal');
  });

  test.each<[string, object, object]>([
    ['no name', { name: ' ' }, { __typename: 'ValidationRefusal', field: 'input.name' }],
    ['a bad slug', { slug: 'A b' }, { code: 'INVALID_SLUG' }],
    [
      'a bad crontab',
      { schedule: { type: 'CRONTAB', value: '0 4' } },
      { code: 'INVALID_SCHEDULE', field: 'input.schedule.value' },
    ],
    ['no unit', { schedule: { type: 'INTERVAL', value: '4' } }, { code: 'INVALID_SCHEDULE', field: 'input.schedule.unit' }],
    ['a long margin', { marginMinutes: 1e6 }, { code: 'OUT_OF_RANGE' }],
  ])('refuses %s', async (_, input, refusal) => {
    expect(await create(input)).toMatchObject(refusal);
  });

  test('one slug a project; nothing in projects out of sight', async () => {
    await create({ slug: 'taken' });
    expect(await create({ slug: 'taken' })).toMatchObject({ __typename: 'ConflictRefusal', code: 'SLUG_TAKEN' });
    expect(await create({ projectId: String(theirs) })).toMatchObject({ __typename: 'NotFoundRefusal' });
    const list = '{ monitors { slug } }';
    expect((await world.run(operator(), list)).monitors).toEqual([{ slug: 'taken' }]);
    const stranger = somebody('OPERATOR', [theirs]);
    expect((await world.run(stranger, list)).monitors).toEqual([]);
    const { id } = (await world.run(operator(), '{ monitors { id } }')).monitors[0];
    expect(await world.run(stranger, 'query ($id: ID!) { monitor(id: $id) { id } }', { id })).toEqual({ monitor: null });
    await expect(
      world.run(somebody('VIEWER', [mine]), CREATE, {
        input: { projectId: String(mine), name: 'x', schedule: { type: 'INTERVAL', value: '1', unit: 'DAY' } },
      }),
    ).rejects.toThrow();
  });

  test('its runs by pages, its latest ones, how often it was well, and how it stands', async () => {
    const { id } = await create({ slug: 'runs', name: 'Runs' });
    const sql = db().write;
    const environment = await sql.get<{ id: number }>(
      `insert into monitor_environment (monitor_id, project_id, name, state, next_expected_at, failures_in_row, ok_in_row, created_at)
       values (?, ?, 'production', 'OK', ?, 0, 0, ?) returning id`,
      [Number(id), mine, NOW - 1000, NOW],
    );
    for (let n = 0; n < 5; n++)
      await sql.run(
        `insert into monitor_check_in (project_id, monitor_id, environment_id, check_in_id, status, started_at, duration_ms)
         values (?,?,?,?,?,?,?)`,
        [mine, Number(id), environment!.id, String(n).repeat(32), n === 0 ? 'MISSED' : 'OK', NOW - minutes(10 - n), 1500],
      );
    const { monitor } = await world.run(
      operator(),
      `query ($id: ID!) { monitor(id: $id) { status successRate environments { name status } latestRuns(first: 3) { status durationMs }
        runs(first: 2) { edges { node { startedAt } } pageInfo { hasNextPage endCursor } } } }`,
      { id },
    );
    expect(monitor).toMatchObject({
      status: 'LATE',
      successRate: 0.8,
      environments: [{ name: 'production', status: 'LATE' }],
      latestRuns: [{ status: 'OK', durationMs: 1500 }, { status: 'OK' }, { status: 'OK' }],
      runs: { pageInfo: { hasNextPage: true } },
    });
    const more = await world.run(
      operator(),
      'query ($id: ID!, $after: String) { monitor(id: $id) { runs(after: $after, environment: "production") { edges { node { status } } } } }',
      { id, after: monitor.runs.pageInfo.endCursor },
    );
    expect(more.monitor.runs.edges.map(({ node }: { node: { status: string } }) => node.status)).toEqual(['OK', 'OK', 'MISSED']);
  });

  test('the next runs of a schedule, or why there are none', async () => {
    const ask = async (schedule: object) =>
      (
        await world.run(
          operator(),
          'query ($schedule: MonitorScheduleInput!) { schedulePreview(schedule: $schedule) { runs problem field } }',
          { schedule },
        )
      ).schedulePreview;
    expect(await ask({ type: 'CRONTAB', value: '0 4 * * *', timezone: 'Europe/Berlin' })).toMatchObject({
      runs: ['2026-11-23T03:00:00.000Z', expect.any(String), expect.any(String), expect.any(String), expect.any(String)],
      problem: null,
    });
    expect(await ask({ type: 'CRONTAB', value: 'x' })).toMatchObject({ runs: [], field: 'value' });
  });
});
