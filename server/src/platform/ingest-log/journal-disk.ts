import { close, fdatasync, ftruncate, open, unlink, write } from 'node:fs';

/**
 * What the journal asks of the file system; every call answers when the kernel has done it. Tests replace it to play a
 * full or failing disk. Callback functions of node:fs underneath: a FileHandle costs twice the CPU per call.
 */
export interface JournalDisk {
  /** Opens for writing, creating the file if it is not there. */
  open(path: string): Promise<number>;
  /** Writes the whole buffer at an offset, however many calls it takes. */
  write(fd: number, buffer: Buffer, offset: number): Promise<void>;
  datasync(fd: number): Promise<void>;
  truncate(fd: number, length: number): Promise<void>;
  close(fd: number): Promise<void>;
  /** Makes created and removed names of a directory durable. */
  syncDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

type Done = (error: NodeJS.ErrnoException | null) => void;
const call = (work: (done: Done) => void): Promise<void> =>
  new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));

const openFile = (path: string, flags: string | number): Promise<number> =>
  new Promise((resolve, reject) => open(path, flags, 0o600, (error, fd) => (error ? reject(error) : resolve(fd))));

/** Opens without truncating: `r+` refuses a missing file, `w` empties an existing one. */
async function openOrCreate(path: string): Promise<number> {
  try {
    return await openFile(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return openFile(path, 'wx');
  }
}

function writeAll(fd: number, buffer: Buffer, offset: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let written = 0;
    const step = () =>
      write(fd, buffer, written, buffer.length - written, offset + written, (error, n) => {
        if (error) return reject(error);
        written += n;
        if (written < buffer.length) step();
        else resolve();
      });
    step();
  });
}

/** The file system itself. Rejects with its errors (ENOSPC, EIO …). */
export const realDisk: JournalDisk = {
  open: openOrCreate,
  write: writeAll,
  datasync: (fd) => call((done) => fdatasync(fd, done)),
  truncate: (fd, length) => call((done) => ftruncate(fd, length, done)),
  close: (fd) => call((done) => close(fd, done)),
  async syncDirectory(path) {
    const fd = await openFile(path, 'r');
    try {
      await call((done) => fdatasync(fd, done));
    } finally {
      await call((done) => close(fd, done));
    }
  },
  remove: (path) => call((done) => unlink(path, done)),
};
