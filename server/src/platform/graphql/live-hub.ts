import type { Counter, Gauges } from '../http/gauges.ts';
import type { Log } from '../log.ts';
import type { Executor } from './executor.ts';
import type { ErrorFormatter } from './format-error.ts';
import { LiveGroup, replayResults, type Selection } from './live-group.ts';
import type { LiveSocket } from './live-socket.ts';
import { LiveSubscriber } from './live-subscriber.ts';
import type { LiveSource } from './live-topic.ts';

export interface HubOptions {
  executor: Executor;
  errors: ErrorFormatter;
  log: Log;
  gauges: Gauges;
  limits: { queuedFrames: number; queuedLength: number; runningPerGroup: number; waitingPerGroup: number };
}

export interface Attachment<A> {
  /** The subscription's id, chosen by the client. */
  id: string;
  socket: LiveSocket<A>;
  source: LiveSource;
  selection: Selection;
  /** Text of the document. */
  document: string;
  /** Audience of the actor. */
  audience: string;
}

/**
 * Joins subscriptions into groups that share their results. The room says nothing about groups: the key is everything an
 * answer can depend on.
 */
export class LiveHub<A> {
  readonly #options: HubOptions;
  readonly #groups = new Map<string, LiveGroup>();
  readonly #delivered: Counter;
  readonly #missed: Counter;
  #subscribers = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#delivered = options.gauges.counter('errata_live_messages_total', 'Live results handed to sockets.');
    this.#missed = options.gauges.counter('errata_live_missed_total', 'Live results dropped because their reader was too slow.');
    options.gauges.gauge('errata_live_subscribers', 'Open subscriptions.', () => this.#subscribers);
    options.gauges.gauge('errata_live_groups', 'Subscriptions with a result of their own.', () => this.#groups.size);
  }

  get subscribers(): number {
    return this.#subscribers;
  }

  get groups(): number {
    return this.#groups.size;
  }

  /** The iterator graphql-ws holds while the subscription lives. Nothing comes out of it: results go to the socket. */
  attach(attachment: Attachment<A>): LiveStream {
    const { id, socket, source, selection } = attachment;
    const { options } = source;
    const { limits } = this.#options;
    const replay = options.replay !== undefined && options.after !== undefined ? { after: options.after } : undefined;
    const subscriber = new LiveSubscriber({
      id,
      sink: socket,
      maxQueuedFrames: limits.queuedFrames,
      maxQueuedLength: limits.queuedLength,
      ...(replay === undefined
        ? {}
        : { replay: { after: replay.after, from: (after: number) => replayResults(this.#options, source, selection, after) } }),
      onDelivered: () => this.#delivered.inc(),
      onMissed: (count) => this.#missed.inc(count),
    });
    const group = this.#groupOf(attachment);
    group.join(subscriber, selection);
    socket.subscribers.add(subscriber);
    this.#subscribers += 1;
    return new LiveStream(
      () => subscriber.start(),
      () => {
        subscriber.end();
        group.leave(subscriber);
        socket.subscribers.delete(subscriber);
        this.#subscribers -= 1;
      },
    );
  }

  #groupOf({ source, selection, document, audience }: Attachment<A>): LiveGroup {
    const key = JSON.stringify([
      source.topic.name,
      document,
      selection.operationName ?? '',
      selection.variables ?? {},
      audience,
      source.options.audience ?? '',
    ]);
    let group = this.#groups.get(key);
    if (group === undefined) {
      const { executor, errors, log, limits } = this.#options;
      group = new LiveGroup({
        source,
        executor,
        errors,
        log,
        maxRunning: limits.runningPerGroup,
        maxWaiting: limits.waitingPerGroup,
        onEmpty: () => void this.#groups.delete(key),
      });
      this.#groups.set(key, group);
    }
    return group;
  }
}

/** An async generator that yields nothing: it begins at the first `next()`, and ends by `return()` or by an error. */
export class LiveStream implements AsyncIterableIterator<never> {
  readonly #end = Promise.withResolvers<IteratorResult<never>>();
  readonly #begin: () => Promise<void>;
  readonly #release: () => void;
  #begun = false;
  #over = false;

  constructor(begin: () => Promise<void>, release: () => void) {
    this.#begin = begin;
    this.#release = release;
  }

  next(): Promise<IteratorResult<never>> {
    if (!this.#begun && !this.#over) {
      this.#begun = true;
      this.#begin().catch((error: unknown) => {
        this.#finish();
        this.#end.reject(error);
      });
    }
    return this.#end.promise;
  }

  return(): Promise<IteratorResult<never>> {
    this.#finish();
    this.#end.resolve({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorResult<never>> {
    this.#finish();
    this.#end.resolve({ done: true, value: undefined });
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#release();
  }
}
