import type { Sql } from '../../../platform/db/sql.ts';
import type { Gathered } from './gather.ts';
import { insertRows } from './postgres-arrays.ts';
import { byKeys } from './sorted.ts';

/** Counts per project, release, environment, and the outcomes. */
export async function writeTotals(tx: Sql, gathered: Gathered, projects: ReadonlyMap<number, { begun: boolean }>): Promise<void> {
  for (const [projectId, firstAt] of gathered.projects) {
    if (projects.get(projectId)?.begun) continue;
    await tx.run('update project set first_event_at = ? where id = ? and first_event_at is null', [firstAt, projectId]);
  }
  for (const [table, column, counts] of [
    ['project_minute', 'minute', gathered.minutes],
    ['project_hour', 'hour', gathered.hours],
  ] as const) {
    await insertRows(
      tx,
      table,
      [
        [column, 'int8', (c) => c.at],
        ['project_id', 'int8', (c) => c.projectId],
        ['level', 'text', (c) => c.level],
        ['event_count', 'int8', (c) => c.count],
      ],
      counts.sort(byKeys('at', 'projectId', 'level')),
      `on conflict (${column}, project_id, level) do update set event_count = ${table}.event_count + excluded.event_count`,
    );
  }
  await insertRows(
    tx,
    'release',
    [
      ['project_id', 'int8', (r) => r.projectId],
      ['version', 'text', (r) => r.version],
      ['first_seen_at', 'int8', (r) => r.firstSeenAt],
      ['last_seen_at', 'int8', (r) => r.lastSeenAt],
      ['event_count', 'int8', (r) => r.count],
    ],
    gathered.releases.sort(byKeys('projectId', 'version')),
    `on conflict (project_id, version) do update set first_seen_at = least(release.first_seen_at, excluded.first_seen_at),
       last_seen_at = greatest(release.last_seen_at, excluded.last_seen_at), event_count = release.event_count + excluded.event_count`,
  );
  await insertRows(
    tx,
    'environment',
    [
      ['project_id', 'int8', (e) => e.projectId],
      ['name', 'text', (e) => e.name],
      ['first_seen_at', 'int8', (e) => e.firstSeenAt],
    ],
    gathered.environments.sort(byKeys('projectId', 'name')),
    `on conflict (project_id, name) do update set first_seen_at = excluded.first_seen_at
       where excluded.first_seen_at < environment.first_seen_at`,
  );
  await insertRows(
    tx,
    'ingest_outcome',
    [
      ['project_id', 'int8', (o) => o.projectId],
      ['hour', 'int8', (o) => o.hour],
      ['key_id', 'int8', (o) => o.keyId],
      ['item', 'text', (o) => o.item],
      ['outcome', 'text', (o) => o.outcome],
      ['reason', 'text', (o) => o.reason],
      ['sdk', 'text', (o) => o.sdk],
      ['quantity', 'int8', (o) => o.quantity],
    ],
    gathered.outcomes.sort(byKeys('projectId', 'hour', 'keyId', 'item', 'outcome', 'reason', 'sdk')),
    `on conflict (project_id, hour, key_id, item, outcome, reason, sdk)
       do update set quantity = ingest_outcome.quantity + excluded.quantity`,
  );
}
