import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bus } from '../../platform/bus/bus.ts';
import { type Clock, days, hours } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import { announce } from './announce.ts';
import type {} from './facts.ts';
import { idsParam, inIds } from './sql-lists.ts';

/** Events are looked for this far back, by the time their clients said; in pieces, because the index is ordered by time. */
const LOOKED_BACK_DAYS = 7;
/** What came before its event waits for it this long. */
export const WAITS_MS = days(3);
const MAX_WAITING = 20_000;

declare module '../../platform/bus/bus.ts' {
  interface BusEvents {
    /** New feedback, linked to its error when that is known. */
    feedbackReceived: { feedback: { id: number; projectId: number }[] };
  }
}

interface Waiting {
  projectId: number;
  eventId: string;
  feedback: number[];
  attachments: number[];
}

/**
 * Brings feedback and attachments together with the events they name, whichever comes first. What names an event that is
 * not there (yet) waits in memory and is found when the event's fact passes by: that costs the events nothing, and no
 * index on their random ids is needed. After a restart the table says what is waiting.
 */
export class EventLinks {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #waiting = new Map<string, Waiting>();
  #last: Promise<unknown> = Promise.resolve();
  #unsubscribe: (() => void)[] = [];
  #isClosed = false;

  constructor(deps: { read: Sql; write: Sql; bus: Bus; clock: Clock; log: Log }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#bus = deps.bus;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  /** Listens, and takes up what waited when the process ended. */
  start(): void {
    this.#unsubscribe = [
      this.#bus.subscribe('errorEventsDigested', ({ facts }) => {
        if (this.#waiting.size === 0) return;
        for (const { projectId, eventId, groupId } of facts) {
          const found = this.#waiting.get(`${projectId} ${eventId}`);
          if (found !== undefined) this.#queue(() => this.#link(found, groupId));
        }
      }),
      this.#bus.subscribe('sidesDigested', ({ facts }) => {
        const ids = (side: string) => facts.filter((fact) => fact.side === side).map(({ id }) => id);
        const [feedback, attachments] = [ids('feedback'), ids('attachment')];
        if (attachments.length > 0) this.#queue(() => this.#attachmentsCame(attachments));
        if (feedback.length > 0) this.#queue(() => this.#feedbackCame(feedback));
      }),
    ];
    this.#queue(() => this.#takeUp());
  }

  /** Waits for what is queued. */
  idle(): Promise<unknown> {
    return this.#last;
  }

  /** Ends after the piece of work under way: what is queued behind it is taken up at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#last;
  }

  #queue(work: () => Promise<void>): void {
    this.#last = this.#last
      .then(() => (this.#isClosed ? undefined : work()))
      .catch((err: unknown) => this.#log.warn({ err }, 'could not link what names an event'));
  }

  async #takeUp(): Promise<void> {
    const since = this.#clock.now() - WAITS_MS;
    const feedback = await this.#read.all<{ id: number }>(
      'select id from feedback where group_id is null and event_id is not null and received_at > ? order by id desc limit 5000',
      [since],
    );
    const attachments = await this.#read.all<{ id: number }>(
      `select id from attachment where owner = 'pending' and received_at > ? order by id desc limit 5000`,
      [since],
    );
    await this.#attachmentsCame(attachments.map(({ id }) => id));
    await this.#linkFeedback(feedback.map(({ id }) => id));
  }

  async #feedbackCame(ids: readonly number[]): Promise<void> {
    const rows = await this.#linkFeedback(ids);
    this.#bus.publish('feedbackReceived', { feedback: rows.map(({ id, projectId }) => ({ id, projectId })) });
  }

  async #linkFeedback(ids: readonly number[]): Promise<{ id: number; projectId: number }[]> {
    const rows = await this.#named('feedback', ids, '1 = 1');
    for (const { id, projectId, eventId } of rows)
      if (eventId !== null && !this.#isClosed) await this.#seek(projectId, eventId, (waiting) => waiting.feedback.push(id));
    return rows;
  }

  async #attachmentsCame(ids: readonly number[]): Promise<void> {
    for (const { id, projectId, eventId } of await this.#named('attachment', ids, `owner = 'pending'`))
      if (eventId !== null && !this.#isClosed) await this.#seek(projectId, eventId, (waiting) => waiting.attachments.push(id));
  }

  async #named(table: string, ids: readonly number[], condition: string) {
    const { dialect } = this.#read;
    const rows = await this.#read.all<{ id: number; projectId: number; eventId: Buffer | null }>(
      `select id, project_id as "projectId", event_id as "eventId" from ${table} where ${inIds(dialect, 'id')} and ${condition}`,
      [idsParam(dialect, ids)],
    );
    return rows.map((row) => ({ ...row, eventId: row.eventId && Buffer.from(row.eventId).toString('hex') }));
  }

  /** Waits first and looks then, so that an event that comes meanwhile is not missed. */
  async #seek(projectId: number, eventId: string, add: (waiting: Waiting) => void): Promise<void> {
    const key = `${projectId} ${eventId}`;
    const waiting = this.#waiting.get(key) ?? { projectId, eventId, feedback: [], attachments: [] };
    add(waiting);
    this.#waiting.set(key, waiting);
    if (this.#waiting.size > MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value as string);
    const groupId = await this.#errorOf(projectId, eventId);
    if (groupId !== undefined) await this.#link(waiting, groupId);
  }

  async #errorOf(projectId: number, eventId: string): Promise<number | undefined> {
    const now = this.#clock.now();
    const bytes = Buffer.from(eventId, 'hex');
    // The last hour first; then day by day; at last those whose client said no time.
    const spans: [from: number, until: number][] = [[now - hours(1), now + days(1)]];
    for (let day = 0; day < LOOKED_BACK_DAYS; day++)
      spans.push([now - days(day + 1), day === 0 ? now - hours(1) : now - days(day)]);
    spans.push([0, 1]);
    for (const [from, until] of spans) {
      const row = await this.#read.get<{ groupId: number }>(
        `select group_id as "groupId" from error_event
         where project_id = ? and occurred_at >= ? and occurred_at < ? and event_id = ? limit 1`,
        [projectId, from, until, bytes],
      );
      if (row) return row.groupId;
      await nextTurn();
    }
    return undefined;
  }

  async #link(waiting: Waiting, groupId: number): Promise<void> {
    const { projectId, eventId, feedback, attachments } = waiting;
    this.#waiting.delete(`${projectId} ${eventId}`);
    if (feedback.length === 0 && attachments.length === 0) return;
    await this.#write.transaction(async (tx) => {
      for (const id of feedback)
        await tx.run('update feedback set group_id = ? where id = ? and group_id is null', [groupId, id]);
      for (const id of attachments)
        await tx.run(`update attachment set owner = 'event' where id = ? and owner = 'pending'`, [id]);
    });
    announce(this.#bus, [{ kind: 'UPDATED', errorId: groupId, projectId }]);
  }
}
