import { crc32 } from 'node:zlib';
import type { LogPosition } from './ingest-log.ts';

/** Bytes before every payload: u32 length, u32 checksum, little-endian. */
export const FRAME_HEADER_BYTES = 8;

/** The largest record the journal takes; a length above it is damage, not a record. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * Checksum of a frame: CRC-32 of the payload, seeded with its length and its place in the log. A run of zeros (a file
 * extended but never written) or an intact frame at a wrong place is therefore never taken for a record.
 */
function frameChecksum(payload: Uint8Array, position: LogPosition): number {
  return crc32(payload, (payload.length ^ (position % 0x1_0000_0000)) >>> 0);
}

/** Writes the 8 header bytes of a frame that will stand at `position` of the log. */
export function writeFrameHeader(target: Buffer, offset: number, payload: Uint8Array, position: LogPosition): void {
  target.writeUInt32LE(payload.length, offset);
  target.writeUInt32LE(frameChecksum(payload, position), offset + 4);
}

/** What stands at an offset of a buffer that holds a stretch of the log. */
export type FrameView =
  /** A sound record: payload is `[start, end)` of the buffer. */
  | { kind: 'record'; start: number; end: number }
  /** The buffer ends before the frame does; `needed` bytes from the offset on would hold it whole. */
  | { kind: 'short'; needed: number }
  /** Not a record. `end`: where the next frame would start if the length were true. */
  | { kind: 'damaged'; end: number | undefined };

/** Looks at the frame at `offset` of `buffer`; `position` is the place of that offset in the log. */
export function viewFrame(buffer: Buffer, offset: number, position: LogPosition): FrameView {
  const left = buffer.length - offset;
  if (left < FRAME_HEADER_BYTES) return { kind: 'short', needed: FRAME_HEADER_BYTES };
  const length = buffer.readUInt32LE(offset);
  if (length === 0 || length > MAX_RECORD_BYTES) return { kind: 'damaged', end: undefined };
  const start = offset + FRAME_HEADER_BYTES;
  const end = start + length;
  if (end > buffer.length) return { kind: 'short', needed: FRAME_HEADER_BYTES + length };
  const sound = frameChecksum(buffer.subarray(start, end), position) === buffer.readUInt32LE(offset + 4);
  return sound ? { kind: 'record', start, end } : { kind: 'damaged', end };
}
