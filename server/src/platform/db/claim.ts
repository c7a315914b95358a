import { seconds } from '../clock.ts';
import type { Config } from '../config.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../log.ts';

/** What a running server holds of its PostgreSQL; on SQLite the lock of the data directory says the same. */
export interface DatabaseClaim {
  release(): Promise<void>;
}

const LOCK_KEY = 0x65727262; // beside that of the migrations
/** How long a server that is just stopping, or was just killed, is waited for. */
const PATIENCE_MS = seconds(5);

/**
 * Makes this process the only server of a PostgreSQL: the position in the ingest log that is digested stands there once, and
 * a second server's events would be taken for digested ones. The lock lasts as long as a transaction on a connection of its
 * own, which a pooler between them must leave alone, too; it keeps no row alive. If that connection breaks, it is gone and
 * the server goes on: it guards against a mistake of whoever installs, not against a failing network.
 * @throws Failure UNAVAILABLE when another server has it; the driver's error when the database cannot be reached
 */
export async function claimDatabase(
  config: Pick<Config, 'databaseUrl'>,
  log: Log,
  patienceMs: number = PATIENCE_MS,
): Promise<DatabaseClaim> {
  if (config.databaseUrl === undefined) return { release: async () => undefined };
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: config.databaseUrl });
  let released = false;
  client.on('error', (err) => {
    if (!released) log.warn({ err }, 'the connection that holds this database for one server is gone');
  });
  await client.connect();
  try {
    await client.query('begin');
    // Kept open on purpose. A machine that vanishes is noticed within a minute, not after two hours.
    await client.query(`set local idle_in_transaction_session_timeout = 0`);
    await client.query(`set local tcp_keepalives_idle = 30`);
    await client.query(`set local tcp_keepalives_interval = 10`);
    await client.query(`set local tcp_keepalives_count = 3`);
    await client.query(`set local lock_timeout = ${patienceMs}`);
    await client.query(`select pg_advisory_xact_lock(${LOCK_KEY})`);
  } catch (error) {
    await client.end().catch(() => undefined);
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw new Failure(
      'UNAVAILABLE',
      'Another server is running on this PostgreSQL database: stop it, or give this one a database of its own.',
      { cause: error },
    );
  }
  return {
    async release() {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}
