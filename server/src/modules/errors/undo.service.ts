import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import { fromJson } from '../../platform/db/json-column.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { ConflictRefusal, NotFoundRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { announce } from './announce.ts';
import { addHistory, type Changed, type Former } from './bulk.service.ts';
import { type Change, LATER_KINDS, type Values } from './change-kinds.ts';
import { Conditions, idsParam, inIds } from './sql-lists.ts';
import { addScope, scopeOf } from './visibility.ts';

const CHUNK = 1000;

/** Takes a bulk change back, as far as nobody has changed the errors since. */
export class UndoService {
  readonly #write: Sql;
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(deps: { write: Sql; bus: Bus; clock: Clock }) {
    this.#write = deps.write;
    this.#bus = deps.bus;
    this.#clock = deps.clock;
  }

  /**
   * Puts back what a change replaced. Errors that somebody else (or an event) has changed since keep their newer values
   * and do not count. A token serves once, ten minutes long, and only the person who made the change.
   * @throws Failure FORBIDDEN without the permission the change itself needed
   */
  async undo(actor: Actor, token: string): Promise<number[] | NotFoundRefusal | ConflictRefusal> {
    actor.demand('errors:write');
    const now = this.#clock.now();
    const result = await this.#write.transaction(async (tx) => {
      const entry = await tx.get<{ user_id: number | null; kind: Change['kind']; expires_at: number; before: unknown }>(
        `select user_id, kind, expires_at, before from undo_entry where token = ?${tx.dialect === 'postgres' ? ' for update' : ''}`,
        [token],
      );
      if (!entry || entry.user_id !== actor.userId || entry.expires_at < now)
        return new NotFoundRefusal('There is nothing to take back (any more).');
      if (entry.kind === 'deleted') actor.demand('errors:delete');
      const [changed, ...formers] = fromJson<[Changed, ...Former[]]>(entry.before);
      const undone: { id: number; project_id: number }[] = [];
      for (const former of formers) {
        for (let from = 0; from < former.ids.length; from += CHUNK) {
          const ids = former.ids.slice(from, from + CHUNK);
          undone.push(...(await restore(tx, actor, entry.kind, changed, former.values, ids, now)));
        }
      }
      if (undone.length === 0) return new ConflictRefusal('CHANGED_SINCE', 'All of these were changed again meanwhile.');
      await addHistory(
        tx,
        undone.map((row) => row.id),
        actor,
        'undone',
        { kind: entry.kind },
        now,
      );
      await tx.run('delete from undo_entry where token = ?', [token]);
      return { kind: entry.kind, undone };
    });
    if (!('undone' in result)) return result;
    const kind = result.kind === 'deleted' ? 'CREATED' : 'UPDATED';
    announce(
      this.#bus,
      result.undone.map((row) => ({ kind, errorId: row.id, projectId: row.project_id })),
    );
    return result.undone.map((row) => row.id);
  }
}

/** Puts the former values of some errors back where the change still stands; answers which those were. */
function restore(
  tx: Sql,
  actor: Actor,
  kind: Change['kind'],
  changed: Changed,
  former: Values,
  ids: readonly number[],
  now: number,
): Promise<{ id: number; project_id: number }[]> {
  const columns = Object.keys(former);
  const where = new Conditions(tx.dialect);
  where.add(inIds(tx.dialect, 'id'), idsParam(tx.dialect, ids));
  addScope(where, scopeOf(actor), 'project_id', true);
  if (kind !== 'deleted') where.add('deleted_at is null');
  // Still as the change left it …
  for (const [column, value] of Object.entries(changed.set)) where.add(`${column} is not distinct from ?`, value);
  // … and no line of history since that is about the same: somebody may have set the very same values again.
  where.add(
    `not exists (select 1 from activity a where a.group_id = error_group.id and a.id > ? and a.kind in (${LATER_KINDS[kind]
      .map((later) => `'${later}'`)
      .join(',')}))`,
    changed.lastActivityId,
  );
  return tx.all(
    `update error_group set ${columns.map((column) => `${column} = ?`).join(', ')}, updated_at = ? where ${where.sql}
     returning id, project_id`,
    [...Object.values(former), now, ...where.params],
  );
}
