import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { clientEnvironment } from '../platform/config.ts';
import { ask, type Connection, post } from './client.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import { bundleOf, scriptsBelow } from './sourcemaps-files.ts';
import { injectDebugId } from './sourcemaps-inject.ts';

/** Options of every command that talks to a server. */
export interface ServerOptions {
  url?: string;
  token?: string;
  json?: boolean;
}

export interface UploadOptions extends ServerOptions {
  project: string;
  release?: string;
  dist?: string;
  urlPrefix: string;
  inject?: boolean;
  dryRun?: boolean;
}

const CHUNK_BYTES = 8 * 1024 * 1024;
/** Longest that the server may take to read an upload. */
const DEADLINE_MS = 180_000;

/** Gives the scripts below a directory debug ids, in place. @throws CommandFailure */
export function inject(directory: string, options: { dryRun?: boolean; json?: boolean }): void {
  const rows = scriptsBelow(directory).map(({ path, name, mapPath, debugId: known }) => {
    const map = mapPath === undefined ? undefined : readFileSync(mapPath, 'utf8');
    let made: ReturnType<typeof injectDebugId>;
    try {
      made = injectDebugId(readFileSync(path, 'utf8'), map);
    } catch {
      throw new CommandFailure(`${mapPath ?? path} is no source map: it is not JSON`, EXIT.usage);
    }
    if (options.dryRun !== true) {
      if (known === undefined) writeFileSync(path, made.script);
      if (mapPath !== undefined && made.map !== undefined && made.map !== map) writeFileSync(mapPath, made.map);
    }
    return {
      file: name,
      debugId: made.debugId,
      note: known !== undefined ? 'has one already' : mapPath === undefined ? 'no source map' : '',
    };
  });
  if (rows.length === 0) throw new CommandFailure(`there are no scripts in ${directory}`, EXIT.refused);
  printRows(rows, options.json === true);
}

/** Uploads scripts and maps below a directory. @throws CommandFailure */
export async function upload(directory: string, options: UploadOptions): Promise<void> {
  if (options.inject === true && options.dryRun !== true) inject(directory, { json: options.json === true });
  const scripts = scriptsBelow(directory);
  if (!scripts.some((script) => script.mapPath !== undefined))
    throw new CommandFailure(`there are no scripts with source maps in ${directory}`, EXIT.refused);
  if (options.release === undefined && scripts.every((script) => script.debugId === undefined))
    throw new CommandFailure(
      'without --release the scripts need debug ids: run `errata sourcemaps inject` first, or add --inject',
      EXIT.usage,
    );
  const prefix = /\/$/.test(options.urlPrefix) ? options.urlPrefix : `${options.urlPrefix}/`;
  const { release, dist, project } = options;
  const { archive, listing } = bundleOf(scripts, { prefix, release, dist, project });
  printRows(listing, options.json === true);
  if (options.dryRun === true) {
    process.stderr.write(`nothing was sent: ${listing.length} files, ${archive.length} bytes\n`);
    return;
  }
  const connection = connect(options);
  const chunks: { sha1: string; bytes: Buffer }[] = [];
  for (let at = 0; at < archive.length; at += CHUNK_BYTES) {
    const bytes = archive.subarray(at, at + CHUNK_BYTES);
    chunks.push({ sha1: sha1(bytes), bytes });
  }
  const asked = {
    checksum: sha1(archive),
    chunks: chunks.map((chunk) => chunk.sha1),
    projects: [project],
    ...(release === undefined ? {} : { version: release }),
    ...(dist === undefined ? {} : { dist }),
  };
  const missing = new Set((await assemble(connection, asked)).missingChunks);
  for (const chunk of chunks) if (missing.has(chunk.sha1)) await sendChunk(connection, chunk);
  for (let waited = 0; ; waited += 1_000) {
    const { state, detail } = await assemble(connection, asked);
    if (state === 'ok') break;
    if (state === 'error' || state === 'not_found')
      throw new CommandFailure(`the server could not take the upload: ${detail ?? 'pieces are missing'}`, EXIT.refused);
    if (waited >= DEADLINE_MS) throw new CommandFailure('the server is still reading the upload', EXIT.failed);
    await wait(1_000);
  }
  process.stderr.write(`uploaded ${listing.length} files to ${project}${release === undefined ? '' : ` as ${release}`}\n`);
}

