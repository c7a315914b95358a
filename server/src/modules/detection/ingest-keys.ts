import type { CategoryQuota } from '../projects/inbound-settings.ts';
import type { ProjectSettings } from '../projects/project.entity.ts';
import { type IngestRefusal, refusals } from './protocols/refusal.ts';

/** What is known of a DSN key, from memory. */
export interface IngestKey {
  projectId: number;
  keyId: number;
  status: 'ACTIVE' | 'DISABLED';
  projectStatus: 'ACTIVE' | 'ARCHIVED';
  /** Replaced, not changed, when the project changes them. */
  settings: ProjectSettings;
  keyEventsPerMinute: number | null;
  /** The key's limits of other items; absent: none. */
  keyQuotas?: readonly CategoryQuota[];
}

/** The directory of DSN keys; both calls answer from memory. */
export interface IngestKeys {
  find(publicKey: string): IngestKey | undefined;
  /** The key was used just now. */
  touch(keyId: number): void;
}

/**
 * Step 1 of the path, "let in": the key must be known and active, and belong to the project of the address if that names one.
 * @throws IngestRefusal 400 malformed project id, 403 otherwise.
 */
export function letIn(keys: IngestKeys, publicKey: string, project: string | undefined): IngestKey {
  if (project !== undefined && !/^\d{1,15}$/.test(project)) throw refusals.badProject();
  const key = keys.find(publicKey);
  const refusal = key === undefined ? refusals.unknownKey() : whyNot(key, project);
  if (refusal !== undefined) throw refusal;
  return key as IngestKey;
}

function whyNot(key: IngestKey, project: string | undefined): IngestRefusal | undefined {
  if (project !== undefined && Number(project) !== key.projectId) return refusals.otherProject();
  if (key.status !== 'ACTIVE') return refusals.disabledKey();
  return key.projectStatus === 'ACTIVE' ? undefined : refusals.archivedProject();
}
