import { MAP_BOUNDS } from './bounds.ts';
import { type FunctionScopes, functionScopes } from './function-scopes.ts';
import { MappingIndex } from './mapping-index.ts';

/** Lines between two remembered ones. */
const LINE_STRIDE = 64;

/** One original file of a map. */
export class OriginalSource {
  /** As the map names it, its sourceRoot in front. */
  readonly path: string;
  /** Undefined: the map does not carry it, or it is too large to be shown. */
  readonly content: string | undefined;
  /** Where every {@link LINE_STRIDE}th line begins. */
  #lines: Uint32Array | undefined;
  #lineCount = 0;
  #scopes: FunctionScopes | undefined;

  constructor(path: string, content: string | undefined) {
    this.path = path;
    this.content = content;
  }

  /** Number of lines; 0 without content. */
  get lineCount(): number {
    this.#starts();
    return this.#lineCount;
  }

  /** One line's text, counted from 1; undefined beyond the end. */
  line(number: number): string | undefined {
    const start = this.#startOf(number);
    if (start === undefined || this.content === undefined) return undefined;
    const newline = this.content.indexOf('\n', start);
    const text = this.content.slice(start, newline < 0 ? this.content.length : newline);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  /** Name of the function around a position (both from 1), `<anonymous>` for one without; undefined at the top or if unknown. */
  functionAt(line: number, column: number): string | undefined {
    const start = this.#startOf(line);
    if (start === undefined || this.content === undefined) return undefined;
    this.#scopes ??= functionScopes(this.content);
    return this.#scopes.at(start + column - 1);
  }

  #startOf(line: number): number | undefined {
    const starts = this.#starts();
    if (!(line >= 1 && line <= this.#lineCount)) return undefined;
    let at = starts[Math.floor((line - 1) / LINE_STRIDE)] ?? 0;
    for (let skip = (line - 1) % LINE_STRIDE; skip > 0; skip--) at = (this.content ?? '').indexOf('\n', at) + 1;
    return at;
  }

  #starts(): Uint32Array {
    if (this.#lines !== undefined) return this.#lines;
    const starts: number[] = [];
    let count = 0;
    if (this.content !== undefined)
      for (let at = 0; ; count++) {
        if (count % LINE_STRIDE === 0) starts.push(at);
        at = this.content.indexOf('\n', at) + 1;
        if (at === 0) break;
      }
    this.#lineCount = this.content === undefined ? 0 : count + 1;
    this.#lines = Uint32Array.from(starts);
    return this.#lines;
  }
}

/** Where a generated position comes from. Line and column from 1. */
export interface OriginalPosition {
  source: OriginalSource;
  line: number;
  column: number;
  /** Name the map gives the place. */
  name: string | undefined;
}

/** What is wrong with a map. The message is for people. */
export class BrokenMap extends Error {
  override readonly name = 'BrokenMap';
}

interface Section {
  line: number;
  column: number;
  map: SourceMap | BrokenMap | undefined;
  parsed: object;
}

/** Answers kept by a map. */
const MAX_ANSWERS = 2_000;
/** Sections inside sections: none that a tool makes. */
const MAX_DEPTH = 3;

/**
 * A source map, version 3 (ECMA-426), plain or an index map of sections. Opened lazily: a section that is never asked for
 * costs nothing. Foreign text: everything is checked before it is used.
 */
export class SourceMap {
  readonly #sections: Section[] | undefined;
  readonly #index: MappingIndex | undefined;
  readonly #names: readonly unknown[];
  readonly #sources: readonly unknown[];
  readonly #contents: readonly unknown[];
  readonly #root: string;
  readonly #opened = new Map<number, OriginalSource>();
  /** Answers given: the same few places are asked for as long as an error lasts. */
  readonly #answers = new Map<number, OriginalPosition | undefined>();
  readonly #depth: number;

  /** @throws BrokenMap */
  constructor(parsed: unknown, depth = 0) {
    if (!isObject(parsed)) throw new BrokenMap('it is not a JSON object');
    if (parsed['version'] !== 3 && parsed['version'] !== '3') throw new BrokenMap('it is not of version 3');
    this.#depth = depth;
    const { sections, mappings, names, sources, sourcesContent, sourceRoot } = parsed;
    this.#root = typeof sourceRoot === 'string' && sourceRoot !== '' ? sourceRoot.replace(/\/?$/, '/') : '';
    this.#names = Array.isArray(names) ? names : [];
    this.#sources = Array.isArray(sources) ? sources : [];
    this.#contents = Array.isArray(sourcesContent) ? sourcesContent : [];
    if (Array.isArray(sections)) {
      if (sections.length > MAP_BOUNDS.sections) throw new BrokenMap('it has too many sections');
      if (depth >= MAX_DEPTH) throw new BrokenMap('its sections are nested too deeply');
      this.#sections = sections.map(readSection);
      return;
    }
    if (typeof mappings !== 'string') throw new BrokenMap('it has no mappings');
    try {
      this.#index = new MappingIndex(mappings);
    } catch (error) {
      throw new BrokenMap((error as Error).message);
    }
  }

  /** Where a generated position comes from; line and column from 1. Undefined when the map says nothing about it. */
  originalOf(line: number, column: number): OriginalPosition | undefined {
    const key = line * 0x1_0000_0000 + column;
    const known = this.#answers.get(key);
    if (known !== undefined || this.#answers.has(key)) return known;
    const found = this.#lookUp(line, column);
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    this.#answers.set(key, found);
    return found;
  }

  #lookUp(line: number, column: number): OriginalPosition | undefined {
    if (this.#sections !== undefined) return this.#inSection(line - 1, column - 1);
    const segment = this.#index?.find(line - 1, column - 1);
    if (segment === undefined) return undefined;
    const source = this.#sourceAt(segment.source);
    if (source === undefined) return undefined;
    const name = this.#names[segment.name];
    return {
      source,
      line: segment.line + 1,
      column: segment.column + 1,
      name: typeof name === 'string' && name !== '' ? name : undefined,
    };
  }

  #sourceAt(index: number): OriginalSource | undefined {
    let source = this.#opened.get(index);
    if (source !== undefined) return source;
    const path = this.#sources[index];
    if (typeof path !== 'string' || path === '') return undefined;
    const content = this.#contents[index];
    const rooted = this.#root === '' || path.startsWith('/') || /^[a-z][\w+.-]*:/i.test(path) ? path : this.#root + path;
    const shown = typeof content === 'string' && content.length <= MAP_BOUNDS.contentLength;
    source = new OriginalSource(rooted, shown ? content : undefined);
    this.#opened.set(index, source);
    return source;
  }

  #inSection(line: number, column: number): OriginalPosition | undefined {
    const section = this.#sections?.findLast((one) => one.line < line || (one.line === line && one.column <= column));
    if (section === undefined) return undefined;
    section.map ??= openSection(section.parsed, this.#depth + 1);
    if (section.map instanceof BrokenMap) throw section.map;
    const ownColumn = line === section.line ? column - section.column : column;
    return section.map.originalOf(line - section.line + 1, ownColumn + 1);
  }
}

/** A section's map; what is wrong with it is found out once. */
function openSection(parsed: object, depth: number): SourceMap | BrokenMap {
  try {
    return new SourceMap(parsed, depth);
  } catch (error) {
    return error instanceof BrokenMap ? error : new BrokenMap((error as Error).message);
  }
}

/** Opens a map's text. @throws BrokenMap */
export function openSourceMap(text: string): SourceMap {
  let parsed: unknown;
  try {
    // A first line against script inclusion is allowed (ECMA-426 §"JSON over HTTP transport").
    parsed = JSON.parse(text.startsWith(")]}'") ? text.slice(text.indexOf('\n') + 1) : text);
  } catch {
    throw new BrokenMap('it is not JSON');
  }
  return new SourceMap(parsed);
}

function readSection(section: unknown): Section {
  const { offset, map } = isObject(section) ? section : ({} as Record<string, unknown>);
  if (!isObject(offset) || !isObject(map)) throw new BrokenMap('a section has no offset or no map of its own');
  const { line, column } = offset;
  if (!Number.isSafeInteger(line) || !Number.isSafeInteger(column)) throw new BrokenMap('a section has no offset');
  return { line: line as number, column: column as number, map: undefined, parsed: map };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
