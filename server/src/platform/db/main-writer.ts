import type Database from 'better-sqlite3';
import type { Config } from '../config.ts';
import type { Orm } from './orm.ts';
import { openSql, type Sql, sqliteSql } from './sql.ts';

/**
 * Prepared SQL for writes in the thread that also runs the ORM. On SQLite it goes over the ORM's own connection and takes
 * turns with it: a second connection in the same thread would wait for the ORM's open transaction by blocking the very
 * thread that has to finish it, until the busy timeout. On PostgreSQL it is a pool of its own.
 */
export async function openMainWriter(orm: Orm, config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<Sql> {
  if (config.databaseUrl !== undefined) return openSql(config, 'write');
  const client = (await (
    orm.em.getConnection() as unknown as { getNativeClient(): unknown }
  ).getNativeClient()) as Database.Database;
  const statements = sqliteSql(client);
  const transaction = <T>(work: (tx: Sql) => Promise<T>): Promise<T> => orm.em.fork().transactional(() => work(statements));
  return {
    dialect: 'sqlite',
    // A bare statement could fall into another request's transaction, so it gets one of its own.
    all: (sql, params) => transaction((tx) => tx.all(sql, params)),
    get: (sql, params) => transaction((tx) => tx.get(sql, params)),
    run: (sql, params) => transaction((tx) => tx.run(sql, params)),
    transaction,
    close: async () => undefined, // the connection is the ORM's
  };
}
