import { Failure } from '../../platform/errors.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import { type Conditions, idsParam, inIds } from './sql-lists.ts';

/** The projects a request reaches: those the actor may see, narrowed by those it names. */
export type Scope =
  | { kind: 'none' }
  /** Every project there is; archived ones are left out of lists. */
  | { kind: 'all' }
  /** `named`: the request asked for these itself, so archived ones are shown. */
  | { kind: 'some'; ids: readonly number[]; named: boolean };

/**
 * What the actor may see of the projects named (all of them if none are named). Naming one that is out of sight is no
 * refusal: it finds nothing, as if the project did not exist.
 */
export function scopeOf(actor: Pick<Actor, 'projectIds'>, projectIds?: readonly string[] | null): Scope {
  const named = projectIds == null ? undefined : parseIds(projectIds, 'projectIds');
  const visible = actor.projectIds;
  if (named === undefined) {
    if (visible === 'all') return { kind: 'all' };
    return visible.length === 0 ? { kind: 'none' } : { kind: 'some', ids: visible, named: false };
  }
  const ids = visible === 'all' ? named : named.filter((id) => visible.includes(id));
  return ids.length === 0 ? { kind: 'none' } : { kind: 'some', ids, named: true };
}

/** Narrows a statement to a scope (not `none`). `archived`: keep the errors of archived projects too. */
export function addScope(where: Conditions, scope: Scope, column: string, archived = false): void {
  if (scope.kind === 'none') where.add('1 = 0');
  else if (scope.kind === 'some') {
    if (scope.ids.length <= 4) where.add(`${column} in (${scope.ids.map(() => '?').join(',')})`, ...scope.ids);
    else where.add(inIds(where.dialect, column), idsParam(where.dialect, scope.ids));
  }
  const namesThem = scope.kind === 'some' && scope.named;
  if (!archived && !namesThem) where.add(`${column} not in (select id from project where status = 'ARCHIVED')`);
}

/** Ids as the API has them. @throws Failure BAD_INPUT for one that is none of ours, or for more than `max`. */
export function parseIds(ids: readonly string[], field: string, max = 1000): number[] {
  if (ids.length > max) throw new Failure('BAD_INPUT', `${field}: at most ${max} ids.`, { details: { field } });
  return [...new Set(ids)].map((text) => {
    const id = parseId(text);
    if (id === null)
      throw new Failure('BAD_INPUT', `${field}: ${JSON.stringify(text.slice(0, 40))} is not an id.`, { details: { field } });
    return id;
  });
}
