import { fromJson } from '../../platform/db/json-column.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { pageSize } from './cursor.ts';

/** One line of an error's history. `kind` says what happened, `data` what about it; `at` is ms. */
export interface HistoryLine {
  id: number;
  kind: string;
  actor: string;
  userId: number | null;
  data: Record<string, unknown>;
  at: number;
}

/** What happened to an error, newest first. Decides nothing about visibility: the error was found under it. */
export class HistoryService {
  readonly #read: Sql;

  constructor(deps: { read: Sql }) {
    this.#read = deps.read;
  }

  /** @throws Failure BAD_INPUT for a page size that cannot be */
  async of(groupId: number, first: number): Promise<HistoryLine[]> {
    const rows = await this.#read.all<HistoryLine & { data: unknown }>(
      'select id, kind, actor, user_id as "userId", data, at from activity where group_id = ? order by id desc limit ?',
      [groupId, pageSize(first)],
    );
    return rows.map((row) => ({ ...row, data: fromJson<Record<string, unknown>>(row.data) }));
  }
}
