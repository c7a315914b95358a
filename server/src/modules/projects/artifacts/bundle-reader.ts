import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import yauzl from 'yauzl';
import { holdsTooMuch } from '../../analysis/source-map/bounds.ts';
import { plainDebugId } from '../../analysis/source-map/candidates.ts';
import type { FileType } from './artifact.entity.ts';
import type { Blob, BlobStore } from './blob-store.ts';
import { fileFacts, type NamedFile } from './file-facts.ts';
import { ARTIFACT_LIMITS, storable, storableUrl, UploadRefusal } from './limits.ts';

/** A file of an upload, ready for its table. */
export interface ReadFile {
  type: FileType;
  url: string;
  debugId: string | null;
  mapUrl: string | null;
  sha256: string | null;
  sizeBytes: number;
  storedBytes: number;
  problem: string | null;
}

/** An upload, read. */
export interface ReadBundle {
  release: string;
  dist: string;
  /** Slugs or ids, as its manifest names them. */
  projects: string[];
  files: ReadFile[];
  problems: string[];
}

interface Manifest {
  release: string;
  dist: string;
  projects: string[];
  /** By name inside the archive. */
  files: Map<string, NamedFile>;
}

/** Of a manifest: a file takes about ten. */
const MANIFEST_VALUES = 50 * ARTIFACT_LIMITS.files;
const TYPES = new Set<string>(['minified_source', 'source_map', 'source']);

/**
 * Puts the pieces of an upload together, in a file, and checks the whole.
 * @throws UploadRefusal when the checksum is another, or it is too large
 */
export function joinChunks(paths: readonly string[], checksum: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const hash = createHash('sha1');
  const out = openSync(target, 'wx', 0o600);
  let size = 0;
  try {
    for (const path of paths) {
      const piece = readFileSync(path);
      size += piece.length;
      if (size > ARTIFACT_LIMITS.bundleBytes) throw new UploadRefusal('The upload is larger than is accepted.');
      hash.update(piece);
      for (let at = 0; at < piece.length; ) at += writeSync(out, piece, at);
    }
  } finally {
    closeSync(out);
  }
  if (hash.digest('hex') === checksum) return;
  rmSync(target, { force: true });
  throw new UploadRefusal('The checksum of the upload does not match its pieces.');
}

/**
 * Reads an artifact bundle: a zip archive with a `manifest.json` (the format of Sentry's tools, `symbolic` source bundles).
 * Only what the manifest names is unpacked, never to a path of its own; number and sizes are capped, and an entry that
 * unpacks to more than it says ends the reading.
 * @throws UploadRefusal
 */
export async function readBundle(path: string, blobs: BlobStore): Promise<ReadBundle> {
  const archive = await open(path);
  try {
    const entries = await entriesOf(archive);
    const manifestEntry = entries.get('manifest.json');
    if (manifestEntry === undefined) throw new UploadRefusal('The archive has no manifest.json.');
    const manifest = readManifest(await contentOf(archive, manifestEntry, ARTIFACT_LIMITS.manifestBytes));
    const files: ReadFile[] = [];
    let left: number = ARTIFACT_LIMITS.unpackedBytes;
    for (const [name, named] of manifest.files) {
      const entry = entries.get(name);
      if (entry === undefined) continue;
      if (entry.uncompressedSize > ARTIFACT_LIMITS.fileBytes) {
        files.push({ ...empty(named), sizeBytes: entry.uncompressedSize, problem: 'it is too large to be kept' });
        continue;
      }
      left -= entry.uncompressedSize;
      if (left < 0) throw new UploadRefusal('The archive unpacks to more than is accepted.');
      files.push(...readFile(named, await contentOf(archive, entry, ARTIFACT_LIMITS.fileBytes), blobs));
    }
    return { ...manifest, files, problems: bundleProblems(files) };
  } finally {
    archive.close();
  }
}

/** One file, its content kept if it is a map; with it the map that stands inside it. */
export function readFile(named: NamedFile, content: Buffer, blobs: BlobStore): ReadFile[] {
  const facts = fileFacts(named, content);
  const keep = (map: Buffer): Blob => blobs.put(map);
  const own: ReadFile = {
    ...empty(named),
    debugId: facts.debugId,
    mapUrl: facts.mapUrl,
    sizeBytes: content.length,
    problem: facts.problem,
    ...(named.type === 'source_map' ? keep(content) : {}),
  };
  if (facts.inlineMap === null || facts.mapUrl === null) return [own];
  const inline: NamedFile = { url: facts.mapUrl, type: 'source_map', headers: {} };
  const { debugId, problem } = fileFacts(inline, facts.inlineMap);
  return [own, { ...empty(inline), debugId: facts.debugId ?? debugId, problem, ...keep(facts.inlineMap) }];
}

