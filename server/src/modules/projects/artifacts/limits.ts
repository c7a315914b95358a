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

/** Addresses stand in an index together with their release: PostgreSQL takes no more than 2,704 bytes of both. */
const URL_BYTES = 1_500;

/** A text as both databases take it: without NUL and halves of characters, cut. */
export function storable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replaceAll('\0', '').toWellFormed();
}

/** A file's address as both databases can look it up. */
export function storableUrl(url: string): string {
  const text = storable(url, URL_BYTES);
  if (Buffer.byteLength(text) <= URL_BYTES) return text;
  // A character that was cut in two is left out.
  return Buffer.from(text)
    .subarray(0, URL_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}

/** An upload that cannot be taken; the message is for the person who uploads. */
export class UploadRefusal extends Error {
  override readonly name = 'UploadRefusal';
}
