import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../errors.ts';

/**
 * Makes this process the only writer of a journal: two would write over each other. The lock is the operating system's, held
 * through an otherwise empty SQLite file (Node has no file locks of its own), and ends with the process however it ends.
 * The directory is made when it is not there.
 * @returns what releases it; more than once does no harm.
 * @throws Failure UNAVAILABLE when another process holds it; the system's error when the directory cannot be written.
 */
export function lockJournal(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const db = new Database(join(directory, 'writer.lock'), { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new Failure(
      'UNAVAILABLE',
      `Another server is running on this data directory (${dirname(directory)}), or is still stopping: stop it, or give this one a directory of its own.`,
      { cause: error },
    );
  }
  return () => db.close();
}
