import type { EntitySchema, MikroORM, Options } from '@mikro-orm/core';
import type Database from 'better-sqlite3';
import type { Config } from '../config.ts';
import { makeDataDir } from '../data-dir.ts';
import { type MigrationList, migrationOptions } from './migrate.ts';
import { sqlitePath, WRITER_PRAGMAS } from './sql.ts';

export type Orm = MikroORM;
// biome-ignore lint/suspicious/noExplicitAny: entity classes of any shape
export type EntityList = (EntitySchema<any> | { new (...args: any[]): any })[];

/**
 * Opens the ORM; runs no migration (see `migrate.ts`). Admin work only: hot paths use `sql.ts`. `list` replaces the
 * product's migrations in tests.
 * @throws the driver's error when the database cannot be reached
 */
export async function openOrm(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  entities: EntityList,
  list?: MigrationList,
): Promise<Orm> {
  const common = {
    ...migrationOptions(config, list),
    entities: entities as NonNullable<Options['entities']>,
    discovery: { warnWhenNoEntities: false },
    debug: false,
  };
  // Each dialect's driver is loaded only where it is used: 10 MB of memory and 50 ms of start.
  if (config.databaseUrl !== undefined) {
    const { MikroORM: PostgresOrm } = await import('@mikro-orm/postgresql');
    // A database of a mistyped name must not come to be: whoever installs makes it.
    return (await PostgresOrm.init({
      ...common,
      clientUrl: config.databaseUrl,
      ensureDatabase: false,
      pool: { max: 6 },
    })) as unknown as Orm;
  }
  makeDataDir(config.dataDir);
  const { MikroORM: SqliteOrm } = await import('@mikro-orm/sqlite');
  const orm = await SqliteOrm.init({ ...common, dbName: sqlitePath(config.dataDir) });
  prepareSqliteWriter(await orm.em.getConnection().getNativeClient());
  return orm as unknown as Orm;
}

/**
 * Sets the pragmas and makes every transaction begin immediate: a deferred one that reads first and writes later fails
 * with SQLITE_BUSY_SNAPSHOT as soon as the digest has committed between the two, whatever the busy timeout.
 */
function prepareSqliteWriter(db: Database.Database): void {
  for (const pragma of WRITER_PRAGMAS) db.pragma(pragma);
  const prepare = db.prepare.bind(db);
  db.prepare = ((source: string) => prepare(source === 'begin' ? 'begin immediate' : source)) as typeof db.prepare;
}
