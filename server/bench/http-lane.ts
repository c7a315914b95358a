import { connect, type Socket } from 'node:net';

/** An answer, as far as a load generator needs it. */
export interface LaneAnswer {
  status: number;
  retryAfterSeconds: number;
}

/**
 * One keep-alive connection with one request under way: as little HTTP/1.1 as a load generator needs, because it shares
 * the processor with what it measures.
 */
export class HttpLane {
  readonly #port: number;
  #socket: Socket | undefined;
  #answered: ((answer: LaneAnswer) => void) | undefined;
  #text = '';
  #bodyLeft = -1;
  #answer: LaneAnswer = { status: 0, retryAfterSeconds: 0 };

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a whole request; `answered` is called once, with status 0 when the connection broke. */
  send(request: Buffer, answered: (answer: LaneAnswer) => void): void {
    this.#answered = answered;
    this.#open().write(request);
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    this.#text = '';
    this.#bodyLeft = -1;
    socket.on('data', (chunk) => this.#read(chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) {
        this.#socket = undefined;
        this.#finish({ status: 0, retryAfterSeconds: 0 });
      }
    });
    this.#socket = socket;
    return socket;
  }

  #read(text: string): void {
    this.#text += text;
    if (this.#bodyLeft < 0) {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#text.slice(0, end);
      this.#answer = {
        status: Number(head.slice(9, 12)),
        retryAfterSeconds: Number(/\r\nretry-after: *(\d+)/i.exec(head)?.[1] ?? 0),
      };
      this.#bodyLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
      this.#text = this.#text.slice(end + 4);
      if (chunked) this.#bodyLeft = Number.MAX_SAFE_INTEGER;
    }
    if (this.#bodyLeft === Number.MAX_SAFE_INTEGER ? !this.#text.endsWith('0\r\n\r\n') : this.#text.length < this.#bodyLeft)
      return;
    this.#text = '';
    this.#bodyLeft = -1;
    this.#finish(this.#answer);
  }

  #finish(answer: LaneAnswer): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(answer);
  }
}
