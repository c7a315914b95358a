import type Database from 'better-sqlite3';

/** Every statement of the digest on SQLite, prepared once per connection. */
export function sqliteStatements(db: Database.Database) {
  const sql = (text: string) => db.prepare<unknown[]>(text);
  return {
    position: sql('select log_position from digest_state where id = 1'),
    movePosition: sql('update digest_state set log_position = ? where id = 1 and log_position = ?'),
    firstPosition: sql('insert into digest_state (id, log_position) values (1, ?) on conflict (id) do nothing'),
    lastId: sql('select seq from sqlite_sequence where name = ?'),
    newestEvents: sql('select project_id, event_id, occurred_at from error_event order by id desc limit ?'),
    latestEvent: sql('select max(occurred_at) as at from error_event where project_id = ?'),
    hasEvent: sql('select 1 from error_event where project_id = ? and occurred_at = ? and event_id = ?'),
    hasProject: sql('select 1 from project where id = ?'),
    findGroup: sql(
      `select g.id, g.status, g.first_seen_at as firstSeenAt, g.last_seen_at as lastSeenAt, g.resolved_at as resolvedAt,
              g.resolved_in_release as resolvedInRelease, g.archived_until_at as archivedUntilAt, g.deleted_at as deletedAt
       from grouping x join error_group g on g.id = x.group_id where x.project_id = ? and x.hash = ?`,
    ),
    countGroupsSince: sql('select count(*) as n from error_group where project_id = ? and first_seen_at >= ?'),
    releaseSeenAt: sql('select first_seen_at from release where project_id = ? and version = ?'),
    takeNumbers: sql(
      'update project set last_error_number = last_error_number + ? where id = ? returning last_error_number as last',
    ),
    insertGroup: sql(
      `insert into error_group (id, project_id, number, title, type, value, culprit, message_template, level, status, platform,
         handled, first_seen_at, last_seen_at, event_count, user_count, first_release, last_release, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    writeGrouping: sql(
      `insert into grouping (project_id, hash, version, group_id, why) values (?, ?, ?, ?, ?)
       on conflict (project_id, hash) do update set version = excluded.version, group_id = excluded.group_id, why = excluded.why`,
    ),
    countGroup: sql(
      'update error_group set event_count = event_count + ?, first_release = coalesce(first_release, ?) where id = ?',
    ),
    countGroupSeen: sql(
      `update error_group set event_count = event_count + ?, first_release = coalesce(first_release, ?), last_seen_at = ?, level = ?,
         last_release = coalesce(?, last_release)
       where id = ?`,
    ),
    groupSeenFirst: sql('update error_group set first_seen_at = ? where id = ?'),
    moveGroup: sql(
      `update error_group set status = ?, resolved_at = null, resolved_by_id = null, resolved_in_release = null,
         archived_until_at = null, updated_at = ? where id = ?`,
    ),
    insertBlock: sql('insert into event_block (id, project_id, event_count, created_at, data) values (?, ?, ?, ?, ?)'),
    insertEvent: sql(
      `insert into error_event (id, project_id, group_id, event_id, occurred_at, timestamp, received_at, level, environment, release,
         hash, block_id, block_index, key_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertActivity: sql(`insert into activity (group_id, kind, actor, user_id, data, at) values (?, ?, 'system', null, ?, ?)`),
    firstEvent: sql('update project set first_event_at = ? where id = ? and first_event_at is null'),
    countMinute: sql(
      `insert into project_minute (minute, project_id, level, event_count) values (?, ?, ?, ?)
       on conflict (minute, project_id, level) do update set event_count = event_count + excluded.event_count`,
    ),
    countProjectHour: sql(
      `insert into project_hour (hour, project_id, level, event_count) values (?, ?, ?, ?)
       on conflict (hour, project_id, level) do update set event_count = event_count + excluded.event_count`,
    ),
    countRelease: sql(
      `insert into release (project_id, version, first_seen_at, last_seen_at, event_count) values (?, ?, ?, ?, ?)
       on conflict (project_id, version) do update set first_seen_at = min(first_seen_at, excluded.first_seen_at),
         last_seen_at = max(last_seen_at, excluded.last_seen_at), event_count = event_count + excluded.event_count`,
    ),
    seeEnvironment: sql(
      `insert into environment (project_id, name, first_seen_at) values (?, ?, ?)
       on conflict (project_id, name) do update set first_seen_at = excluded.first_seen_at
         where excluded.first_seen_at < environment.first_seen_at`,
    ),
    countOutcome: sql(
      `insert into ingest_outcome (project_id, hour, key_id, item, outcome, reason, sdk, quantity) values (?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (project_id, hour, key_id, item, outcome, reason, sdk) do update set quantity = quantity + excluded.quantity`,
    ),
  };
}
export type SqliteStatements = ReturnType<typeof sqliteStatements>;
