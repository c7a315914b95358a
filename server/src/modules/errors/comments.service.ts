import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import { announce } from './announce.ts';
import { addHistory } from './bulk.service.ts';

/** A comment as it is read; times are ms. */
export interface CommentRow {
  id: number;
  groupId: number;
  userId: number | null;
  body: string;
  createdAt: number;
  editedAt: number | null;
}

/** Longest comment, in characters. */
export const MAX_COMMENT = 10_000;
const COLUMNS =
  'c.id, c.group_id as "groupId", c.user_id as "userId", c.body, c.created_at as "createdAt", c.edited_at as "editedAt"';

/** What people say about an error: Markdown, shown as such by the client and never executed here. */
export class CommentService {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; write: Sql; bus: Bus; clock: Clock }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#bus = deps.bus;
    this.#clock = deps.clock;
  }

  /** Comments of an error, oldest first, at most 1000. Decides nothing about visibility: the error was found under it. */
  of(groupId: number): Promise<CommentRow[]> {
    return this.#read.all<CommentRow>(`select ${COLUMNS} from comment c where c.group_id = ? order by c.id limit 1000`, [
      groupId,
    ]);
  }

  /** @throws Failure FORBIDDEN without errors:write */
  async add(actor: Actor, errorId: string, text: string): Promise<CommentRow | ValidationRefusal | NotFoundRefusal> {
    actor.demand('errors:write');
    const body = cleanBody(text);
    if (body instanceof ValidationRefusal) return body;
    const now = this.#clock.now();
    const done = await this.#write.transaction(async (tx) => {
      const group = await tx.get<{ id: number; project_id: number }>(
        'select id, project_id from error_group where id = ? and deleted_at is null',
        [parseId(errorId) ?? 0],
      );
      if (!group || !actor.can('errors:write', group.project_id)) return undefined;
      const { id } = (await tx.get<{ id: number }>(
        'insert into comment (group_id, user_id, author_name, body, created_at) values (?, ?, ?, ?, ?) returning id',
        [group.id, actor.userId, actor.name, body, now],
      )) as { id: number };
      await recount(tx, group.id, now);
      await addHistory(tx, [group.id], actor, 'commented', { commentId: id }, now);
      const row: CommentRow = { id, groupId: group.id, userId: actor.userId, body, createdAt: now, editedAt: null };
      return { group, row };
    });
    if (!done) return new NotFoundRefusal();
    this.#tell(done.group);
    return done.row;
  }

  /** By the author or an ADMIN. @throws Failure FORBIDDEN for others */
  async edit(actor: Actor, id: string, text: string): Promise<CommentRow | ValidationRefusal | NotFoundRefusal> {
    actor.demand('errors:write');
    const body = cleanBody(text);
    if (body instanceof ValidationRefusal) return body;
    const now = this.#clock.now();
    const done = await this.#write.transaction(async (tx) => {
      const found = await ownOf(tx, actor, id);
      if (!found) return undefined;
      await tx.run('update comment set body = ?, edited_at = ? where id = ?', [body, now, found.row.id]);
      return { ...found, row: { ...found.row, body, editedAt: now } };
    });
    if (!done) return new NotFoundRefusal();
    this.#tell(done.group);
    return done.row;
  }

  /** By the author or an ADMIN. Answers whether there was one. @throws Failure FORBIDDEN for others */
  async remove(actor: Actor, id: string): Promise<boolean> {
    actor.demand('errors:write');
    const now = this.#clock.now();
    const done = await this.#write.transaction(async (tx) => {
      const found = await ownOf(tx, actor, id);
      if (!found) return undefined;
      await tx.run('delete from comment where id = ?', [found.row.id]);
      await recount(tx, found.group.id, now);
      await addHistory(tx, [found.group.id], actor, 'comment_deleted', { commentId: found.row.id }, now);
      return found;
    });
    if (done) this.#tell(done.group);
    return done !== undefined;
  }

  #tell(group: { id: number; project_id: number }): void {
    announce(this.#bus, [{ kind: 'UPDATED', errorId: group.id, projectId: group.project_id }]);
  }
}

/** A comment in sight that the actor may change; undefined when there is none. @throws Failure FORBIDDEN */
async function ownOf(
  tx: Sql,
  actor: Actor,
  id: string,
): Promise<{ row: CommentRow; group: { id: number; project_id: number } } | undefined> {
  const found = await tx.get<CommentRow & { project_id: number }>(
    `select ${COLUMNS}, g.project_id from comment c join error_group g on g.id = c.group_id where c.id = ? and g.deleted_at is null`,
    [parseId(id) ?? 0],
  );
  if (!found || !actor.can('errors:write', found.project_id)) return undefined;
  const { project_id, ...row } = found;
  const own = actor.userId !== null && row.userId === actor.userId;
  if (!own && actor.role !== 'ADMIN' && actor.role !== 'OWNER' && actor.kind !== 'system')
    throw new Failure('FORBIDDEN', 'Only its author or an administrator may change a comment.');
  return { row, group: { id: row.groupId, project_id } };
}

function cleanBody(text: string): string | ValidationRefusal {
  const body = text.replaceAll('\r\n', '\n').replaceAll('\0', '').trim();
  if (body === '') return new ValidationRefusal('REQUIRED', 'A comment may not be empty.', 'body');
  if (body.length > MAX_COMMENT) return new ValidationRefusal('TOO_LONG', `At most ${MAX_COMMENT} characters.`, 'body');
  return body;
}

async function recount(tx: Sql, groupId: number, now: number): Promise<void> {
  await tx.run(
    'update error_group set comment_count = (select count(*) from comment where group_id = error_group.id), updated_at = ? where id = ?',
    [now, groupId],
  );
}
