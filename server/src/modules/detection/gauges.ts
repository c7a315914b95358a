import type { Gauges, Histogram } from '../../platform/http/gauges.ts';

/** Told of every request and of what was kept. Injected; called on the hot path, so an implementation must not do more than count. */
export interface IngestGauges {
  /** A request was answered. `wireBytes`: body as it came; `latencyMs`: from the request's head to the answer. */
  answered(status: number, wireBytes: number, latencyMs: number): void;
  /** Events are in the log; `bytes` of their payloads as sent, unpacked. */
  kept(events: number, bytes: number): void;
}

/** For who does not count. */
export const noGauges: IngestGauges = { answered: () => undefined, kept: () => undefined };

const LATENCY_BOUNDS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Sums since the start. */
export interface IngestTotals {
  /** Requests by HTTP status. */
  requests: Record<string, number>;
  wireBytes: number;
  events: number;
  /** Payload bytes of kept events. */
  eventBytes: number;
}

/** Counts in memory; {@link IngestMeter.register} shows the sums on the metrics page. */
export class IngestMeter implements IngestGauges {
  readonly #requests = new Map<number, number>();
  #latency: Histogram | undefined;
  #wireBytes = 0;
  #events = 0;
  #eventBytes = 0;

  answered(status: number, wireBytes: number, latencyMs: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1);
    this.#wireBytes += wireBytes;
    this.#latency?.observe(latencyMs / 1000);
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
    };
  }

  /** @throws Error when done twice: the names are taken then */
  register(gauges: Gauges): void {
    gauges.total('errata_ingest_requests_total', 'Requests of SDKs, by answer.', () =>
      [...this.#requests].map(([status, value]) => ({ labels: { status: String(status) }, value })),
    );
    gauges.total(
      'errata_ingest_received_bytes_total',
      'Bytes of their bodies as they came over the wire.',
      () => this.#wireBytes,
    );
    gauges.total('errata_ingest_events_total', 'Events on disk and answered.', () => this.#events);
    gauges.total('errata_ingest_event_bytes_total', 'Bytes of their payloads, unpacked.', () => this.#eventBytes);
    const help = 'From the head of a request to its answer.';
    this.#latency = gauges.histogram('errata_ingest_answer_seconds', help, LATENCY_BOUNDS_SECONDS);
  }
}
