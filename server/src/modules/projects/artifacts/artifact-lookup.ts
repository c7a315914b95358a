import type { Sql } from '../../../platform/db/sql.ts';

/** A map that is on record. */
export interface FoundMap {
  bundleId: number;
  sha256: string;
  url: string;
  dist: string;
}

/** Projects that have any source maps. */
export async function projectsWithMaps(sql: Sql): Promise<Set<number>> {
  const rows = await sql.all<{ id: number }>(
    'select p.id from project p where exists (select 1 from artifact_bundle b where b.project_id = p.id)',
  );
  return new Set(rows.map((row) => row.id));
}

/** The newest map of each debug id of a project; ids that have none are left out. */
export async function mapsByDebugId(sql: Sql, projectId: number, debugIds: readonly string[]): Promise<Map<string, FoundMap>> {
  const found = new Map<string, FoundMap>();
  for (const debugId of debugIds) {
    const row = await sql.get<FoundMap>(
      `select bundle_id as "bundleId", sha256, url, dist from artifact_file
       where project_id = ? and debug_id = ? and type = 'source_map' and sha256 is not null order by id desc limit 1`,
      [projectId, debugId],
    );
    if (row !== undefined) found.set(debugId, row);
  }
  return found;
}

/** Whether anything was uploaded under a release. */
export async function releaseHasFiles(sql: Sql, projectId: number, release: string): Promise<boolean> {
  return (
    (await sql.get('select 1 from artifact_file where project_id = ? and release = ? limit 1', [projectId, release])) !==
    undefined
  );
}

/** What a release has of a script: its map, or why there is none. */
export type ReleaseMap = { kind: 'found'; map: FoundMap } | { kind: 'no_script' } | { kind: 'no_map'; script: string };

/**
 * The map of a script by the addresses under which a release may hold it, most exact first. Files of the event's own dist
 * win over those without one; files of another dist do not count.
 */
export async function mapByUrl(
  sql: Sql,
  projectId: number,
  release: string,
  dist: string,
  urls: readonly string[],
): Promise<ReleaseMap> {
  const file = async (url: string, type: string) => {
    const rows = await sql.all<FoundMap & { mapUrl: string | null; sha256: string | null }>(
      `select bundle_id as "bundleId", sha256, url, dist, map_url as "mapUrl" from artifact_file
       where project_id = ? and release = ? and url = ? and type = ? and (dist = ? or dist = '') order by id desc limit 20`,
      [projectId, release, url, type, dist],
    );
    return rows.find((row) => row.dist === dist) ?? rows[0];
  };
  let script: string | undefined;
  for (const url of urls) {
    const found = await file(url, 'minified_source');
    if (found !== undefined) script ??= url;
    for (const mapUrl of new Set([found?.mapUrl ?? undefined, `${url.replace(/[?#].*$/, '')}.map`])) {
      if (mapUrl === undefined) continue;
      const map = await file(mapUrl, 'source_map');
      if (map?.sha256) return { kind: 'found', map };
    }
  }
  return script === undefined ? { kind: 'no_script' } : { kind: 'no_map', script };
}
