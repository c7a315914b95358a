import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../../platform/errors.ts';
import { type ApiCall, type ApiDeps, apiRoute, findProject, findProjects, textOf, textsOf, versionOf } from './api-request.ts';
import type { FileType } from './artifact.entity.ts';
import type { ArtifactService } from './artifact.service.ts';
import { ARTIFACT_LIMITS, storable, storableUrl } from './limits.ts';
import type { UploadService } from './upload.service.ts';

/** A single file, uploaded the older way. */
const RELEASE_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Uploads as Sentry's tools make them (sentry-cli, the bundler plugins), unchanged: pieces named by their SHA-1, put
 * together into artifact bundles; and single release files, the older way. There are no organisations here: any name of one
 * will do. Only what concerns source maps is offered (`accept`).
 */
export async function installUploadRoutes(
  app: FastifyInstance,
  deps: ApiDeps & { uploads: UploadService; artifacts: ArtifactService },
): Promise<void> {
  const { uploads, artifacts } = deps;
  await app.register(fastifyMultipart, {
    throwFileSizeLimit: true,
    limits: { parts: 64, fields: 32, fieldSize: 64 * 1024, files: ARTIFACT_LIMITS.chunksPerRequest, headerPairs: 50 },
  });
  const route = (method: 'GET' | 'POST' | 'DELETE', path: string, answer: (call: ApiCall) => Promise<unknown>) =>
    apiRoute(app, deps, method, path, answer);

  route('GET', '/organizations/:org/chunk-upload/', async ({ params, request }) => {
    const path = `organizations/${encodeURIComponent(params['org'] ?? '')}/chunk-upload/`;
    return {
      // Relative, so that it leads where the tool already is, whatever our public address is said to be.
      url: relativeIsKnown(request.headers['user-agent']) ? path : `${deps.baseUrl}/api/0/${path}`,
      chunkSize: ARTIFACT_LIMITS.chunkBytes,
      chunksPerRequest: ARTIFACT_LIMITS.chunksPerRequest,
      maxRequestSize: ARTIFACT_LIMITS.requestBytes,
      maxFileSize: ARTIFACT_LIMITS.bundleBytes,
      maxWait: 180,
      concurrency: 2,
      hashAlgorithm: 'sha1',
      compression: ['gzip'],
      accept: ['release_files', 'sources', 'artifact_bundles', 'artifact_bundles_v2'],
    };
  });

  route('POST', '/organizations/:org/chunk-upload/', async ({ actor, request }) => {
    if (!request.isMultipart()) throw new Failure('BAD_INPUT', 'multipart/form-data expected.');
    for await (const part of request.parts({ limits: { fileSize: ARTIFACT_LIMITS.chunkBytes } })) {
      if (part.type !== 'file') continue;
      const bytes = await part.toBuffer();
      if (part.fieldname === 'file' || part.fieldname === 'file_gzip')
        await uploads.chunk(actor, part.filename, bytes, part.fieldname === 'file_gzip');
    }
    return {};
  });

  const assemble = async ({ actor, body }: ApiCall, release?: string) => {
    const names = textsOf(body['projects']);
    const projects = names.length > 0 ? await findProjects(deps, actor, names) : [];
    return uploads.assemble(actor, {
      checksum: String(body['checksum']),
      chunks: textsOf(body['chunks']),
      projectIds: projects.map((project) => project.id),
      release: release ?? textOf(body['version'], 200),
      dist: textOf(body['dist'], 64),
    });
  };
  route('POST', '/organizations/:org/artifactbundle/assemble/', (call) => assemble(call));
  route('POST', '/organizations/:org/releases/:version/assemble/', (call) => assemble(call, versionOf(call.params['version'])));

  for (const scope of ['/projects/:org/:project', '/organizations/:org']) {
    const files = `${scope}/releases/:version/files/`;
    route('POST', files, async (call) => {
      const { actor, params } = call;
      const release = versionOf(params['version']);
      const { content, fields } = await releaseFile(call);
      const name = fields.get('name')?.[0] ?? '';
      if (name === '') throw new Failure('BAD_INPUT', 'The file needs a name: where it is served from, such as ~/static/app.js.');
      const projects = await findProjects(deps, actor, params['project'] === undefined ? [] : [params['project']]);
      const headers = Object.fromEntries((fields.get('header') ?? []).map(readHeader));
      const named = { url: storableUrl(name), type: typeOf(name), headers };
      let size = 0;
      for (const project of projects)
        size = (
          await uploads.releaseFile(
            actor,
            project.id,
            { release, dist: storable(fields.get('dist')?.[0] ?? '', 64) },
            named,
            content,
          )
        ).sizeBytes;
      call.reply.code(201);
      return { id: name, name, dist: fields.get('dist')?.[0] ?? null, headers, size, sha1: '', dateCreated: null };
    });
    route('GET', files, async ({ actor, params }) => {
      const version = versionOf(params['version']);
      const projects = await findProjects(deps, actor, params['project'] === undefined ? [] : [params['project']]);
      const reader = projects.map((project) => ({ project, actor }));
      const listed = [];
      for (const { project } of reader) {
        if (!actor.can('projects:read', project.id)) continue;
        for (const bundle of await artifacts.list(actor, project.id, { release: version, first: 20 }))
          for (const file of await artifacts.files(bundle.id))
            listed.push({
              id: String(file.id),
              name: file.url,
              dist: bundle.dist || null,
              size: file.sizeBytes,
              sha1: '',
              headers: {},
            });
      }
      return listed;
    });
    route('DELETE', files, async (call) => {
      const { actor, params } = call;
      const version = versionOf(params['version']);
      let known = false;
      for (const project of await findProjects(deps, actor, params['project'] === undefined ? [] : [params['project']]))
        known = (await artifacts.deleteReleaseFiles(actor, project.id, version)) || known;
      return deleted(call, known);
    });
  }

  // `sentry-cli releases files <version> delete --all`; older versions clear a release's files this way before they upload.
  route('DELETE', '/projects/:org/:project/files/source-maps/', async (call) => {
    const project = await findProject(deps, call.actor, call.params['project'] ?? '');
    const name = textOf(call.query['name'], 200);
    return deleted(call, name !== undefined && (await artifacts.deleteReleaseFiles(call.actor, project.id, name)));
  });
}

