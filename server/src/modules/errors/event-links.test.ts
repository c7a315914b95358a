import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { DigestKit, eventRecord } from '../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../test/factories.ts';
import { Bus } from '../../platform/bus/bus.ts';
import { fixedClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { EventLinks } from './event-links.ts';

eachDatabase((db) => {
  it('a stop does not wait for all that is queued: the next start takes it up', async () => {
    const projectId = await makeProject(db().write);
    const clock = fixedClock(NOW);
    const event = anEvent();
    const kit = new DigestKit(db(), clock);
    kit.log.position = await kit.store.position();
    kit.log.append(eventRecord(projectId, event));
    await kit.drain();
    await kit.close();
    for (let n = 0; n < 30; n++)
      await db().write.run(
        `insert into feedback (project_id, feedback_id, event_id, status, message, source, timestamp, received_at)
         values (?, ?, ?, 'UNREAD', 'm', 'feedback', ?, ?)`,
        [projectId, Buffer.alloc(16, n), Buffer.from(event.eventId, 'hex'), NOW, NOW],
      );
    const linked = async () =>
      Number(
        (await db().read.get<{ n: number }>('select count(*) as n from feedback where project_id = ? and group_id is not null', [
          projectId,
        ]))!.n,
      );
    const open = () => new EventLinks({ read: db().read, write: db().write, bus: new Bus(silentLog), clock, log: silentLog });
    const stopped = open();
    stopped.start();
    await stopped.close();
    expect(await linked()).toBe(0);
    const next = open();
    next.start();
    await next.idle();
    await next.close();
    expect(await linked()).toBe(30);
  });
});
