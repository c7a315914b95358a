import { type FSWatcher, watch } from 'node:fs';

/** Folders watched at most: each costs a handle of the system's. */
const MAX_FOLDERS = 512;

/**
 * Hears of changes in folders. Only a hint: network file systems say nothing, and watching may fail; polls find everything,
 * only later.
 */
export class WatchHints {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #hear: (folder: string, kind: string, name: string | null) => void;

  constructor(hear: (folder: string, kind: string, name: string | null) => void) {
    this.#hear = hear;
  }

  /** Watches these folders and no others. */
  set(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      if (this.#watchers.size >= MAX_FOLDERS) return;
      try {
        const watcher = watch(folder, { persistent: false }, (kind, name) => this.#hear(folder, kind, name));
        watcher.on('error', () => {
          watcher.close();
          this.#watchers.delete(folder);
        });
        this.#watchers.set(folder, watcher);
      } catch {
        // not there, not permitted, or no handles left: the poll does it
      }
    }
  }

  close(): void {
    this.set(new Set());
  }
}
