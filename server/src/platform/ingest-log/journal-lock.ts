import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../errors.ts';

/**
 * Makes this process the only writer of a journal: two would write over each other. The lock is the operating system's, held
 * through an otherwise empty SQLite file (Node has no file locks of its own), and ends with the process however it ends.
 * @returns what releases it.
 * @throws Failure UNAVAILABLE when another process holds it.
 */
export function lockJournal(directory: string): () => void {
  const db = new Database(join(directory, 'writer.lock'), { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new Failure('UNAVAILABLE', `Another server is running on this data directory (${directory}).`, { cause: error });
  }
  return () => db.close();
}
