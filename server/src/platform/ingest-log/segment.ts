import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME_HEADER_BYTES, viewFrame } from './frame.ts';
import type { LogPosition } from './ingest-log.ts';

const NAME = /^(\d{16})\.journal$/;
const CHUNK_BYTES = 1024 * 1024;

/** Where the journal stands inside the data directory. */
export function journalDirectory(dataDir: string): string {
  return join(dataDir, 'ingest-log');
}

/** A segment is named by the log position of its first byte, so that positions survive the deletion of older ones. */
export function segmentPath(directory: string, start: LogPosition): string {
  return join(directory, `${String(start).padStart(16, '0')}.journal`);
}

/** Start positions of the segments on disk, ascending. Other files are ignored. */
export function listSegments(directory: string): LogPosition[] {
  return readdirSync(directory)
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads up to `length` bytes at `offset`; a buffer shorter than asked means end of file. */
export function readAt(fd: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const n = readSync(fd, buffer, filled, length - filled, offset + filled);
    if (n === 0) break;
    filled += n;
  }
  return filled === length ? buffer : buffer.subarray(0, filled);
}

/**
 * Whether a sound frame stands at `offset` of an open segment. Used to tell a damaged record in the middle (its neighbour
 * is sound: skip one) from a torn tail (nothing sound follows).
 */
export function soundFrameAt(fd: number, segmentStart: LogPosition, offset: number): boolean {
  const head = readAt(fd, offset, FRAME_HEADER_BYTES);
  const first = viewFrame(head, 0, segmentStart + offset);
  if (first.kind !== 'short' || first.needed === FRAME_HEADER_BYTES) return false;
  return viewFrame(readAt(fd, offset, first.needed), 0, segmentStart + offset).kind === 'record';
}

/** What a walk over a segment found. */
export interface SegmentScan {
  /** Offset behind the last sound record: everything after it was never acknowledged, or cannot be read. */
  soundBytes: number;
  /** Bytes in the file. */
  fileBytes: number;
  /** Damaged frames with sound ones behind them. */
  damaged: number;
}

/** Walks a segment from its first frame to its last sound one. Reads in chunks: memory stays small. */
export function scanSegment(path: string, start: LogPosition): SegmentScan {
  const fd = openSync(path, 'r');
  try {
    const fileBytes = fstatSync(fd).size;
    let offset = 0;
    let soundBytes = 0;
    let damaged = 0;
    let pendingDamage = 0;
    let wanted = CHUNK_BYTES;
    while (offset < fileBytes) {
      const chunk = readAt(fd, offset, Math.min(wanted, fileBytes - offset));
      let inChunk = 0;
      wanted = CHUNK_BYTES;
      let stop = chunk.length === 0;
      while (!stop) {
        const frame = viewFrame(chunk, inChunk, start + offset + inChunk);
        if (frame.kind === 'record') {
          inChunk = frame.end;
          soundBytes = offset + inChunk;
          damaged += pendingDamage;
          pendingDamage = 0;
        } else if (frame.kind === 'short') {
          if (offset + inChunk + frame.needed > fileBytes) return { soundBytes, fileBytes, damaged };
          wanted = Math.max(CHUNK_BYTES, frame.needed);
          break;
        } else if (frame.end !== undefined && soundFrameAt(fd, start, offset + frame.end)) {
          inChunk = frame.end;
          pendingDamage++;
        } else {
          return { soundBytes, fileBytes, damaged };
        }
        stop = inChunk >= chunk.length;
      }
      offset += inChunk;
    }
    return { soundBytes, fileBytes, damaged };
  } finally {
    closeSync(fd);
  }
}
