import type { Bus } from '../../../platform/bus/bus.ts';
import { type Clock, hours, minutes } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { Failure } from '../../../platform/errors.ts';
import type { Identity } from '../../../platform/graphql/context.ts';
import type { HttpServer } from '../../../platform/http/server.ts';
import type { Log } from '../../../platform/log.ts';
import type { Actor } from '../../access/actor.ts';
import type { ProjectService } from '../project.service.ts';
import { type ApiDeps, findProjects } from './api-request.ts';
import { ArtifactBundleResolver, ProjectArtifactsResolver, ReleaseRecordsResolver } from './artifact.resolver.ts';
import { ArtifactService } from './artifact.service.ts';
import { BlobStore } from './blob-store.ts';
import { BundleHost } from './bundle-host.ts';
import { ChunkStore } from './chunk-store.ts';
import { installReleaseRoutes } from './release.routes.ts';
import { ReleaseRecords } from './release.service.ts';
import { installUploadRoutes } from './upload.routes.ts';
import { UploadService } from './upload.service.ts';

/** Source maps: what keeps them, and the API by which they come. */
export interface Artifacts {
  readonly artifacts: ArtifactService;
  readonly uploads: UploadService;
  readonly releases: ReleaseRecords;
  /** Instances, for the container of the schema. */
  readonly resolvers: readonly object[];
  /** Puts the routes of release tools on the server. Call before `http.listen()`. */
  mount(http: HttpServer): Promise<void>;
  /** Stops the timer, waits for uploads that are being read. */
  close(): Promise<void>;
}

const SWEEP_EVERY_MS = hours(1);
const FIRST_SWEEP_MS = minutes(2);

/** Puts the part together; `write` is the main thread's writer. Begins to sweep by itself. */
export function buildArtifacts(deps: {
  read: Sql;
  write: Sql;
  bus: Bus;
  clock: Clock;
  log: Log;
  config: Pick<Config, 'dataDir' | 'baseUrl' | 'sourceMapDays' | 'sourceMapBytes'>;
  projects: ProjectService;
  authenticate: (credentials: { bearer: string | null; cookie: string | null }) => Promise<Identity<Actor>>;
}): Artifacts {
  const { read, write, bus, clock, log, config, projects, authenticate } = deps;
  const blobs = new BlobStore(config.dataDir, clock);
  const chunks = new ChunkStore(config.dataDir, clock);
  const host = new BundleHost({ dataDir: config.dataDir });
  const api: ApiDeps = { authenticate, projects, baseUrl: config.baseUrl };
  const resolve = async (actor: Actor, names: readonly string[]) =>
    (await findProjects(api, actor, names)).map((project) => project.id);
  const artifacts = new ArtifactService({ read, write, blobs, chunks, clock, bus, log, config });
  const uploads = new UploadService({ write, read, host, chunks, clock, bus, log, resolve });
  const releases = new ReleaseRecords({ read, write, clock });
  const sweep = () =>
    void artifacts
      .sweep()
      .catch((error: unknown) => log.warn({ err: error }, 'source maps could not be swept; it will be tried again'));
  const first = setTimeout(sweep, FIRST_SWEEP_MS);
  const timer = setInterval(sweep, SWEEP_EVERY_MS);
  first.unref();
  timer.unref();
  return {
    artifacts,
    uploads,
    releases,
    resolvers: [
      new ProjectArtifactsResolver({ artifacts }),
      new ArtifactBundleResolver({ artifacts }),
      new ReleaseRecordsResolver({ releases }),
    ],
    async mount(http) {
      await http.app.register(
        async (app) => {
          app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
            if (error instanceof Failure && !error.bug)
              return reply.code(error.status).send({ detail: error.message, code: error.code });
            if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
              return reply.code(error.statusCode).send({ detail: error.message });
            throw error; // a fault of ours: the server's own handler logs it
          });
          await installUploadRoutes(app, { ...api, uploads, artifacts });
          installReleaseRoutes(app, { ...api, releases, now: () => clock.now() });
        },
        { prefix: '/api/0' },
      );
    },
    async close() {
      clearTimeout(first);
      clearInterval(timer);
      await uploads.idle();
    },
  };
}
