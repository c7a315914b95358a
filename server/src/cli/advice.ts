import { userInfo } from 'node:os';
import type { Config } from '../platform/config.ts';
import { sqlitePath } from '../platform/db/sql.ts';
import { CommandFailure } from './output.ts';

/** What an error of the system or a driver carries. */
interface SystemError {
  code?: string;
  syscall?: string;
  path?: string;
  address?: string;
  hostname?: string;
  message: string;
  errors?: SystemError[];
}

/** A fault of the surroundings in words: what is wrong, and what to do about it. */
export interface Advice {
  detail: string;
  advice: string;
}

type Surroundings = Pick<Config, 'host' | 'port' | 'dataDir' | 'databaseUrl'>;

/**
 * What an error of the operating system, SQLite or PostgreSQL means to whoever runs Errata with this configuration: port,
 * data directory or database. Undefined for all others: those are ours, or say it themselves. Never holds a password.
 */
export function adviceFor(error: unknown, config: Surroundings): Advice | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { cause } = error as { cause?: unknown };
  const fault = error as SystemError;
  const found =
    aboutListening(fault, config) ??
    aboutPostgres(fault, config) ??
    aboutDataDirectory(fault, config) ??
    aboutSqlite(fault, config);
  return found ?? (cause === undefined ? undefined : adviceFor(cause, config));
}

/** The error as one line with its remedy where there is one, else the error itself: to be thrown. */
export function advised(error: unknown, config: Surroundings): unknown {
  const found = adviceFor(error, config);
  return found === undefined ? error : new CommandFailure(`${found.detail}: ${found.advice}`);
}

function aboutListening({ code, syscall, hostname }: SystemError, { host, port }: Surroundings): Advice | undefined {
  if (syscall === 'getaddrinfo' && hostname === host)
    return {
      detail: `HOST: this machine knows no "${host}"`,
      advice: 'set it to 127.0.0.1, 0.0.0.0 (all), or an address of this machine',
    };
  if (syscall !== 'listen') return undefined;
  if (code === 'EADDRINUSE')
    return {
      detail: `port ${port} on ${host} is taken (${code})`,
      advice: 'stop what has it, or choose another with PORT or --port',
    };
  if (code === 'EACCES')
    return {
      detail: `this user may not open port ${port} (${code})`,
      advice: 'choose one above 1023 with PORT or --port, and put a proxy in front',
    };
  if (code === 'EADDRNOTAVAIL')
    return {
      detail: `this machine has no address ${host} (${code})`,
      advice: 'set HOST to 127.0.0.1, 0.0.0.0 (all), or an address of this machine',
    };
  return undefined;
}

const WRITABLE = 'make it and everything in it writable for the user that runs Errata (chown -R), or set ERRATA_DATA_DIR';

function aboutDataDirectory({ code, path }: SystemError, { dataDir }: Surroundings): Advice | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return full(dataDir, code);
  if (path === undefined || !(path === dataDir || path.startsWith(`${dataDir}/`) || dataDir.startsWith(`${path}/`)))
    return undefined;
  if (code === 'EACCES' || code === 'EPERM')
    return { detail: `${path}: ${person()} may not write there (${code})`, advice: WRITABLE };
  if (code === 'EROFS')
    return { detail: `${path}: the file system is read-only (${code})`, advice: 'mount it writable, or set ERRATA_DATA_DIR' };
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return { detail: `${path} is not a directory (${code})`, advice: 'move it away, or set ERRATA_DATA_DIR' };
  if (code === 'ENOENT')
    return {
      detail: `${path} cannot be made (${code})`,
      advice:
        'is it a link that leads nowhere, or a file system that is read-only or not mounted? Make it, or set ERRATA_DATA_DIR',
    };
  return undefined;
}

const full = (dataDir: string, code: string): Advice => ({
  detail: `the disk of ${dataDir} is full (${code})`,
  advice: 'make room on that file system and start again; what was acknowledged is kept',
});

function aboutSqlite({ code, message }: SystemError, { dataDir }: Surroundings): Advice | undefined {
  const path = sqlitePath(dataDir);
  if (code === undefined || !code.startsWith('SQLITE_')) return undefined;
  if (code === 'SQLITE_FULL') return full(dataDir, code);
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return { detail: `${dataDir}: ${person()} cannot write the database (${code})`, advice: WRITABLE };
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return {
      detail: `${path} is damaged, or no database of SQLite (${code})`,
      advice: 'keep it aside and restore the last backup: docs/administer.md#backups',
    };
  if (code.startsWith('SQLITE_IOERR'))
    return {
      detail: `${path}: ${message} (${code})`,
      advice: 'look at the disk: is it full, failing, or a network share without locks?',
    };
  return undefined;
}

function aboutPostgres(error: SystemError, { databaseUrl }: Surroundings): Advice | undefined {
  if (databaseUrl === undefined) return undefined;
  const { host, pathname, username } = new URL(databaseUrl);
  const database = pathname.slice(1);
  const [first = error] = error.errors ?? []; // a host with several addresses: one refusal each
  const code = first.code ?? '';
  const at = `PostgreSQL at ${host || 'localhost'}`;
  if (
    /^E(CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|TIMEDOUT|NOTFOUND|AI_AGAIN|PIPE)$/.test(code) &&
    first.syscall !== 'listen'
  )
    return { detail: `${at} cannot be reached (${code})`, advice: 'is it running, and are host and port in DATABASE_URL right?' };
  if (code === '28P01' || code === '28000' || error.message.includes('password must be a string'))
    return {
      detail: `${at} does not let "${username}" in (${code || 'no password'})`,
      advice: 'check user and password in DATABASE_URL; @ : / # and the like in a password are written %40 %3A %2F %23',
    };
  if (code === '3D000')
    return {
      detail: `${at} has no database "${database}" (${code})`,
      advice: `make it (createdb -O ${username} ${database}), or correct DATABASE_URL`,
    };
  if (code === '42501')
    return {
      detail: `${at}: "${username}" may not make tables in "${database}" (${code})`,
      advice: `let it own the database: alter database "${database}" owner to "${username}"`,
    };
  if (code === '53300')
    return { detail: `${at} has no connection left (${code})`, advice: 'Errata takes up to 20: raise max_connections' };
  return undefined;
}

/** Who this process is, for messages about permissions. */
function person(): string {
  try {
    return `user "${userInfo().username}"`;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`; // a container's user that has no name
  }
}
