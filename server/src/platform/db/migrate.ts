import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlConnection } from '@mikro-orm/sql';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../log.ts';
import { dialectOf } from './dialect.ts';
import { migrations as postgresMigrations } from './migrations/postgres/list.ts';
import { migrations as sqliteMigrations } from './migrations/sqlite/list.ts';
import type { Orm } from './orm.ts';

/** What every dialect's migration list holds. */
export type MigrationList = typeof sqliteMigrations;

const LOCK_KEY = 0x65727261; // 'erra'
const KEPT_SNAPSHOTS = 3;

/** MikroORM options for running our migrations; to be spread into the ORM's own. */
export function migrationOptions(config: Pick<Config, 'databaseUrl'>, list?: MigrationList) {
  const migrationsList = list ?? (dialectOf(config) === 'sqlite' ? sqliteMigrations : postgresMigrations);
  // Foreign keys are switched outside the transaction by `migrate`; inside one the pragma is a no-op, and rebuilding a
  // SQLite table would then cascade its drop to the children.
  return {
    extensions: [Migrator],
    migrations: { migrationsList, snapshot: false, disableForeignKeys: false, allOrNothing: true, silent: true },
  };
}

/**
 * Applies pending migrations. Existing data is copied first: SQLite into `<dataDir>/backups`, PostgreSQL into a schema
 * of its own. Answers the names applied.
 * @throws Failure UNAVAILABLE when a reference is broken afterwards (nothing is kept on SQLite: the copy is named)
 */
export async function migrate(
  orm: Orm,
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  log: Log,
  clock: Clock,
): Promise<string[]> {
  const connection = orm.em.getConnection() as AbstractSqlConnection;
  const migrator = orm.migrator;
  if (dialectOf(config) === 'postgres') {
    // A transaction-level lock on a connection of its own: other nodes wait here until this one is done.
    return orm.em.fork().transactional(async (em) => {
      await em.getConnection().execute(`select pg_advisory_xact_lock(${LOCK_KEY})`, [], 'all', em.getTransactionContext());
      const pending = await migrator.getPending();
      if (pending.length === 0) return [];
      if ((await migrator.getExecuted()).length > 0) await snapshotPostgres(connection, log);
      return (await migrator.up()).map((m) => m.name);
    });
  }
  const pending = await migrator.getPending();
  if (pending.length === 0) return [];
  const copy =
    (await migrator.getExecuted()).length > 0 ? await snapshotSqlite(connection, config.dataDir, clock, log) : undefined;
  await connection.execute('pragma foreign_keys = off');
  try {
    const applied = await migrator.up();
    const broken = await connection.execute('pragma foreign_key_check');
    if (broken.length > 0)
      throw new Failure(
        'UNAVAILABLE',
        `A migration left ${broken.length} broken references. The data before it: ${copy ?? '(there was none)'}`,
      );
    return applied.map((m) => m.name);
  } finally {
    await connection.execute('pragma foreign_keys = on');
  }
}

async function snapshotSqlite(connection: AbstractSqlConnection, dataDir: string, clock: Clock, log: Log): Promise<string> {
  const folder = join(dataDir, 'backups');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `before-migration-${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-')}.db`);
  await connection.execute('vacuum into ?', [file]);
  log.info({ file }, 'copied the database before migrating');
  const old = readdirSync(folder)
    .filter((name) => name.startsWith('before-migration-'))
    .sort()
    .slice(0, -KEPT_SNAPSHOTS);
  for (const name of old) rmSync(join(folder, name));
  return file;
}

/** Copies every table into the schema `errata_before_migration`, replacing an earlier copy. */
async function snapshotPostgres(connection: AbstractSqlConnection, log: Log): Promise<void> {
  const tables = await connection.execute<{ name: string }[]>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = current_schema()`,
  );
  await connection.execute('drop schema if exists errata_before_migration cascade');
  await connection.execute('create schema errata_before_migration');
  for (const { name } of tables) await connection.execute(`create table errata_before_migration.${name} as table ${name}`);
  log.info({ tables: tables.length }, 'copied the tables into the schema errata_before_migration before migrating');
}
