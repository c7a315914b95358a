import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { refusals } from './refusal.ts';

const OPEN_BRACE = 0x7b;
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * The JSON text of a body of the deprecated store endpoint: plain, or base64 of zlib, gzip or plain JSON without any
 * header saying so (reference §1.1), as old clients send. Content encodings are undone before.
 * @throws IngestRefusal 400 when it is none of these, 413 when it unpacks to more than `maxBytes`.
 */
export function storeText(body: Buffer, maxBytes: number): string {
  if (body.length === 0) throw refusals.empty();
  let start = 0;
  while (start < body.length && BLANKS.has(body[start] as number)) start++;
  if (start === body.length) throw refusals.empty();
  if (body[start] === OPEN_BRACE) return body.toString('utf8', start);
  return unpackBase64(body.toString('latin1', start).trim(), maxBytes);
}

/**
 * The same for the `sentry_data` of a GET request, where a plus sign may have become a space.
 * @throws IngestRefusal like {@link storeText}.
 */
export function storeTextFromQuery(data: string, maxBytes: number): string {
  const text = data.trim();
  if (text === '') throw refusals.empty();
  return text.startsWith('{') ? text : unpackBase64(text.replaceAll(' ', '+'), maxBytes);
}

function unpackBase64(text: string, maxBytes: number): string {
  if (!/^[A-Za-z0-9+/=_\-\s]+$/.test(text)) throw refusals.json('neither JSON nor base64');
  const packed = Buffer.from(text, 'base64');
  if (packed[0] === OPEN_BRACE) return packed.toString('utf8');
  try {
    const options = { maxOutputLength: maxBytes };
    const bytes =
      packed[0] === 0x1f
        ? gunzipSync(packed, options)
        : isZlib(packed)
          ? inflateSync(packed, options)
          : inflateRawSync(packed, options);
    return bytes.toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw refusals.tooLarge('event', maxBytes);
    throw refusals.encoding('base64');
  }
}

/** A zlib header (RFC 1950): method 8, and a check that makes the first two bytes a multiple of 31. */
export function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
