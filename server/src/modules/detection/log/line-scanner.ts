import type { MarkerTable } from './markers.ts';

/** What takes lines. The bytes are only good during the call. */
export interface LineSink {
  /**
   * @param bytes  holds the line from `from` to `to`, without its end
   * @param start  offset of the line in the stream
   * @param end    offset behind its end (LF, CR LF or CR)
   * @param flags  what of the markers was found in it
   */
  line(bytes: Buffer, from: number, to: number, start: number, end: number, flags: number): void;
}

/** Bytes kept of one line; what is longer is skipped and counted. */
export const LINE_BYTES = 256 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Splits bytes that are cut anywhere into lines and says which of them contain a marker, in one pass. LF, CR LF and a lone CR
 * (programs that draw progress bars) end a line. Holds the beginning of at most one unfinished line.
 */
export class LineScanner {
  readonly #sink: LineSink;
  readonly #markers: MarkerTable;
  #state: number;
  #flags = 0;
  /** The unfinished line, as far as it is kept. */
  #carry: Buffer = NOTHING;
  #carried = 0;
  #lineStart: number;
  #offset: number;
  /** The last byte was a CR: whether an LF follows decides where its line ends. */
  #afterCr = false;
  /** Bytes of lines that were too long to keep. */
  skippedBytes = 0;
  /** Lines of which a part was skipped. */
  cutLines = 0;

  constructor(sink: LineSink, offset: number, markers: MarkerTable) {
    this.#sink = sink;
    this.#markers = markers;
    this.#state = markers.lineStart;
    this.#offset = offset;
    this.#lineStart = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Where the unfinished line begins; the offset when there is none. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** Whether a line has begun and not ended. */
  get midLine(): boolean {
    return this.#offset > this.#lineStart;
  }

  /** What is known of the unfinished line. */
  get unfinishedFlags(): number {
    return this.#flags;
  }

  write(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const base = this.#offset;
    let at = 0;
    if (this.#afterCr) {
      this.#afterCr = false;
      if (chunk[0] === 10) at = 1;
      this.#endCarried(base + at);
    }
    const { next, classOf, shift, special, flags: meaning, lf, cr, lineStart } = this.#markers;
    let state = this.#state;
    let flags = this.#flags;
    let from = at;
    for (let i = at; i < chunk.length; i++) {
      state = next[(state << shift) + (classOf[chunk[i] as number] as number)] as number;
      if (state < special) continue;
      if (state < lf) {
        flags |= meaning[state - special] as number;
        continue;
      }
      const to = i;
      if (state === cr) {
        if (i + 1 === chunk.length) {
          this.#afterCr = true; // the CR stays outside the carried text
          break;
        }
        if (chunk[i + 1] === 10) i += 1;
      }
      this.#finish(chunk, from, to, base + i + 1, flags);
      state = lineStart;
      flags = 0;
      from = i + 1;
    }
    this.#state = state;
    this.#flags = flags;
    this.#keep(chunk, from, this.#afterCr ? chunk.length - 1 : chunk.length);
    this.#offset = base + chunk.length;
  }

  /** Ends the unfinished line where it is. What comes after it is a line of its own. */
  finishLine(): void {
    this.#afterCr = false;
    if (this.midLine) this.#endCarried(this.#offset);
  }

  #endCarried(end: number): void {
    this.#finish(NOTHING, 0, 0, end, this.#flags);
    this.#state = this.#markers.lineStart;
    this.#flags = 0;
  }

  #finish(chunk: Buffer, from: number, to: number, end: number, flags: number): void {
    const start = this.#lineStart;
    this.#lineStart = end;
    if (this.#carried === 0 && to - from <= LINE_BYTES) {
      this.#sink.line(chunk, from, to, start, end, flags);
      return;
    }
    this.#keep(chunk, from, to);
    const kept = Math.min(this.#carried, LINE_BYTES);
    if (this.#carried > kept) {
      this.skippedBytes += this.#carried - kept;
      this.cutLines += 1;
    }
    const line = this.#carry;
    this.#carried = 0;
    this.#carry = NOTHING;
    this.#sink.line(line, 0, kept, start, end, flags);
  }

  /** Adds to the unfinished line; `#carried` counts on where no more is kept. */
  #keep(chunk: Buffer, from: number, to: number): void {
    const kept = Math.min(this.#carried, LINE_BYTES);
    const add = Math.min(to - from, LINE_BYTES - kept);
    if (add > 0) {
      if (this.#carry.length < kept + add) {
        const larger = Buffer.allocUnsafeSlow(Math.min(LINE_BYTES, Math.max(1024, 2 * (kept + add))));
        this.#carry.copy(larger, 0, 0, kept);
        this.#carry = larger;
      }
      chunk.copy(this.#carry, kept, from, from + add);
    }
    this.#carried += to - from;
  }
}
