import type { Bus } from '../../../platform/bus/bus.ts';
import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import { type LiveSource, LiveTopic } from '../../../platform/graphql/live-topic.ts';
import { ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { Actor } from '../../access/actor.ts';
import { parseId } from '../../access/input.ts';
import { decodeCursor, encodeCursor, pageSize } from '../cursor.ts';
import type {} from '../event-links.ts';
import { type CountedPage, countedPageOf, EMPTY_PAGE } from '../page.ts';
import { Conditions, countUpTo, escapeLike, idsParam, inIds, likeAnyCase } from '../sql-lists.ts';
import { addScope, parseIds, scopeOf } from '../visibility.ts';
import type { FeedbackStatus } from './feedback.entity.ts';

/** Feedback as it is read; times are ms. */
export interface FeedbackRow {
  id: number;
  projectId: number;
  /** 32 hex digits each; `eventId` of the event it is about. */
  feedbackId: string;
  eventId: string | null;
  errorId: number | null;
  status: FeedbackStatus;
  message: string;
  name: string | null;
  email: string | null;
  url: string | null;
  environment: string | null;
  release: string | null;
  source: string;
  timestamp: number;
  receivedAt: number;
}

/** What a list of feedback is asked for. */
export interface FeedbackQuery {
  projectIds?: string[] | null | undefined;
  statuses?: readonly FeedbackStatus[] | null | undefined;
  errorId?: string | number | null | undefined;
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}

const MAX_CHANGED = 1_000;
const COUNT_LIMIT = 10_000;
const COLUMNS = `f.id, f.project_id as "projectId", f.feedback_id as "feedbackBytes", f.event_id as "eventBytes",
 f.group_id as "errorId", f.status, f.message, f.name, f.email, f.url, f.environment, f.release, f.source, f.timestamp,
 f.received_at as "receivedAt"`;

/** What users wrote, and what operators made of it. */
export class FeedbackService {
  readonly received: LiveTopic<{ id: number; projectId: number }>;
  readonly #read: Sql;
  readonly #write: Sql;

  constructor(deps: { read: Sql; write: Sql; bus: Bus }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.received = new LiveTopic<{ id: number; projectId: number }>({
      name: 'feedbackReceived',
      seq: ({ id }) => id,
      whileListened: () =>
        deps.bus.subscribe('feedbackReceived', ({ feedback }) => {
          for (const one of feedback) this.received.publish(one);
        }),
    });
  }

  /** Feedback in sight, newest first. @throws Failure FORBIDDEN, BAD_INPUT */
  async list(actor: Actor, asked: FeedbackQuery): Promise<CountedPage<FeedbackRow>> {
    actor.demand('errors:read');
    const size = pageSize(asked.first);
    const scope = scopeOf(actor, asked.projectIds);
    if (scope.kind === 'none') return EMPTY_PAGE;
    const { dialect } = this.#read;
    const where = new Conditions(dialect);
    addScope(where, scope, 'f.project_id', asked.errorId != null);
    if (asked.errorId != null) where.add('f.group_id = ?', parseId(String(asked.errorId)) ?? 0);
    if (asked.statuses != null)
      where.add(
        asked.statuses.length === 0 ? '1 = 0' : `f.status in (${asked.statuses.map(() => '?').join(',')})`,
        ...asked.statuses,
      );
    const search = asked.search?.trim().slice(0, 200);
    if (search) {
      const like = ['f.message', "coalesce(f.name, '')", "coalesce(f.email, '')"].map((column) => likeAnyCase(dialect, column));
      const pattern = `%${escapeLike(search)}%`;
      where.add(`(${like.join(' or ')})`, pattern, pattern, pattern);
    }
    const after = asked.after ? decodeCursor('feedback', asked.after) : undefined;
    const from = `feedback f where ${where.sql}`;
    const rows = await this.#rows(`${from}${after ? ' and f.id < ?' : ''} order by f.id desc limit ?`, [
      ...where.params,
      ...(after ? [after.id] : []),
      size + 1,
    ]);
    const cursorOf = (row: FeedbackRow) => encodeCursor('feedback', row.id, row.id);
    return countedPageOf(rows, { size, after, cursorOf }, () => countUpTo(this.#read, COUNT_LIMIT, from, where.params));
  }

  /** Feedback by id, for ids learnt under visibility. */
  async byIds(ids: readonly number[]): Promise<Map<number, FeedbackRow>> {
    if (ids.length === 0) return new Map();
    const { dialect } = this.#read;
    const rows = await this.#rows(`feedback f where ${inIds(dialect, 'f.id')}`, [idsParam(dialect, ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * Gives feedback another status. Answers what was changed with what it was before, so that it can be taken back; what is
   * out of sight or so already is left out. @throws Failure FORBIDDEN, BAD_INPUT
   */
  async setStatus(
    actor: Actor,
    ids: readonly string[],
    status: FeedbackStatus,
  ): Promise<{ row: FeedbackRow; former: FeedbackStatus }[] | ValidationRefusal> {
    actor.demand('errors:write');
    if (ids.length === 0) return new ValidationRefusal('SELECTION', 'Name the feedback to change.', 'ids');
    const numbers = parseIds(ids, 'ids', MAX_CHANGED);
    const where = new Conditions(this.#write.dialect);
    where.add(inIds(where.dialect, 'f.id'), idsParam(where.dialect, numbers));
    addScope(where, scopeOf(actor), 'f.project_id', true);
    where.add('f.status <> ?', status);
    const rows = await this.#write.transaction(async (tx) => {
      const found = await tx.all<RawRow>(`select ${COLUMNS} from feedback f where ${where.sql} order by f.id desc`, where.params);
      await tx.run(`update feedback set status = ? where ${inIds(tx.dialect, 'id')}`, [
        status,
        idsParam(
          tx.dialect,
          found.map(({ id }) => id),
        ),
      ]);
      return found.map(shown);
    });
    return rows.map((row) => ({ row: { ...row, status }, former: row.status }));
  }

  /**
   * Removes feedback for good, with the files sent with it. Answers the ids that are gone; what is out of sight is left.
   * @throws Failure FORBIDDEN without errors:delete, BAD_INPUT
   */
  async remove(actor: Actor, ids: readonly string[]): Promise<number[] | ValidationRefusal> {
    actor.demand('errors:delete');
    if (ids.length === 0) return new ValidationRefusal('SELECTION', 'Name the feedback to delete.', 'ids');
    const where = new Conditions(this.#write.dialect);
    where.add(inIds(where.dialect, 'f.id'), idsParam(where.dialect, parseIds(ids, 'ids', MAX_CHANGED)));
    addScope(where, scopeOf(actor), 'f.project_id', true);
    return this.#write.transaction(async (tx) => {
      const found = await tx.all<RawRow>(`select ${COLUMNS} from feedback f where ${where.sql} order by f.id`, where.params);
      for (const { id, projectId, feedbackBytes } of found) {
        await tx.run(`delete from attachment where project_id = ? and event_id = ? and owner = 'feedback'`, [
          projectId,
          feedbackBytes,
        ]);
        await tx.run('delete from feedback where id = ?', [id]);
      }
      return found.map(({ id }) => id);
    });
  }

  /** Subscribes to new feedback. @throws Failure FORBIDDEN, BAD_INPUT */
  arrivals(actor: Actor, projectIds: readonly string[] | null | undefined): LiveSource<{ id: number; projectId: number }> {
    actor.demand('errors:read');
    const named = projectIds == null ? undefined : new Set(parseIds(projectIds, 'projectIds'));
    return this.received.subscribe({
      filter: ({ projectId }) => (named?.has(projectId) ?? true) && actor.can('errors:read', projectId),
    });
  }

  async #rows(rest: string, params: readonly SqlValue[]): Promise<FeedbackRow[]> {
    return (await this.#read.all<RawRow>(`select ${COLUMNS} from ${rest}`, params)).map(shown);
  }
}

type RawRow = Omit<FeedbackRow, 'feedbackId' | 'eventId'> & { feedbackBytes: Buffer; eventBytes: Buffer | null };

function shown({ feedbackBytes, eventBytes, ...row }: RawRow): FeedbackRow {
  return {
    ...row,
    feedbackId: Buffer.from(feedbackBytes).toString('hex'),
    eventId: eventBytes && Buffer.from(eventBytes).toString('hex'),
  };
}
