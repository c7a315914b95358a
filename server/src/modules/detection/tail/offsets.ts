import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Print } from './identity.ts';

/** How far one content is read and how it is known again. */
export interface StoredFile {
  path: string;
  dev: number;
  ino: number;
  head: Print;
  /** Of the bytes before `offset`. */
  tail: Print;
  /** Name of the content in the ids of events. */
  content: string;
  generation: number;
  /** Everything before it is on disk with the server. */
  offset: number;
  /** Of the file when it was last seen. */
  mtimeMs: number;
  /** When it was last seen, ms. */
  seenAt: number;
  /** Offsets at the first reading within an hour: [start of hour ms, offset], oldest first, of the last day. */
  marks: [number, number][];
}

/** What is kept about a source. */
export interface StoredOffsets {
  version: 1;
  files: StoredFile[];
}

/** A file of offsets: replaced whole, so that a crash leaves the old or the new one. */
export class OffsetStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was kept; undefined when there is nothing: the source was never watched. @throws SyntaxError when it is damaged */
  load(): StoredOffsets | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const stored = JSON.parse(text) as StoredOffsets;
    if (stored.version !== 1 || !Array.isArray(stored.files)) throw new SyntaxError('not a file of offsets');
    return stored;
  }

  /** Durable when it returns. @throws what the disk says */
  save(offsets: StoredOffsets): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.new`;
    const fd = openSync(temporary, 'w', 0o600);
    try {
      writeSync(fd, JSON.stringify(offsets));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, this.#path);
    const folder = openSync(dirname(this.#path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  /** Puts a damaged file aside, so that a person can look at it. */
  setAside(): void {
    renameSync(this.#path, `${this.#path}.damaged`);
  }

  remove(): void {
    try {
      unlinkSync(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Where the offsets of a source are kept. */
export function offsetsPath(stateDir: string, sourceKey: string): string {
  return join(stateDir, `${sourceKey.replace(/[^\w.-]/g, '_')}.json`);
}
