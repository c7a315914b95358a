import { Agent, createServer, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Patience } from '../src/modules/detection/body-watch.ts';
import { createDetection } from '../src/modules/detection/detection.ts';
import type { IngestRecord, OutcomeCount } from '../src/modules/detection/digest.task.ts';
import type { Door } from '../src/modules/detection/doors/door.ts';
import { IngestMeter } from '../src/modules/detection/gauges.ts';
import type { HourlyHistory } from '../src/modules/detection/inbound/spike-guard.ts';
import type { IngestKey } from '../src/modules/detection/ingest-keys.ts';
import { decodeRecord } from '../src/modules/detection/ingest-record.ts';
import type { ItemRoom } from '../src/modules/detection/item-room.ts';
import type { ScrubbedEvent } from '../src/modules/detection/normalized-event.ts';
import type { TraceLinks } from '../src/modules/detection/trace-links.ts';
import { DEFAULT_SETTINGS, type ProjectSettings } from '../src/modules/projects/project.entity.ts';
import { type Clock, fixedClock } from '../src/platform/clock.ts';
import type { IngestLogWriter } from '../src/platform/ingest-log/ingest-log.ts';
import { silentLog } from '../src/platform/log.ts';
import { NOW } from './factories.ts';

/** A log in memory that can be told to fail, or to claim a backlog. */
export class MemoryLog implements IngestLogWriter {
  readonly records: IngestRecord[] = [];
  failing = false;
  backlogBytes = 0;
  position = 0;

  append(records: readonly Uint8Array[]): Promise<void> {
    if (this.failing) return Promise.reject(new Error('ENOSPC'));
    for (const record of records) {
      this.records.push(decodeRecord(record));
      this.position += record.length + 8;
    }
    return Promise.resolve();
  }

  onFlushed(): () => void {
    return () => undefined;
  }

  acknowledged(): void {}

  async close(): Promise<void> {}
}

/** 32 hex digits each: an active key of project 42, and others. */
export const KEYS = {
  active: 'a'.repeat(32),
  second: 'b'.repeat(32),
  disabled: 'd'.repeat(32),
  archived: 'e'.repeat(32),
  otherProject: '0'.repeat(31).concat('7'),
  unknown: 'f'.repeat(32),
} as const;
export const PROJECT = 42;

export interface IngestServerOptions {
  settings?: Partial<ProjectSettings>;
  keyEventsPerMinute?: number | null;
  baseUrl?: string;
  trustedProxies?: string[];
  clock?: Clock;
  freeBytes?: number;
  patience?: Patience;
  history?: HourlyHistory;
  doors?: readonly Door[];
  rooms?: readonly ItemRoom[];
  traces?: TraceLinks;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The detection room behind a real HTTP server on a free port, over a log in memory. */
export async function startIngestServer(options: IngestServerOptions = {}) {
  const settings: ProjectSettings = { ...DEFAULT_SETTINGS, ...options.settings };
  const base: IngestKey = {
    projectId: PROJECT,
    keyId: 1,
    status: 'ACTIVE',
    projectStatus: 'ACTIVE',
    settings,
    keyEventsPerMinute: options.keyEventsPerMinute ?? null,
  };
  const directory = new Map<string, IngestKey>([
    [KEYS.active, base],
    [KEYS.second, { ...base, keyId: 2 }],
    [KEYS.disabled, { ...base, keyId: 3, status: 'DISABLED' }],
    [KEYS.archived, { ...base, keyId: 4, projectStatus: 'ARCHIVED' }],
    [KEYS.otherProject, { ...base, keyId: 5, projectId: 7 }],
  ]);
  const log = new MemoryLog();
  const clock = options.clock ?? fixedClock(NOW);
  const meter = new IngestMeter();
  const touched: number[] = [];
  const detection = createDetection({
    keys: { find: (key) => directory.get(key), touch: (id) => void touched.push(id) },
    log,
    clock,
    logger: silentLog,
    gauges: meter,
    freeBytes: async () => options.freeBytes,
    config: {
      baseUrl: options.baseUrl ?? 'http://127.0.0.1:4000',
      dataDir: '.',
      trustedProxies: options.trustedProxies ?? [],
      ingestBacklogBytes: 1024 * 1024,
    },
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.history === undefined ? {} : { history: options.history }),
    ...(options.doors === undefined ? {} : { doors: options.doors }),
    ...(options.rooms === undefined ? {} : { rooms: options.rooms }),
    ...(options.traces === undefined ? {} : { traces: options.traces }),
  });
  await detection.capacity.check();
  const server = createServer((req, res) => {
    if (!detection.handle(req, res)) res.writeHead(404).end('not ours');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });

