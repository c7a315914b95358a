import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The product's version, from the server's package.json (two folders up from `src/platform` and `dist/platform` alike). */
export const VERSION: string = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
).version;
