import { hours } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { ContentStore } from '../../../platform/files/content-store.ts';
import { inTexts } from '../sql-lists.ts';

/** The same bytes may have come again, their record still on its way: files younger than this are left to the keeper's walk. */
export const GRACE_MS = hours(1);

/**
 * Removes the files that no attachment refers to (any more), of those named, unless they were put there after `before`:
 * their records may be on the way. Answers the bytes freed.
 */
export async function dropFiles(sql: Sql, store: ContentStore, hashes: readonly string[], before: number): Promise<number> {
  if (hashes.length === 0) return 0;
  const rows = await sql.all<{ sha256: string }>(
    `select distinct sha256 from attachment where ${inTexts(sql.dialect, 'sha256')}`,
    [JSON.stringify(hashes)],
  );
  const used = new Set(rows.map(({ sha256 }) => sha256));
  let freed = 0;
  for (const hash of hashes) if (!used.has(hash)) freed += store.remove(hash, before);
  return freed;
}
