import { createHash, type Hash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';

/** Bytes held before a temporary file is begun: what is refused early never touches the disk. */
const HELD_BYTES = 64 * 1024;
/** Below this much free disk nothing is written: what was accepted before needs the room. */
const FREE_DISK_FLOOR_BYTES = 256 * 1024 * 1024;
const NAME = /^[0-9a-f]{64}$/;

/** Bytes that are in the store, safe from a crash. */
export interface StoredContent {
  /** 64 hex digits: the name in the store. */
  sha256: string;
  sizeBytes: number;
}

/**
 * Files named by what is in them: `<directory>/ab/cd/<sha256>`. Written to `<directory>/tmp` while they come, flushed, then
 * renamed, so that a file in place is whole. Names given by strangers never become paths. The same bytes are kept once.
 * One process owns the directory.
 */
export class ContentStore {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #freeBytes: (path: string) => number;
  /** Put here by this process, and when: somebody is about to refer to them. */
  readonly #fresh = new Map<string, number>();

  /** Clears away what an interrupted process left half written. `freeBytes`: for tests. */
  constructor(options: { directory: string; clock: Clock; freeBytes?: (path: string) => number }) {
    this.#directory = options.directory;
    this.#clock = options.clock;
    this.#freeBytes = options.freeBytes ?? freeBytesOf;
    mkdirSync(this.#tmp, { recursive: true });
    for (const name of readdirSync(this.#tmp)) rmSync(join(this.#tmp, name), { force: true, recursive: true });
  }

  get #tmp(): string {
    return join(this.#directory, 'tmp');
  }

  /** Begins a file of at most so many bytes. */
  begin(maxBytes: number): ContentWriter {
    return new ContentWriter({
      maxBytes,
      path: join(this.#tmp, randomBytes(12).toString('hex')),
      hasRoom: () => this.#freeBytes(this.#directory) >= FREE_DISK_FLOOR_BYTES,
      place: (path, sha256) => this.#place(path, sha256),
    });
  }

  /** Opens a file for reading; undefined when there is none. @throws the system's error for anything else */
  async open(sha256: string): Promise<FileHandle | undefined> {
    if (!NAME.test(sha256)) return undefined;
    try {
      return await open(this.#path(sha256), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * Removes a file that nobody refers to, unless it was put there (again) after `before`, ms. Answers the bytes freed.
   * Looking and removing are one step, so that what arrives meanwhile is not lost.
   */
  remove(sha256: string, before: number): number {
    if (!NAME.test(sha256) || (this.#fresh.get(sha256) ?? Number.NEGATIVE_INFINITY) >= before) return 0;
    try {
      const { size, mtimeMs } = statSync(this.#path(sha256));
      if (mtimeMs >= before) return 0;
      unlinkSync(this.#path(sha256));
      this.#fresh.delete(sha256);
      return size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }

  /** Names of all files, by folder: at most 256 × 256 folders of a few each. */
  async *names(): AsyncGenerator<string[]> {
    for (const first of await foldersOf(this.#directory)) {
      for (const second of await foldersOf(join(this.#directory, first))) {
        const names = (await readdir(join(this.#directory, first, second))).filter((name) => NAME.test(name));
        if (names.length > 0) yield names;
      }
    }
    // What was put in place before the walk began is known to the caller by now.
    const past = this.#clock.now() - 24 * 3_600_000;
    for (const [name, at] of this.#fresh) if (at < past) this.#fresh.delete(name);
  }

  #path(sha256: string): string {
    return join(this.#directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async #place(path: string, sha256: string): Promise<void> {
    const target = this.#path(sha256);
    const now = this.#clock.now();
    this.#fresh.set(sha256, now); // before looking: from now on nobody removes it
    if (await exists(target)) {
      await utimes(target, now / 1000, now / 1000);
      await unlink(path);
      return;
    }
    await mkdir(dirname(target), { recursive: true });
    await utimes(path, now / 1000, now / 1000);
    await rename(path, target);
    // The names on the way down are new, too; a file whose name is lost in a crash is lost.
    for (const folder of [dirname(target), dirname(dirname(target)), this.#directory]) await flushFolder(folder);
  }
}

/** One file on its way into the store. Never throws while bytes come: troubles are told by {@link ContentWriter.keep}. */
export class ContentWriter {
  readonly #maxBytes: number;
  readonly #path: string;
  readonly #hasRoom: () => boolean;
  readonly #place: (path: string, sha256: string) => Promise<void>;
  #hash: Hash | undefined = createHash('sha256');
  #held: Buffer[] = [];
  #heldBytes = 0;
  #fd: number | undefined;
  #failure: unknown;
  bytes = 0;

  constructor(options: {
    maxBytes: number;
    path: string;
    hasRoom: () => boolean;
    place: (path: string, sha256: string) => Promise<void>;
  }) {
    this.#maxBytes = options.maxBytes;
    this.#path = options.path;
    this.#hasRoom = options.hasRoom;
    this.#place = options.place;
  }

  /** More bytes came than are allowed; nothing of it is kept. */
  get overflowed(): boolean {
    return this.bytes > this.#maxBytes;
  }

  /** Takes the next bytes: into the page cache, which is quicker than telling the sender to wait. */
  write(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.#hash === undefined) return;
    if (this.overflowed) {
      this.discard();
      return;
    }
    this.#hash.update(chunk);
    this.#held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > HELD_BYTES) this.#spill();
  }

  /**
   * Everything came: puts it in place, on disk. @throws RangeError when it was too much or discarded; the system's error
   * when it could not be written
   */
  async keep(): Promise<StoredContent> {
    const hash = this.#hash;
    if (this.#failure !== undefined) throw this.#failure;
    if (hash === undefined) throw new RangeError('the content is too large or was discarded');
    this.#hash = undefined;
    try {
      this.#spill();
      if (this.#failure !== undefined) throw this.#failure;
      const handle = await open(this.#path, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      this.#close();
      const sha256 = hash.digest('hex');
      await this.#place(this.#path, sha256);
      return { sha256, sizeBytes: this.bytes };
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  /** Lets go of everything; does nothing after {@link keep}. */
  discard(): void {
    if (this.#hash === undefined) return;
    this.#hash = undefined;
    this.#drop();
  }

  #spill(): void {
    try {
      if (this.#fd === undefined && !this.#hasRoom()) throw new Error('the disk is nearly full');
      this.#fd ??= openSync(this.#path, 'wx', 0o600);
      for (const chunk of this.#held) for (let at = 0; at < chunk.length; ) at += writeSync(this.#fd, chunk, at);
    } catch (error) {
      this.#failure = error;
      this.discard();
    }
    this.#held = [];
    this.#heldBytes = 0;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
    const begun = this.#fd !== undefined;
    this.#close();
    if (begun) rmSync(this.#path, { force: true });
  }
}

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function foldersOf(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
