import type { SqlValue } from '../../platform/db/sql.ts';
import type { ErrorStatus } from './error-group.entity.ts';
import { movableTo } from './states.ts';

/** Columns of an error that a person may change in bulk, and that undoing puts back. */
export const CHANGEABLE = [
  'status',
  'resolved_at',
  'resolved_by_id',
  'resolved_in_release',
  'archived_until_at',
  'assignee_id',
  'deleted_at',
] as const;
/** One of {@link CHANGEABLE}. */
export type Changeable = (typeof CHANGEABLE)[number];
/** Values of some of these columns, as the database has them. */
export type Values = Partial<Record<Changeable, string | number | null>>;

/** One kind of bulk change: what it sets, and which errors it changes at all. */
export interface Change {
  /** Of the history line. */
  kind: 'resolved' | 'unresolved' | 'archived' | 'assigned' | 'deleted';
  set: Values;
  /** Condition over `error_group g`: those that are not so already, and may become so. */
  applies: { sql: string; params: SqlValue[] };
  /** Of the history line. */
  data: Record<string, unknown>;
}

/** History lines after which an earlier change of the same sort is somebody else's to take back. */
export const LATER_KINDS: Record<Change['kind'], readonly string[]> = {
  resolved: ['resolved', 'unresolved', 'archived', 'regressed', 'ongoing', 'escalating', 'deleted', 'undone'],
  unresolved: ['resolved', 'unresolved', 'archived', 'regressed', 'ongoing', 'escalating', 'deleted', 'undone'],
  archived: ['resolved', 'unresolved', 'archived', 'regressed', 'ongoing', 'escalating', 'deleted', 'undone'],
  assigned: ['assigned', 'deleted', 'undone'],
  deleted: ['deleted', 'undone'],
};

const movable = (to: ErrorStatus): ErrorStatus[] => movableTo(to, 'user');
const quoted = (statuses: readonly string[]): string => statuses.map((status) => `'${status}'`).join(',');
const MOVED = { resolved_at: null, resolved_by_id: null, resolved_in_release: null, archived_until_at: null };

/** `release`: the version that holds the fix; events of older ones do not bring the error back. */
export function resolution(now: number, userId: number | null, release: string | null): Change {
  return {
    kind: 'resolved',
    set: { ...MOVED, status: 'RESOLVED', resolved_at: now, resolved_by_id: userId, resolved_in_release: release },
    applies: {
      sql: `(g.status in (${quoted(movable('RESOLVED'))}) or (g.status = 'RESOLVED' and g.resolved_in_release is distinct from ?))`,
      params: [release],
    },
    data: release === null ? {} : { release },
  };
}

/** Puts resolved and archived errors back among the open ones; open ones stay what they are. */
export function reopening(): Change {
  const closed = movable('ONGOING').filter((status) => status === 'RESOLVED' || status === 'ARCHIVED');
  return {
    kind: 'unresolved',
    set: { ...MOVED, status: 'ONGOING' },
    applies: { sql: `g.status in (${quoted(closed)})`, params: [] },
    data: {},
  };
}

/** `until`: ms, when events make it ongoing again; null: for good. */
export function archival(until: number | null): Change {
  return {
    kind: 'archived',
    set: { ...MOVED, status: 'ARCHIVED', archived_until_at: until },
    applies: {
      sql: `(g.status in (${quoted(movable('ARCHIVED'))}) or (g.status = 'ARCHIVED' and g.archived_until_at is distinct from ?))`,
      params: [until],
    },
    data: until === null ? {} : { until },
  };
}

/** null: to nobody. */
export function assignment(assignee: { id: number; name: string } | null): Change {
  return {
    kind: 'assigned',
    set: { assignee_id: assignee?.id ?? null },
    applies: { sql: 'g.assignee_id is distinct from ?', params: [assignee?.id ?? null] },
    data: assignee === null ? { assignee: null } : { assignee: assignee.name, assigneeId: assignee.id },
  };
}

/** Hides errors; what is hidden is purged after the time for undoing. */
export function deletion(now: number): Change {
  return { kind: 'deleted', set: { deleted_at: now }, applies: { sql: '1 = 1', params: [] }, data: {} };
}
