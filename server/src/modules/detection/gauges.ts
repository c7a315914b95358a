/** Told of every request and of what was kept. Injected; called on the hot path, so an implementation must not do more than count. */
export interface IngestGauges {
  /** A request was answered. `wireBytes`: body as it came; `latencyMs`: from the request's head to the answer. */
  answered(status: number, wireBytes: number, latencyMs: number): void;
  /** Events are in the log; `bytes` of their payloads as sent, unpacked. */
  kept(events: number, bytes: number): void;
}

/** Upper bounds of the latency histogram, ms; one more bucket holds the rest. */
export const LATENCY_BOUNDS_MS = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500] as const;

/** Sums since the start. */
export interface IngestTotals {
  /** Requests by HTTP status. */
  requests: Record<string, number>;
  wireBytes: number;
  events: number;
  /** Payload bytes of kept events. */
  eventBytes: number;
  latency: {
    /** Requests per bucket of {@link LATENCY_BOUNDS_MS}, not cumulative; the last one is above the last bound. */
    buckets: number[];
    sumMs: number;
    count: number;
  };
}

/** Counts in memory, for the metrics endpoint. */
export class IngestMeter implements IngestGauges {
  readonly #requests = new Map<number, number>();
  readonly #buckets: number[] = new Array(LATENCY_BOUNDS_MS.length + 1).fill(0);
  #wireBytes = 0;
  #events = 0;
  #eventBytes = 0;
  #latencySumMs = 0;
  #latencyCount = 0;

  answered(status: number, wireBytes: number, latencyMs: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1);
    this.#wireBytes += wireBytes;
    this.#latencySumMs += latencyMs;
    this.#latencyCount++;
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS_MS.length && latencyMs > (LATENCY_BOUNDS_MS[bucket] as number)) bucket++;
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
  }

  kept(events: number, bytes: number): void {
    this.#events += events;
    this.#eventBytes += bytes;
  }

  snapshot(): IngestTotals {
    return {
      requests: Object.fromEntries([...this.#requests].map(([status, count]) => [String(status), count])),
      wireBytes: this.#wireBytes,
      events: this.#events,
      eventBytes: this.#eventBytes,
      latency: { buckets: [...this.#buckets], sumMs: this.#latencySumMs, count: this.#latencyCount },
    };
  }
}

/** For who does not count. */
export const noGauges: IngestGauges = { answered: () => undefined, kept: () => undefined };