/** Prints the uploads of a project, newest first. */
export async function list(options: ServerOptions & { project: string; search?: string }): Promise<void> {
  const query = `query ($slug: String!, $search: String) { project(slug: $slug) { artifactBundles(first: 100, search: $search) {
    id release dist mapCount fileCount storedBytes uploadedAt lastUsedAt problems } } }`;
  const variables = { slug: options.project, search: options.search ?? null };
  const data = await ask<{ project: { artifactBundles: Record<string, unknown>[] } | null }>(connect(options), query, variables);
  if (data.project === null) throw new CommandFailure(`there is no project ${options.project}`, EXIT.refused);
  const rows = data.project.artifactBundles.map((row) => ({ ...row, problems: (row['problems'] as string[]).join(' ') }));
  printRows(rows, options.json === true);
}

/** Prints what source maps come to for each frame of an event. */
export async function explain(eventId: string, options: ServerOptions): Promise<void> {
  const query = `query ($eventId: String!) { errorEvent(eventId: $eventId) { release dist
    frameReports { stack frame place original outcome debugId reason } } }`;
  const data = await ask<{ errorEvent: { release: string | null; frameReports: Record<string, unknown>[] } | null }>(
    connect(options),
    query,
    { eventId },
  );
  if (data.errorEvent === null) throw new CommandFailure(`there is no event ${eventId} that this token may read`, EXIT.refused);
  const { release, frameReports } = data.errorEvent;
  printRows(frameReports, options.json === true);
  const mapped = frameReports.filter((frame) => frame['outcome'] === 'MAPPED').length;
  process.stderr.write(`${mapped} of ${frameReports.length} frames mapped; release ${release ?? '(none)'}\n`);
}

async function sendChunk(connection: Connection, chunk: { sha1: string; bytes: Buffer }): Promise<void> {
  const boundary = `errata-${chunk.sha1}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file_gzip"; filename="${chunk.sha1}"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), gzipSync(chunk.bytes), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  await request(connection, 'chunk-upload', body, `multipart/form-data; boundary=${boundary}`);
}

async function assemble(
  connection: Connection,
  asked: object,
): Promise<{ state: string; missingChunks: string[]; detail?: string }> {
  const text = await request(connection, 'artifactbundle/assemble', JSON.stringify(asked), 'application/json');
  return JSON.parse(text) as { state: string; missingChunks: string[]; detail?: string };
}

async function request(
  { base, token }: Connection,
  what: string,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
): Promise<string> {
  const headers = { 'content-type': type, authorization: `Bearer ${token}` };
  const answer = await post(`${base}/api/0/organizations/errata/${what}/`, body, headers);
  if (answer.status < 300) return answer.text;
  let detail = `status ${answer.status}`;
  try {
    detail = (JSON.parse(answer.text) as { detail?: string }).detail ?? detail;
  } catch {
    throw new CommandFailure(`${base} answers ${answer.status}, but not as Errata`, EXIT.unreachable);
  }
  throw new CommandFailure(detail, answer.status === 400 ? EXIT.usage : EXIT.refused);
}

function connect(options: ServerOptions): Connection {
  const environment = clientEnvironment();
  const token = options.token ?? environment.token;
  if (token === undefined) throw new CommandFailure('a token is needed: ERRATA_TOKEN or --token', EXIT.usage);
  const base = (options.url ?? environment.url ?? 'http://127.0.0.1:4000').replace(/\/+$/, '');
  if (!/^https?:\/\/./.test(base))
    throw new CommandFailure(`${base} is no address: it begins with http:// or https://`, EXIT.usage);
  return { base, token };
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
