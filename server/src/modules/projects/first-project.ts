import { SYSTEM } from '../access/actor-for.ts';
import type { DsnKeyService } from './dsn-key.service.ts';
import { Project } from './project.entity.ts';
import type { ProjectService } from './project.service.ts';

/**
 * Makes a project when there is none at all, so that the first start can print a DSN ready to paste. Answers the DSN of
 * the oldest live project; null when every project is archived or has no enabled key.
 */
export async function ensureFirstProject(deps: {
  projects: ProjectService;
  keys: DsnKeyService;
}): Promise<{ dsn: string; projectId: number; slug: string; created: boolean } | null> {
  const { projects, keys } = deps;
  const existing = await projects.list(SYSTEM, true);
  const result = existing.length === 0 ? await projects.create(SYSTEM, { name: 'My project' }) : null;
  if (result !== null && !(result instanceof Project)) throw new Error(`the first project could not be made: ${result.message}`);
  const live = result === null ? existing.filter(({ status }) => status === 'ACTIVE') : [result];
  const [oldest] = live.sort((a, b) => a.id - b.id);
  if (!oldest) return null;
  const key = (await keys.keysOf([oldest.id]))[0]?.find(({ status }) => status === 'ACTIVE');
  if (!key) return null;
  return { dsn: keys.dsnOf(key), projectId: oldest.id, slug: oldest.slug, created: result !== null };
}
