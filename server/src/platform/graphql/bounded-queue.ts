/** A result waiting for a slow reader. `text` is shared with every other reader of the same result. */
export interface Frame {
  readonly seq: number;
  /** The execution result as JSON. */
  readonly text: string;
}

/** First in, first out, within a number of frames and of characters; the oldest give way. */
export class BoundedQueue {
  readonly #maxFrames: number;
  readonly #maxLength: number;
  #frames: Frame[] = [];
  #head = 0;
  #length = 0;

  /** @param maxLength characters of all frames together; one frame always fits */
  constructor(maxFrames: number, maxLength: number) {
    this.#maxFrames = maxFrames;
    this.#maxLength = maxLength;
  }

  get size(): number {
    return this.#frames.length - this.#head;
  }

  /** Appends; answers the frames that had to give way, oldest first (almost always none or one). */
  push(frame: Frame): readonly Frame[] {
    this.#frames.push(frame);
    this.#length += frame.text.length;
    if (this.size <= this.#maxFrames && this.#length <= this.#maxLength) return NONE;
    const dropped: Frame[] = [];
    while (this.size > this.#maxFrames || (this.#length > this.#maxLength && this.size > 1)) dropped.push(this.shift() as Frame);
    return dropped;
  }

  peek(): Frame | undefined {
    return this.#frames[this.#head];
  }

  shift(): Frame | undefined {
    const frame = this.#frames[this.#head];
    if (frame === undefined) return undefined;
    this.#length -= frame.text.length;
    this.#head += 1;
    if (this.#head >= 512 || this.#head === this.#frames.length) {
      this.#frames = this.#frames.slice(this.#head); // lets go of what was delivered
      this.#head = 0;
    }
    return frame;
  }

  clear(): void {
    this.#frames = [];
    this.#head = 0;
    this.#length = 0;
  }
}

const NONE: readonly Frame[] = [];
