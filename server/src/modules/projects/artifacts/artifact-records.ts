import type { Sql, SqlValue } from '../../../platform/db/sql.ts';
import type { BundleKind } from './artifact.entity.ts';
import type { ReadFile } from './bundle-reader.ts';

/** An upload to be written down. */
export interface NewBundle {
  projectId: number;
  kind: BundleKind;
  checksum: string;
  release: string;
  dist: string;
  uploadedAt: number;
  uploadedBy: string;
  problems: readonly string[];
  files: readonly ReadFile[];
}

const FILE_COLUMNS =
  'bundle_id, project_id, release, dist, type, url, debug_id, map_url, sha256, size_bytes, stored_bytes, problem';
/** Rows in one statement; a few sizes, so that few statements are prepared. */
const ROWS = 50;

/** Writes an upload and its files, inside the caller's transaction. Answers its id. */
export async function insertBundle(tx: Sql, bundle: NewBundle): Promise<number> {
  const maps = bundle.files.filter((file) => file.sha256 !== null);
  const row = await tx.get<{ id: number }>(
    `insert into artifact_bundle (project_id, kind, checksum, release, dist, file_count, map_count, size_bytes, stored_bytes,
       uploaded_at, uploaded_by, problems)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
    [
      bundle.projectId,
      bundle.kind,
      bundle.checksum,
      bundle.release,
      bundle.dist,
      bundle.files.length,
      maps.length,
      maps.reduce((sum, file) => sum + file.sizeBytes, 0),
      maps.reduce((sum, file) => sum + file.storedBytes, 0),
      bundle.uploadedAt,
      bundle.uploadedBy.slice(0, 200),
      JSON.stringify(bundle.problems.slice(0, 20)),
    ],
  );
  const id = row!.id;
  await insertFiles(tx, { ...bundle, id }, bundle.files);
  return id;
}

/** Writes files of an upload, inside the caller's transaction. */
export async function insertFiles(
  tx: Sql,
  bundle: { id: number; projectId: number; release: string; dist: string },
  files: readonly ReadFile[],
): Promise<void> {
  for (let from = 0; from < files.length; ) {
    const some = files.slice(from, from + (files.length - from >= ROWS ? ROWS : 1));
    from += some.length;
    const params: SqlValue[] = [];
    for (const file of some) {
      params.push(bundle.id, bundle.projectId, bundle.release, bundle.dist, file.type, file.url, file.debugId, file.mapUrl);
      params.push(file.sha256, file.sizeBytes, file.storedBytes, file.problem);
    }
    const rows = some.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ');
    await tx.run(`insert into artifact_file (${FILE_COLUMNS}) values ${rows}`, params);
  }
}

/** Deletes uploads with their files, inside the caller's transaction. Answers the contents nobody refers to any more. */
export async function deleteBundles(tx: Sql, ids: readonly number[]): Promise<string[]> {
  const contents = new Set<string>();
  for (const id of ids) {
    const rows = await tx.all<{ sha256: string }>(
      'select distinct sha256 from artifact_file where bundle_id = ? and sha256 is not null',
      [id],
    );
    for (const { sha256 } of rows) contents.add(sha256);
    await tx.run('delete from artifact_file where bundle_id = ?', [id]);
    await tx.run('delete from artifact_bundle where id = ?', [id]);
  }
  const free: string[] = [];
  for (const sha256 of contents)
    if ((await tx.get('select 1 from artifact_file where sha256 = ? limit 1', [sha256])) === undefined) free.push(sha256);
  return free;
}

/** Makes sure that a version has its row, before any event names it. */
export async function ensureRelease(tx: Sql, projectId: number, version: string, now: number): Promise<void> {
  await tx.run(
    `insert into release (project_id, version, first_seen_at, last_seen_at, event_count) values (?, ?, ?, ?, 0)
     on conflict (project_id, version) do nothing`,
    [projectId, version, now, now],
  );
}
