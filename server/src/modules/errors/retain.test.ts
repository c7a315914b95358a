import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { DigestKit } from '../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../test/factories.ts';
import { days, fixedClock } from '../../platform/clock.ts';
import { retain } from './retain.ts';

eachDatabase((db) => {
  it('what is older than a project keeps is deleted piece by piece; errors, newer things and other projects stay', async () => {
    const { read, write } = db();
    const [kept, short] = [await makeProject(write), await makeProject(write)];
    await write.run('update project set settings = ? where id = ?', [JSON.stringify({ retentionDays: 30 }), short]);
    const kit = new DigestKit(db(), fixedClock(NOW));
    kit.log.position = await kit.store.position();
    const old = NOW - days(31);
    const events = (projectId: number, count: number, at: number) =>
      kit.digest(projectId, ...Array.from({ length: count }, () => anEvent({ occurredAt: at, timestamp: at })));
    await events(short, 300, old);
    await events(short, 3, NOW - days(29));
    await events(kept, 2, old);
    for (const projectId of [kept, short])
      for (const [i, at] of [old, NOW].entries()) {
        await write.run(
          `insert into feedback (project_id, feedback_id, status, message, source, timestamp, received_at) values (?, ?, 'UNREAD', 'x', 'x', ?, ?)`,
          [projectId, Buffer.alloc(16, i), at, at],
        );
        await write.run(
          `insert into attachment (project_id, event_id, owner, filename, content_type, type, size_bytes, sha256, received_at)
           values (?, ?, 'feedback', 'a', 'b', 'c', 1, ?, ?)`,
          [projectId, Buffer.alloc(16, i), 'a'.repeat(64), at],
        );
        const day = Math.floor(at / days(1)) * days(1);
        await write.run(
          `insert into release_hour (project_id, hour, "release", environment, session_count, errored_count, abnormal_count, crashed_count) values (?, ?, 'r', '', 1, 0, 0, 0)`,
          [projectId, day],
        );
      }
    const pieces: number[] = [];
    for (;;) {
      const { more, events: gone } = await retain(write, NOW);
      if (!more) break;
      pieces.push(gone);
    }
    expect(pieces.filter((gone) => gone > 0)).toEqual([250, 50]);
    const count = async (table: string, projectId: number) =>
      Number((await read.get<{ n: number }>(`select count(*) as n from ${table} where project_id = ?`, [projectId]))?.n);
    const left = async (projectId: number) =>
      Object.fromEntries(
        await Promise.all(
          ['error_event', 'feedback', 'attachment', 'release_hour'].map(async (table) => [table, await count(table, projectId)]),
        ),
      );
    expect(await left(short)).toEqual({ error_event: 3, feedback: 1, attachment: 1, release_hour: 1 });
    expect(await left(kept)).toEqual({ error_event: 2, feedback: 2, attachment: 2, release_hour: 2 });
    const groups = await read.all<{ n: number }>('select event_count as n from error_group where project_id = ?', [short]);
    expect(groups.reduce((sum, { n }) => sum + n, 0)).toBe(303);
  });
});
