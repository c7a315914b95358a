import { join } from 'node:path';
import type { Ground } from './compose-ground.ts';
import type { Intake } from './compose-intake.ts';
import type { Rooms } from './compose-rooms.ts';
import type { Actor } from './modules/access/actor.ts';
import { audienceOf, userKeyOf } from './modules/access/audience.ts';
import { REQUIREMENTS } from './modules/access/requirements.ts';
import { ProjectOutcomesResolver } from './modules/detection/outcome.resolver.ts';
import { PatternPreviewResolver } from './modules/detection/preview/pattern-preview.resolver.ts';
import { ReportResolver } from './modules/detection/report.resolver.ts';
import { ReportService } from './modules/detection/report.service.ts';
import { ProjectSpikeResolver } from './modules/detection/spike.resolver.ts';
import { buildTailApi } from './modules/detection/tail/build-tail.ts';
import { installAttachmentRoute } from './modules/errors/attachments/attachment.routes.ts';
import { SystemResolver } from './modules/metrics/system.resolver.ts';
import { SystemSampler } from './modules/metrics/system.service.ts';
import { databaseBytes } from './platform/db/database-bytes.ts';
import { dialectOf } from './platform/db/dialect.ts';
import { buildGraphqlSchema } from './platform/graphql/build.ts';
import { mountGraphql } from './platform/graphql/mount.ts';
import { createHttpServer, type HttpServer } from './platform/http/server.ts';
import { VERSION } from './platform/version.ts';
import { RESOLVERS } from './resolvers.ts';

/** Where the built dashboard is, from `src` and `dist` alike. */
const WEB_ROOT = join(import.meta.dirname, '../../web/dist');

/**
 * Puts everything that is asked for over HTTP on a server: ingestion, GraphQL, routes, the dashboard. It does not listen yet.
 * @param isPrepared whether it may be called ready, as far as only the start knows
 */
export async function openFront(
  ground: Ground,
  rooms: Rooms,
  intake: Intake,
  isPrepared: () => boolean,
  closing: AsyncDisposableStack,
): Promise<HttpServer> {
  const { config, log, clock, bus, read, gauges } = ground;
  const { authenticate } = rooms;
  let subscribers = () => 0;
  const sampler = new SystemSampler({
    clock,
    version: VERSION,
    database: dialectOf(config) === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    probes: {
      ingestBacklogBytes: () => intake.ingestLog.backlogBytes,
      digestLagMs: () => intake.digest.figures().lagMs,
      eventsDigested: () => intake.digest.figures().eventsDigested,
      subscribers: () => subscribers(),
      databaseBytes: () => databaseBytes(config, read),
      dataDir: config.dataDir,
    },
  });
  closing.defer(() => sampler.stop());
  sampler.register(gauges);
  sampler.start();

  const http = createHttpServer({
    config,
    log,
    gauges,
    ingest: intake.detection.handle,
    ready: async () => ({
      database: await read.get('select 1').then(
        () => (isPrepared() ? 'ok' : 'is being prepared'),
        (error: unknown) => {
          log.warn({ err: error }, 'the database does not answer');
          return 'does not answer';
        },
      ),
    }),
    webRoot: WEB_ROOT,
  });
  closing.defer(() => http.stop());
  const { live } = await mountGraphql<Actor>(http, {
    schema: schemaOf(resolversOf(ground, rooms, intake, sampler)),
    authenticate,
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
  await rooms.artifacts.mount(http);
  installAttachmentRoute(http.app, { attachments: intake.beside.attachments, authenticate });
  return http;
}

/** An instance of each class in `resolvers.ts`. */
function resolversOf({ read, clock }: Ground, rooms: Rooms, intake: Intake, sampler: SystemSampler): readonly object[] {
  const { directory } = rooms.projects;
  const { pipeline, spikes } = intake.detection;
  return [
    ...rooms.access.resolvers,
    ...rooms.projects.resolvers,
    ...rooms.artifacts.resolvers,
    ...rooms.errors.resolvers,
    ...intake.beside.resolvers,
    ...intake.health.resolvers,
    ...rooms.sources.resolvers,
    ...buildTailApi({ sources: rooms.sources.logSources, tail: intake.tail, clock }),
    new PatternPreviewResolver({ preview: intake.preview }),
    new ProjectOutcomesResolver({ sql: read, clock }),
    new ReportResolver(new ReportService({ sql: read, clock, pipeline, directory })),
    new ProjectSpikeResolver({ spikes }),
    new SystemResolver(sampler),
  ];
}

function schemaOf(instances: readonly object[]) {
  return buildGraphqlSchema({
    resolvers: RESOLVERS,
    container: new Map(instances.map((instance) => [instance.constructor, instance])),
    requirements: REQUIREMENTS,
  });
}
