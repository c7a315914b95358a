import { inflate } from 'node:zlib';
import { refusals } from './refusal.ts';

/** A file of an Unreal Engine crash report. */
export interface UnrealFile {
  name: string;
  bytes: Buffer;
}

const MAX_BYTES = 200 * 1024 * 1024;
const MAX_FILES = 50;
const MAX_NAME = 1_024;

/**
 * Unpacks what Unreal Engine's crash reporter sends: zlib over an archive of a header (`CR1` since engine 4.27; folder and
 * file name, sizes, count) and files (index, name, size, bytes), all numbers 32 bits little endian, texts counted and ended
 * by NUL. Without `CR1` the header in front is a placeholder and the count stands at the very end. The layout is that of
 * FCompressedCrashFile in the engine's CrashReportClient.
 * @throws IngestRefusal `unreal`, 413 `too_large`
 */
export async function readUnreal(body: Buffer): Promise<UnrealFile[]> {
  const bytes = await new Promise<Buffer>((resolve, reject) =>
    inflate(body, { maxOutputLength: MAX_BYTES }, (error, plain) => {
      if (error === null) resolve(plain);
      else
        reject(
          error instanceof RangeError ? refusals.tooLarge('crash report', MAX_BYTES) : refusals.unreal('not compressed by zlib'),
        );
    }),
  );
  let at = 0;
  const number = (from = at): number => {
    if (from < 0 || from + 4 > bytes.length) throw refusals.unreal('it ends early');
    return bytes.readInt32LE(from);
  };
  const int = (): number => {
    const value = number();
    at += 4;
    return value;
  };
  const piece = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw refusals.unreal('it ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const text = (): string => {
    const length = int();
    if (length > MAX_NAME) throw refusals.unreal('a name is too long');
    const raw = piece(length);
    const end = raw.indexOf(0);
    return raw.toString('utf8', 0, end < 0 ? raw.length : end);
  };
  const hasHeader = bytes.toString('latin1', 0, 3) === 'CR1';
  if (hasHeader) at = 3;
  text();
  text();
  int();
  const first = int();
  const count = hasHeader ? first : number(bytes.length - 4);
  if (count < 0 || count > MAX_FILES) throw refusals.unreal('too many files');
  const files: UnrealFile[] = [];
  for (let i = 0; i < count; i++) {
    int();
    const name = text();
    files.push({ name, bytes: piece(int()) });
  }
  return files;
}
