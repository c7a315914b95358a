import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Identity } from './context.ts';
import type { LiveSubscriber } from './live-subscriber.ts';

/** One WebSocket and what is known about it. */
export class LiveSocket<A> {
  readonly ws: WebSocket;
  readonly ip: string;
  readonly userAgent: string | null;
  /** Set once the connection was initialised. */
  identity: (Identity<A> & { userKey: string; audience: string }) | undefined;
  readonly subscribers = new Set<LiveSubscriber>();
  /** When the peer was last heard of, ms. */
  heardAt: number;
  /** Since when more is buffered than may be, ms. */
  congestedAt: number | undefined;
  readonly #maxBufferedBytes: number;
  readonly #now: () => number;
  #waiting: (() => void)[] = [];

  constructor(options: {
    ws: WebSocket;
    raw: Socket;
    ip: string;
    userAgent: string | null;
    maxBufferedBytes: number;
    now: () => number;
  }) {
    this.ws = options.ws;
    this.ip = options.ip;
    this.userAgent = options.userAgent;
    this.#maxBufferedBytes = options.maxBufferedBytes;
    this.#now = options.now;
    this.heardAt = options.now();
    options.raw.on('drain', () => this.#drained());
  }

  get open(): boolean {
    return this.ws.readyState === this.ws.OPEN;
  }

  /** More waits in the kernel and in Node than may: what comes now has to queue. */
  get congested(): boolean {
    if (this.ws.bufferedAmount <= this.#maxBufferedBytes) return false;
    this.congestedAt ??= this.#now();
    return true;
  }

  /** Writes one message. Nothing happens on a socket that is closing. */
  send(message: string): void {
    if (this.open) this.ws.send(message);
  }

  /** Resolves when the socket can take more, or is gone. */
  writable(): Promise<void> {
    if (!this.open || !this.congested) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The socket is gone: lets go of everybody who waits for it. */
  closed(): void {
    this.#wake();
  }

  // Node emits `drain` once everything was handed to the kernel after a write had found the buffer full.
  #drained(): void {
    this.congestedAt = undefined;
    this.#wake();
    for (const subscriber of this.subscribers) {
      subscriber.flush();
      if (this.congested) return;
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
