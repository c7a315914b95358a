import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { type Clock, seconds } from '../../platform/clock.ts';
import { LiveTopic } from '../../platform/graphql/live-topic.ts';
import type { Gauges } from '../../platform/http/gauges.ts';

/** How often rates are taken, and samples published while somebody listens. */
export const SAMPLE_EVERY_MS = seconds(2);
/** Sizes on disk are asked for at most this often. */
const SIZES_EVERY_MS = seconds(10);

/** Figures of other rooms, read when needed. */
export interface SystemProbes {
  ingestBacklogBytes(): number;
  /** Age of the oldest event not digested yet. */
  digestLagMs(): number;
  /** Rises with every digested event. */
  eventsDigested(): number;
  subscribers(): number;
  databaseBytes(): Promise<number>;
  dataDir: string;
}

/** One reading. Times in ms since the epoch, sizes in bytes. */
export interface SystemSample {
  /** Rises with every sample. */
  seq: number;
  version: string;
  startedAt: number;
  database: string;
  nodeVersion: string;
  rssBytes: number;
  heapUsedBytes: number;
  /** Of one core, over the last interval; above 100 with several threads. */
  cpuPercent: number;
  /** Over the last interval. */
  eventLoopDelayP99Ms: number;
  ingestBacklogBytes: number;
  digestLagMs: number;
  /** Digested, over the last interval. */
  eventsPerSecond: number;
  subscribers: number;
  databaseBytes: number;
  diskFreeBytes: number;
}

/** Reads how the process is doing: on demand, and every two seconds for whoever listens to {@link SystemSampler.samples}. */
export class SystemSampler {
  /** Publishes only while somebody listens. */
  readonly samples: LiveTopic<SystemSample>;
  readonly #options: { clock: Clock; version: string; database: string; probes: SystemProbes };
  readonly #startedAt: number;
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #rates = { cpuPercent: 0, eventLoopDelayP99Ms: 0, eventsPerSecond: 0 };
  #mark: { at: number; cpuMicros: number; events: number };
  #sizes = { at: Number.NEGATIVE_INFINITY, databaseBytes: 0, diskFreeBytes: 0 };

  constructor(options: { clock: Clock; version: string; database: string; probes: SystemProbes }) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#mark = this.#takeMark();
    this.samples = new LiveTopic<SystemSample>({ name: 'metricsSampled', seq: (sample) => sample.seq });
  }

  /** Begins to take rates. The timer does not keep the process alive. */
  start(): void {
    this.#delay.enable();
    this.#timer ??= setInterval(() => void this.tick(), SAMPLE_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#delay.disable();
  }

  /** One beat: takes the rates since the last one and publishes a sample if anybody listens. */
  async tick(): Promise<void> {
    const mark = this.#takeMark();
    const elapsedMs = mark.at - this.#mark.at;
    if (elapsedMs <= 0) return;
    const p99 = this.#delay.percentile(99) / 1e6;
    this.#rates = {
      cpuPercent: round(((mark.cpuMicros - this.#mark.cpuMicros) / 1000 / elapsedMs) * 100),
      // The histogram holds the timer's own 20 ms; what is above them is delay.
      eventLoopDelayP99Ms: Number.isFinite(p99) ? round(Math.max(0, p99 - 20)) : 0,
      eventsPerSecond: round(Math.max(0, mark.events - this.#mark.events) / (elapsedMs / 1000)),
    };
    this.#delay.reset();
    this.#mark = mark;
    if (this.samples.listened) this.samples.publish(await this.read());
  }

  /** The state now; rates are of the last interval. Never throws: a size that cannot be read is 0. */
  async read(): Promise<SystemSample> {
    const { version, database, probes } = this.#options;
    await this.#readSizes();
    const memory = process.memoryUsage();
    this.#seq += 1;
    return {
      seq: this.#seq,
      version,
      database,
      startedAt: this.#startedAt,
      nodeVersion: process.version,
      rssBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
      ...this.#rates,
      ingestBacklogBytes: probes.ingestBacklogBytes(),
      digestLagMs: Math.max(0, probes.digestLagMs()),
      subscribers: probes.subscribers(),
      databaseBytes: this.#sizes.databaseBytes,
      diskFreeBytes: this.#sizes.diskFreeBytes,
    };
  }

  /** Puts the figures of the process on `/metrics`; names as Prometheus' own client libraries use them. */
  register(gauges: Gauges): void {
    const { probes, version } = this.#options;
    gauges.gauge('errata_info', 'Version of Errata.', () => [{ labels: { version, node: process.version }, value: 1 }]);
    gauges.gauge('process_start_time_seconds', 'Start of the process, seconds since the epoch.', () => this.#startedAt / 1000);
    gauges.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
    gauges.gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
    gauges.total('process_cpu_seconds_total', 'CPU time, user and system.', () => this.#takeMark().cpuMicros / 1e6);
    gauges.gauge(
      'errata_event_loop_delay_p99_seconds',
      'Event loop delay over the last two seconds, 99th percentile.',
      () => this.#rates.eventLoopDelayP99Ms / 1000,
    );
    gauges.gauge('errata_ingest_backlog_bytes', 'Accepted and not digested yet.', () => probes.ingestBacklogBytes());
    gauges.gauge('errata_digest_lag_seconds', 'Age of the oldest event not digested yet.', () => probes.digestLagMs() / 1000);
    gauges.total('errata_events_digested_total', 'Events digested since the start.', () => probes.eventsDigested());
  }

  #takeMark(): { at: number; cpuMicros: number; events: number } {
    const cpu = process.cpuUsage();
    return { at: performance.now(), cpuMicros: cpu.user + cpu.system, events: this.#options.probes.eventsDigested() };
  }

  async #readSizes(): Promise<void> {
    const at = performance.now();
    if (at - this.#sizes.at < SIZES_EVERY_MS) return;
    const { databaseBytes, diskFreeBytes } = this.#sizes;
    this.#sizes = { at, databaseBytes, diskFreeBytes }; // before asking: nobody else needs to meanwhile
    const { probes } = this.#options;
    const [database, disk] = await Promise.all([
      probes.databaseBytes().catch(() => 0),
      statfs(probes.dataDir).then(
        (fs) => fs.bavail * fs.bsize,
        () => 0,
      ),
    ]);
    this.#sizes = { at, databaseBytes: database, diskFreeBytes: disk };
  }
}

const round = (n: number) => Math.round(n * 100) / 100;
