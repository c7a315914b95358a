import { hours } from '../../../platform/clock.ts';
import type { FileTail } from './file-tail.ts';
import { OffsetStore, offsetsPath, type StoredFile } from './offsets.ts';

/** Files that were left are remembered for so long. */
const REMEMBER_MS = hours(24 * 7);

/** What is written down of a source's files. Without a folder nothing is. */
export class OffsetKeeper {
  readonly #store: OffsetStore | undefined;
  /** What was last made of a file: its bytes are looked at again only when it moved. */
  readonly #stored = new Map<FileTail, { committed: number; path: string; stored: StoredFile }>();

  constructor(stateDir: string | undefined, key: string) {
    this.#store = stateDir === undefined ? undefined : new OffsetStore(offsetsPath(stateDir, key));
  }

  /** What was kept; undefined when the source was never followed, or when what was kept is damaged. */
  load(damaged: (error: unknown) => void): readonly StoredFile[] | undefined {
    try {
      return this.#store?.load()?.files;
    } catch (error) {
      this.#store?.setAside();
      damaged(error);
      return undefined;
    }
  }

  /** Durable when it returns. @throws what the disk says */
  save(remembered: readonly StoredFile[], files: Iterable<FileTail>, now: number): void {
    if (this.#store === undefined) return;
    const all = remembered.filter(({ seenAt }) => now - seenAt < REMEMBER_MS);
    for (const file of files) {
      const stored = this.of(file, now);
      if (stored !== undefined) all.push(stored);
    }
    this.#store.save({ version: 1, files: all });
  }

  /** What is to be kept of a file; undefined when it cannot be read any more and nothing was made of it before. */
  of(file: FileTail, now: number): StoredFile | undefined {
    const last = this.#stored.get(file);
    if (last?.committed === file.committed && last.path === file.path) {
      last.stored.seenAt = now;
      return last.stored;
    }
    const stored = file.stored(now) ?? last?.stored;
    if (stored !== undefined) this.#stored.set(file, { committed: file.committed, path: file.path, stored });
    return stored;
  }

  forget(file: FileTail): void {
    this.#stored.delete(file);
  }
}
