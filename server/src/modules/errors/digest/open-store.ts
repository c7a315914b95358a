import type { Config } from '../../../platform/config.ts';
import { PostgresStore } from './postgres-store.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { DigestStore } from './store.ts';

/** The engine for the configured database. Connects when first asked. */
export function openDigestStore(config: Pick<Config, 'dataDir' | 'databaseUrl'>, newGroupsPerHour?: number): DigestStore {
  const budget = newGroupsPerHour === undefined ? {} : { newGroupsPerHour };
  if (config.databaseUrl === undefined) return new SqliteStore({ config, ...budget });
  return new PostgresStore({ connectionString: config.databaseUrl, ...budget });
}
