import type { Refused } from './gather.ts';
import type { RecentIds } from './recent-ids.ts';
import type { PreparedEvent } from './store.ts';

/** What is asked of the tables to tell new events from known ones. */
export interface KnownEvents {
  hasProject(projectId: number): boolean;
  hasEvent(projectId: number, occurredAt: number, eventId: Buffer): boolean;
}

/**
 * Parts the events to store from those that were stored before (law c: replaying changes no count): by the unique key of
 * the table, by the window of recent ids (the same id with another timestamp), and by what went before in the batch.
 * Events of a project that does not exist are refused, too: a log may outlive the database it was written for.
 */
export function sift(events: readonly PreparedEvent[], recent: RecentIds, known: KnownEvents) {
  const kept: PreparedEvent[] = [];
  const refused: Refused[] = [];
  const inBatch = new Set<string>();
  for (const event of events) {
    const { projectId, eventId, eventIdBytes, occurredAt } = event;
    const key = `${projectId} ${eventId}`;
    if (!known.hasProject(projectId)) refused.push({ event, outcome: 'invalid', reason: 'no_project' });
    else if (inBatch.has(key) || recent.has(projectId, eventIdBytes) || known.hasEvent(projectId, occurredAt, eventIdBytes)) {
      refused.push({ event, outcome: 'duplicate', reason: '' });
    } else {
      inBatch.add(key);
      kept.push(event);
    }
  }
  return { kept, refused };
}
