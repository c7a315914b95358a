import { existsSync } from 'node:fs';
import type { AbstractSqlConnection } from '@mikro-orm/sql';
import { entities } from '../entities.ts';
import { type Access, buildAccess } from '../modules/access/build-access.ts';
import { buildLogSources } from '../modules/projects/build-log-sources.ts';
import { buildProjects, type Projects } from '../modules/projects/build-projects.ts';
import { existingProjects } from '../modules/projects/existing-projects.ts';
import type { LogSourceService } from '../modules/projects/log-source.service.ts';
import { Bus } from '../platform/bus/bus.ts';
import { systemClock } from '../platform/clock.ts';
import { type Config, configFromEnvironment } from '../platform/config.ts';
import { claimDatabase, type DatabaseClaim } from '../platform/db/claim.ts';
import { dialectOf } from '../platform/db/dialect.ts';
import { migrate } from '../platform/db/migrate.ts';
import { type Orm, openOrm } from '../platform/db/orm.ts';
import { openSql, sqlitePath } from '../platform/db/sql.ts';
import { Failure } from '../platform/errors.ts';
import { lockJournal } from '../platform/ingest-log/journal-lock.ts';
import { journalDirectory } from '../platform/ingest-log/segment.ts';
import { createLog, type Log } from '../platform/log.ts';
import { advised } from './advice.ts';
import { CommandFailure, EXIT } from './output.ts';
import type { LocalOptions } from './shared-options.ts';

/** How long another server's hold on a PostgreSQL is waited for, ms; 0 would be for ever. */
const NO_PATIENCE_MS = 50;

/** The services that administration works with, straight on the database: for whoever holds the data directory. */
export interface LocalServices {
  readonly config: Config;
  readonly access: Access;
  readonly projects: Projects;
  readonly logSources: LogSourceService;
}

/**
 * Opens the database of the environment (migrating it if need be), runs `work` and closes it. A running server may stay up.
 * @throws CommandFailure when there is no database yet and `options.mayCreate` is not set: a mistyped directory must not
 * become an empty installation
 */
export async function withLocalServices(
  options: LocalOptions & { mayCreate?: boolean },
  work: (services: LocalServices) => Promise<void>,
): Promise<void> {
  const config = configFromEnvironment(options.dataDir === undefined ? {} : { ERRATA_DATA_DIR: options.dataDir });
  if (dialectOf(config) === 'sqlite' && options.mayCreate !== true && !existsSync(sqlitePath(config.dataDir)))
    throw new CommandFailure(`there is no database in ${config.dataDir}; set ERRATA_DATA_DIR or --data-dir`, EXIT.refused);
  try {
    await withDatabase(config, work);
  } catch (error) {
    throw advised(error, config);
  }
}

async function withDatabase(config: Config, work: (services: LocalServices) => Promise<void>): Promise<void> {
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY });
  const clock = systemClock;
  const orm = await openOrm(config, entities);
  try {
    await migrateUnlessServed(orm, config, log);
    const sql = openSql(config, 'read');
    try {
      const bus = new Bus(log);
      const access = buildAccess({ orm, sql, bus, clock, log, config, existingProjects: existingProjects(sql) });
      const projects = buildProjects({ orm, sql, bus, clock, log, config, memberships: access.memberships });
      const { logSources } = buildLogSources({ orm, bus, clock, config });
      await work({ config, access, projects, logSources });
    } finally {
      await sql.close();
    }
  } finally {
    await orm.close(true);
  }
}

/**
 * Migrates when that is due and no server runs on the data: one that does is of an older version, and would be left with
 * tables that it does not know.
 * @throws CommandFailure when one does
 */
async function migrateUnlessServed(orm: Orm, config: Config, log: Log): Promise<void> {
  // Before the migrator is asked, which would make a PostgreSQL database that is not there.
  await (orm.em.getConnection() as AbstractSqlConnection).execute('select 1');
  if ((await orm.migrator.getPending()).length === 0) return;
  let unlock: (() => void) | undefined;
  let claim: DatabaseClaim;
  try {
    unlock = lockJournal(journalDirectory(config.dataDir));
    claim = await claimDatabase(config, log, NO_PATIENCE_MS);
  } catch (error) {
    unlock?.();
    if (!(error instanceof Failure && error.code === 'UNAVAILABLE')) throw error;
    throw new CommandFailure(
      'the database has to be migrated first, and a server of an older version runs on it: restart that one',
      EXIT.refused,
    );
  }
  try {
    await migrate(orm, config, log, systemClock);
  } finally {
    await claim.release();
    unlock();
  }
}
