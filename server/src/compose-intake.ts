import { join } from 'node:path';
import type { Ground } from './compose-ground.ts';
import type { Rooms } from './compose-rooms.ts';
import { createDetection, type Detection } from './modules/detection/detection.ts';
import { everyDoor, everyRoom } from './modules/detection/every-door.ts';
import { IngestMeter } from './modules/detection/gauges.ts';
import { ownReports } from './modules/detection/own-reports.ts';
import { PatternPreview } from './modules/detection/preview/pattern-preview.service.ts';
import { TailHost } from './modules/detection/tail/tail-host.ts';
import { TraceLinks } from './modules/detection/trace-links.ts';
import { type Beside, buildBeside } from './modules/errors/build-beside.ts';
import { buildHealth, type Health } from './modules/errors/build-health.ts';
import { type Digest, startDigest } from './modules/errors/digest/digest-host.ts';
import { hourlyHistory } from './modules/errors/hourly-history.ts';
import { seconds } from './platform/clock.ts';
import { ContentStore } from './platform/files/content-store.ts';
import { type JournalWriter, openJournalWriter } from './platform/ingest-log/journal-writer.ts';
import { journalDirectory } from './platform/ingest-log/segment.ts';

/** The way in: from what is sent, or written to a log, to what stands in the tables. */
export interface Intake {
  readonly ingestLog: JournalWriter;
  readonly digest: Digest;
  readonly detection: Detection;
  /** Follows no file until it is started. */
  readonly tail: TailHost;
  readonly preview: PatternPreview;
  readonly beside: Beside;
  /** Its watch judges nothing until it is started. */
  readonly health: Health;
}

/**
 * Opens it from its end: the tables' writer first, so that whatever is let in finds its way. Closed the other way round,
 * nothing is let in any more before the last of it is digested.
 */
export async function openIntake(ground: Ground, rooms: Rooms, closing: AsyncDisposableStack): Promise<Intake> {
  const { config, log, clock, bus, read, gauges, unlock } = ground;
  const { projects, sources, errors } = rooms;

  const watermark = await read.get<{ log_position: number }>('select log_position from digest_state where id = 1');
  const digestedUpTo = watermark?.log_position ?? 0;
  const directory = journalDirectory(config.dataDir);
  const ingestLog = await openJournalWriter({ directory, log, atLeast: digestedUpTo, unlock });
  closing.defer(() => ingestLog.close());
  ingestLog.acknowledged(digestedUpTo);

  const store = new ContentStore({ directory: join(config.dataDir, 'attachments'), clock });
  const isDigested = () => digest.drained();
  const beside = buildBeside({ ...ground, store, loaders: errors.loaders, isDigested });
  closing.defer(() => beside.close());
  gauges.gauge('errata_attachment_bytes', 'Attachments of all projects, by the last look.', () => beside.keeper.bytes);
  const digest = await startDigest({ ...ground, ingestLog });
  closing.defer(async () => void (await digest.stop()));
  beside.start();

  const meter = new IngestMeter();
  meter.register(gauges);
  const traces = new TraceLinks((link) => beside.traces.add(link));
  const detection = createDetection({
    keys: projects.directory,
    log: ingestLog,
    clock,
    logger: log,
    config,
    gauges: meter,
    history: () => hourlyHistory(read, clock),
    traces,
    rooms: everyRoom(store, traces),
    doors: everyDoor(store, clock),
  });
  closing.defer(() => detection.stop());

  const tail = new TailHost({
    ...{ config, log, clock, bus, pipeline: detection.pipeline, sources: sources.logSources },
    projectsByIds: (ids) => projects.projects.projectsByIds(ids),
    patternsOf: (id) => projects.patternDirectory.definitionsOf(id),
  });
  closing.defer(() => tail.stop());
  const preview = new PatternPreview({ directory: projects.patternDirectory, projects: projects.projects, clock, log });
  closing.defer(() => preview.close());
  preview.useRecordedLines(tail);

  const health = buildHealth({
    ...ground,
    loaders: errors.loaders,
    // What was received just now may not be flushed yet.
    heardUpTo: () => clock.now() - digest.figures().lagMs - seconds(2),
    report: ownReports({ pipeline: detection.pipeline, directory: projects.directory, clock, source: 'monitor' }),
  });
  closing.defer(() => health.watch.stop());
  await health.watch.open();
  return { ingestLog, digest, detection, tail, preview, beside, health };
}
