import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import { type activitiesOf, firstReleaseOf, type GroupState, type GroupWork, lastReleaseOf, namingOf } from './assign.ts';
import { OVERFLOW } from './group-budget.ts';
import type { PackedBlock } from './pack-blocks.ts';
import { insertRows, unnest } from './postgres-arrays.ts';
import type { DigestBatch, PreparedEvent } from './store.ts';

// The digest's statements on PostgreSQL, in the order a batch uses them; each for the inside of one transaction.

export async function position(sql: Sql, stateId: number): Promise<number> {
  const row = await sql.get<{ log_position: number }>('select log_position from digest_state where id = ?', [stateId]);
  return row?.log_position ?? 0;
}

/** Moves the log position; false when it does not stand at `from`. */
export async function movePosition(tx: Sql, stateId: number, from: number, to: number): Promise<boolean> {
  const moved = await tx.run('update digest_state set log_position = ? where id = ? and log_position = ?', [to, stateId, from]);
  if (moved === 1 || from !== 0) return moved === 1;
  return (
    (await tx.run('insert into digest_state (id, log_position) values (?, ?) on conflict (id) do nothing', [stateId, to])) === 1
  );
}

export function newestEvents(sql: Sql, limit: number): Promise<{ project_id: number; event_id: Buffer; occurred_at: number }[]> {
  return sql.all('select project_id, event_id, occurred_at from error_event order by id desc limit ?', [limit]);
}

/** Locks projects; answers those that exist, and whether their first event is on record. */
export async function lockProjects(tx: Sql, ids: ReadonlySet<number>): Promise<Map<number, { begun: boolean }>> {
  if (ids.size === 0) return new Map();
  const rows = await tx.all<{ id: number; first_event_at: number | null }>(
    'select id, first_event_at from project where id = any(?::int8[]) order by id for no key update',
    [[...ids] as never],
  );
  return new Map(rows.map(({ id, first_event_at }) => [id, { begun: first_event_at !== null }]));
}

export function eventKey(projectId: number, occurredAt: number, eventId: Buffer): string {
  return `${projectId} ${occurredAt} ${eventId.toString('hex')}`;
}

/** Which of the events are stored already, as {@link eventKey}s. */
export async function storedEvents(tx: Sql, events: readonly PreparedEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const { text, params } = unnest(
    'v',
    [
      ['project_id', 'int8', (e: PreparedEvent) => e.projectId],
      ['occurred_at', 'int8', (e) => e.occurredAt],
      ['event_id', 'bytea', (e) => e.eventIdBytes],
    ],
    events,
  );
  const rows = await tx.all<{ project_id: number; occurred_at: number; event_id: Buffer }>(
    `select e.project_id, e.occurred_at, e.event_id from ${text} join error_event e using (project_id, occurred_at, event_id)`,
    params,
  );
  return new Set(rows.map((row) => eventKey(row.project_id, row.occurred_at, row.event_id)));
}

export async function countGroupsSince(tx: Sql, projectIds: readonly number[], since: number): Promise<Map<number, number>> {
  if (projectIds.length === 0) return new Map();
  const rows = await tx.all<{ project_id: number; n: number }>(
    'select project_id, count(*) as n from error_group where project_id = any(?::int8[]) and first_seen_at >= ? group by project_id',
    [projectIds as never, since],
  );
  return new Map(rows.map(({ project_id, n }) => [project_id, n]));
}

/** The errors that fingerprints lead to, locked in order of their ids, by `project hash`. */
export async function findGroups(
  tx: Sql,
  keys: readonly { projectId: number; hash: string }[],
): Promise<Map<string, GroupState>> {
  if (keys.length === 0) return new Map();
  const { text, params } = unnest(
    'v',
    [
      ['project_id', 'int8', (k: { projectId: number; hash: string }) => k.projectId],
      ['hash', 'text', (k) => k.hash],
    ],
    keys,
  );
  const rows = await tx.all<GroupState & { key: string }>(
    `select x.project_id || ' ' || x.hash as key, g.id, g.status, g.first_seen_at as "firstSeenAt", g.last_seen_at as "lastSeenAt",
            g.resolved_at as "resolvedAt", g.resolved_in_release as "resolvedInRelease",
            g.archived_until_at as "archivedUntilAt", g.deleted_at as "deletedAt"
     from ${text} join grouping x using (project_id, hash) join error_group g on g.id = x.group_id
     order by g.id for update of g`,
    params,
  );
  return new Map(rows.map((row) => [row.key, row]));
}

