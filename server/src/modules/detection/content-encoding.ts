import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { refusals } from './protocols/refusal.ts';
import { isZlib } from './protocols/sentry-store.ts';

/** How a body is packed. `deflate` covers the zlib form, which the standard means, and the raw one, which some send. */
export type Coding = 'identity' | 'gzip' | 'deflate' | 'br' | 'zstd';

const CODINGS: Record<string, Coding> = {
  '': 'identity', // sentry-ruby 5
  identity: 'identity',
  'utf-8': 'identity', // sentry.java.android 2.0
  utf8: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
};

/** Windows larger than 8 MiB are refused, so that a small body cannot ask for much memory. */
const ZSTD = { params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } };

/**
 * Reads a Content-Encoding header (protocol reference §1.3). Left out: several codings one upon another.
 * @throws IngestRefusal 415 for a coding that is not known.
 */
export function readCoding(header: string | undefined): Coding {
  if (header === undefined) return 'identity';
  const coding = CODINGS[header.trim().toLowerCase()];
  if (coding === undefined) throw refusals.unknownEncoding(header.slice(0, 40));
  return coding;
}

/**
 * Unpacks a small body at once: cheaper by half than a stream at this size.
 * @returns undefined when it unpacks to more than `maxBytes`: nothing larger is ever produced.
 * @throws IngestRefusal 400 when it is damaged or cut short.
 */
export function unpackSync(body: Buffer, coding: Coding, maxBytes: number): Buffer | undefined {
  if (coding === 'identity') return body.length <= maxBytes ? body : undefined;
  const options = { maxOutputLength: maxBytes };
  try {
    if (coding === 'gzip') return zlib.gunzipSync(body, options);
    if (coding === 'br') return zlib.brotliDecompressSync(body, options);
    if (coding === 'zstd') return zlib.zstdDecompressSync(body, { ...options, ...ZSTD });
    return isZlib(body) ? zlib.inflateSync(body, options) : zlib.inflateRawSync(body, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw refusals.encoding(coding);
  }
}

/** A stream that unpacks; `first` are the first bytes of the body, by which the two deflates are told apart. */
export function unpackStream(coding: Exclude<Coding, 'identity'>, first: Buffer): Transform {
  if (coding === 'gzip') return zlib.createGunzip();
  if (coding === 'br') return zlib.createBrotliDecompress();
  if (coding === 'zstd') return zlib.createZstdDecompress(ZSTD);
  return isZlib(first) ? zlib.createInflate() : zlib.createInflateRaw();
}