  /** Sends one request; the body may come in several chunks (then without a length). */
  function send(
    path: string,
    body?: string | Uint8Array | readonly Uint8Array[],
    headers: Record<string, string | string[]> = {},
    method = 'POST',
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const req = request({ host: '127.0.0.1', port, path, method, headers, agent }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode as number, headers: res.headers, body: Buffer.concat(chunks).toString('latin1') }),
        );
        res.on('error', reject);
      });
      req.on('error', reject);
      if (Array.isArray(body)) {
        for (const chunk of body as readonly Uint8Array[]) req.write(chunk);
        req.end();
      } else req.end(body as string | Uint8Array | undefined);
    });
  }

  return {
    port,
    log,
    clock,
    meter,
    detection,
    touched,
    send,
    /** An envelope to project 42 with the active key in the query. */
    envelope: (body: string | Uint8Array, headers: Record<string, string> = {}) =>
      send(`/api/${PROJECT}/envelope/?sentry_key=${KEYS.active}`, body, headers),
    store: (body: string | Uint8Array, headers: Record<string, string> = {}) =>
      send(`/api/${PROJECT}/store/?sentry_key=${KEYS.active}`, body, headers),
    /** Bytes on a bare socket; answers everything that comes back until the server closes or the head is there. */
    raw(bytes: string | Uint8Array): Promise<string> {
      return new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk.toString('latin1');
          if (text.includes('\r\n\r\n')) socket.destroy();
        });
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
    },
    events: (): ScrubbedEvent[] => log.records.flatMap((r) => (r.kind === 'event' ? [r.event] : [])),
    /** Outcomes counted so far, summed over flushes: `item outcome reason` → quantity. */
    async outcomes(): Promise<Record<string, number>> {
      await detection.ledger.flush();
      const sums: Record<string, number> = {};
      for (const row of log.records.flatMap((r): OutcomeCount[] => (r.kind === 'outcomes' ? r.outcomes : []))) {
        const name = `${row.item} ${row.outcome} ${row.reason}`.trim();
        sums[name] = (sums[name] ?? 0) + row.quantity;
      }
      return sums;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await detection.stop();
    },
  };
}
export type IngestServer = Awaited<ReturnType<typeof startIngestServer>>;

/** An envelope's bytes from its header and items; payloads get their length unless the item header says otherwise. */
export function envelopeOf(header: object, ...items: [headers: Record<string, unknown>, payload: string | Uint8Array][]): Buffer {
  const parts: Uint8Array[] = [Buffer.from(`${JSON.stringify(header)}\n`)];
  for (const [headers, payload] of items) {
    const bytes = Buffer.from(payload as string);
    const full = Object.hasOwn(headers, 'length') ? headers : { ...headers, length: bytes.length };
    parts.push(Buffer.from(`${JSON.stringify(full)}\n`), bytes, Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/** The payload of a small, ordinary event. */
export const SMALL_EVENT = {
  event_id: '9ec79c33ec9942ab8353589fcb2e04dc',
  timestamp: '2026-11-22T12:00:00Z',
  platform: 'node',
  exception: {
    values: [{ type: 'TypeError', value: 'x is not a function', stacktrace: { frames: [{ function: 'main', lineno: 3 }] } }],
  },
};
