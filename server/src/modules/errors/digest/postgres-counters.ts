import type { Sql } from '../../../platform/db/sql.ts';
import type { GroupWork } from './assign.ts';
import { countsOf } from './group-counts.ts';
import { insertRows, unnest } from './postgres-arrays.ts';
import { byKeys } from './sorted.ts';
import { admitValue, OTHER, type TagShape } from './tag-shapes.ts';

interface TagRow {
  groupId: number;
  key: string;
  value: string;
  count: number;
  lastSeenAt: number;
}

/** Writes the counters by tag, user and hour of a batch. Answers new users per error. */
export async function writeCounters(tx: Sql, works: readonly GroupWork[]): Promise<Map<number, number>> {
  const hours: { groupId: number; hour: number; count: number }[] = [];
  const users: { groupId: number; user: string }[] = [];
  const tags: TagRow[] = [];
  const existing = new Set<number>();
  for (const { id: groupId, bundle, state } of works) {
    if (state !== undefined) existing.add(groupId);
    const counts = countsOf(bundle.events);
    for (const [hour, count] of counts.hours) hours.push({ groupId, hour, count });
    for (const user of counts.users) users.push({ groupId, user });
    for (const [key, values] of counts.tags) {
      for (const [value, { count, lastSeenAt }] of values) tags.push({ groupId, key, value, count, lastSeenAt });
    }
  }
  await insertRows(
    tx,
    'error_hour',
    [
      ['group_id', 'int8', (r) => r.groupId],
      ['hour', 'int8', (r) => r.hour],
      ['event_count', 'int8', (r) => r.count],
    ],
    hours.sort(byKeys('groupId', 'hour')),
    'on conflict (group_id, hour) do update set event_count = error_hour.event_count + excluded.event_count',
  );
  await insertRows(
    tx,
    'error_tag',
    [
      ['group_id', 'int8', (r) => r.groupId],
      ['key', 'text', (r) => r.key],
      ['value', 'text', (r) => r.value],
      ['event_count', 'int8', (r) => r.count],
      ['last_seen_at', 'int8', (r) => r.lastSeenAt],
    ],
    (await admitTags(tx, tags, existing)).sort(byKeys('groupId', 'key', 'value')),
    `on conflict (group_id, key, value) do update set event_count = error_tag.event_count + excluded.event_count,
       last_seen_at = greatest(error_tag.last_seen_at, excluded.last_seen_at)`,
  );
  const added = await insertRows<(typeof users)[number], { group_id: number }>(
    tx,
    'error_user',
    [
      ['group_id', 'int8', (r) => r.groupId],
      ['user_hash', 'text', (r) => r.user],
    ],
    users.sort(byKeys('groupId', 'user')),
    'on conflict do nothing returning group_id',
  );
  const perGroup = new Map<number, number>();
  for (const { group_id } of added) perGroup.set(group_id, (perGroup.get(group_id) ?? 0) + 1);
  return perGroup;
}

/** Tag counts under the values they may have: new values only while there is room for them (see `tag-shapes.ts`). */
async function admitTags(tx: Sql, tags: readonly TagRow[], existing: ReadonlySet<number>): Promise<TagRow[]> {
  const ofExisting = tags.filter(({ groupId }) => existing.has(groupId));
  const known = new Set<string>();
  const shapes = new Map<number, TagShape>();
  if (ofExisting.length > 0) {
    const { text, params } = unnest(
      'v',
      [
        ['group_id', 'int8', (r: TagRow) => r.groupId],
        ['key', 'text', (r) => r.key],
        ['value', 'text', (r) => r.value],
      ],
      ofExisting,
    );
    const found = await tx.all<{ group_id: number; key: string; value: string }>(
      `select t.group_id, t.key, t.value from ${text} join error_tag t using (group_id, key, value)`,
      params,
    );
    for (const { group_id, key, value } of found) known.add(`${group_id} ${key} ${value}`);
    const growing = new Set(ofExisting.filter((t) => !known.has(`${t.groupId} ${t.key} ${t.value}`)).map((t) => t.groupId));
    if (growing.size > 0) {
      const counts = await tx.all<{ group_id: number; key: string; n: number }>(
        `select group_id, key, count(*) as n from error_tag where group_id = any(?::int8[]) and value <> '' group by group_id, key`,
        [[...growing] as never],
      );
      for (const { group_id, key, n } of counts) shapeOf(shapes, group_id).set(key, n);
    }
  }
  const admitted = new Map<string, TagRow>();
  for (const tag of tags) {
    const isKnown = known.has(`${tag.groupId} ${tag.key} ${tag.value}`);
    const value = isKnown ? tag.value : admitValue(shapeOf(shapes, tag.groupId), tag.key, tag.value);
    if (value === undefined) continue;
    if (value !== OTHER) {
      admitted.set(`${tag.groupId} ${tag.key} ${value}`, tag);
      continue;
    }
    const others = admitted.get(`${tag.groupId} ${tag.key} ${OTHER}`);
    if (others === undefined) admitted.set(`${tag.groupId} ${tag.key} ${OTHER}`, { ...tag, value: OTHER });
    else {
      others.count += tag.count;
      others.lastSeenAt = Math.max(others.lastSeenAt, tag.lastSeenAt);
    }
  }
  return [...admitted.values()];
}

function shapeOf(shapes: Map<number, TagShape>, groupId: number): TagShape {
  let shape = shapes.get(groupId);
  if (shape === undefined) {
    shape = new Map();
    shapes.set(groupId, shape);
  }
  return shape;
}
