import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the data directory when it is not there: for its owner alone, because it holds what programs sent and password
 * hashes. One that is there keeps its mode. @throws the system's error when it cannot be made
 */
export function makeDataDir(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