function deleted(call: ApiCall, known: boolean): null {
  if (!known) throw new Failure('NOT_FOUND', 'There is no such release.');
  call.reply.code(204);
  return null;
}

/** The file and the fields of a multipart body. @throws Failure BAD_INPUT, PAYLOAD_TOO_LARGE */
async function releaseFile({ request }: ApiCall): Promise<{ content: Buffer; fields: Map<string, string[]> }> {
  if (!request.isMultipart()) throw new Failure('BAD_INPUT', 'multipart/form-data expected.');
  const fields = new Map<string, string[]>();
  let content: Buffer | undefined;
  for await (const part of request.parts({ limits: { fileSize: RELEASE_FILE_BYTES, files: 1 } })) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (part.fieldname === 'file') content = bytes;
    } else fields.set(part.fieldname, [...(fields.get(part.fieldname) ?? []), String(part.value)]);
  }
  if (content === undefined) throw new Failure('BAD_INPUT', 'There is no file in it.');
  return { content, fields };
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line.trim().toLowerCase(), ''] : [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function typeOf(name: string): FileType {
  const path = name.replace(/[?#].*$/, '');
  if (/\.map$/i.test(path)) return 'source_map';
  return /\.(?:[mc]?js|jsbundle|bundle)$/i.test(path) ? 'minified_source' : 'source';
}

/** sentry-cli understands relative addresses since 1.70.1. */
function relativeIsKnown(userAgent: string | undefined): boolean {
  const version = /^sentry-cli\/(\d+)\.(\d+)\.(\d+)/.exec(userAgent ?? '');
  if (version === null) return false;
  const [major, minor, patch] = version.slice(1).map(Number) as [number, number, number];
  return major > 1 || (major === 1 && (minor > 70 || (minor === 70 && patch >= 1)));
}
