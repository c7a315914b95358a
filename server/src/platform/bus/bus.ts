import type { Log } from '../log.ts';

/** Facts published after commit, ids and small values only. Each room adds its own by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the rooms
export interface BusEvents {}

type Listener<T> = (payload: T) => void;

/**
 * The live bus. In process; several nodes will carry the same facts over NATS.
 * A listener that throws is logged and never stops the others (step 10 of the path of an event).
 */
export class Bus {
  readonly #listeners = new Map<string, Set<Listener<never>>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  publish<K extends keyof BusEvents>(name: K, payload: BusEvents[K]): void {
    for (const listener of this.#listeners.get(name as string) ?? []) {
      try {
        (listener as Listener<BusEvents[K]>)(payload);
      } catch (error) {
        this.#log.error({ err: error, event: name }, 'a bus listener failed');
      }
    }
  }

  /** Answers the function that ends the subscription. */
  subscribe<K extends keyof BusEvents>(name: K, listener: Listener<BusEvents[K]>): () => void {
    const set = this.#listeners.get(name as string) ?? new Set();
    this.#listeners.set(name as string, set);
    set.add(listener as Listener<never>);
    return () => void set.delete(listener as Listener<never>);
  }
}
