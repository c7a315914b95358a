/** A line of a stream; `undefined` bytes: it was longer than allowed and has been let go. */
export type Line = Buffer | undefined;

const NEWLINE = 10;
const RETURN = 13;

/**
 * Cuts a stream of bytes into lines, at `\n` or `\r\n`, wherever the pieces end. Blank lines are passed over. Holds at most one
 * line: of a longer one nothing is kept but the fact.
 */
export class LineCutter {
  readonly #maxBytes: number;
  readonly #take: (line: Line) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #tooLong = false;

  /** @param maxBytes of one line, without its end */
  constructor(maxBytes: number, take: (line: Line) => void) {
    this.#maxBytes = maxBytes;
    this.#take = take;
  }

  feed(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#hold(chunk.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The last line may lack its end. */
  end(): void {
    this.#finish();
  }

  #hold(piece: Buffer): void {
    if (piece.length === 0 || this.#tooLong) return;
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#maxBytes + 1) {
      this.#tooLong = true;
      this.#held = [];
    } else this.#held.push(piece);
  }

  #finish(): void {
    const { tooLong, line } = this.#line();
    this.#held = [];
    this.#heldBytes = 0;
    this.#tooLong = false;
    if (tooLong || line.length > this.#maxBytes) this.#take(undefined);
    else if (!isBlank(line)) this.#take(line);
  }

  #line(): { tooLong: boolean; line: Buffer } {
    if (this.#tooLong) return { tooLong: true, line: EMPTY };
    const line = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held);
    return { tooLong: false, line: line.at(-1) === RETURN ? line.subarray(0, -1) : line };
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 32 && byte !== 9 && byte !== RETURN) return false;
  return true;
}

const EMPTY = Buffer.alloc(0);
