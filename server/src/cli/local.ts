import { entities } from '../entities.ts';
import { type Access, buildAccess } from '../modules/access/build-access.ts';
import { buildProjects, type Projects } from '../modules/projects/build-projects.ts';
import { existingProjects } from '../modules/projects/existing-projects.ts';
import { Bus } from '../platform/bus/bus.ts';
import { systemClock } from '../platform/clock.ts';
import { type Config, configFromEnvironment } from '../platform/config.ts';
import { migrate } from '../platform/db/migrate.ts';
import { openOrm } from '../platform/db/orm.ts';
import { openSql } from '../platform/db/sql.ts';
import { createLog } from '../platform/log.ts';

/** The services that administration works with, straight on the database: for whoever holds the data directory. */
export interface LocalServices {
  readonly config: Config;
  readonly access: Access;
  readonly projects: Projects;
}

/** Opens the database of the environment (migrating it if need be), runs `work` and closes it. A running server may stay up. */
export async function withLocalServices(
  options: { dataDir?: string },
  work: (services: LocalServices) => Promise<void>,
): Promise<void> {
  const config = configFromEnvironment(options.dataDir === undefined ? {} : { ERRATA_DATA_DIR: options.dataDir });
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY });
  const clock = systemClock;
  const orm = await openOrm(config, entities);
  await migrate(orm, config, log, clock);
  const sql = openSql(config, 'read');
  const bus = new Bus(log);
  const access = buildAccess({ orm, sql, bus, clock, log, config, existingProjects: existingProjects(sql) });
  const projects = buildProjects({ orm, sql, bus, clock, log, config, memberships: access.memberships });
  try {
    await work({ config, access, projects });
  } finally {
    await sql.close();
    await orm.close(true);
  }
}
