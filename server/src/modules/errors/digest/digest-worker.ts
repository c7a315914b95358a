import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../platform/clock.ts';
import { openJournalReader } from '../../../platform/ingest-log/journal-reader.ts';
import { journalDirectory } from '../../../platform/ingest-log/segment.ts';
import { BlobStore } from '../../projects/artifacts/blob-store.ts';
import { retention } from '../retain.ts';
import { DigestMaps } from '../source-maps/digest-maps.ts';
import { EventMapper } from '../source-maps/event-mapper.ts';
import { lateMaps } from '../source-maps/late-maps.ts';
import { MapCache } from '../source-maps/map-cache.ts';
import { analysis } from './analysis.ts';
import { DigestLoop } from './digest-loop.ts';
import type { DigestNews, DigestOrder, DigestWorkerData } from './digest-messages.ts';
import { Digester } from './digester.ts';
import { Housekeeping } from './housekeeping.ts';
import { openDigestStore } from './open-store.ts';
import { RejectedRecords } from './rejected-records.ts';

// The digest thread: the only writer of events. Started by `digest-host.ts`; runs from TypeScript and from dist alike.
const data = workerData as DigestWorkerData;
const port = parentPort!;
const tell = (news: DigestNews) => port.postMessage(news);

const store = openDigestStore(data);
const reader = openJournalReader(journalDirectory(data.dataDir), (loss) =>
  tell({ kind: 'log', level: 'error', fields: { ...loss }, text: 'part of the ingest log cannot be read and is passed over' }),
);
const mapper = new EventMapper(new MapCache(new BlobStore(data.dataDir, systemClock)));
const digester = new Digester({
  store,
  maps: new DigestMaps({ mapper, clock: systemClock }),
  reader,
  analyse: analysis,
  clock: systemClock,
  rejects: new RejectedRecords(data.dataDir),
  suspicion: data.suspicion,
  careful: data.careful,
});
const loop = new DigestLoop({
  digester,
  shared: new BigInt64Array(data.shared),
  tell,
  clock: systemClock,
  housekeeping: new Housekeeping({ store, clock: systemClock, chores: [...lateMaps({ mapper, analyse: analysis }), retention] }),
});
port.on('message', (order: DigestOrder) => loop.order(order));
tell({ kind: 'started' });

const drained = await loop.run();
await store.close().catch(() => undefined);
reader.close();
tell({ kind: 'stopped', drained });
port.close();
