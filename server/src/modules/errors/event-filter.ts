import type { Actor } from '../access/actor.ts';
import { addFilter, type ErrorFilterInput } from './search-filter.ts';
import type { Conditions } from './sql-lists.ts';
import { addScope, type Scope } from './visibility.ts';

/**
 * Writes the conditions of a list of events over `error_event e` joined with its `error_group g`. Level, environment,
 * release and time are those of the event; status, assignee and text those of its error. Answers whether anything but
 * visibility narrows the list.
 */
export function addEventFilter(
  where: Conditions,
  actor: Pick<Actor, 'userId'>,
  scope: Scope,
  filter: ErrorFilterInput | null | undefined,
): boolean {
  // Left to itself SQLite would sort all events of a project instead of walking the newest: the plus forbids that index.
  addScope(where, scope, where.dialect === 'sqlite' ? '+e.project_id' : 'e.project_id', true);
  where.add('g.deleted_at is null');
  if (!filter) return false;
  const before = where.sql;
  addOwn(where, 'e.level', filter.level);
  addOwn(where, 'e.environment', filter.environment);
  addOwn(where, 'e.release', filter.release);
  if (filter.seenFrom) where.add('e.timestamp >= ?', filter.seenFrom.getTime());
  if (filter.seenTo) where.add('e.timestamp < ?', filter.seenTo.getTime());
  const { level: _, environment: __, release: ___, ...ofError } = filter;
  addFilter(where, actor, ofError);
  return where.sql !== before;
}

function addOwn(where: Conditions, column: string, values: readonly string[] | null | undefined): void {
  if (values == null) return;
  where.add(values.length === 0 ? '1 = 0' : `${column} in (${values.map(() => '?').join(',')})`, ...values);
}
