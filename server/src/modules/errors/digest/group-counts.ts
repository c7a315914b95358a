import { hourOf } from './group-budget.ts';
import type { PreparedEvent } from './store.ts';

/** What events add to the counters of one error. */
export interface GroupCounts {
  /** key → value → count. */
  tags: Map<string, Map<string, TagCount>>;
  users: Set<string>;
  /** hour → count. */
  hours: Map<number, number>;
  /** Number of counters touched: a measure of memory. */
  size: number;
}

export interface TagCount {
  count: number;
  lastSeenAt: number;
}

/** What counting needs to know of an event. */
export type Counted = Pick<PreparedEvent, 'timestamp' | 'tags' | 'userHash'>;

export function noCounts(): GroupCounts {
  return { tags: new Map(), users: new Set(), hours: new Map(), size: 0 };
}

/** Counts one event. */
export function countEvent(counts: GroupCounts, event: Counted): void {
  const { timestamp, tags, userHash } = event;
  for (const [key, value] of tags) {
    let values = counts.tags.get(key);
    if (values === undefined) {
      values = new Map();
      counts.tags.set(key, values);
    }
    const seen = values.get(value);
    if (seen === undefined) {
      values.set(value, { count: 1, lastSeenAt: timestamp });
      counts.size += 1;
    } else {
      seen.count += 1;
      if (timestamp > seen.lastSeenAt) seen.lastSeenAt = timestamp;
    }
  }
  if (userHash !== null && !counts.users.has(userHash)) {
    counts.users.add(userHash);
    counts.size += 1;
  }
  const hour = hourOf(timestamp);
  counts.hours.set(hour, (counts.hours.get(hour) ?? 0) + 1);
}

/** Counts several events. */
export function countsOf(events: readonly Counted[]): GroupCounts {
  const counts = noCounts();
  for (const event of events) countEvent(counts, event);
  return counts;
}
