import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bus } from '../../platform/bus/bus.ts';
import { type Clock, minutes } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { announce } from './announce.ts';
import { CHANGEABLE, type Change, type Values } from './change-kinds.ts';
import { addSearch, type ErrorFilterInput } from './search-filter.ts';
import { Conditions, idsParam, idTable, inIds } from './sql-lists.ts';
import { addScope, parseIds, scopeOf } from './visibility.ts';

/** The errors a change is about: ids, or everything that a filter and query match now. */
export interface Selection {
  ids?: string[] | null;
  filter?: ErrorFilterInput | null;
  query?: string | null;
}

/** What a change did: the ids really changed (those that were so already are not among them). */
export interface BulkOutcome {
  ids: number[];
  undoToken: string | null;
}

/** What a change may have replaced, by the errors that had just these values. Stored in `undo_entry.before`. */
export interface Former {
  ids: number[];
  values: Values;
}
/** First entry of `undo_entry.before`: what the change set, and the last history line it wrote. */
export interface Changed {
  set: Values;
  lastActivityId: number;
}

/** How long a change can be taken back. */
export const UNDO_MS = minutes(10);
/** Most errors one change is about. */
export const MAX_SELECTION = 100_000;
const MAX_IDS = 10_000;
const CHUNK = 1000;

/** Changes many errors at once, in one transaction, with a history line each and a token that takes it back. */
export class BulkService {
  readonly #write: Sql;
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(deps: { write: Sql; bus: Bus; clock: Clock }) {
    this.#write = deps.write;
    this.#bus = deps.bus;
    this.#clock = deps.clock;
  }

  /**
   * Applies a change to the selected errors that the actor may see. Ids that name nothing in sight are passed over.
   * @param change made for one moment, see `change-kinds.ts`
   * @param check may refuse by the projects of the errors that would be changed; runs inside the transaction
   * @throws Failure FORBIDDEN without errors:write (errors:delete for deleting); BAD_INPUT for a query that cannot be read
   */
  async apply(
    actor: Actor,
    selection: Selection,
    change: Change,
    check?: (tx: Sql, projectIds: readonly number[]) => Promise<ValidationRefusal | undefined>,
  ): Promise<BulkOutcome | ValidationRefusal> {
    actor.demand(change.kind === 'deleted' ? 'errors:delete' : 'errors:write');
    const byIds = selection.ids != null;
    const byFilter = selection.filter != null || (selection.query ?? '').trim() !== '';
    if (byIds === byFilter) return new ValidationRefusal('SELECTION', 'Name either ids, or a filter or query.', 'selection');
    const now = this.#clock.now();
    const where = new Conditions(this.#write.dialect);
    try {
      if (byIds) {
        const ids = parseIds(selection.ids as string[], 'ids', MAX_IDS);
        where.add(inIds(where.dialect, 'g.id'), idsParam(where.dialect, ids));
        addScope(where, scopeOf(actor), 'g.project_id', true);
        where.add('g.deleted_at is null');
      } else addSearch(where, actor, now, selection.filter, selection.query);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'BAD_INPUT') throw error;
      return new ValidationRefusal('BAD_INPUT', error.message, `selection.${String(error.details['field'] ?? 'filter')}`);
    }
    where.add(change.applies.sql, ...change.applies.params);

    const result = await this.#write.transaction(async (tx) => {
      // On PostgreSQL the rows are locked, so that what is remembered as former values is what is replaced.
      const rows = await tx.all<{ id: number; project_id: number } & Values>(
        `select g.id, g.project_id, ${CHANGEABLE.map((column) => `g.${column}`).join(', ')} from error_group g
         where ${where.sql} order by g.id limit ${MAX_SELECTION + 1}${tx.dialect === 'postgres' ? ' for update' : ''}`,
        where.params,
      );
      if (rows.length > MAX_SELECTION)
        return new ValidationRefusal('TOO_MANY', `This is about more than ${MAX_SELECTION} errors. Narrow it.`, 'selection');
      const projectIds = [...new Set(rows.map((row) => row.project_id))];
      const refused = rows.length === 0 ? undefined : await check?.(tx, projectIds);
      if (refused) return refused;
      const ids = rows.map((row) => row.id);
      await update(tx, ids, change.set, now);
      const lastActivityId = await addHistory(tx, ids, actor, change.kind, change.data, now);
      const token = ids.length === 0 ? null : randomBytes(24).toString('base64url');
      if (token !== null) {
        const before = [{ set: change.set, lastActivityId } satisfies Changed, ...formerOf(rows, change.set)];
        await tx.run('delete from undo_entry where expires_at < ?', [now]);
        await tx.run('insert into undo_entry (token, user_id, kind, expires_at, before) values (?, ?, ?, ?, ?)', [
          token,
          actor.userId,
          change.kind,
          now + UNDO_MS,
          JSON.stringify(before),
        ]);
      }
      return { rows, ids, token };
    });
    if (result instanceof ValidationRefusal) return result;
    const kind = change.kind === 'deleted' ? 'DELETED' : 'UPDATED';
    announce(
      this.#bus,
      result.rows.map((row) => ({ kind, errorId: row.id, projectId: row.project_id })),
    );
    return { ids: result.ids, undoToken: result.token };
  }
}

/** Sets columns of many errors, in chunks between which others get their turn. */
async function update(tx: Sql, ids: readonly number[], set: Values, now: number): Promise<void> {
  const columns = Object.keys(set);
  for (let from = 0; from < ids.length; from += CHUNK) {
    if (from > 0) await nextTurn();
    await tx.run(
      `update error_group set ${columns.map((column) => `${column} = ?`).join(', ')}, updated_at = ? where ${inIds(tx.dialect, 'id')}`,
      [...Object.values(set), now, idsParam(tx.dialect, ids.slice(from, from + CHUNK))],
    );
  }
}

/** Writes one history line per error; answers the id of the last line there is. */
export async function addHistory(
  tx: Sql,
  ids: readonly number[],
  actor: Pick<Actor, 'name' | 'userId'>,
  kind: string,
  data: Record<string, unknown>,
  now: number,
): Promise<number> {
  for (let from = 0; from < ids.length; from += CHUNK) {
    if (from > 0) await nextTurn();
    // `where true` keeps SQLite from reading a later `on` as a join; PostgreSQL infers no types of bare parameters in a select list.
    const json = tx.dialect === 'sqlite' ? '?' : 'cast(? as jsonb)';
    await tx.run(
      `insert into activity (group_id, kind, actor, user_id, data, at)
       select wanted.value, cast(? as text), cast(? as text), cast(? as bigint), ${json}, cast(? as bigint)
       from ${idTable(tx.dialect, 'wanted')}`,
      [kind, actor.name, actor.userId, JSON.stringify(data), now, idsParam(tx.dialect, ids.slice(from, from + CHUNK))],
    );
  }
  return (await tx.get<{ id: number | null }>('select max(id) as id from activity'))?.id ?? 0;
}

/** Former values of the columns that are set, rows with equal ones together: most of a bulk change shares a few. */
function formerOf(rows: readonly ({ id: number } & Values)[], set: Values): Former[] {
  const columns = CHANGEABLE.filter((column) => column in set);
  const groups = new Map<string, Former>();
  for (const row of rows) {
    const values: Values = Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
    const key = JSON.stringify(values);
    const former = groups.get(key);
    if (former) former.ids.push(row.id);
    else groups.set(key, { ids: [row.id], values });
  }
  return [...groups.values()];
}
