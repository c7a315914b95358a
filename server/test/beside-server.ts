import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentryDoors, sentryRooms } from '../src/modules/detection/beside-events.ts';
import { everyDoor, everyRoom } from '../src/modules/detection/every-door.ts';
import type { SideRecord } from '../src/modules/detection/records/side-records.ts';
import type { TraceLink } from '../src/modules/detection/records/trace-link.ts';
import { TraceLinks } from '../src/modules/detection/trace-links.ts';
import { systemClock } from '../src/platform/clock.ts';
import { ContentStore } from '../src/platform/files/content-store.ts';
import { type IngestServerOptions, startIngestServer } from './ingest-server.ts';

/**
 * The ingest server with rooms and doors for what Sentry's SDKs send beside events, and a store in a folder of its own.
 * `everything`: with every room and door there is.
 */
export async function startBesideServer(options: IngestServerOptions & { everything?: true } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'errata-beside-'));
  const store = new ContentStore({ directory, clock: systemClock });
  const written: TraceLink[] = [];
  const traces = new TraceLinks((link) => void written.push(link));
  const server = await startIngestServer({
    ...options,
    traces,
    rooms: options.everything ? everyRoom(store, traces) : [...sentryRooms(store, traces), ...(options.rooms ?? [])],
    doors: options.everything ? everyDoor(store, systemClock) : [...sentryDoors(store), ...(options.doors ?? [])],
  });
  return {
    ...server,
    store,
    written,
    sides: () => server.log.records.flatMap((record): SideRecord[] => (record.kind === 'side' ? [record] : [])),
    /** Every file in the store's folder, half written ones included. */
    files: () => readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
export type BesideServer = Awaited<ReturnType<typeof startBesideServer>>;