export async function releasesSeenAt(
  tx: Sql,
  wanted: readonly { projectId: number; version: string }[],
): Promise<Map<string, number>> {
  if (wanted.length === 0) return new Map();
  const { text, params } = unnest(
    'v',
    [
      ['project_id', 'int8', (r: { projectId: number; version: string }) => r.projectId],
      ['version', 'text', (r) => r.version],
    ],
    wanted,
  );
  const rows = await tx.all<{ project_id: number; version: string; first_seen_at: number }>(
    `select r.project_id, r.version, r.first_seen_at from ${text} join release r using (project_id, version)`,
    params,
  );
  return new Map(rows.map((row) => [`${row.project_id} ${row.version}`, row.first_seen_at]));
}

/** Gives new errors their ids and numbers. */
export async function identify(tx: Sql, works: readonly GroupWork[]): Promise<void> {
  const fresh = works.filter((work) => work.state === undefined);
  if (fresh.length === 0) return;
  const ids = await nextIds(tx, 'error_group', fresh.length);
  const perProject = new Map<number, GroupWork[]>();
  for (const work of fresh) {
    work.id = ids.shift()!;
    const { projectId } = work.bundle;
    perProject.set(projectId, [...(perProject.get(projectId) ?? []), work]);
  }
  for (const [projectId, some] of perProject) {
    const row = await tx.get<{ last: number }>(
      'update project set last_error_number = last_error_number + ? where id = ? returning last_error_number as last',
      [some.length, projectId],
    );
    let number = row!.last - some.length;
    for (const work of some) work.number = ++number;
  }
}

/** Stores events and their payload blocks. Answers row ids, in order of `kept`. */
export async function insertEvents(
  tx: Sql,
  works: readonly GroupWork[],
  kept: readonly PreparedEvent[],
  blocks: readonly PackedBlock[],
  now: number,
): Promise<number[]> {
  if (kept.length === 0) return [];
  const workOf = new Array<GroupWork>(kept.length);
  for (const work of works) for (const event of work.bundle.events) workOf[event.place] = work;
  const blockIds = await nextIds(tx, 'event_block', blocks.length);
  const blockOf = new Array<number>(kept.length);
  const lineOf = new Array<number>(kept.length);
  const params: SqlValue[] = [];
  for (const [i, { projectId, events, data }] of blocks.entries()) {
    params.push(blockIds[i]!, projectId, events.length, now, data);
    for (const [line, event] of events.entries()) {
      blockOf[event.place] = blockIds[i]!;
      lineOf[event.place] = line;
    }
  }
  const marks = blocks.map(() => '(?, ?, ?, ?, ?)').join(', ');
  await tx.run(`insert into event_block (id, project_id, event_count, created_at, data) values ${marks}`, params);
  const ids = await nextIds(tx, 'error_event', kept.length);
  await insertRows(
    tx,
    'error_event',
    [
      ['id', 'int8', (e) => ids[e.place]!],
      ['project_id', 'int8', (e) => e.projectId],
      ['group_id', 'int8', (e) => workOf[e.place]!.id],
      ['event_id', 'bytea', (e) => e.eventIdBytes],
      ['occurred_at', 'int8', (e) => e.occurredAt],
      ['timestamp', 'int8', (e) => e.timestamp],
      ['received_at', 'int8', (e) => e.receivedAt],
      ['level', 'text', (e) => e.level],
      ['environment', 'text', (e) => e.environment],
      ['release', 'text', (e) => e.release],
      ['hash', 'text', (e) => (workOf[e.place]!.bundle.version === OVERFLOW.version ? OVERFLOW.hash : e.hash)],
      ['block_id', 'int8', (e) => blockOf[e.place]!],
      ['block_index', 'int4', (e) => lineOf[e.place]!],
      ['key_id', 'int8', (e) => e.keyId],
    ],
    kept,
  );
  return ids;
}

