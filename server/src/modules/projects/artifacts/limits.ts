const MB = 1024 * 1024;

/** Caps of uploads. Everything that comes is hostile until read. */
export const ARTIFACT_LIMITS = {
  /** One piece of an upload, as it is (gzip or not). */
  chunkBytes: 8 * MB,
  chunksPerRequest: 16,
  requestBytes: 32 * MB,
  /** One upload, put together. */
  bundleBytes: 512 * MB,
  /** One file in it, unpacked, and all of them. */
  fileBytes: 128 * MB,
  unpackedBytes: 1_536 * MB,
  files: 20_000,
  manifestBytes: 16 * MB,
  /** Pieces one user may have lying about, waiting to be put together. */
  waitingBytes: 2_048 * MB,
} as const;

/** An upload that cannot be taken; the message is for the person who uploads. */
export class UploadRefusal extends Error {
  override readonly name = 'UploadRefusal';
}
