import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import type { Role } from '../src/modules/access/permissions.ts';
import type { NormalizedEvent } from '../src/modules/detection/normalized-event.ts';
import type { ErrorStatus } from '../src/modules/errors/error-group.entity.ts';
import { DEFAULT_SETTINGS } from '../src/modules/projects/project.entity.ts';
import type { Sql, SqlValue } from '../src/platform/db/sql.ts';

/** Rows for tests, each with sensible values for what is not said. Every function answers the new row's id. */

/** A moment that tests start from: a full hour. */
export const NOW = Date.UTC(2026, 10, 22, 12);
export const HOUR = 3_600_000;

let counter = 1000;

async function insert(sql: Sql, table: string, values: Record<string, SqlValue>, returning = 'id'): Promise<number> {
  const columns = Object.keys(values);
  const row = await sql.get<Record<string, number>>(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')}) returning ${returning}`,
    Object.values(values),
  );
  return row?.[returning] as number;
}

export function makeProject(
  sql: Sql,
  values: { slug?: string; name?: string; status?: 'ACTIVE' | 'ARCHIVED' } = {},
): Promise<number> {
  const slug = values.slug ?? `project-${++counter}`;
  return insert(sql, 'project', {
    slug,
    name: values.name ?? slug,
    status: values.status ?? 'ACTIVE',
    settings: JSON.stringify(DEFAULT_SETTINGS),
    created_at: NOW,
  });
}

export async function makeUser(
  sql: Sql,
  values: { email?: string; name?: string; role?: Role; disabledAt?: number; memberOf?: readonly number[] } = {},
): Promise<number> {
  const email = values.email ?? `user-${++counter}@example.com`;
  const id = await insert(sql, 'app_user', {
    email,
    name: values.name ?? email.replace(/@.*/, ''),
    password_hash: '-',
    role: values.role ?? 'OPERATOR',
    disabled_at: values.disabledAt ?? null,
    preferences: '{}',
    created_at: NOW,
  });
  for (const projectId of values.memberOf ?? []) {
    await insert(sql, 'project_member', { project_id: projectId, user_id: id }, 'user_id');
  }
  return id;
}

/** What can be said about an error; `tags` become its counted tags, `hours` its events per hour. */
export interface ErrorValues {
  projectId: number;
  number?: number;
  title?: string;
  type?: string | null;
  value?: string | null;
  culprit?: string | null;
  level?: string;
  status?: ErrorStatus;
  handled?: boolean | null;
  firstSeenAt?: number;
  lastSeenAt?: number;
  eventCount?: number;
  userCount?: number;
  assigneeId?: number | null;
  deletedAt?: number | null;
  archivedUntilAt?: number | null;
  tags?: Record<string, string | string[]>;
  hours?: Record<number, number>;
  users?: string[];
}

export async function makeError(sql: Sql, values: ErrorValues): Promise<number> {
  const lastSeenAt = values.lastSeenAt ?? NOW - HOUR;
  const handled = values.handled ?? null;
  const id = await insert(sql, 'error_group', {
    project_id: values.projectId,
    number: values.number ?? ++counter,
    title: values.title ?? 'TypeError: x is not a function',
    type: values.type ?? 'TypeError',
    value: values.value ?? 'x is not a function',
    culprit: values.culprit ?? 'handler in app/checkout.js',
    level: values.level ?? 'error',
    status: values.status ?? 'ONGOING',
    platform: 'node',
    handled: handled === null ? null : sql.dialect === 'sqlite' ? Number(handled) : (handled as unknown as number),
    first_seen_at: values.firstSeenAt ?? lastSeenAt,
    last_seen_at: lastSeenAt,
    event_count: values.eventCount ?? 1,
    user_count: values.userCount ?? 0,
    assignee_id: values.assigneeId ?? null,
    deleted_at: values.deletedAt ?? null,
    archived_until_at: values.archivedUntilAt ?? null,
    updated_at: lastSeenAt,
  });
  for (const [key, tagged] of Object.entries(values.tags ?? {})) {
    for (const value of [tagged].flat()) {
      const row = { group_id: id, key, value, event_count: values.eventCount ?? 1, last_seen_at: lastSeenAt };
      await insert(sql, 'error_tag', row, 'group_id');
    }
  }
  for (const [hour, events] of Object.entries(values.hours ?? {})) {
    await insert(sql, 'error_hour', { group_id: id, hour: Number(hour), event_count: events }, 'group_id');
  }
  for (const user of values.users ?? []) await insert(sql, 'error_user', { group_id: id, user_hash: user }, 'group_id');
  return id;
}

/** A whole report, as detection would hand it on. */
export function anEvent(values: Partial<NormalizedEvent> = {}): NormalizedEvent {
  const timestamp = values.timestamp ?? NOW - HOUR;
  return {
    eventId: randomBytes(16).toString('hex'),
    occurredAt: timestamp,
    timestamp,
    receivedAt: timestamp,
    platform: 'node',
    level: 'error',
    source: 'sentry-envelope',
    exceptions: [{ type: 'TypeError', value: 'x is not a function', frames: [{ function: 'handler', inApp: true, line: 3 }] }],
    breadcrumbs: [],
    tags: [],
    contexts: {},
    extra: {},
    errors: [],
    ...values,
  };
}

/** Stores events of one error in one block, in order; answers their row ids. Counts nothing: say counts on the error. */
export async function makeEvents(
  sql: Sql,
  of: { projectId: number; groupId: number; hash?: string },
  events: readonly Partial<NormalizedEvent>[],
): Promise<number[]> {
  const whole = events.map(anEvent);
  const lines = whole.map(({ eventId: _, occurredAt: __, timestamp: ___, receivedAt: ____, ...rest }) => JSON.stringify(rest));
  const blockId = await insert(sql, 'event_block', {
    project_id: of.projectId,
    event_count: whole.length,
    created_at: NOW,
    data: zstdCompressSync(`${lines.join('\n')}\n`),
  });
  const ids: number[] = [];
  for (const [index, event] of whole.entries()) {
    ids.push(
      await insert(sql, 'error_event', {
        project_id: of.projectId,
        group_id: of.groupId,
        event_id: Buffer.from(event.eventId, 'hex'),
        occurred_at: event.occurredAt,
        timestamp: event.timestamp,
        received_at: event.receivedAt,
        level: event.level,
        environment: event.environment ?? null,
        release: event.release ?? null,
        hash: of.hash ?? 'hash-1',
        block_id: blockId,
        block_index: index,
        key_id: null,
      }),
    );
  }
  return ids;
}

/** A line of an error's history. */
export function makeActivity(
  sql: Sql,
  values: { groupId: number; kind: string; actor?: string; userId?: number | null; data?: object; at?: number },
): Promise<number> {
  return insert(sql, 'activity', {
    group_id: values.groupId,
    kind: values.kind,
    actor: values.actor ?? 'system',
    user_id: values.userId ?? null,
    data: JSON.stringify(values.data ?? {}),
    at: values.at ?? NOW,
  });
}