/** Makes the new errors, counted up already but for their users, and the groupings that lead to them. */
export async function insertGroups(tx: Sql, works: readonly GroupWork[], name: DigestBatch['name'], now: number): Promise<void> {
  const fresh = works
    .filter((work) => work.state === undefined)
    .map((work) => ({ ...work, naming: namingOf(work.bundle, name) }));
  await insertRows(
    tx,
    'error_group',
    [
      ['id', 'int8', (w) => w.id],
      ['project_id', 'int8', (w) => w.bundle.projectId],
      ['number', 'int4', (w) => w.number],
      ['title', 'text', (w) => w.naming.title],
      ['type', 'text', (w) => w.naming.type],
      ['value', 'text', (w) => w.naming.value],
      ['culprit', 'text', (w) => w.naming.culprit],
      ['message_template', 'text', (w) => w.naming.messageTemplate],
      ['level', 'text', (w) => w.bundle.last.level],
      ['status', 'text', () => 'NEW'],
      ['platform', 'text', (w) => w.naming.platform],
      ['handled', 'bool', (w) => w.naming.handled],
      ['first_seen_at', 'int8', (w) => w.bundle.firstSeenAt],
      ['last_seen_at', 'int8', (w) => w.bundle.last.timestamp],
      ['first_release', 'text', (w) => w.naming.firstRelease],
      ['last_release', 'text', (w) => lastReleaseOf(w)],
      ['updated_at', 'int8', () => now],
    ],
    fresh,
  );
  await insertRows(
    tx,
    'grouping',
    [
      ['project_id', 'int8', (w) => w.bundle.projectId],
      ['hash', 'text', (w) => w.bundle.hash],
      ['version', 'text', (w) => w.bundle.version],
      ['group_id', 'int8', (w) => w.id],
      ['why', 'jsonb', (w) => JSON.stringify(w.bundle.why)],
    ],
    fresh,
    'on conflict (project_id, hash) do update set version = excluded.version, group_id = excluded.group_id, why = excluded.why',
  );
}

/** Counts events and new users of all errors, and what they saw last. */
export async function countGroups(tx: Sql, works: readonly GroupWork[], users: ReadonlyMap<number, number>): Promise<void> {
  if (works.length === 0) return;
  const { text, params } = unnest(
    'v',
    [
      ['id', 'int8', (w: GroupWork) => w.id],
      ['events', 'int8', (w) => w.bundle.events.length],
      ['users', 'int8', (w) => users.get(w.id) ?? 0],
      ['first_at', 'int8', (w) => w.bundle.firstSeenAt],
      ['last_at', 'int8', (w) => w.bundle.last.timestamp],
      ['level', 'text', (w) => w.bundle.last.level],
      ['first_release', 'text', (w) => firstReleaseOf(w.bundle)],
      ['last_release', 'text', (w) => lastReleaseOf(w)],
    ],
    works,
  );
  await tx.run(
    `update error_group g set event_count = g.event_count + v.events, user_count = g.user_count + v.users,
       first_seen_at = least(g.first_seen_at, v.first_at), last_seen_at = greatest(g.last_seen_at, v.last_at),
       level = case when v.last_at >= g.last_seen_at then v.level else g.level end,
       first_release = coalesce(g.first_release, v.first_release), last_release = coalesce(v.last_release, g.last_release)
     from ${text} where g.id = v.id`,
    params,
  );
}

export async function moveGroups(tx: Sql, works: readonly GroupWork[], now: number): Promise<void> {
  for (const { id, move } of works) {
    if (move === undefined) continue;
    await tx.run(
      `update error_group set status = ?, resolved_at = null, resolved_by_id = null, resolved_in_release = null,
         archived_until_at = null, updated_at = ? where id = ?`,
      [move.to, now, id],
    );
  }
}

export async function insertActivities(tx: Sql, activities: ReturnType<typeof activitiesOf>, now: number): Promise<void> {
  await insertRows(
    tx,
    'activity',
    [
      ['group_id', 'int8', (a) => a.groupId],
      ['kind', 'text', (a) => a.kind],
      ['actor', 'text', () => 'system'],
      ['data', 'jsonb', (a) => JSON.stringify(a.data)],
      ['at', 'int8', () => now],
    ],
    activities,
  );
}

/** Takes ids from a table's sequence, in rising order. */
async function nextIds(tx: Sql, table: string, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await tx.all<{ id: number }>(
    `select nextval(pg_get_serial_sequence('${table}', 'id')) as id from generate_series(1, ?::int4)`,
    [count],
  );
  return rows.map((row) => row.id).sort((a, b) => a - b);
}
