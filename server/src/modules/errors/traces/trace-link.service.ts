import type { Sql } from '../../../platform/db/sql.ts';
import type { Log } from '../../../platform/log.ts';
import type { TraceLink } from '../../detection/records/trace-link.ts';

/** The newest of all projects are kept. */
const KEPT = 200_000;
const WRITE_AFTER_MS = 1_000;
const MAX_HELD = 2_000;

/** Which transaction an error was part of. Best effort: written a second late, in one transaction; a crash loses a line on a page. */
export class TraceLinkService {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #log: Log;
  #held: TraceLink[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { read: Sql; write: Sql; log: Log }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#log = deps.log;
  }

  add(link: TraceLink): void {
    if (this.#held.length >= MAX_HELD) return;
    this.#held.push(link);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
  }

  /** Writes what is held. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const links = this.#held;
    this.#held = [];
    if (links.length === 0) return;
    try {
      await this.#write.transaction(async (tx) => {
        let last = 0;
        for (const { projectId, traceId, transaction, op, status, startedAt, durationMs } of links) {
          const row = await tx.get<{ id: number }>(
            `insert into trace_link (project_id, trace_id, "transaction", op, status, started_at, duration_ms)
             values (?, ?, ?, ?, ?, ?, ?) returning id`,
            [projectId, Buffer.from(traceId, 'hex'), transaction, op, status, startedAt, durationMs],
          );
          last = row?.id ?? last;
        }
        await tx.run('delete from trace_link where id <= ?', [last - KEPT]);
      });
    } catch (err) {
      this.#log.warn({ err, links: links.length }, 'could not write which transactions errors were part of');
    }
  }

  /** The transaction of a trace in a project: the longest, which is the one that the others were part of. */
  async find(projectId: number, traceId: string): Promise<Omit<TraceLink, 'projectId' | 'traceId'> | null> {
    if (!/^[0-9a-f]{32}$/.test(traceId)) return null;
    const row = await this.#read.get<Omit<TraceLink, 'projectId' | 'traceId'>>(
      `select "transaction", op, status, started_at as "startedAt", duration_ms as "durationMs" from trace_link
       where project_id = ? and trace_id = ? order by duration_ms desc, id limit 1`,
      [projectId, Buffer.from(traceId, 'hex')],
    );
    return row ?? null;
  }
}
