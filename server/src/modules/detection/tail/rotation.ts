import { type Dirent, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

const COMPRESSED = /\.(gz|zst|bz2|xz|lz4|lzma|zip|Z|br|7z)$/i;
/** What rotation puts behind or into a name: a number, a date, or a word for "the one before". */
const MARK = /^[.\-_](\d[\d.\-_:T]*|old|bak|prev|save|orig|copy)$/i;

/** Whether the name says that the content is packed. Such files are old and were read before they were packed. */
export function isCompressed(path: string): boolean {
  return COMPRESSED.test(path);
}

/** Whether `name` is what rotation makes of `base`: app.log → app.log.1, app.log-20261122, app-2026-11-22.log, app.1.log. */
export function isRotationOf(name: string, base: string): boolean {
  const plain = name.replace(COMPRESSED, '');
  if (plain.startsWith(base) && MARK.test(plain.slice(base.length))) return true;
  const extension = extname(base);
  if (extension === '' || !plain.endsWith(extension)) return false;
  const stem = base.slice(0, -extension.length);
  return plain.startsWith(stem) && MARK.test(plain.slice(stem.length, -extension.length));
}

/** Paths beside a file that rotation may have made of it and that can be read. */
export function rotationsOf(path: string): string[] {
  const folder = dirname(path);
  const base = basename(path);
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter(({ name }) => !isCompressed(name) && isRotationOf(name, base)).map(({ name }) => join(folder, name));
}
