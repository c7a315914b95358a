import { holdsTooMuch } from '../../analysis/source-map/bounds.ts';
import { plainDebugId } from '../../analysis/source-map/candidates.ts';
import { BrokenMap, SourceMap } from '../../analysis/source-map/source-map.ts';
import type { FileType } from './artifact.entity.ts';
import { storableUrl } from './limits.ts';

/** A file as an upload names it. */
export interface NamedFile {
  url: string;
  type: FileType;
  /** What the uploader says about it; names in lower case. */
  headers: Readonly<Record<string, string>>;
}

/** What a file says about itself. */
export interface FileFacts {
  debugId: string | null;
  /** Of a script: where its map is, resolved against the script's address. */
  mapUrl: string | null;
  /** A map that stands inside the script. */
  inlineMap: Buffer | null;
  problem: string | null;
}

/** Comments that name debug id and map stand at a script's end. */
const TAIL_BYTES = 16 * 1024;

/** Reads what a file says about itself. Never throws. */
export function fileFacts(file: NamedFile, content: Buffer): FileFacts {
  if (file.type === 'source_map') return { ...mapFacts(file, content), mapUrl: null, inlineMap: null };
  if (file.type === 'source') return { debugId: null, mapUrl: null, inlineMap: null, problem: null };
  // An inline map is one long last line: the comment begins wherever that begins.
  const inlineAt = content.lastIndexOf('sourceMappingURL=data:');
  const tail = content.subarray(Math.max(0, (inlineAt < 0 ? content.length : inlineAt) - TAIL_BYTES)).toString('latin1');
  const debugId =
    plainDebugId(file.headers['debug-id']) ?? plainDebugId(/\/\/[#@] ?debugId=([\w-]{32,40})/.exec(tail)?.[1]) ?? null;
  const named = file.headers['sourcemap'] ?? file.headers['x-sourcemap'] ?? lastReference(tail);
  if (named === undefined) return { debugId, mapUrl: null, inlineMap: null, problem: null };
  if (!named.startsWith('data:')) return { debugId, mapUrl: resolveUrl(file.url, named), inlineMap: null, problem: null };
  const inlineMap = inlineContent(named);
  const problem = inlineMap === null ? 'its inline source map cannot be decoded' : null;
  return { debugId, mapUrl: storableUrl(`${file.url}.map`), inlineMap, problem };
}

function mapFacts(file: NamedFile, content: Buffer): { debugId: string | null; problem: string | null } {
  const said = plainDebugId(file.headers['debug-id']);
  let parsed: Record<string, unknown>;
  try {
    if (holdsTooMuch(content)) throw new BrokenMap('it holds more values than are read');
    const text = content.toString('utf8');
    parsed = JSON.parse(text.startsWith(")]}'") ? text.slice(text.indexOf('\n') + 1) : text) as Record<string, unknown>;
    new SourceMap(parsed);
  } catch (error) {
    const why = error instanceof BrokenMap ? error.message : 'it is not JSON';
    return { debugId: said ?? null, problem: `the map cannot be read: ${why}` };
  }
  const debugId = said ?? plainDebugId(parsed['debug_id']) ?? plainDebugId(parsed['debugId']) ?? null;
  return { debugId, problem: mapProblem(parsed) };
}

/** What keeps a readable map from being of full use. */
function mapProblem(map: Record<string, unknown>): string | null {
  if (Array.isArray(map['sections'])) return null;
  const sources = Array.isArray(map['sources']) ? map['sources'] : [];
  const contents = Array.isArray(map['sourcesContent']) ? map['sourcesContent'] : [];
  if (map['mappings'] === '' || sources.length === 0) return 'the map is empty: it maps no place';
  const held = contents.filter((content) => typeof content === 'string').length;
  if (held === 0) return 'the map holds no sources (sourcesContent): files and lines are shown, but no source text';
  if (held < sources.length)
    return `the map holds ${held} of ${sources.length} sources: some frames are shown without source text`;
  return null;
}

function lastReference(tail: string): string | undefined {
  let found: string | undefined;
  for (const match of tail.matchAll(/\/[/*][#@][ \t]*sourceMappingURL=([^\s'"*]+)/g)) found = match[1];
  return found;
}

function inlineContent(url: string): Buffer | null {
  const comma = url.indexOf(',');
  if (comma < 0) return null;
  const head = url.slice(0, comma);
  const body = url.slice(comma + 1);
  if (head.endsWith(';base64')) return Buffer.from(body, 'base64');
  try {
    return Buffer.from(decodeURIComponent(body), 'utf8');
  } catch {
    return null;
  }
}

/** An address written in a script, as its release names files: `app.js.map` beside `~/static/app.js` → `~/static/app.js.map`. */
export function resolveUrl(base: string, reference: string): string {
  if (/^[a-z][\w+.-]*:/i.test(reference) || reference.startsWith('~/')) return storableUrl(reference);
  const root = /^(~|[a-z][\w+.-]*:\/\/[^/]*)(\/.*)?$/i.exec(base);
  const host = root?.[1] ?? '~';
  const path = (root === null ? `/${base}` : (root[2] ?? '/')).replace(/[?#].*$/, '');
  const parts = reference.startsWith('/') ? [] : path.split('/').slice(1, -1);
  for (const part of reference.replace(/[?#].*$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return storableUrl(`${host}/${parts.join('/')}`);
}
