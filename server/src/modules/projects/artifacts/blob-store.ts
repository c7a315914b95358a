import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Clock } from '../../../platform/clock.ts';

const NAME = /^[0-9a-f]{64}$/;
/** What is this old and referred to by nobody may go: younger ones may be about to be referred to. */
export const BLOB_GRACE_MS = 60 * 60_000;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 6 } };

/** A content in the store. */
export interface Blob {
  /** SHA-256 of the content, hex. */
  sha256: string;
  sizeBytes: number;
  storedBytes: number;
}

/**
 * Contents of uploaded files by their SHA-256, compressed: `<data directory>/artifacts/blobs/ab/<sha256>.zst`. Names are
 * made here of what is in the file, never of what a client says. Synchronous, for threads other than the main one; several
 * threads may use one store. The same content is kept once, whoever uploads it; who may read it is decided by the tables.
 */
export class BlobStore {
  readonly #root: string;
  readonly #clock: Clock;

  constructor(dataDir: string, clock: Clock) {
    this.#root = join(dataDir, 'artifacts', 'blobs');
    this.#clock = clock;
  }

  /** Puts a content on disk, safe from a crash. */
  put(content: Uint8Array): Blob {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const path = this.#path(sha256);
    if (existsSync(path)) {
      utimesSync(path, this.#clock.now() / 1000, this.#clock.now() / 1000); // somebody refers to it anew: no sweep takes it
      return { sha256, sizeBytes: content.length, storedBytes: statSync(path).size };
    }
    const packed = zstdCompressSync(content, LEVEL);
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    const file = openSync(temporary, 'wx', 0o600);
    try {
      for (let at = 0; at < packed.length; ) at += writeSync(file, packed, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    return { sha256, sizeBytes: content.length, storedBytes: packed.length };
  }

  /** A content; undefined when it is not there. @throws RangeError when it is larger than `maxBytes` */
  read(sha256: string, maxBytes: number): Buffer | undefined {
    if (!NAME.test(sha256)) return undefined;
    let packed: Buffer;
    try {
      packed = readFileSync(this.#path(sha256));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return zstdDecompressSync(packed, { maxOutputLength: maxBytes });
  }

  /** Removes a content that was put there before a moment, ms. Answers whether it is gone. */
  remove(sha256: string, before: number): boolean {
    if (!NAME.test(sha256)) return false;
    const path = this.#path(sha256);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs >= before) return false;
    rmSync(path, { force: true });
    return true;
  }

  /** Names of the contents in one of the 256 folders; half-written ones from before a moment, ms, are cleared away. */
  namesIn(folder: number, before: number): string[] {
    const directory = join(this.#root, folder.toString(16).padStart(2, '0'));
    if (!existsSync(directory)) return [];
    const names: string[] = [];
    for (const name of readdirSync(directory)) {
      const sha256 = name.replace(/\.zst$/, '');
      if (NAME.test(sha256)) names.push(sha256);
      else if ((statSync(join(directory, name), { throwIfNoEntry: false })?.mtimeMs ?? before) < before)
        rmSync(join(directory, name), { force: true });
    }
    return names;
  }

  #path(sha256: string): string {
    return join(this.#root, sha256.slice(0, 2), `${sha256}.zst`);
  }
}
