import { statSync } from 'node:fs';
import { join } from 'node:path';
import { entities } from './entities.ts';
import type { Actor } from './modules/access/actor.ts';
import { audienceOf, userKeyOf } from './modules/access/audience.ts';
import { type Access, buildAccess } from './modules/access/build-access.ts';
import { ensureFirstAdministrator } from './modules/access/first-administrator.ts';
import { REQUIREMENTS } from './modules/access/requirements.ts';
import { createDetection } from './modules/detection/detection.ts';
import { everyDoor, everyRoom } from './modules/detection/every-door.ts';
import { IngestMeter } from './modules/detection/gauges.ts';
import { ProjectOutcomesResolver } from './modules/detection/outcome.resolver.ts';
import { ownReports } from './modules/detection/own-reports.ts';
import { PatternPreviewResolver } from './modules/detection/preview/pattern-preview.resolver.ts';
import { PatternPreview } from './modules/detection/preview/pattern-preview.service.ts';
import { ReportResolver } from './modules/detection/report.resolver.ts';
import { ReportService } from './modules/detection/report.service.ts';
import { ProjectSpikeResolver } from './modules/detection/spike.resolver.ts';
import { buildTailApi } from './modules/detection/tail/build-tail.ts';
import { TailHost } from './modules/detection/tail/tail-host.ts';
import { TraceLinks } from './modules/detection/trace-links.ts';
import { installAttachmentRoute } from './modules/errors/attachments/attachment.routes.ts';
import { buildBeside } from './modules/errors/build-beside.ts';
import { buildErrors } from './modules/errors/build-errors.ts';
import { buildHealth } from './modules/errors/build-health.ts';
import { startDigest } from './modules/errors/digest/digest-host.ts';
import { hourlyHistory } from './modules/errors/hourly-history.ts';
import { ReadMaps } from './modules/errors/source-maps/read-maps.ts';
import { SystemResolver } from './modules/metrics/system.resolver.ts';
import { SystemSampler } from './modules/metrics/system.service.ts';
import { buildArtifacts } from './modules/projects/artifacts/build-artifacts.ts';
import { buildLogSources } from './modules/projects/build-log-sources.ts';
import { buildProjects, type Projects } from './modules/projects/build-projects.ts';
import { existingProjects } from './modules/projects/existing-projects.ts';
import { ensureFirstProject } from './modules/projects/first-project.ts';
import { Bus } from './platform/bus/bus.ts';
import { type Clock, seconds, systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { claimDatabase, type DatabaseClaim } from './platform/db/claim.ts';
import { dialectOf } from './platform/db/dialect.ts';
import { openMainWriter } from './platform/db/main-writer.ts';
import { migrate } from './platform/db/migrate.ts';
import { openOrm } from './platform/db/orm.ts';
import { openSql, type Sql, sqlitePath } from './platform/db/sql.ts';
import { ContentStore } from './platform/files/content-store.ts';
import { buildGraphqlSchema } from './platform/graphql/build.ts';
import { mountGraphql } from './platform/graphql/mount.ts';
import { Gauges } from './platform/http/gauges.ts';
import { createHttpServer } from './platform/http/server.ts';
import { lockJournal } from './platform/ingest-log/journal-lock.ts';
import { openJournalWriter } from './platform/ingest-log/journal-writer.ts';
import { journalDirectory } from './platform/ingest-log/segment.ts';
import type { Log } from './platform/log.ts';
import { VERSION } from './platform/version.ts';
import { RESOLVERS } from './resolvers.ts';

/** What a first start made, to be shown once. */
export interface FirstStart {
  administrator: { email: string; password: string | null } | null;
  dsn: string | null;
}

export interface Application {
  readonly url: string;
  readonly port: number;
  readonly firstStart: FirstStart;
  /** Stops taking requests, digests what was accepted, closes everything. Answers whether nothing was left undigested. */
  stop(): Promise<boolean>;
}

/** Where the built dashboard is, from `src` and `dist` alike. */
const WEB_ROOT = join(import.meta.dirname, '../../web/dist');

/**
 * Builds the whole application and starts it: database and migrations, rooms from the ground up, then the doors.
 * Whoever runs on the data, or on the database, already keeps it: nothing is migrated under another server's feet.
 * @throws when another server has the data, the database cannot be reached or the port is taken
 */
export async function startApplication(config: Config, log: Log, clock: Clock = systemClock): Promise<Application> {
  const unlock = lockJournal(journalDirectory(config.dataDir));
  let database: DatabaseClaim | undefined;
  try {
    database = await claimDatabase(config, log);
    return await start({ config, log, clock, unlock, database });
  } catch (error) {
    unlock();
    await database?.release();
    throw error;
  }
}

async function start(ground: {
  config: Config;
  log: Log;
  clock: Clock;
  unlock: () => void;
  database: DatabaseClaim;
}): Promise<Application> {
  const { config, log, clock, unlock, database } = ground;
  const orm = await openOrm(config, entities);
  const applied = await migrate(orm, config, log, clock);
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  const read = openSql(config, 'read');
  const write = await openMainWriter(orm, config);
  const bus = new Bus(log);
  const gauges = new Gauges();

  const access = buildAccess({ orm, sql: read, bus, clock, log, config, existingProjects: existingProjects(read) });
  const projects = buildProjects({ orm, sql: read, bus, clock, log, config, memberships: access.memberships });
  const sources = buildLogSources({ orm, bus, clock, config });
  const artifacts = buildArtifacts({
    read,
    write,
    bus,
    clock,
    log,
    config,
    projects: projects.projects,
    authenticate: (credentials) => access.authenticator.authenticate(credentials),
  });
  await projects.directory.start();
  await projects.patternDirectory.start();
  await access.watch.start();

  const watermark = await read.get<{ log_position: number }>('select log_position from digest_state where id = 1');
  const ingestLog = await openJournalWriter({
    directory: journalDirectory(config.dataDir),
    log,
    atLeast: watermark?.log_position ?? 0,
    unlock,
  });
  ingestLog.acknowledged(watermark?.log_position ?? 0);
  const digest = await startDigest({ config, log, ingestLog, bus, clock });
  const meter = new IngestMeter();
  meter.register(gauges);
  const store = new ContentStore({ directory: join(config.dataDir, 'attachments'), clock });
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
  const tail = new TailHost({
    ...{ config, log, clock, bus, pipeline: detection.pipeline, sources: sources.logSources },
    projectsByIds: (ids) => projects.projects.projectsByIds(ids),
    patternsOf: (id) => projects.patternDirectory.definitionsOf(id),
  });
  const preview = new PatternPreview({ directory: projects.patternDirectory, projects: projects.projects, clock, log });
  preview.useRecordedLines(tail);
  const readMaps = new ReadMaps({ config, read, bus, log });
  const errors = buildErrors({ read, write, bus, clock, projects: projects.projects, users: access.users, maps: readMaps });
  const isDigested = () => digest.drained();
  const beside = buildBeside({ read, write, bus, clock, log, store, loaders: errors.loaders, isDigested });
  beside.start();
  gauges.gauge('errata_attachment_bytes', 'Attachments of all projects, by the last look.', () => beside.keeper.bytes);
  const health = buildHealth({
    ...{ read, write, bus, clock, log, loaders: errors.loaders },
    // What was received just now may not be flushed yet.
    heardUpTo: () => clock.now() - digest.figures().lagMs - seconds(2),
    report: ownReports({ pipeline: detection.pipeline, directory: projects.directory, clock, source: 'monitor' }),
  });
  await health.watch.open();

  let isPrepared = false;
  const http = createHttpServer({
    config,
    log,
    gauges,
    ingest: detection.handle,
    ready: async () => ({
      database: await read.get('select 1').then(
        () => (isPrepared ? 'ok' : 'is being prepared'),
        (error: unknown) => {
          log.warn({ err: error }, 'the database does not answer');
          return 'does not answer';
        },
      ),
    }),
    webRoot: WEB_ROOT,
  });
  let subscribers = () => 0;
  const sampler = new SystemSampler({
    clock,
    version: VERSION,
    database: dialectOf(config) === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    probes: {
      ingestBacklogBytes: () => ingestLog.backlogBytes,
      digestLagMs: () => digest.figures().lagMs,
      eventsDigested: () => digest.figures().eventsDigested,
      subscribers: () => subscribers(),
      databaseBytes: () => databaseBytes(config, read),
      dataDir: config.dataDir,
    },
  });
  sampler.register(gauges);
  sampler.start();
  const instances = [
    ...access.resolvers,
    ...projects.resolvers,
    ...artifacts.resolvers,
    ...errors.resolvers,
    ...beside.resolvers,
    ...health.resolvers,
    ...sources.resolvers,
    ...buildTailApi({ sources: sources.logSources, tail, clock }),
    new PatternPreviewResolver({ preview }),
    new ProjectOutcomesResolver({ sql: read, clock }),
    new ReportResolver(new ReportService({ sql: read, clock, pipeline: detection.pipeline, directory: projects.directory })),
    new ProjectSpikeResolver({ spikes: detection.spikes }),
    new SystemResolver(sampler),
  ];
  const schema = buildGraphqlSchema({
    resolvers: RESOLVERS,
    container: new Map(instances.map((instance) => [instance.constructor, instance])),
    requirements: REQUIREMENTS,
  });
  const { live } = await mountGraphql<Actor>(http, {
    schema,
    authenticate: (credentials) => access.authenticator.authenticate(credentials),
    identify: (actor) => ({ userKey: userKeyOf(actor), audience: audienceOf(actor) }),
    config,
    log,
    clock,
    gauges,
  });
  subscribers = () => live.stats.subscribers;
  bus.subscribe('accessRevoked', (gone) => {
    live.disconnect(({ actor, sessionId }) => {
      if (gone.sessionId !== undefined) return sessionId === gone.sessionId;
      if (gone.tokenId !== undefined) return actor.tokenId === gone.tokenId;
      return actor.userId === gone.userId;
    });
  });
  await artifacts.mount(http);
  installAttachmentRoute(http.app, {
    attachments: beside.attachments,
    authenticate: (credentials) => access.authenticator.authenticate(credentials),
  });
  const { port, url } = await http.listen();
  // Only now: a password that was made for a start that failed would never be shown.
  const firstStart = await prepareFirstStart(config, access, projects);
  isPrepared = true;
  health.watch.start(digest.drained());
  await tail.start();
  log.info({ url }, 'listening');

  return {
    url,
    port,
    firstStart,
    async stop() {
      await http.stop();
      await artifacts.close();
      await readMaps.close();
      sampler.stop();
      await tail.stop();
      await preview.close();
      await health.watch.stop();
      await detection.stop();
      const drained = await digest.stop();
      await beside.close();
      await ingestLog.close();
      access.watch.close();
      await projects.directory.close();
      await projects.patternDirectory.close();
      await Promise.all([read.close(), write.close()]);
      await orm.close(true);
      await database.release();
      return drained;
    },
  };
}

/** Somebody to sign in and somewhere to send to: the first start makes both. */
async function prepareFirstStart(config: Config, access: Access, projects: Projects): Promise<FirstStart> {
  const administrator = await ensureFirstAdministrator({ users: access.users, config });
  const project = await ensureFirstProject(projects);
  return { administrator, dsn: project?.dsn ?? null };
}

async function databaseBytes(config: Config, sql: Sql): Promise<number> {
  if (sql.dialect === 'postgres')
    return (await sql.get<{ n: number }>('select pg_database_size(current_database()) as n'))?.n ?? 0;
  return ['', '-wal'].reduce(
    (sum, suffix) => sum + (statSync(sqlitePath(config.dataDir) + suffix, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
