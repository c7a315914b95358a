import type { LineSink } from './line-scanner.ts';
import { LINE_BYTES } from './line-scanner.ts';
import { PATTERN, SUSPICIOUS } from './markers.ts';

/**
 * Splits UTF-16 into lines and hands them on as UTF-8, with the offsets they have in the stream. For logs of Windows
 * programs: seldom large, so every line counts as worth a look.
 */
export class Utf16Scanner {
  readonly #sink: LineSink;
  readonly #bigEndian: boolean;
  #rest = Buffer.alloc(0);
  #lineStart: number;
  #offset: number;
  skippedBytes = 0;
  cutLines = 0;
  readonly unfinishedFlags = SUSPICIOUS;

  constructor(sink: LineSink, offset: number, bigEndian: boolean) {
    this.#sink = sink;
    this.#bigEndian = bigEndian;
    this.#offset = offset;
    this.#lineStart = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  get lineStart(): number {
    return this.#lineStart;
  }

  get midLine(): boolean {
    return this.#offset > this.#lineStart;
  }

  write(chunk: Buffer): void {
    this.#offset += chunk.length;
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const low = this.#bigEndian ? 1 : 0;
    let from = 0;
    for (let i = 0; i + 1 < all.length; i += 2) {
      if (all[i + low] !== 10 || all[i + 1 - low] !== 0) continue;
      this.#hand(all.subarray(from, i), i - from + 2);
      from = i + 2;
    }
    if (all.length - from > 2 * LINE_BYTES) {
      this.skippedBytes += all.length - from - (all.length % 2);
      this.cutLines += 1;
      this.#lineStart += all.length - from - (all.length % 2);
      from = all.length - (all.length % 2);
    }
    this.#rest = Buffer.from(all.subarray(from));
  }

  finishLine(): void {
    const whole = this.#rest.length & ~1;
    if (whole > 0) this.#hand(this.#rest.subarray(0, whole), whole);
    this.#rest = Buffer.from(this.#rest.subarray(whole));
  }

  #hand(units: Buffer, length: number): void {
    const start = this.#lineStart;
    this.#lineStart += length;
    let native = Buffer.from(units);
    if (this.#bigEndian) native = native.swap16();
    let text = native.toString('utf16le');
    if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    if (text.endsWith('\r')) text = text.slice(0, -1);
    const line = Buffer.from(text.slice(0, LINE_BYTES), 'utf8');
    this.#sink.line(line, 0, line.length, start, this.#lineStart, SUSPICIOUS | PATTERN);
  }
}
