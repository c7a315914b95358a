import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { TrustedProxies } from '../../platform/http/client-ip.ts';
import type { IngestLogWriter } from '../../platform/ingest-log/ingest-log.ts';
import type { Log } from '../../platform/log.ts';
import { Admission } from './admission.ts';
import { BodyWatch, type Patience } from './body-watch.ts';
import { type FreeBytes, IngestCapacity } from './capacity.ts';
import type { Door } from './doors/door.ts';
import { createDoorHandler } from './doors/door-handler.ts';
import { type IngestGauges, noGauges } from './gauges.ts';
import { type HourlyHistory, SpikeGuard } from './inbound/spike-guard.ts';
import { createIngestHandler } from './ingest-handler.ts';
import type { IngestKeys } from './ingest-keys.ts';
import type { ItemRoom } from './item-room.ts';
import { OutcomeLedger } from './outcome-ledger.ts';
import { Pipeline } from './pipeline.ts';
import { RateLimiter } from './rate-limiter.ts';
import { BodyRoom } from './receive-body.ts';
import type { TraceLinks } from './trace-links.ts';

/** What the room takes from the house. */
export interface DetectionDeps {
  keys: IngestKeys;
  log: IngestLogWriter;
  clock: Clock;
  logger: Log;
  config: Pick<Config, 'baseUrl' | 'dataDir' | 'trustedProxies' | 'ingestBacklogBytes'>;
  gauges?: IngestGauges;
  /** Where items other than events are kept. */
  rooms?: readonly ItemRoom[];
  /** Protocols besides Sentry's envelope and store. */
  doors?: readonly Door[];
  /** Brings errors and the transactions of their traces together. */
  traces?: TraceLinks;
  /** What is usual for the projects, for spike protection; without it there is none. */
  history?: HourlyHistory;
  /** For tests. */
  freeBytes?: FreeBytes;
  patience?: Patience;
}

/** The whole room, ready to be put in front of the web framework. */
export interface Detection {
  /** Answers true when the request was an SDK's; it is then answered here. */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  readonly pipeline: Pipeline;
  readonly ledger: OutcomeLedger;
  readonly spikes: SpikeGuard;
  readonly capacity: IngestCapacity;
  /** After the HTTP server has closed and before the log does: writes the last outcomes. */
  stop(): Promise<void>;
}

/** Builds the room: ledger, limits, pipeline and doors. Its timers do not keep the process alive. */
export function createDetection(deps: DetectionDeps): Detection {
  const { keys, log, clock, logger, config, gauges = noGauges } = deps;
  const ledger = new OutcomeLedger({ log, clock, logger });
  const capacity = new IngestCapacity({
    log,
    maxBacklogBytes: config.ingestBacklogBytes,
    directory: config.dataDir,
    logger,
    ...(deps.freeBytes === undefined ? {} : { freeBytes: deps.freeBytes }),
  });
  const watch = new BodyWatch(deps.patience);
  const rooms = new Map((deps.rooms ?? []).flatMap((room) => room.types.map((type) => [type, room] as const)));
  const spikes = new SpikeGuard({ clock, log: logger, history: deps.history ?? (async () => new Map()) });
  void spikes.start();
  const admission = new Admission({ clock, capacity, limiter: new RateLimiter(clock), spikes });
  const pipeline = new Pipeline({
    log,
    ledger,
    admission,
    gauges,
    logger,
    rooms,
    ...(deps.traces === undefined ? {} : { traces: deps.traces }),
  });
  const proxies = new TrustedProxies(config.trustedProxies);
  const shared = { keys, pipeline, clock, config, logger, gauges, room: new BodyRoom(watch), proxies };
  const handleEnvelopes = createIngestHandler(shared);
  const handleDoors = createDoorHandler({ ...shared, doors: deps.doors ?? [] });
  return {
    handle: (req, res) => handleEnvelopes(req, res) || handleDoors(req, res),
    pipeline,
    ledger,
    spikes,
    capacity,
    async stop() {
      capacity.close();
      spikes.close();
      watch.close();
      await ledger.close();
    },
  };
}
