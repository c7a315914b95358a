import { closeSync, openSync } from 'node:fs';
import { readAt } from './identity.ts';

const CHUNK = 1024 * 1024;
const LONGEST = 4_000;

/** Lines out of stretches of files, newest file first, of each file the last; oldest line first within a file. */
export function recentLines(
  places: readonly { path: string; from: number; to: number }[],
  limits: { maxBytes: number; limit: number },
): string[] {
  const lines: string[] = [];
  let bytesLeft = limits.maxBytes;
  for (const { path, from, to } of places) {
    if (bytesLeft <= 0 || lines.length >= limits.limit) break;
    const begin = Math.max(from, to - bytesLeft);
    bytesLeft -= to - begin;
    lines.push(...linesOf(path, begin, to, begin > from).slice(-(limits.limit - lines.length)));
  }
  return lines;
}

/** Whole lines of a stretch, as UTF-8 and cut to 4,000 characters. @param inMiddle the first line has lost its beginning */
export function linesOf(path: string, from: number, to: number, inMiddle: boolean): string[] {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return [];
  }
  const decoder = new TextDecoder('utf-8');
  const lines: string[] = [];
  let rest = '';
  try {
    for (let at = from; at < to; at += CHUNK) {
      const parts = (rest + decoder.decode(readAt(fd, at, Math.min(CHUNK, to - at)), { stream: true })).split('\n');
      rest = (parts.pop() as string).slice(0, CHUNK);
      for (const part of parts) lines.push(part.slice(0, LONGEST).replace(/\r$/, ''));
    }
  } finally {
    closeSync(fd);
  }
  if (rest !== '') lines.push(rest.slice(0, LONGEST));
  return inMiddle ? lines.slice(1) : lines;
}
