import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../platform/clock.ts';
import { openSql } from '../../../platform/db/sql.ts';
import { BlobStore } from '../../projects/artifacts/blob-store.ts';
import { ARTIFACT_LIMITS } from '../../projects/artifacts/limits.ts';
import { EventMapper } from './event-mapper.ts';
import type { FrameReport } from './explain.ts';
import { MapCache } from './map-cache.ts';
import { type SlimEvent, slim, widened } from './slim-event.ts';

/** What the thread is asked: to map events, or to say what maps come to for one. */
export type ReadOrder =
  | { id: number; kind: 'map'; tasks: { projectId: number; event: SlimEvent }[] }
  | { id: number; kind: 'explain'; projectId: number; event: SlimEvent };

/** Its answers; `events` in order of the tasks, null where nothing changed. */
export type ReadAnswer =
  | { id: number; kind: 'map'; events: (SlimEvent | null)[] }
  | { id: number; kind: 'explain'; frames: FrameReport[] }
  | { id: number; kind: 'failed'; message: string };

// Applies maps to events that are read: maps that came after the event, or that there was no time for.
const { dataDir, databaseUrl } = workerData as { dataDir: string; databaseUrl: string | undefined };
const port = parentPort!;
/** Longest that maps are opened for one order; readers have given up by then, and the next order waits. */
const BUDGET_MS = 10_000;
const sql = openSql({ dataDir, databaseUrl }, 'read', 1);
const mapper = new EventMapper(new MapCache(new BlobStore(dataDir, systemClock), 48 * 1024 * 1024, ARTIFACT_LIMITS.fileBytes));

async function answer(order: ReadOrder): Promise<ReadAnswer> {
  const { id } = order;
  const now = systemClock.now();
  if (order.kind === 'explain')
    return { id, kind: 'explain', frames: await mapper.explain(sql, order.projectId, widened(order.event), now) };
  const tasks = order.tasks.map(({ projectId, event }) => ({ projectId, event: widened(event) }));
  const changed = await mapper.apply(sql, tasks, now, BUDGET_MS);
  mapper.takeUsed(); // being read is no use: only events that come keep a map
  return { id, kind: 'map', events: tasks.map(({ event }) => (changed.has(event) ? slim(event) : null)) };
}

let last: Promise<unknown> = Promise.resolve();
port.on('message', (order: ReadOrder | 'stop') => {
  if (order === 'stop') {
    last = last.then(() => sql.close()).finally(() => port.close());
    return;
  }
  last = last
    .then(() => answer(order))
    .catch((error: unknown): ReadAnswer => ({ id: order.id, kind: 'failed', message: String(error) }))
    .then((found) => port.postMessage(found));
});
