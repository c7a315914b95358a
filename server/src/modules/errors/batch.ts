/**
 * Values by key, fetched together: one statement for all rows of a page instead of one each. Unlike a DataLoader it
 * answers a value already there without a promise, which is what makes a list of 50 rows cheap: the list primes what
 * its selection asks for, and the field resolvers then answer synchronously.
 */
export class Batch<K, V> {
  readonly #values = new Map<K, V>();
  readonly #load: (keys: K[]) => Promise<ReadonlyMap<K, V>>;
  readonly #missing: (key: K) => V;
  #waiting: Set<K> | undefined;
  #flight: Promise<void> = Promise.resolve();

  /** `load` may leave keys out; `missing` gives their value. */
  constructor(load: (keys: K[]) => Promise<ReadonlyMap<K, V>>, missing: (key: K) => V) {
    this.#load = load;
    this.#missing = missing;
  }

  /** The value, at once if it is known. */
  load(key: K): V | Promise<V> {
    if (this.#values.has(key)) return this.#values.get(key) as V;
    if (!this.#waiting) {
      const keys = new Set<K>();
      this.#waiting = keys;
      // After the promise jobs of this turn, so that siblings resolved a few jobs later still join.
      this.#flight = Promise.resolve().then(
        () =>
          new Promise((resolve, reject) => {
            process.nextTick(() => {
              this.#waiting = undefined;
              this.prime(keys).then(resolve, reject);
            });
          }),
      );
    }
    this.#waiting.add(key);
    return this.#flight.then(() => this.#values.get(key) as V);
  }

  /** Fetches what is not known yet, in one go. */
  async prime(keys: Iterable<K>): Promise<void> {
    const wanted = [...new Set(keys)].filter((key) => !this.#values.has(key));
    if (wanted.length === 0) return;
    const found = await this.#load(wanted);
    for (const key of wanted) this.#values.set(key, found.has(key) ? (found.get(key) as V) : this.#missing(key));
  }

  /** Puts in a value known from elsewhere. */
  set(key: K, value: V): void {
    this.#values.set(key, value);
  }
}

/** The batch of this name for the request, made on first use. `loaders` is the request context's. */
export function batchOf<K, V>(loaders: Map<string, unknown>, name: string, make: () => Batch<K, V>): Batch<K, V> {
  const known = loaders.get(name) as Batch<K, V> | undefined;
  if (known) return known;
  const made = make();
  loaders.set(name, made);
  return made;
}
