import { LRUCache } from 'lru-cache';
import { BrokenMap, openSourceMap, type SourceMap } from '../../analysis/source-map/source-map.ts';
import type { BlobStore } from '../../projects/artifacts/blob-store.ts';
import { ARTIFACT_LIMITS } from '../../projects/artifacts/limits.ts';

/** Texts of maps held open. One larger than all of it is opened for the moment and let go. */
const CACHED_BYTES = 64 * 1024 * 1024;
/** Faults remembered: what cannot be read now cannot be read in a moment either. */
const MAX_FAULTS = 500;

/** Opened source maps by content. One per thread. */
export class MapCache {
  readonly #blobs: BlobStore;
  readonly #open: LRUCache<string, { map: SourceMap; bytes: number }>;
  readonly #faults = new Map<string, string>();
  /** Milliseconds spent on opening. */
  openingMs = 0;

  constructor(blobs: BlobStore, maxBytes = CACHED_BYTES) {
    this.#blobs = blobs;
    this.#open = new LRUCache({ maxSize: maxBytes, sizeCalculation: (value) => value.bytes });
  }

  has(sha256: string): boolean {
    return this.#open.has(sha256) || this.#faults.has(sha256);
  }

  /** A map, or what is wrong with it, in words. */
  get(sha256: string): SourceMap | string {
    const known = this.#open.get(sha256)?.map ?? this.#faults.get(sha256);
    if (known !== undefined) return known;
    const begun = performance.now();
    try {
      const content = this.#blobs.read(sha256, ARTIFACT_LIMITS.fileBytes);
      if (content === undefined) return this.#fault(sha256, 'its file is gone from the data directory');
      const map = openSourceMap(content.toString('utf8'));
      this.#open.set(sha256, { map, bytes: content.length + 1_024 });
      return map;
    } catch (error) {
      return this.#fault(
        sha256,
        error instanceof BrokenMap ? error.message : `it cannot be unpacked: ${(error as Error).message}`,
      );
    } finally {
      this.openingMs += performance.now() - begun;
    }
  }

  #fault(sha256: string, fault: string): string {
    if (this.#faults.size >= MAX_FAULTS) this.#faults.clear();
    this.#faults.set(sha256, fault);
    return fault;
  }
}
