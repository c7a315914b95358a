import { closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { type Config, configFromEnvironment } from '../platform/config.ts';
import { dialectOf } from '../platform/db/dialect.ts';
import { openSqlite, sqlitePath } from '../platform/db/sql.ts';
import { journalDirectory, listSegments, segmentPath } from '../platform/ingest-log/segment.ts';
import { advised } from './advice.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import type { LocalOptions } from './shared-options.ts';

/** What one part of the data came to. */
interface Copied {
  part: string;
  files: number;
  bytes: number;
}

/**
 * Copies the data directory into a new folder, so that the copy can be started from: everything that was acknowledged when
 * it began is in it. The order makes it so: the ingest log before the database (what is digested in between is in both,
 * and known by its id), the files after it (those that it names are on disk before it does).
 * The folder gets its name only when it is whole.
 * @throws CommandFailure when the folder is there, there is nothing to copy, there is no room, or the copy is not sound
 */
export async function backup(folder: string, options: LocalOptions): Promise<void> {
  const config = configFromEnvironment(options.dataDir === undefined ? {} : { ERRATA_DATA_DIR: options.dataDir });
  const target = resolve(folder);
  const partial = `${target}.partial`;
  const sqlite = dialectOf(config) === 'sqlite';
  const there = sqlite ? sqlitePath(config.dataDir) : journalDirectory(config.dataDir);
  if (!existsSync(there))
    throw new CommandFailure(`there is no data in ${config.dataDir}; set ERRATA_DATA_DIR or --data-dir`, EXIT.refused);
  for (const path of [target, partial])
    if (existsSync(path)) throw new CommandFailure(`${path} is there already: remove it, or name another folder`, EXIT.refused);
  try {
    mkdirSync(dirname(partial), { recursive: true });
    mkdirSync(partial, { mode: 0o700 });
    const parts = [await copyTree('ingest-log', config.dataDir, partial)];
    if (sqlite) parts.push(copyDatabase(config, partial));
    for (const part of ['attachments', 'artifacts']) parts.push(await copyTree(part, config.dataDir, partial));
    renameSync(partial, target);
    printRows(
      parts.map((part) => ({ ...part, folder: target })),
      options.json === true,
    );
    process.stderr.write(
      sqlite
        ? `errata: ${target} is whole; it is a data directory to start from\n`
        : `errata: now the database: pg_dump -Fc "$DATABASE_URL" > ${join(target, 'errata.dump')}\n`,
    );
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
      throw new CommandFailure(`there is no room for ${target}: nothing is left of it`);
    throw advised(error, config);
  }
}

/** A consistent copy of the SQLite database, looked through; drops the log segments that it makes superfluous. */
function copyDatabase(config: Config, partial: string): Copied {
  const path = sqlitePath(partial);
  const live = openSqlite(config, 'read');
  try {
    live.pragma('query_only = OFF'); // it counts the copy as a change
    live.prepare('vacuum into ?').run(path);
  } finally {
    live.close();
  }
  const copy = new Database(path, { readonly: true });
  try {
    const sound = copy.pragma('quick_check(1)', { simple: true });
    if (sound !== 'ok')
      throw new CommandFailure(`the database is damaged (${sound}): restore an earlier copy, see docs/administer.md#backups`);
    const row = copy.prepare('select log_position from digest_state where id = 1').get() as { log_position: number } | undefined;
    dropDigested(journalDirectory(partial), row?.log_position ?? 0);
  } finally {
    copy.close();
  }
  flush(path);
  return { part: 'errata.db', files: 1, bytes: statSync(path).size };
}

function dropDigested(directory: string, position: number): void {
  if (!existsSync(directory)) return;
  for (const start of listSegments(directory)) {
    const path = segmentPath(directory, start);
    if (start + statSync(path).size <= position) rmSync(path);
  }
}

/** Copies a folder of the data directory. What goes while it is copied (digested, deleted) was not needed any more. */
async function copyTree(part: string, from: string, to: string): Promise<Copied> {
  const copied: Copied = { part, files: 0, bytes: 0 };
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(from, folder), { withFileTypes: true }).catch(unlessGone);
    if (entries === undefined) return;
    await mkdir(join(to, folder), { recursive: true, mode: 0o700 });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'tmp') await walk(path);
      } else if (entry.isFile() && !entry.name.startsWith('writer.lock')) {
        const target = join(to, path);
        const done = await copyFile(join(from, path), target, constants.COPYFILE_FICLONE).then(() => true, unlessGone);
        if (done === undefined) continue;
        if (part === 'ingest-log') flush(target);
        copied.files++;
        copied.bytes += statSync(target).size;
      }
    }
  };
  await walk(part);
  return copied;
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
