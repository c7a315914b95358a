import type { Log } from '../log.ts';

export interface LiveTopicOptions<T> {
  /** For logs and metrics; use the subscription's name. */
  name: string;
  /** A number that rises with every payload published, also over restarts if the topic offers replay: a row's id. */
  seq: (payload: T) => number;
  /** Runs while somebody listens; what it answers is called when the last one has gone. */
  whileListened?: () => () => void;
}

export interface LiveSubscribeOptions<T> {
  /**
   * Which payloads this subscription shows. Cheap, synchronous, and decided by nothing but the field's arguments and what
   * the actor's audience holds: one filter serves all subscribers with equal document, variables and audience.
   */
  filter?: (payload: T) => boolean;
  /** Extra part of the audience, when filter or fields depend on more than the actor's: `user:5`. */
  audience?: string;
  /** Replay what came after this `seq`, before anything live. Needs `replay`. */
  after?: number;
  /**
   * Payloads with a `seq` above the given one, rising, filtered by the callee. Called again from a later `seq` when live
   * payloads overflowed meanwhile. What it throws ends the subscription with that error.
   */
  replay?: (after: number) => AsyncIterable<T>;
}

type Listener<T> = (payload: T, seq: number) => void;

/**
 * A stream of facts that subscriptions are made of. A room publishes to it (after the commit) and answers
 * `topic.subscribe(…)` from its `@Subscription({ subscribe })`:
 *
 *     @Subscription(() => ErrorEventReceived, {
 *       subscribe: ({ args, context }) => topic.subscribe({ filter: (fact) => … }),
 *     })
 *     errorEventReceived(@Root() fact: EventFact) { return toType(fact); }
 *
 * `LiveServer` executes the selection once per event for all subscribers that must get the same answer.
 */
export class LiveTopic<T> {
  readonly name: string;
  readonly seq: (payload: T) => number;
  readonly #listeners = new Set<Listener<T>>();
  readonly #whileListened: (() => () => void) | undefined;
  #stop: (() => void) | undefined;

  constructor(options: LiveTopicOptions<T>) {
    this.name = options.name;
    this.seq = options.seq;
    this.#whileListened = options.whileListened;
  }

  /** Whether a payload would reach anybody; lets a publisher skip costly work. */
  get listened(): boolean {
    return this.#listeners.size > 0;
  }

  /** Hands a payload to every subscription. Never throws and never waits. */
  publish(payload: T): void {
    if (this.#listeners.size === 0) return;
    const seq = this.seq(payload);
    for (const listener of this.#listeners) listener(payload, seq);
  }

  /** What a `@Subscription`'s `subscribe` answers. */
  subscribe(options: LiveSubscribeOptions<T> = {}): LiveSource<T> {
    return new LiveSource(this, options);
  }

  /** For `LiveServer`: the listener must not throw. Answers the function that ends it. */
  listen(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#stop = this.#whileListened?.();
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }
}

/** One subscription's claim on a topic; a marker that `LiveServer` understands. */
export class LiveSource<T = unknown> implements AsyncIterable<T> {
  readonly topic: LiveTopic<T>;
  readonly options: LiveSubscribeOptions<T>;

  constructor(topic: LiveTopic<T>, options: LiveSubscribeOptions<T>) {
    this.topic = topic;
    this.options = options;
  }

  /** Whether the payload passes the filter. A filter that throws is logged and lets nothing through. */
  shows(payload: T, log: Log): boolean {
    try {
      return this.options.filter?.(payload) ?? true;
    } catch (error) {
      log.error({ err: error, topic: this.topic.name }, 'the filter of a subscription failed');
      return false;
    }
  }

  /** graphql-js asks for an async iterable; delivery goes by {@link LiveTopic.listen}, so this is never iterated. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    throw new TypeError('a LiveSource is served by the LiveServer, it cannot be iterated');
  }
}
