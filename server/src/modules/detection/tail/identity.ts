import { hash } from 'node:crypto';
import { readSync, type Stats } from 'node:fs';

/** Bytes at the beginning of a file by which it is known again. */
const HEAD_BYTES = 1024;
/** Bytes before a position that tell whether the file is still the one that was read up to there. */
const TAIL_BYTES = 1024;
const FIRST_LINE_BYTES = 256;

/** A stretch of a file and its hash. */
export interface Print {
  bytes: number;
  hash: string;
}

/** Reads exactly the bytes asked for, or as many as there are. */
export function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, buffer, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

export function headOf(fd: number, size: number): Print {
  const bytes = readAt(fd, 0, Math.min(HEAD_BYTES, size));
  return { bytes: bytes.length, hash: hash('sha1', bytes) };
}

/** The bytes before a position. */
export function tailOf(fd: number, position: number): Print {
  const length = Math.min(TAIL_BYTES, position);
  const bytes = readAt(fd, position - length, length);
  return { bytes: bytes.length, hash: hash('sha1', bytes) };
}

/** Whether a file still begins as it did. */
export function hasHead(fd: number, head: Print): boolean {
  if (head.bytes === 0) return true;
  const bytes = readAt(fd, 0, head.bytes);
  return bytes.length === head.bytes && hash('sha1', bytes) === head.hash;
}

/** Whether before `position` stands what stood there. */
export function hasTail(fd: number, position: number, tail: Print): boolean {
  if (tail.bytes === 0) return true;
  const bytes = readAt(fd, position - tail.bytes, tail.bytes);
  return bytes.length === tail.bytes && hash('sha1', bytes) === tail.hash;
}

/** Whether a head can grow more telling with the file. */
export function isShort(head: Print): boolean {
  return head.bytes < HEAD_BYTES;
}

/**
 * The name of a file's content in the ids of its events: the same whenever and from wherever it is read again. Undefined
 * while the first line is being written. The device is left out, its number changes with the order of mounting.
 * @param generation which content of this inode it is, when two began alike
 * @param settled take a first line without its end, too: nothing has been added to it for long
 */
export function contentId(
  fd: number,
  stat: Pick<Stats, 'ino' | 'size'>,
  generation: number,
  settled = false,
): string | undefined {
  const first = readAt(fd, 0, Math.min(FIRST_LINE_BYTES, stat.size));
  const end = first.indexOf(0x0a);
  if (end < 0 && first.length < FIRST_LINE_BYTES && !settled) return undefined;
  const line = end < 0 ? first : first.subarray(0, end);
  return hash('sha1', `${stat.ino}\n${generation}\n${line.toString('latin1')}`).slice(0, 24);
}

/** The id of an event: what it was read from and where it began there. `nth`: of several that begin at one place. */
export function eventId(source: string, content: string, start: number, nth: number): string {
  return hash('sha256', `${source}\n${content}\n${start}\n${nth}`).slice(0, 32);
}

/** The encoding that a byte order mark at the beginning says; undefined without one. */
export function encodingOfMark(fd: number): 'utf16le' | 'utf16be' | undefined {
  const [a, b] = readAt(fd, 0, 2);
  if (a === 0xff && b === 0xfe) return 'utf16le';
  return a === 0xfe && b === 0xff ? 'utf16be' : undefined;
}

const BACK_BYTES = 64 * 1024;

/** Where the last `count` lines begin: after the newline before them, the beginning when there are not so many. */
export function lastLinesAt(fd: number, size: number, count: number, wide: boolean): number {
  if (count <= 0) return size;
  let left = count + 1; // the last newline ends the last line
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - BACK_BYTES);
    const bytes = readAt(fd, from, end - from);
    for (let i = bytes.length - 1; i >= 0; i -= 1) {
      if (bytes[i] !== 0x0a) continue;
      left -= 1;
      if (left === 0) {
        const at = from + i + 1;
        return wide ? at + (at % 2) : at;
      }
    }
    end = from;
  }
  return 0;
}
