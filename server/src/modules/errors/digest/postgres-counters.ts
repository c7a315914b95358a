import type { Sql } from '../../../platform/db/sql.ts';
import type { GroupWork } from './assign.ts';
import { countsOf } from './group-counts.ts';
import { type Column, insertRows, unnest } from './postgres-arrays.ts';
import { byKeys } from './sorted.ts';
import { admitValue, OTHER, type TagShape } from './tag-shapes.ts';

interface TagRow {
  groupId: number;
  key: string;
  value: string;
  count: number;
  lastSeenAt: number;
}

const TAG_COLUMNS: readonly Column<TagRow>[] = [
  ['group_id', 'int8', (r) => r.groupId],
  ['key', 'text', (r) => r.key],
  ['value', 'text', (r) => r.value],
  ['event_count', 'int8', (r) => r.count],
  ['last_seen_at', 'int8', (r) => r.lastSeenAt],
];

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
  await writeTags(tx, tags, existing);
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

/** Counts tags up, and adds rows for new values while there is room for them (see `tag-shapes.ts`). */
async function writeTags(tx: Sql, tags: readonly TagRow[], existing: ReadonlySet<number>): Promise<void> {
  const perhapsKnown = tags.filter(({ groupId }) => existing.has(groupId)).sort(byKeys('groupId', 'key', 'value'));
  const counted = await countKnown(tx, perhapsKnown);
  const fresh = tags.filter((tag) => !counted.has(tagKey(tag.groupId, tag.key, tag.value)));
  await insertRows(
    tx,
    'error_tag',
    TAG_COLUMNS,
    admitTags(fresh, await shapesOf(tx, fresh, existing)).sort(byKeys('groupId', 'key', 'value')),
    `on conflict (group_id, key, value) do update set event_count = error_tag.event_count + excluded.event_count,
       last_seen_at = greatest(error_tag.last_seen_at, excluded.last_seen_at)`,
  );
}

/** Counts up the rows that are there; answers which those were. */
async function countKnown(tx: Sql, tags: readonly TagRow[]): Promise<Set<string>> {
  if (tags.length === 0) return new Set();
  const { text, params } = unnest('v', TAG_COLUMNS, tags);
  const rows = await tx.all<{ group_id: number; key: string; value: string }>(
    `update error_tag t set event_count = t.event_count + v.event_count, last_seen_at = greatest(t.last_seen_at, v.last_seen_at)
     from ${text} where t.group_id = v.group_id and t.key = v.key and t.value = v.value returning t.group_id, t.key, t.value`,
    params,
  );
  return new Set(rows.map((row) => tagKey(row.group_id, row.key, row.value)));
}

/** What is known of the tags of existing errors that get new values: the number of values of each key they have. */
async function shapesOf(tx: Sql, fresh: readonly TagRow[], existing: ReadonlySet<number>): Promise<Map<number, TagShape>> {
  const shapes = new Map<number, TagShape>();
  const groupIds = [...new Set(fresh.map((tag) => tag.groupId))].filter((groupId) => existing.has(groupId));
  if (groupIds.length === 0) return shapes;
  const counts = await tx.all<{ group_id: number; key: string; n: number }>(
    `select group_id, key, count(*) as n from error_tag where group_id = any(?::int8[]) and value <> '' group by group_id, key`,
    [groupIds as never],
  );
  for (const { group_id, key, n } of counts) shapeOf(shapes, group_id).set(key, n);
  return shapes;
}

/** Counts of new values, under the values they may have. */
function admitTags(fresh: readonly TagRow[], shapes: Map<number, TagShape>): TagRow[] {
  const admitted: TagRow[] = [];
  const others = new Map<string, TagRow>();
  for (const tag of fresh) {
    const value = admitValue(shapeOf(shapes, tag.groupId), tag.key, tag.value);
    if (value === undefined) continue;
    if (value !== OTHER) {
      admitted.push(tag);
      continue;
    }
    const key = tagKey(tag.groupId, tag.key, OTHER);
    const other = others.get(key);
    if (other === undefined) others.set(key, { ...tag, value: OTHER });
    else {
      other.count += tag.count;
      other.lastSeenAt = Math.max(other.lastSeenAt, tag.lastSeenAt);
    }
  }
  return [...admitted, ...others.values()];
}

function tagKey(groupId: number, key: string, value: string): string {
  return `${groupId} ${key}\n${value}`;
}

function shapeOf(shapes: Map<number, TagShape>, groupId: number): TagShape {
  let shape = shapes.get(groupId);
  if (shape === undefined) {
    shape = new Map();
    shapes.set(groupId, shape);
  }
  return shape;
}