/** What is wrong with an upload as a whole, in sentences. */
export function bundleProblems(files: readonly ReadFile[]): string[] {
  const problems = new Set<string>();
  const maps = files.filter((file) => file.type === 'source_map');
  const scripts = files.filter((file) => file.type === 'minified_source');
  if (maps.length === 0)
    problems.add(scripts.length === 0 ? 'It holds neither scripts nor maps.' : 'It holds scripts, but no source maps.');
  const ids = new Set(maps.map((map) => map.debugId));
  const urls = new Set(maps.map((map) => map.url));
  const lonely = scripts.filter(
    (file) =>
      !(file.debugId !== null && ids.has(file.debugId)) &&
      !(file.mapUrl !== null && urls.has(file.mapUrl)) &&
      !urls.has(`${file.url}.map`),
  );
  if (maps.length > 0 && lonely.length > 0)
    problems.add(`${lonely.length === 1 ? `${lonely[0]!.url} has` : `${lonely.length} scripts have`} no source map in it.`);
  const broken = files.filter((file) => file.problem?.startsWith('the map cannot be read'));
  if (broken.length > 0)
    problems.add(`${broken.length === 1 ? `${broken[0]!.url} cannot` : `${broken.length} maps cannot`} be read.`);
  const bare = files.filter((file) => file.problem?.startsWith('the map holds no sources'));
  if (bare.length > 0)
    problems.add(
      `${bare.length === 1 ? `${bare[0]!.url} holds` : `${bare.length} maps hold`} no sources: no source text can be shown.`,
    );
  return [...problems];
}

function empty({ type, url }: NamedFile): ReadFile {
  return { type, url, debugId: null, mapUrl: null, sha256: null, sizeBytes: 0, storedBytes: 0, problem: null };
}

function open(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, archive) => {
      if (error) reject(new UploadRefusal(`The upload is no zip archive: ${error.message}`));
      else resolve(archive);
    });
  });
}

function entriesOf(archive: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  if (archive.entryCount > ARTIFACT_LIMITS.files + 1)
    return Promise.reject(new UploadRefusal('The archive holds too many files.'));
  return new Promise((resolve, reject) => {
    const entries = new Map<string, yauzl.Entry>();
    archive.on('entry', (entry: yauzl.Entry) => {
      entries.set(entry.fileName, entry);
      archive.readEntry();
    });
    archive.on('end', () => resolve(entries));
    archive.on('error', (error: Error) => reject(new UploadRefusal(`The archive cannot be read: ${error.message}`)));
    archive.readEntry();
  });
}

function contentOf(archive: yauzl.ZipFile, entry: yauzl.Entry, maxBytes: number): Promise<Buffer> {
  const refuse = (error: Error) => new UploadRefusal(`${entry.fileName.slice(0, 200)} cannot be unpacked: ${error.message}`);
  if (entry.uncompressedSize > maxBytes)
    return Promise.reject(new UploadRefusal(`${entry.fileName.slice(0, 200)} is too large.`));
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error) {
        reject(refuse(error));
        return;
      }
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('error', (fault: Error) => reject(refuse(fault)));
      stream.on('end', () => resolve(Buffer.concat(pieces)));
    });
  });
}

/** @throws UploadRefusal */
function readManifest(bytes: Buffer): Manifest {
  let raw: unknown;
  if (holdsTooMuch(bytes, MANIFEST_VALUES)) throw new UploadRefusal('manifest.json names too many files.');
  try {
    raw = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new UploadRefusal('manifest.json is not JSON.');
  }
  if (!isObject(raw) || !isObject(raw['files'])) throw new UploadRefusal('manifest.json names no files.');
  const files = new Map<string, NamedFile>();
  for (const [name, value] of Object.entries(raw['files'])) {
    if (!isObject(value) || typeof value['url'] !== 'string' || value['url'] === '') continue;
    const type = String(value['type']);
    if (!TYPES.has(type)) continue;
    files.set(name, { url: storableUrl(value['url']), type: type as FileType, headers: readHeaders(value['headers']) });
  }
  const named = Array.isArray(raw['projects']) ? raw['projects'] : [raw['project']];
  return {
    release: textOf(raw['release'], 200),
    dist: textOf(raw['dist'], 64),
    projects: named.filter((one): one is string => typeof one === 'string' && one !== ''),
    files,
  };
}

function readHeaders(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  const headers = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const named = Object.fromEntries(headers.map(([name, text]) => [name.toLowerCase(), text]));
  // A debug id that is none is as good as none.
  if (named['debug-id'] !== undefined && plainDebugId(named['debug-id']) === undefined) delete named['debug-id'];
  return named;
}

function textOf(value: unknown, max: number): string {
  return typeof value === 'string' ? storable(value, max) : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
