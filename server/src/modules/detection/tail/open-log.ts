import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';

/**
 * Opens a file to be read as a log; undefined when it is none (a pipe, a folder), or lies where nothing may be read. Asked is
 * where that lies which was opened: whoever may write into a folder of logs can put a link in the place of a file in between.
 * @param isAllowed whether a path, its links resolved, may be read
 * @throws what the file system says
 */
export function openLog(path: string, isAllowed: (real: string) => boolean): { fd: number; stat: Stats } | undefined {
  // Looked at before it is opened: a device may do anything; and not blocking, since a pipe would wait for its writer.
  if (!statSync(path).isFile()) return undefined;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (stat.isFile() && isAllowed(placeOf(fd, path, stat))) return { fd, stat };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  closeSync(fd);
  return undefined;
}

/** The path of an open file. Linux says it; elsewhere the path is followed again, and has to lead to the same file. */
function placeOf(fd: number, path: string, stat: Stats): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    const real = realpathSync(path);
    const there = statSync(real);
    return there.ino === stat.ino && there.dev === stat.dev ? real : '';
  }
}
