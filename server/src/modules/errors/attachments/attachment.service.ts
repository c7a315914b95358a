import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../../platform/clock.ts';
import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import type { ContentStore } from '../../../platform/files/content-store.ts';
import { NotFoundRefusal } from '../../../platform/graphql/refusals.ts';
import type { Actor } from '../../access/actor.ts';
import { parseId } from '../../access/input.ts';
import type { Attachment } from './attachment.entity.ts';
import { dropFiles, GRACE_MS } from './drop-files.ts';

/** An attachment as it is read. */
export interface AttachmentRow {
  id: number;
  projectId: number;
  /** 32 hex digits of the event or feedback it belongs to. */
  eventId: string;
  owner: Attachment['owner'];
  filename: string;
  contentType: string;
  type: string;
  sizeBytes: number;
  sha256: string;
  receivedAt: number;
}

const COLUMNS = `id, project_id as "projectId", event_id as "eventBytes", owner, filename, content_type as "contentType", type,
 size_bytes as "sizeBytes", sha256, received_at as "receivedAt"`;

/** Files of events and feedback. */
export class AttachmentService {
  readonly #read: Sql;
  readonly #write: Sql;
  readonly #store: ContentStore;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; write: Sql; store: ContentStore; clock: Clock }) {
    this.#read = deps.read;
    this.#write = deps.write;
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  /** Files by owner; keys are {@link ownerKey}. Decides nothing about visibility: the owners were found under it. */
  async of(keys: readonly string[]): Promise<Map<string, AttachmentRow[]>> {
    const found = new Map<string, AttachmentRow[]>();
    const byProject = Map.groupBy(keys, (key) => Number(key.slice(0, key.indexOf(' '))));
    for (const [projectId, ofProject] of byProject) {
      const ids = ofProject.map((key) => Buffer.from(key.slice(key.indexOf(' ') + 1), 'hex'));
      const marks = ids.map(() => '?').join(',');
      for (const row of await this.#rows(`project_id = ? and event_id in (${marks}) order by id`, [projectId, ...ids])) {
        const key = ownerKey(row);
        const list = found.get(key);
        if (list) list.push(row);
        else found.set(key, [row]);
      }
    }
    return found;
  }

  /** One file's row, or null when there is none or it is out of sight. @throws Failure FORBIDDEN, UNAUTHENTICATED */
  async byId(actor: Actor, id: string): Promise<AttachmentRow | null> {
    actor.demand('errors:read');
    const number = parseId(id);
    const row = number === null ? undefined : (await this.#rows('id = ?', [number]))[0];
    return row && actor.can('errors:read', row.projectId) ? row : null;
  }

  /** Its bytes, to be closed by the caller; undefined when they are gone. */
  open(row: Pick<AttachmentRow, 'sha256'>): Promise<FileHandle | undefined> {
    return this.#store.open(row.sha256);
  }

  /** Removes a file for good; its bytes go at once, or with the next walk when they came lately. Answers it as it was. @throws Failure FORBIDDEN without errors:delete */
  async remove(actor: Actor, id: string): Promise<AttachmentRow | NotFoundRefusal> {
    actor.demand('errors:delete');
    const row = await this.byId(actor, id);
    if (row === null || !actor.can('errors:delete', row.projectId)) return new NotFoundRefusal();
    const gone = await this.#write.transaction((tx) => tx.run('delete from attachment where id = ?', [row.id]));
    if (gone === 0) return new NotFoundRefusal();
    await dropFiles(this.#write, this.#store, [row.sha256], this.#clock.now() - GRACE_MS);
    return row;
  }

  async #rows(where: string, params: readonly SqlValue[]): Promise<AttachmentRow[]> {
    const rows = await this.#read.all<Omit<AttachmentRow, 'eventId'> & { eventBytes: Buffer }>(
      `select ${COLUMNS} from attachment where ${where}`,
      params,
    );
    return rows.map(({ eventBytes, ...row }) => ({ ...row, eventId: Buffer.from(eventBytes).toString('hex') }));
  }
}

/** Whose file it is: `<project> <32 hex digits>`. */
export function ownerKey(owner: { projectId: number; eventId: string }): string {
  return `${owner.projectId} ${owner.eventId}`;
}
