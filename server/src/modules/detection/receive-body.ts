import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import type { BodyWatch, WatchedBody } from './body-watch.ts';
import { type Coding, unpackStream, unpackSync } from './content-encoding.ts';
import { type IngestRefusal, refusals } from './protocols/refusal.ts';

/** Up to this many bytes on the wire a body is collected and unpacked at once. */
const SMALL_BYTES = 64 * 1024;
/** … if it unpacks to no more than this; else it is streamed. */
const SMALL_UNPACKED_BYTES = 1024 * 1024;
/** Bodies streamed at once, over all connections: each holds an unpacker and at most one event. */
const MAX_STREAMS = 32;

/** Caps of a body, bytes. */
export interface BodyLimits {
  wireBytes: number;
  unpackedBytes: number;
}

/** Takes the unpacked bytes; may throw an IngestRefusal to stop. */
export interface BodySink {
  feed(chunk: Buffer): void;
}

/** What bodies under way have in common. */
export class BodyRoom {
  readonly watch: BodyWatch;
  streams = 0;

  constructor(watch: BodyWatch) {
    this.watch = watch;
  }
}

/**
 * Brings a request's body, unpacked, to the sink: in one piece when it is small, in chunks as they come when it is not. The
 * unpacked size is counted while unpacking, so that a bomb never unfolds.
 * @returns bytes that came over the wire.
 * @throws IngestRefusal 400 damaged or ended early, 408 too slow, 413 too large, 503 too many at once; and what the sink throws.
 */
export function receiveBody(
  req: IncomingMessage,
  coding: Coding,
  limits: BodyLimits,
  sink: BodySink,
  room: BodyRoom,
): Promise<number> {
  return new Promise((resolve, reject) => new Receiver(req, coding, limits, sink, room, resolve, reject).start());
}

class Receiver implements WatchedBody {
  readonly startedAt = performance.now();
  lastByteAt = this.startedAt;
  readonly #req: IncomingMessage;
  readonly #coding: Coding;
  readonly #limits: BodyLimits;
  readonly #sink: BodySink;
  readonly #room: BodyRoom;
  readonly #resolve: (wireBytes: number) => void;
  readonly #reject: (refusal: unknown) => void;
  #chunks: Buffer[] = [];
  #wire = 0;
  #unpacked = 0;
  #streaming = false;
  #stream: Transform | undefined;
  #settled = false;

  constructor(
    req: IncomingMessage,
    coding: Coding,
    limits: BodyLimits,
    sink: BodySink,
    room: BodyRoom,
    resolve: (wireBytes: number) => void,
    reject: (refusal: unknown) => void,
  ) {
    this.#req = req;
    this.#coding = coding;
    this.#limits = limits;
    this.#sink = sink;
    this.#room = room;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    if (Number(this.#req.headers['content-length'] ?? 0) > this.#limits.wireBytes) {
      this.#fail(this.#tooLarge());
      return;
    }
    this.#room.watch.add(this);
    this.#req.on('data', (chunk: Buffer) => this.#guard(() => this.#arrived(chunk)));
    this.#req.on('end', () => this.#guard(() => this.#ended()));
    this.#req.on('error', () => this.#fail(refusals.incomplete()));
    this.#req.on('close', () => this.#req.complete || this.#fail(refusals.incomplete()));
  }

  tooSlow(): void {
    this.#fail(refusals.slow());
  }

  #guard(work: () => void): void {
    if (this.#settled) return;
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #arrived(chunk: Buffer): void {
    this.lastByteAt = performance.now();
    this.#wire += chunk.length;
    if (this.#wire > this.#limits.wireBytes) throw this.#tooLarge();
    if (this.#streaming) {
      this.#pass(chunk);
      return;
    }
    this.#chunks.push(chunk);
    if (this.#wire > SMALL_BYTES) this.#beginStream();
  }

  #ended(): void {
    this.#room.watch.remove(this);
    if (this.#streaming) {
      if (this.#stream) this.#stream.end();
      else this.#done();
      return;
    }
    const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#wire);
    const unpacked =
      body.length === 0 ? body : unpackSync(body, this.#coding, Math.min(SMALL_UNPACKED_BYTES, this.#limits.unpackedBytes));
    if (unpacked === undefined) {
      if (this.#limits.unpackedBytes <= SMALL_UNPACKED_BYTES) throw this.#tooLarge();
      this.#beginStream();
      this.#stream?.end();
      return;
    }
    if (unpacked.length > 0) this.#sink.feed(unpacked);
    this.#done();
  }

  /** From here on chunks go through as they come. */
  #beginStream(): void {
    if (this.#room.streams >= MAX_STREAMS) throw refusals.busy();
    this.#room.streams++;
    this.#streaming = true;
    const first = Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (this.#coding !== 'identity') {
      this.#stream = unpackStream(this.#coding, first);
      this.#stream.on('data', (bytes: Buffer) => this.#guard(() => this.#give(bytes)));
      this.#stream.on('end', () => this.#guard(() => this.#done()));
      this.#stream.on('error', () => this.#fail(refusals.encoding(this.#coding)));
    }
    this.#pass(first);
  }

  #pass(chunk: Buffer): void {
    if (this.#stream === undefined) {
      this.#give(chunk);
    } else if (!this.#stream.write(chunk)) {
      this.#req.pause();
      this.#room.watch.remove(this); // the waiting is ours
      this.#stream.once('drain', () => this.#resume());
    }
  }

  #resume(): void {
    if (this.#settled) return;
    this.lastByteAt = performance.now();
    this.#room.watch.add(this);
    this.#req.resume();
  }

  #give(bytes: Buffer): void {
    this.#unpacked += bytes.length;
    if (this.#unpacked > this.#limits.unpackedBytes) throw this.#tooLarge();
    this.#sink.feed(bytes);
  }

  #tooLarge(): IngestRefusal {
    return refusals.tooLarge('body', this.#limits.unpackedBytes);
  }

  #done(): void {
    if (this.#leave()) this.#resolve(this.#wire);
  }

  #fail(error: unknown): void {
    if (this.#leave()) this.#reject(error);
  }

  /** Lets go of everything; false when that was done before. */
  #leave(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#room.watch.remove(this);
    if (this.#streaming) this.#room.streams--;
    this.#chunks = [];
    this.#stream?.destroy();
    return true;
  }
}
