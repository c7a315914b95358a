import { afterAll, beforeAll, expect, test } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../../test/errors-world.ts';
import { HOUR, makeActivity, makeError, makeProject, NOW } from '../../../../test/factories.ts';
import { parseVersion } from './version.ts';

test.each([
  ['shop@1.2.3+build.7', { package: 'shop', short: '1.2.3', build: 'build.7' }],
  ['@scope/pkg@1.0.0', { package: null, short: '@scope/pkg@1.0.0', build: null }],
  ['shop@4b825dc642cb6eb9a060e54bf8d69288fbee4904', { package: 'shop', short: '4b825dc642cb', build: null }],
  ['nightly+x', { package: null, short: 'nightly+x', build: null }],
  ['v2.0+', { package: null, short: 'v2.0', build: null }],
])('%s', (release, expected) => {
  expect(parseVersion(release)).toEqual(expected);
});

eachDatabase((db) => {
  let world: ErrorsWorld;
  let mine: number;
  let theirs: number;
  const admin = somebody('ADMIN');

  beforeAll(async () => {
    world = await errorsWorld(db());
    const sql = db().write;
    [mine, theirs] = [await makeProject(sql), await makeProject(sql)];
    const release = (projectId: number, version: string, hoursAgo: number) =>
      sql.run('insert into "release" (project_id, version, first_seen_at, last_seen_at, event_count) values (?,?,?,?,?)', [
        projectId,
        version,
        NOW - hoursAgo * HOUR,
        NOW,
        hoursAgo,
      ]);
    const hour = (version: string, hoursAgo: number, sessions: number, crashed: number, environment = 'production') =>
      sql.run(
        `insert into release_hour (project_id, hour, "release", environment, session_count, errored_count, abnormal_count, crashed_count)
         values (?,?,?,?,?,1,0,?)`,
        [mine, NOW - hoursAgo * HOUR, version, environment, sessions, crashed],
      );
    await release(mine, 'shop@1.0.0', 300);
    await release(mine, 'web@9', 200);
    await release(mine, 'shop@1.1.0', 100);
    await release(theirs, 'secret@1', 50);
    await hour('shop@1.0.0', 30, 100, 1);
    await hour('shop@1.0.0', 2, 100, 1);
    await hour('shop@1.1.0', 3, 200, 20);
    await hour('shop@1.1.0', 1, 100, 0, 'staging');
    await sql.run(
      'insert into release_day (project_id, day, "release", environment, user_count, crashed_user_count) values (?,?,?,?,?,?)',
      [mine, NOW - (NOW % (24 * HOUR)), 'shop@1.1.0', 'production', 40, 10],
    );
    await makeError(sql, { projectId: mine, title: 'brought' });
    await sql.run("update error_group set first_release = 'shop@1.1.0' where project_id = ? and title = 'brought'", [mine]);
    const back = await makeError(sql, { projectId: mine, title: 'came back' });
    await makeActivity(sql, { groupId: back, kind: 'regressed', data: { release: 'shop@1.1.0' } });
    await makeError(sql, { projectId: mine, title: 'mended' });
    await sql.run("update error_group set status = 'RESOLVED', resolved_in_release = 'shop@1.1.0' where title = 'mended'");
  });
  afterAll(() => world.close());

  test('how a release does, against the one of its package before', async () => {
    const { release } = await world.run(
      admin,
      `query ($id: ID!) { release(projectId: $id, version: "shop@1.1.0") {
        shortVersion package environments newErrorCount previous { version }
        newErrors { title } regressedErrors { title } resolvedErrors { title }
        health(hours: 48) { sessionCount crashedCount crashFreeSessions userCount crashFreeUsers adoption series { name points { value } } }
        staging: health(environment: "staging") { sessionCount crashFreeSessions crashFreeUsers adoption } } }`,
      { id: String(mine) },
    );
    const { series, ...health } = release.health;
    expect(health).toEqual({
      sessionCount: 300,
      crashedCount: 20,
      crashFreeSessions: 1 - 20 / 300,
      userCount: 40,
      crashFreeUsers: 0.75,
      adoption: 0.75,
    });
    expect(series.map(({ name, points }: { name: string; points: { value: number }[] }) => [name, points.length])).toEqual([
      ['sessions', 48],
      ['errored', 48],
      ['abnormal', 48],
      ['crashed', 48],
    ]);
    expect(release).toMatchObject({
      shortVersion: '1.1.0',
      package: 'shop',
      environments: ['production', 'staging'],
      newErrorCount: 1,
      previous: { version: 'shop@1.0.0' },
      newErrors: [{ title: 'brought' }],
      regressedErrors: [{ title: 'came back' }],
      resolvedErrors: [{ title: 'mended' }],
      staging: { sessionCount: 100, crashFreeSessions: 1, crashFreeUsers: null, adoption: 1 },
    });
  });

  const LIST = `query ($query: String, $environment: String, $orderBy: ReleaseOrderField, $first: Int, $after: String) {
    releases(query: $query, environment: $environment, orderBy: $orderBy, first: $first, after: $after) {
      totalCount edges { node { version } } pageInfo { hasNextPage endCursor } } }`;
  const versions = (answer: { releases: { edges: { node: { version: string } }[] } }) =>
    answer.releases.edges.map(({ node }) => node.version);

  test('the list: newest first, by pages, narrowed, and only what one may see', async () => {
    const member = somebody('VIEWER', [mine]);
    const all = await world.run(member, LIST);
    expect(versions(all)).toEqual(['shop@1.1.0', 'web@9', 'shop@1.0.0']);
    expect(all.releases.totalCount).toBe(3);
    const page = await world.run(member, LIST, { first: 2 });
    const rest = await world.run(member, LIST, { first: 2, after: page.releases.pageInfo.endCursor });
    expect([...versions(page), ...versions(rest)]).toEqual(versions(all));
    expect(versions(await world.run(member, LIST, { query: 'SHOP@' }))).toEqual(['shop@1.1.0', 'shop@1.0.0']);
    expect(versions(await world.run(member, LIST, { environment: 'staging' }))).toEqual(['shop@1.1.0']);
    expect(versions(await world.run(member, LIST, { orderBy: 'EVENT_COUNT' }))).toEqual(['shop@1.0.0', 'web@9', 'shop@1.1.0']);
    expect(versions(await world.run(admin, LIST, { query: 'secret' }))).toEqual(['secret@1']);
    const one = 'query ($id: ID!) { release(projectId: $id, version: "secret@1") { version } }';
    expect(await world.run(member, one, { id: String(theirs) })).toEqual({ release: null });
    await expect(world.run(member, LIST, { after: 'x' })).rejects.toThrow('cursor');
    await expect(world.run(admin, '{ releases { edges { node { health(hours: 3) { sessionCount } } } } }')).rejects.toThrow(
      'hours',
    );
  });

  test('a list of releases is answered by one statement a field', async () => {
    world.statements.length = 0;
    await world.run(
      admin,
      '{ releases { edges { node { environments newErrorCount health(hours: 168) { adoption } project { name } } } } }',
    );
    expect(world.statements.length).toBeLessThanOrEqual(8);
  });
});
