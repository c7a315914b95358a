import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CommandFailure, EXIT } from './output.ts';
import { type ZipEntry, zip } from './zip-writer.ts';

/** A script of a build, and its map if it has one. */
export interface BuiltScript {
  path: string;
  /** Path below the directory, with slashes. */
  name: string;
  mapPath: string | undefined;
  debugId: string | undefined;
}

/** What a build comes to as an upload. */
export interface Bundle {
  archive: Buffer;
  /** One line each, for people. */
  listing: { file: string; kind: string; debugId: string; note: string }[];
}

const SCRIPT = /\.(?:[mc]?js|jsbundle)$/;
const MAX_SOURCE_BYTES = 5 * 1024 * 1024;

/** Scripts below a directory (or the one file), those in node_modules and hidden folders left out. @throws CommandFailure */
export function scriptsBelow(directory: string): BuiltScript[] {
  if (!existsSync(directory)) throw new CommandFailure(`there is no ${directory}`, EXIT.usage);
  const paths = statSync(directory).isFile() ? [directory] : filesBelow(directory);
  const root = statSync(directory).isFile() ? dirname(directory) : directory;
  return paths.filter((path) => SCRIPT.test(path)).map((path) => readScript(path, relative(root, path).split(sep).join('/')));
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      const path = join(directory, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
}

function readScript(path: string, name: string): BuiltScript {
  const text = readFileSync(path, 'utf8');
  const tail = text.slice(-4_096);
  const named = [...tail.matchAll(/\/[/*][#@]\s*sourceMappingURL=([^\s'"*]+)/g)].at(-1)?.[1];
  const candidates = [
    named === undefined || /^[a-z][\w+.-]*:/i.test(named)
      ? undefined
      : resolve(dirname(path), decoded(named.replace(/[?#].*$/, ''))),
    `${path}.map`,
  ];
  return {
    path,
    name,
    mapPath: candidates.find((one) => one !== undefined && existsSync(one)),
    debugId: /\/\/# debugId=([0-9a-fA-F-]{36})/.exec(tail)?.[1]?.toLowerCase(),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Packs scripts and maps as an artifact bundle. Sources that a map does not hold are put into it when they are on disk. */
export function bundleOf(
  scripts: readonly BuiltScript[],
  options: { prefix: string; release: string | undefined; dist: string | undefined; project: string },
): Bundle {
  const files: Record<string, unknown> = {};
  const entries: ZipEntry[] = [];
  const listing: Bundle['listing'] = [];
  const seen = new Set<string>();
  for (const script of scripts) {
    const url = options.prefix + script.name;
    const mapUrl = script.mapPath === undefined ? undefined : `${url}.map`;
    const id = script.debugId === undefined ? {} : { 'debug-id': script.debugId };
    const add = (name: string, type: string, address: string, headers: Record<string, string>, content: Buffer, note: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      files[`files/${name}`] = { url: address, type, headers };
      entries.push({ name: `files/${name}`, content });
      listing.push({ file: address, kind: type === 'source_map' ? 'map' : 'script', debugId: script.debugId ?? '–', note });
    };
    const reference = mapUrl === undefined ? {} : { sourcemap: mapUrl };
    const missing =
      script.mapPath === undefined ? 'no source map' : script.debugId === undefined ? 'no debug id: found by release only' : '';
    add(script.name, 'minified_source', url, { ...id, ...reference }, readFileSync(script.path), missing);
    if (script.mapPath === undefined || mapUrl === undefined) continue;
    const { content, note } = withSources(script.mapPath);
    add(`${script.name}.map`, 'source_map', mapUrl, id, content, note);
  }
  const { release, dist, project } = options;
  const manifest = {
    files,
    org: 'errata',
    projects: [project],
    ...(release === undefined ? {} : { release }),
    ...(dist === undefined ? {} : { dist }),
  };
  return { archive: zip([{ name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) }, ...entries]), listing };
}

function withSources(path: string): { content: Buffer; note: string } {
  const content = readFileSync(path);
  let map: { sources?: unknown; sourcesContent?: unknown; sourceRoot?: unknown };
  try {
    map = JSON.parse(content.toString('utf8')) as typeof map;
  } catch {
    return { content, note: 'not JSON' };
  }
  if (!Array.isArray(map.sources)) return { content, note: '' };
  const held = Array.isArray(map.sourcesContent) ? map.sourcesContent : [];
  let added = 0;
  const root = typeof map.sourceRoot === 'string' && !/^[a-z][\w+.-]*:/i.test(map.sourceRoot) ? map.sourceRoot : '';
  const contents = map.sources.map((source: unknown, i) => {
    if (typeof held[i] === 'string' || typeof source !== 'string' || /^[a-z][\w+.-]*:/i.test(source)) return held[i] ?? null;
    const file = resolve(dirname(path), root, source);
    if (!existsSync(file) || !statSync(file).isFile() || statSync(file).size > MAX_SOURCE_BYTES) return null;
    added += 1;
    return readFileSync(file, 'utf8');
  });
  const without = contents.filter((one) => one === null).length;
  const note = without > 0 ? `${without} of ${contents.length} sources not in it` : '';
  return added === 0 ? { content, note } : { content: Buffer.from(JSON.stringify({ ...map, sourcesContent: contents })), note };
}
