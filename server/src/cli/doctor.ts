import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { AbstractSqlConnection } from '@mikro-orm/sql';
import type { Command } from 'commander';
import { entities } from '../entities.ts';
import { type Config, configFromEnvironment } from '../platform/config.ts';
import { dialectOf } from '../platform/db/dialect.ts';
import { openOrm } from '../platform/db/orm.ts';
import { sqlitePath } from '../platform/db/sql.ts';
import { EXIT, runCommand } from './output.ts';

/** One check: what was looked at, how it stands, and what to do when it stands badly. */
export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  advice?: string;
}

const GIB = 1024 ** 3;

/** `errata doctor`: looks at everything a server needs and says what to do about what is wrong. Changes nothing. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check the configuration, the data directory, the database and the running server')
    .option('--json', 'print findings as NDJSON')
    .action((options: { json?: boolean }) =>
      runCommand(async () => {
        const findings = await examine();
        for (const finding of findings) {
          if (options.json) process.stdout.write(`${JSON.stringify(finding)}\n`);
          else {
            const sign = { ok: '✓', warning: '!', failed: '✗' }[finding.state];
            process.stdout.write(
              `${sign} ${finding.check}: ${finding.detail}\n${finding.advice === undefined ? '' : `    → ${finding.advice}\n`}`,
            );
          }
        }
        if (findings.some((finding) => finding.state === 'failed')) process.exitCode = EXIT.failed;
      }),
    );
}

/** All findings, in the order in which things depend on each other; stops at a configuration that cannot be read. */
export async function examine(overrides: Record<string, string> = {}): Promise<Finding[]> {
  const findings: Finding[] = [node()];
  let config: Config;
  try {
    config = configFromEnvironment(overrides);
    findings.push({ check: 'configuration', state: 'ok', detail: `serves ${config.baseUrl}` });
  } catch (error) {
    return [
      ...findings,
      {
        check: 'configuration',
        state: 'failed',
        detail: (error as Error).message,
        advice: 'correct the variables named; docs/administer.md lists them all',
      },
    ];
  }
  findings.push(dataDirectory(config), diskSpace(config), await database(config), await server(config));
  return findings;
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

function dataDirectory(config: Config): Finding {
  try {
    mkdirSync(config.dataDir, { recursive: true });
    accessSync(config.dataDir, constants.R_OK | constants.W_OK);
    return { check: 'data directory', state: 'ok', detail: config.dataDir };
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
  if (!existsSync(config.dataDir)) return { check: 'disk', state: 'warning', detail: 'unknown, the data directory is missing' };
  const { bavail, bsize } = statfsSync(config.dataDir);
  const free = bavail * bsize;
  const state = free < GIB / 4 ? 'failed' : free < 2 * GIB ? 'warning' : 'ok';
  return {
    check: 'disk',
    state,
    detail: `${(free / GIB).toFixed(1)} GiB free`,
    ...(state === 'ok' ? {} : { advice: 'ingestion stops before the disk is full; make room or move the data directory' }),
  };
}

async function database(config: Config): Promise<Finding> {
  const dialect = dialectOf(config);
  if (dialect === 'sqlite' && !existsSync(sqlitePath(config.dataDir))) {
    return { check: 'database', state: 'ok', detail: 'SQLite, not there yet; made at the first start' };
  }
  try {
    const orm = await openOrm(config, entities);
    try {
      const pending = await orm.migrator.getPending();
      if (dialect === 'sqlite') {
        const [row] = await (orm.em.getConnection() as AbstractSqlConnection).execute<{ quick_check: string }[]>(
          'pragma quick_check',
        );
        if (row?.quick_check !== 'ok') {
          return {
            check: 'database',
            state: 'failed',
            detail: `SQLite reports: ${row?.quick_check}`,
            advice: `stop the server, keep a copy of ${join(config.dataDir, 'errata.db')} and restore the last backup`,
          };
        }
      }
      return {
        check: 'database',
        state: 'ok',
        detail: `${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, ${pending.length === 0 ? 'up to date' : `${pending.length} migrations to apply at the next start`}`,
      };
    } finally {
      await orm.close(true);
    }
  } catch (error) {
    return {
      check: 'database',
      state: 'failed',
      detail: (error as Error).message,
      advice: 'check DATABASE_URL, and that the database can be reached from here',
    };
  }
}

async function server(config: Config): Promise<Finding> {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const status = await new Promise<number | undefined>((resolve) => {
    const request = get({ host, port: config.port, path: '/readyz', timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', () => resolve(undefined));
    request.on('timeout', () => request.destroy());
  });
  if (status === 200) return { check: 'server', state: 'ok', detail: `running and ready on port ${config.port}` };
  if (status !== undefined)
    return {
      check: 'server',
      state: 'failed',
      detail: `port ${config.port} answers ${status} to /readyz`,
      advice: 'if that is Errata, its log says what is not ready; if not, another program has the port',
    };
  const free = await portIsFree(host, config.port);
  return free
    ? { check: 'server', state: 'ok', detail: `not running; port ${config.port} is free` }
    : {
        check: 'server',
        state: 'failed',
        detail: `port ${config.port} is taken by something that does not speak HTTP`,
        advice: 'set PORT to another one',
      };
}

function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
