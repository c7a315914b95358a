import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { errorsWorld, somebody } from '../../../test/errors-world.ts';
import { makeError, makeProject, NOW } from '../../../test/factories.ts';

eachDatabase((db) => {
  it('tags are ranked, cut to the most frequent, and count all events', async () => {
    const world = await errorsWorld(db());
    const sql = db().write;
    const projectId = await makeProject(sql);
    const id = await makeError(sql, { projectId });
    const tag = (key: string, value: string, n: number) =>
      sql.run('insert into error_tag (group_id, key, value, event_count, last_seen_at) values (?, ?, ?, ?, ?)', [
        id,
        key,
        value,
        n,
        NOW,
      ]);
    for (const [value, n] of [
      ['a', 5],
      ['b', 50],
      ['c', 1],
    ] as const)
      await tag('browser', value, n);
    await tag('os', 'linux', 60);
    const { error } = await world.run(
      somebody('ADMIN'),
      `{ error(id: "${id}") { tags(first: 2) { key total values { value count lastSeen } } } }`,
    );
    expect(error.tags).toEqual([
      { key: 'os', total: 60, values: [{ value: 'linux', count: 60, lastSeen: new Date(NOW).toISOString() }] },
      {
        key: 'browser',
        total: 56,
        values: [
          { value: 'b', count: 50, lastSeen: new Date(NOW).toISOString() },
          { value: 'a', count: 5, lastSeen: new Date(NOW).toISOString() },
        ],
      },
    ]);
    await world.close();
  });
});
