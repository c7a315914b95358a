import { closeSync } from 'node:fs';
import { readAt } from './identity.ts';
import { openLog } from './open-log.ts';

const CHUNK = 1024 * 1024;
const LONGEST = 4_000;

/** Lines out of stretches of files, newest file first, of each file the last; oldest line first within a file. */
export function recentLines(
  places: readonly { path: string; ino: number; from: number; to: number }[],
  limits: { maxBytes: number; limit: number },
  isAllowed: (real: string) => boolean,
): string[] {
  const lines: string[] = [];
  let bytesLeft = limits.maxBytes;
  for (const { path, ino, from, to } of places) {
    if (bytesLeft <= 0 || lines.length >= limits.limit) break;
    const begin = Math.max(from, to - bytesLeft);
    bytesLeft -= to - begin;
    const opened = tryOpen(path, isAllowed);
    if (opened === undefined) continue;
    try {
      // What has taken the file's place meanwhile was not asked for.
      if (opened.stat.ino === ino)
        lines.push(...linesOf(opened.fd, begin, to, begin > from).slice(-(limits.limit - lines.length)));
    } finally {
      closeSync(opened.fd);
    }
  }
  return lines;
}

function tryOpen(path: string, isAllowed: (real: string) => boolean): ReturnType<typeof openLog> {
  try {
    return openLog(path, isAllowed);
  } catch {
    return undefined; // it went away
  }
}

/** Whole lines of a stretch of an open file, as UTF-8 and cut to 4,000 characters. @param inMiddle the first line has lost its beginning */
export function linesOf(fd: number, from: number, to: number, inMiddle: boolean): string[] {
  const decoder = new TextDecoder('utf-8');
  const lines: string[] = [];
  let rest = '';
  for (let at = from; at < to; at += CHUNK) {
    const parts = (rest + decoder.decode(readAt(fd, at, Math.min(CHUNK, to - at)), { stream: true })).split('\n');
    rest = (parts.pop() as string).slice(0, CHUNK);
    for (const part of parts) lines.push(part.slice(0, LONGEST).replace(/\r$/, ''));
  }
  if (rest !== '') lines.push(rest.slice(0, LONGEST));
  return inMiddle ? lines.slice(1) : lines;
}
