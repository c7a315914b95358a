import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { entities } from '../src/entities.ts';
import { systemClock } from '../src/platform/clock.ts';
import { type Config, parseConfig } from '../src/platform/config.ts';
import type { Dialect } from '../src/platform/db/dialect.ts';
import { migrate } from '../src/platform/db/migrate.ts';
import { type Orm, openOrm } from '../src/platform/db/orm.ts';
import { openSql, type Sql } from '../src/platform/db/sql.ts';
import { silentLog } from '../src/platform/log.ts';

/** A fresh, migrated database of one dialect with its connections. */
export interface TestDatabase {
  readonly dialect: Dialect;
  readonly config: Config;
  readonly orm: Orm;
  readonly read: Sql;
  readonly write: Sql;
  close(): Promise<void>;
}

export const dialects: Dialect[] = ['sqlite', 'postgres'];

/** The configuration of a fresh place to keep data; on PostgreSQL a database of its own. `dispose` removes it. */
export async function freshConfig(
  dialect: Dialect,
  env: Record<string, string> = {},
): Promise<{ config: Config; dispose(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'errata-test-'));
  const removeDir = () => rmSync(dataDir, { recursive: true, force: true });
  const base = {
    ERRATA_DATA_DIR: dataDir,
    ERRATA_ADMIN_PASSWORD: 'correct-horse-9',
    ERRATA_LOG_LEVEL: 'silent',
    PORT: '0',
    ...env,
  };
  if (dialect === 'sqlite') return { config: parseConfig(base), dispose: async () => removeDir() };
  const url = inject('postgresUrl');
  if (url === '') throw new Error('no PostgreSQL in this run');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(url, `create database ${name}`);
  return {
    config: parseConfig({ ...base, DATABASE_URL: url.replace(/\/postgres$/, `/${name}`) }),
    async dispose() {
      await onServer(url, `drop database if exists ${name} with (force)`);
      removeDir();
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

export async function openTestDatabase(dialect: Dialect, env: Record<string, string> = {}): Promise<TestDatabase> {
  const { config, dispose } = await freshConfig(dialect, env);
  const orm = await openOrm(config, entities);
  await migrate(orm, config, silentLog, systemClock);
  const read = openSql(config, 'read');
  const write = openSql(config, 'write');
  return {
    dialect,
    config,
    orm,
    read,
    write,
    async close() {
      await read.close();
      await write.close();
      await orm.close(true);
      await dispose();
    },
  };
}

/** Runs the same tests on every dialect, each with one fresh database for the block. */
export function eachDatabase(body: (db: () => TestDatabase, dialect: Dialect) => void): void {
  describe.each(dialects)('on %s', (dialect) => {
    let opened: TestDatabase;
    beforeAll(async () => {
      opened = await openTestDatabase(dialect);
    }, 60_000);
    afterAll(() => opened?.close());
    body(() => opened, dialect);
  });
}
