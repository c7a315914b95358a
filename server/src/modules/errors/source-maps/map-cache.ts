import { LRUCache } from 'lru-cache';
import { holdsTooMuch } from '../../analysis/source-map/bounds.ts';
import { BrokenMap, openSourceMap, type SourceMap } from '../../analysis/source-map/source-map.ts';
import type { BlobStore } from '../../projects/artifacts/blob-store.ts';
import { ARTIFACT_LIMITS } from '../../projects/artifacts/limits.ts';

const MB = 1024 * 1024;
/** Texts of maps held open, and so the largest that is opened in the digest: one that cannot be held would be opened anew for each batch. */
const CACHED_BYTES = 48 * MB;
/** Faults remembered: what cannot be read now cannot be read in a moment either. */
const MAX_FAULTS = 500;

/** Opened source maps by content. One per thread. */
export class MapCache {
  readonly #blobs: BlobStore;
  readonly #mapBytes: number;
  readonly #open: LRUCache<string, { map: SourceMap; bytes: number }>;
  readonly #faults = new Map<string, string>();
  /** Milliseconds spent on opening. */
  openingMs = 0;

  /** @param mapBytes the largest map that is opened; one larger than what is held is opened for the moment and let go */
  constructor(blobs: BlobStore, maxBytes: number = CACHED_BYTES, mapBytes: number = maxBytes) {
    this.#blobs = blobs;
    this.#mapBytes = Math.min(mapBytes, ARTIFACT_LIMITS.fileBytes);
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
      const content = this.#blobs.read(sha256, this.#mapBytes);
      if (content === undefined) return this.#fault(sha256, 'its file is gone from the data directory');
      if (holdsTooMuch(content)) return this.#fault(sha256, 'it holds more values than are read');
      const map = openSourceMap(content.toString('utf8'));
      this.#open.set(sha256, { map, bytes: content.length + 1_024 });
      return map;
    } catch (error) {
      return this.#fault(
        sha256,
        error instanceof BrokenMap
          ? error.message
          : error instanceof RangeError
            ? this.#tooLarge()
            : `it cannot be unpacked: ${(error as Error).message}`,
      );
    } finally {
      this.openingMs += performance.now() - begun;
    }
  }

  #tooLarge(): string {
    const later = this.#mapBytes < ARTIFACT_LIMITS.fileBytes ? ' while events come in; it is applied when an event is read' : '';
    return `it is larger than the ${Math.floor(this.#mapBytes / MB)} MB that are opened${later}`;
  }

  #fault(sha256: string, fault: string): string {
    if (this.#faults.size >= MAX_FAULTS) this.#faults.clear();
    this.#faults.set(sha256, fault);
    return fault;
  }
}
