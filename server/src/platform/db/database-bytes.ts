import { statSync } from 'node:fs';
import type { Config } from '../config.ts';
import { type Sql, sqlitePath } from './sql.ts';

/** What the database takes on disk. */
export async function databaseBytes(config: Pick<Config, 'dataDir'>, sql: Sql): Promise<number> {
  if (sql.dialect === 'postgres')
    return (await sql.get<{ n: number }>('select pg_database_size(current_database()) as n'))?.n ?? 0;
  return ['', '-wal'].reduce(
    (sum, suffix) => sum + (statSync(sqlitePath(config.dataDir) + suffix, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
