import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { Dialect } from './dialect.ts';

export type SqlValue = string | number | bigint | null | Buffer;
/** A row as the driver gives it: column names as keys, times as integer milliseconds on both dialects. */
// biome-ignore lint/suspicious/noExplicitAny: a row's shape is stated by the caller's type argument.
export type Row = Record<string, any>;

/**
 * Prepared SQL for the hot paths (reads of lists, the digest): plain rows, cached statements, `?` placeholders on both
 * dialects. Everything else goes through the ORM (measured: 13 times dearer per row).
 */
export interface Sql {
  readonly dialect: Dialect;
  all<T = Row>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
  get<T = Row>(sql: string, params?: readonly SqlValue[]): Promise<T | undefined>;
  /** Runs a statement; answers the number of rows changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>;
  /** One write transaction (BEGIN IMMEDIATE on SQLite). Rolls back when `work` rejects. Never nest. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Path of the SQLite database inside the data directory. */
export function sqlitePath(dataDir: string): string {
  return join(dataDir, 'errata.db');
}

/** Pragmas that every writing connection needs; FULL must be set explicitly, a reopened WAL file falls back to NORMAL. */
export const WRITER_PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'busy_timeout = 10000',
  'foreign_keys = ON',
  'cache_size = -8192', // administration writes little; the digest asks for more
  'wal_autocheckpoint = 4000',
  'temp_store = MEMORY',
];
const READER_PRAGMAS = ['busy_timeout = 10000', 'cache_size = -32768', 'temp_store = MEMORY', 'query_only = ON'];

/** The native handle of one SQLite connection, for the digest thread, which runs synchronously. */
export function openSqlite(config: Pick<Config, 'dataDir'>, mode: 'read' | 'write'): Database.Database {
  const path = sqlitePath(config.dataDir);
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path, { readonly: mode === 'read' });
  for (const pragma of mode === 'write' ? WRITER_PRAGMAS : READER_PRAGMAS) db.pragma(pragma);
  return db;
}

/** Opens a connection for prepared SQL. Call after migrations have run. */
export function openSql(config: Pick<Config, 'dataDir' | 'databaseUrl'>, mode: 'read' | 'write', poolSize = 4): Sql {
  return config.databaseUrl === undefined ? sqliteSql(openSqlite(config, mode)) : postgresSql(config.databaseUrl, poolSize);
}

/** {@link Sql} over one better-sqlite3 connection. Transactions are serialised; statements outside one wait for none. */
export function sqliteSql(db: Database.Database): Sql {
  const statements = new Map<string, Database.Statement<unknown[]>>();
  const prepare = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare<unknown[]>(sql);
      if (statements.size >= 500) statements.delete(statements.keys().next().value as string);
      statements.set(sql, statement);
    }
    return statement;
  };
  let last: Promise<unknown> = Promise.resolve();
  const self: Sql = {
    dialect: 'sqlite',
    all: async <T>(sql: string, params: readonly SqlValue[] = []) => prepare(sql).all(...params) as T[],
    get: async <T>(sql: string, params: readonly SqlValue[] = []) => prepare(sql).get(...params) as T | undefined,
    run: async (sql, params = []) => prepare(sql).run(...params).changes,
    transaction(work) {
      const turn = last.then(async () => {
        db.exec('begin immediate');
        try {
          const result = await work(self);
          db.exec('commit');
          return result;
        } catch (error) {
          if (db.inTransaction) db.exec('rollback');
          throw error;
        }
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      await last;
      statements.clear();
      db.close();
    },
  };
  return self;
}

/** `?` → `$1`, leaving quoted text alone; cached per statement text. */
const numbered = new Map<string, string>();
export function numberPlaceholders(sql: string): string {
  let text = numbered.get(sql);
  if (text === undefined) {
    let n = 0;
    text = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (token) => (token === '?' ? `$${++n}` : token));
    if (numbered.size >= 1000) numbered.clear();
    numbered.set(sql, text);
  }
  return text;
}

// int8 and numeric come as text by default; every number of ours fits a double.
const PG_TYPES = {
  getTypeParser(oid: number, format?: unknown) {
    if (oid === 20 || oid === 1700) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as unknown as pg.CustomTypesConfig;

/** PostgreSQL's text cannot hold NUL; SQLite's can. What was asked with one finds nothing rather than failing. */
function storable(params: readonly SqlValue[]): unknown[] {
  const odd = params.some((value) => typeof value === 'string' && value.includes('\0'));
  return odd
    ? params.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value))
    : (params as unknown[]);
}

/** {@link Sql} over a PostgreSQL pool. */
export function postgresSql(connectionString: string, poolSize: number): Sql {
  const pool = new pg.Pool({ connectionString, max: poolSize, types: PG_TYPES });
  pool.on('error', () => undefined); // a dropped idle connection is replaced; the next query reports real trouble
  const over = (client: pg.Pool | pg.PoolClient): Sql => ({
    dialect: 'postgres',
    all: async (sql, params = []) => (await client.query(numberPlaceholders(sql), storable(params))).rows,
    get: async (sql, params = []) => (await client.query(numberPlaceholders(sql), storable(params))).rows[0],
    run: async (sql, params = []) => (await client.query(numberPlaceholders(sql), storable(params))).rowCount ?? 0,
    async transaction(work) {
      const own = await pool.connect();
      try {
        await own.query('begin');
        const result = await work(over(own));
        await own.query('commit');
        own.release();
        return result;
      } catch (error) {
        await own.query('rollback').then(
          () => own.release(),
          (broken: Error) => own.release(broken),
        );
        throw error;
      }
    },
    close: () => pool.end(),
  });
  return over(pool);
}
