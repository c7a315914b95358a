import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { AbstractSqlConnection } from '@mikro-orm/sql';
import { entities } from '../entities.ts';
import { type Config, configFromEnvironment } from '../platform/config.ts';
import { dialectOf } from '../platform/db/dialect.ts';
import { openOrm } from '../platform/db/orm.ts';
import { openSql, sqlitePath } from '../platform/db/sql.ts';
import { isLoopback, TrustedProxies } from '../platform/http/client-ip.ts';
import { adviceFor } from './advice.ts';

/** One check: what was looked at, how it stands, and what to do when it stands badly. */
export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  advice?: string;
}

const GIB = 1024 ** 3;
const PROBE_TIMEOUT_MS = 3000;

/** All findings, in the order in which things depend on each other; stops at a configuration that cannot be read. */
export async function examine(overrides: Record<string, string> = {}): Promise<Finding[]> {
  const findings: Finding[] = [node()];
  let config: Config;
  try {
    config = configFromEnvironment(overrides);
    new TrustedProxies(config.trustedProxies);
  } catch (error) {
    const advice = 'correct the variables named; docs/administer.md lists them all';
    return [...findings, { check: 'configuration', state: 'failed', detail: (error as Error).message, advice }];
  }
  const directory = dataDirectory(config);
  return [
    ...findings,
    address(config),
    directory,
    ...(directory.state === 'failed' ? [] : [diskSpace(config), await database(config)]),
    await server(config),
  ];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 22 || (major === 22 && minor >= 17);
  return {
    check: 'Node',
    state: good ? 'ok' : 'failed',
    detail: process.version,
    ...(good ? {} : { advice: 'Node 22.17 or newer is needed' }),
  };
}

/** Whether BASE_URL fits where the server listens: DSNs, invitations and cookies are made of it. */
function address(config: Config): Finding {
  const { protocol, hostname } = new URL(config.baseUrl);
  const open = !isLoopback(config.host) && config.host !== 'localhost';
  const warning = (advice: string): Finding => ({
    check: 'configuration',
    state: 'warning',
    detail: `serves ${config.baseUrl}, listens on ${config.host}:${config.port}`,
    advice,
  });
  if (open && !config.baseUrlIsSet) return warning('set BASE_URL to the address that browsers and SDKs use: DSNs are made of it');
  if (protocol === 'http:' && hostname !== 'localhost' && !isLoopback(hostname))
    return warning('passwords and session cookies cross the network unencrypted: put a proxy with TLS in front');
  return { check: 'configuration', state: 'ok', detail: `serves ${config.baseUrl}` };
}

/** The directory itself, or where it is going to be made. */
function dataDirectory(config: Config): Finding {
  let there = config.dataDir;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
    const detail = there === config.dataDir ? there : `${config.dataDir}, not there yet; made at the first start`;
    return { check: 'data directory', state: 'ok', detail };
  } catch (error) {
    return {
      check: 'data directory',
      state: 'failed',
      detail: (error as Error).message,
      advice: 'make it writable for the user that runs Errata, or set ERRATA_DATA_DIR',
    };
  }
}

function diskSpace(config: Config): Finding {
  let there = config.dataDir;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const state = free < GIB / 4 ? 'failed' : free < 2 * GIB ? 'warning' : 'ok';
  return {
    check: 'disk',
    state,
    detail: `${(free / GIB).toFixed(1)} GiB free`,
    ...(state === 'ok' ? {} : { advice: 'below 256 MiB no more events are taken; make room or move the data directory' }),
  };
}

async function database(config: Config): Promise<Finding> {
  const dialect = dialectOf(config);
  const name = dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL';
  if (dialect === 'sqlite' && !existsSync(sqlitePath(config.dataDir)))
    return { check: 'database', state: 'ok', detail: `${name}, not there yet; made at the first start` };
  const failed = (detail: string, advice: string): Finding => ({ check: 'database', state: 'failed', detail, advice });
  const restore = `stop the server, keep a copy of ${join(config.dataDir, 'errata.db')} and restore the last backup`;
  try {
    // The ORM would make its table in an empty database; this changes nothing.
    const empty = dialect === 'postgres' ? await emptyPostgres(config) : undefined;
    if (empty !== undefined) return empty;
    const orm = await openOrm(config, entities);
    try {
      const pending = await orm.migrator.getPending();
      if (dialect === 'sqlite') {
        const connection = orm.em.getConnection() as AbstractSqlConnection;
        const [row] = await connection.execute<{ quick_check: string }[]>('pragma quick_check(1)');
        if (row?.quick_check !== 'ok') return failed(`SQLite reports: ${row?.quick_check}`, restore);
      }
      const state = pending.length === 0 ? 'up to date' : `${pending.length} migrations to apply at the next start`;
      return { check: 'database', state: 'ok', detail: `${name}, ${state}` };
    } finally {
      await orm.close(true);
    }
  } catch (error) {
    const known = adviceFor(error, config);
    if (known !== undefined) return failed(known.detail, known.advice);
    return dialect === 'sqlite'
      ? failed((error as Error).message, restore)
      : failed(reason(error), 'check DATABASE_URL, and that the database can be reached from here');
  }
}

/** What there is to say of a database without tables; undefined when it has them. @throws the driver's error */
async function emptyPostgres(config: Config): Promise<Finding | undefined> {
  const sql = openSql(config, 'read', 1);
  try {
    const row = await sql.get<{ made: boolean; may: boolean | null }>(
      `select to_regclass('mikro_orm_migrations') is not null as made,
              has_schema_privilege(current_schema(), 'create') as may`,
    );
    if (row?.made === true) return undefined;
    if (row?.may !== true) throw Object.assign(new Error('permission denied'), { code: '42501' });
    return { check: 'database', state: 'ok', detail: 'PostgreSQL, empty; its tables are made at the first start' };
  } finally {
    await sql.close();
  }
}

/** A refused connection to several addresses comes as one error without a message. */
function reason(error: unknown): string {
  const { message, errors } = error as AggregateError;
  return message || (errors ?? []).map((e: Error) => e.message).join('; ') || String(error);
}

async function server(config: Config): Promise<Finding> {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const answer = await readiness(host, config.port);
  const finding = (state: Finding['state'], detail: string, advice?: string): Finding => ({
    check: 'server',
    state,
    detail,
    ...(advice === undefined ? {} : { advice }),
  });
  if (answer === 'ready') return finding('ok', `running and ready on port ${config.port}`);
  if (answer !== undefined)
    return finding(
      'failed',
      `port ${config.port} answers ${answer} to /readyz`,
      'if that is Errata, its log says what is not ready; if not, another program has the port: set PORT to another one',
    );
  return (await portIsFree(host, config.port))
    ? finding('ok', `not running; port ${config.port} is free`)
    : finding('failed', `port ${config.port} is taken by something that does not speak HTTP`, 'set PORT to another one');
}

/** `ready` from an Errata that is; else the status of whatever answers; undefined when nothing does. */
function readiness(host: string, port: number): Promise<'ready' | number | undefined> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/readyz', timeout: PROBE_TIMEOUT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > 10_000) request.destroy();
      });
      response.on('close', () => resolve(body.includes('"status":"ready"') ? 'ready' : response.statusCode));
    });
    request.on('error', () => resolve(undefined));
    request.on('timeout', () => request.destroy());
  });
}

function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
