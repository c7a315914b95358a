import { entities } from './entities.ts';
import { Bus } from './platform/bus/bus.ts';
import type { Clock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { makeDataDir } from './platform/data-dir.ts';
import { claimDatabase } from './platform/db/claim.ts';
import { openMainWriter } from './platform/db/main-writer.ts';
import { migrate } from './platform/db/migrate.ts';
import { type Orm, openOrm } from './platform/db/orm.ts';
import { openSql, type Sql } from './platform/db/sql.ts';
import { Gauges } from './platform/http/gauges.ts';
import { lockJournal } from './platform/ingest-log/journal-lock.ts';
import { journalDirectory } from './platform/ingest-log/segment.ts';
import type { Log } from './platform/log.ts';

/** What every room stands on. */
export interface Ground {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly orm: Orm;
  readonly read: Sql;
  /** The main thread's writer (`platform/db/main-writer.ts`). */
  readonly write: Sql;
  readonly bus: Bus;
  readonly gauges: Gauges;
  /** Gives the ingest log to the next server; more than once does no harm. */
  readonly unlock: () => void;
}

/**
 * Opens the database and brings it up to date. Whoever runs on the data, or on the database, already keeps it: nothing is
 * migrated under another server's feet.
 * @param closing takes what closes each thing that was opened
 */
export async function openGround(
  { config, log, clock }: Pick<Ground, 'config' | 'log' | 'clock'>,
  closing: AsyncDisposableStack,
): Promise<Ground> {
  makeDataDir(config.dataDir);
  const unlock = lockJournal(journalDirectory(config.dataDir));
  closing.defer(unlock);
  const claim = await claimDatabase(config, log);
  closing.defer(() => claim.release());
  const orm = await openOrm(config, entities);
  closing.defer(() => orm.close(true));
  const applied = await migrate(orm, config, log, clock);
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  const read = openSql(config, 'read');
  closing.defer(() => read.close());
  const write = await openMainWriter(orm, config);
  closing.defer(() => write.close());
  return { config, log, clock, orm, read, write, bus: new Bus(log), gauges: new Gauges(), unlock };
}
