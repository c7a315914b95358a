import { isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';
import { Failure } from './errors.ts';

const aPort = 'must be a port number, 1 to 65535';
const port = v.pipe(v.string(), v.regex(/^\d{1,5}$/, aPort), v.transform(Number), v.maxValue(65_535, aPort));
const count = v.pipe(v.string(), v.regex(/^\d+$/, 'must be a whole number'), v.transform(Number));
const address = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'must be an address that begins with http:// or https://'),
);
const aDatabase =
  'must be postgres://user:password@host:port/database; @ : / # and the like in the password are written %40 %3A %2F %23';
const isDatabase = (text: string) =>
  /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1 && new URL(text).hash === '';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Every environment variable the server reads. The comment is the manual: `docs/administer.md` is checked against it. */
const schema = v.object({
  /** Port of the dashboard, the API and ingestion. */
  PORT: v.optional(port, '4000'),
  /** Address to listen on. Set 0.0.0.0 to be reachable from other machines. */
  HOST: v.optional(v.pipe(v.string(), v.minLength(1)), '127.0.0.1'),
  /** Public address, as browsers and SDKs see it; may have a path. Default: http://HOST:PORT. */
  BASE_URL: v.optional(address),
  /** Where everything is kept: database, ingest log, attachments, source maps, copies made before migrations. */
  ERRATA_DATA_DIR: v.optional(v.pipe(v.string(), v.minLength(1)), './data'),
  /** postgres://… for PostgreSQL; unset for SQLite in the data directory. */
  DATABASE_URL: v.optional(v.pipe(v.string(), v.check(isDatabase, aDatabase))),
  /** E-mail of the first administrator; read on the first start only. */
  ERRATA_ADMIN_EMAIL: v.optional(v.pipe(v.string(), v.email('must be an e-mail address')), 'admin@errata.local'),
  /** Password of the first administrator; generated and printed once if unset. */
  ERRATA_ADMIN_PASSWORD: v.optional(v.pipe(v.string(), v.minLength(10, 'must have at least 10 characters'))),
  /** Reserved for encrypting stored secrets; there are none yet. */
  ERRATA_SECRET_KEY: v.optional(v.pipe(v.string(), v.minLength(32, 'must have at least 32 characters'))),
  /** Comma-separated addresses or CIDR ranges of reverse proxies whose X-Forwarded-For is believed. */
  ERRATA_TRUSTED_PROXIES: v.optional(v.string(), ''),
  /** trace, debug, info, warn, error or silent. */
  ERRATA_LOG_LEVEL: v.optional(v.picklist(LEVELS, `must be one of ${LEVELS.join(', ')}`), 'info'),
  /** Undigested bytes in the ingest log above which ingestion answers 429. */
  ERRATA_INGEST_BACKLOG_MB: v.optional(count, '1024'),
  /** Comma-separated folders that the server may read log files from, besides /var/log. `none`: no folder at all. */
  ERRATA_LOG_ROOTS: v.optional(v.string(), ''),
  /** Days that source maps are kept without being used; those of releases that still send are kept in any case. */
  ERRATA_SOURCE_MAPS_DAYS: v.optional(v.pipe(count, v.minValue(1)), '90'),
  /** Room for source maps on disk, per project; beyond it the oldest go. */
  ERRATA_SOURCE_MAPS_MB: v.optional(v.pipe(count, v.minValue(1)), '2048'),
  /** Token that /metrics asks for as `Authorization: Bearer`; unset: only loopback may read it. */
  ERRATA_METRICS_TOKEN: v.optional(v.pipe(v.string(), v.minLength(16, 'must have at least 16 characters'))),
});

/** The parsed configuration: frozen, typed, read once at start. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Public address without a trailing slash. */
  readonly baseUrl: string;
  readonly baseUrlIsSet: boolean;
  /** Absolute path. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly adminEmail: string;
  readonly adminPassword: string | undefined;
  readonly secretKey: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
  readonly ingestBacklogBytes: number;
  readonly sourceMapDays: number;
  readonly sourceMapBytes: number;
  /** Absolute paths of the folders that log sources may read from. */
  readonly logRoots: readonly string[];
  readonly metricsToken: string | undefined;
}

/**
 * Parses the environment whole. Empty variables count as unset.
 * @throws Failure CONFIG_INVALID naming every faulty variable, not only the first.
 */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = v.safeParse(schema, present);
  if (!result.success) {
    const faults = result.issues.map((issue) => `  ${v.getDotPath(issue) ?? '?'}: ${issue.message}`);
    throw new Failure('CONFIG_INVALID', `The configuration is not valid:\n${faults.join('\n')}`);
  }
  const e = result.output;
  const shownHost = e.HOST === '0.0.0.0' || e.HOST === '::' ? 'localhost' : e.HOST.includes(':') ? `[${e.HOST}]` : e.HOST;
  return Object.freeze({
    port: e.PORT,
    host: e.HOST,
    baseUrl: (e.BASE_URL ?? `http://${shownHost}:${e.PORT}`).replace(/\/+$/, ''),
    baseUrlIsSet: e.BASE_URL !== undefined,
    dataDir: isAbsolute(e.ERRATA_DATA_DIR) ? e.ERRATA_DATA_DIR : resolve(e.ERRATA_DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    adminEmail: e.ERRATA_ADMIN_EMAIL.toLowerCase(),
    adminPassword: e.ERRATA_ADMIN_PASSWORD,
    secretKey: e.ERRATA_SECRET_KEY,
    trustedProxies: e.ERRATA_TRUSTED_PROXIES.split(',')
      .map((s) => s.trim())
      .filter(Boolean),
    logLevel: e.ERRATA_LOG_LEVEL,
    ingestBacklogBytes: e.ERRATA_INGEST_BACKLOG_MB * 1024 * 1024,
    logRoots: logRootsOf(e.ERRATA_LOG_ROOTS),
    sourceMapDays: e.ERRATA_SOURCE_MAPS_DAYS,
    sourceMapBytes: e.ERRATA_SOURCE_MAPS_MB * 1024 * 1024,
    metricsToken: e.ERRATA_METRICS_TOKEN,
  });
}

/** `none` switches reading off altogether. @throws Failure CONFIG_INVALID for a relative path */
function logRootsOf(text: string): string[] {
  if (text.trim() === 'none') return [];
  const named = text
    .split(',')
    .map((folder) => folder.trim())
    .filter(Boolean);
  const relative = named.find((folder) => !isAbsolute(folder));
  if (relative !== undefined)
    throw new Failure(
      'CONFIG_INVALID',
      `The configuration is not valid:\n  ERRATA_LOG_ROOTS: ${relative} is not an absolute path`,
    );
  return [...new Set(['/var/log', ...named.map((folder) => resolve(folder))])];
}

/** The only place where `process.env` is read. */
export function configFromEnvironment(overrides: Record<string, string | undefined> = {}): Config {
  return parseConfig({ ...process.env, ...overrides });
}

/** What command-line clients read: where the server is and with which token, or the DSN that `report` sends to. */
export function clientEnvironment(): { url: string | undefined; token: string | undefined; dsn: string | undefined } {
  return {
    url: process.env['ERRATA_URL'] || undefined,
    token: process.env['ERRATA_TOKEN'] || undefined,
    dsn: process.env['ERRATA_DSN'] || undefined,
  };
}
