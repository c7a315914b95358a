import { BoundedQueue } from './bounded-queue.ts';

/** What a subscriber needs of its socket. */
export interface FrameSink {
  readonly congested: boolean;
  send(message: string): void;
  writable(): Promise<void>;
}

/** A replayed result, made for one subscriber alone. */
export interface Replayed {
  seq: number;
  text: string;
}

export interface SubscriberOptions {
  /** The subscription's id, chosen by the client. */
  id: string;
  sink: FrameSink;
  maxQueuedFrames: number;
  maxQueuedLength: number;
  /** Catch-up: results after this `seq`, before anything live. */
  replay?: { after: number; from: (after: number) => AsyncIterable<Replayed> };
  onDelivered: () => void;
  onMissed: (count: number) => void;
}

/**
 * One subscription of one socket. Live results go straight to the socket. While it is congested they wait in a bounded
 * queue; the oldest give way, and the next one delivered says how many in `extensions.missed`.
 *
 * Catch-up hands over without gap or double: live results queue while the replay is read; afterwards those that the replay
 * has shown are skipped, and if the queue overflowed beyond what the replay has shown, the replay is read on from there.
 */
export class LiveSubscriber {
  readonly #options: SubscriberOptions;
  readonly #prefix: string;
  readonly #queue: BoundedQueue;
  #state: 'waiting' | 'replaying' | 'live' | 'ended' = 'waiting';
  /** Highest `seq` handed to the socket. */
  #shown: number;
  /** Highest `seq` that fell out of the queue during a replay. */
  #overflowed = Number.NEGATIVE_INFINITY;
  #missed = 0;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#prefix = `{"id":${JSON.stringify(options.id)},"type":"next","payload":`;
    this.#queue = new BoundedQueue(options.maxQueuedFrames, options.maxQueuedLength);
    this.#shown = options.replay?.after ?? Number.NEGATIVE_INFINITY;
  }

  /** A live result. Called in rising order of `seq`. */
  push(seq: number, text: string): void {
    if (seq <= this.#shown || this.#state === 'ended') return;
    if (this.#state === 'live' && this.#queue.size === 0 && !this.#options.sink.congested) {
      this.#deliver(seq, text);
      return;
    }
    for (const dropped of this.#queue.push({ seq, text })) {
      if (this.#state === 'live') this.miss(1);
      else this.#overflowed = dropped.seq;
    }
  }

  /** Results that were never made, because making them took longer than they kept coming. */
  miss(count: number, seq?: number): void {
    if (this.#state === 'ended' || (seq !== undefined && seq <= this.#shown)) return;
    if (this.#state === 'live') {
      this.#missed += count;
      this.#options.onMissed(count);
    } else {
      this.#overflowed = Math.max(this.#overflowed, seq ?? this.#overflowed);
    }
  }

  /** Begins to deliver. Resolves when live; rejects with what the replay throws. */
  async start(): Promise<void> {
    if (this.#state !== 'waiting') return;
    if (this.#options.replay === undefined) {
      this.#state = 'live';
    } else {
      this.#state = 'replaying';
      await this.#replay(this.#options.replay);
    }
    this.flush();
  }

  /** Delivers what waits, as far as the socket takes it. */
  flush(): void {
    if (this.#state !== 'live') return;
    const { sink } = this.#options;
    while (this.#queue.size > 0 && !sink.congested) {
      const frame = this.#queue.shift();
      if (frame !== undefined && frame.seq > this.#shown) this.#deliver(frame.seq, frame.text);
    }
  }

  end(): void {
    this.#state = 'ended';
    this.#queue.clear();
  }

  async #replay(replay: NonNullable<SubscriberOptions['replay']>): Promise<void> {
    const ended = () => (this.#state as string) === 'ended';
    do {
      this.#overflowed = Number.NEGATIVE_INFINITY;
      for await (const { seq, text } of replay.from(this.#shown)) {
        await this.#options.sink.writable();
        if (ended()) return;
        if (seq > this.#shown) this.#deliver(seq, text);
      }
      if (ended()) return;
      while ((this.#queue.peek()?.seq ?? Number.POSITIVE_INFINITY) <= this.#shown) this.#queue.shift();
      // What overflowed before this reading began was in the database by then: only what did so meanwhile is owed.
    } while (this.#overflowed > this.#shown);
    this.#state = 'live'; // here and not after an await, else an overflow could fall between
  }

  #deliver(seq: number, text: string): void {
    this.#shown = seq;
    let payload = text;
    if (this.#missed > 0) {
      payload = `${text.slice(0, -1)},"extensions":{"missed":${this.#missed}}}`;
      this.#missed = 0;
    }
    this.#options.sink.send(`${this.#prefix}${payload}}`);
    this.#options.onDelivered();
  }
}
