import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar, stringify, YAMLMap } from 'yaml';
import { checkPattern } from './check.ts';
import { CONTINUATION_MODES, fullDefinition, PATTERN_LEVELS, PATTERN_LIMITS, type PatternDefinition } from './definition.ts';
import { guardYaml, type YamlFault } from './yaml-guard.ts';

/** A set of patterns read from YAML, or everything that is wrong with it. */
export interface ReadPatterns {
  readonly definitions: readonly PatternDefinition[];
  readonly faults: readonly YamlFault[];
}

const MOST_FAULTS = 50;
type Mutable = { -readonly [K in keyof PatternDefinition]?: PatternDefinition[K] };

/** The keys of a pattern, in the order they are written; `field` names them in {@link checkPattern}'s faults. */
const KEYS = [
  ['name', 'name'],
  ['description', 'description'],
  ['enabled', 'enabled'],
  ['grok', 'expression'],
  ['regex', 'expression'],
  ['ignore_case', 'ignoreCase'],
  ['pieces', 'pieces'],
  ['level', 'level'],
  ['level_field', 'levelField'],
  ['category', 'category'],
  ['continue', 'continuation'],
  ['max_lines', 'maxLines'],
  ['fields', 'fields'],
  ['tags', 'tags'],
  ['sample', 'sample'],
] as const;
const KNOWN_KEYS: readonly string[] = KEYS.map(([key]) => key);

/** Reads a set of patterns, strictly: what is not known is a fault, with its line. Safe for any text. */
export function readPatternsYaml(text: string): ReadPatterns {
  const refused = guardYaml(text);
  if (refused !== undefined) return { definitions: [], faults: [refused] };
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, schema: 'core', lineCounter: lines, prettyErrors: false });
  const reader = new Reader(lines);
  for (const { pos, message } of document.errors) reader.fault(pos[0], message.split('\n')[0]!);
  if (document.errors.length > 0) return { definitions: [], faults: reader.faults };
  const definitions = reader.set(document.contents);
  return { definitions: reader.faults.length === 0 ? definitions : [], faults: reader.faults };
}

class Reader {
  readonly faults: YamlFault[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  fault(offset: number, message: string): void {
    if (this.faults.length >= MOST_FAULTS) return;
    const { line, col } = this.#lines.linePos(offset);
    this.faults.push({ line: Math.max(line, 1), column: Math.max(col, 1), message });
  }

  #at(node: unknown, message: string): void {
    this.fault((node as Node | null)?.range?.[0] ?? 0, message);
  }

  set(root: unknown): PatternDefinition[] {
    const entries = this.#entries(root, ['version', 'patterns'], 'A set of patterns is a mapping with "version" and "patterns".');
    if (entries === undefined) return [];
    const version = entries.get('version');
    if (version !== undefined && (!isScalar(version.value) || version.value.value !== 1))
      this.#at(version.value, 'Only version 1 is known.');
    const list = entries.get('patterns')?.value;
    if (!isSeq(list)) {
      this.#at(list ?? root, '"patterns" has to be a list.');
      return [];
    }
    if (list.items.length > PATTERN_LIMITS.patterns) {
      this.#at(list, `At most ${PATTERN_LIMITS.patterns} patterns; these are ${list.items.length}.`);
      return [];
    }
    const names = new Set<string>();
    return list.items.flatMap((item) => {
      const definition = this.#pattern(item);
      if (definition === undefined) return [];
      if (names.has(definition.name)) this.#at(item, `There are two patterns named ${definition.name}.`);
      names.add(definition.name);
      return [definition];
    });
  }

  #pattern(node: unknown): PatternDefinition | undefined {
    const entries = this.#entries(node, KNOWN_KEYS, 'A pattern is a mapping, beginning with its "name".');
    if (entries === undefined) return undefined;
    const before = this.faults.length;
    const given: Mutable = {};
    for (const [key, { value, key: keyNode }] of entries) this.#take(given, key, value, keyNode);
    if (given.name === undefined && !entries.has('name')) this.#at(node, 'A pattern has to have a "name".');
    if (given.expression === undefined && !entries.has('grok') && !entries.has('regex'))
      this.#at(node, 'A pattern has to have an expression: "grok" or "regex".');
    if (this.faults.length > before || given.name === undefined || given.expression === undefined) return undefined;
    const definition = fullDefinition({ ...given, name: given.name, expression: given.expression });
    for (const { field, message, position } of checkPattern(definition).faults) {
      const [part, name] = splitField(field);
      const key = part === 'expression' ? definition.kind : (KEYS.find(([, own]) => own === part)?.[0] ?? 'name');
      const value = entries.get(key)?.value;
      const inner =
        name !== undefined && isMap(value)
          ? value.items.find((pair) => isScalar(pair.key) && pair.key.value === name)
          : undefined;
      this.#at(
        inner?.key ?? value ?? node,
        `${key}${name === undefined ? '' : `.${name}`}: ${message}${position === undefined ? '' : ` (character ${position + 1})`}`,
      );
    }
    return definition;
  }

  #take(given: Mutable, key: string, value: unknown, keyNode: unknown): void {
    const text = () => this.#text(value);
    switch (key) {
      case 'name':
      case 'description':
      case 'sample': {
        const said = text();
        if (said !== undefined) given[key] = key === 'sample' ? said.replace(/\n$/, '') : said.trim();
        return;
      }
      case 'grok':
      case 'regex': {
        if (given.expression !== undefined) {
          this.#at(keyNode, 'A pattern has one expression: "grok" or "regex".');
          return;
        }
        const said = text();
        if (said === undefined) return;
        given.kind = key;
        given.expression = said.replace(/\n$/, '');
        return;
      }
      case 'enabled':
      case 'ignore_case': {
        const flag = isScalar(value) ? value.value : undefined;
        if (typeof flag !== 'boolean') {
          this.#at(value, 'true or false.');
          return;
        }
        given[key === 'enabled' ? 'enabled' : 'ignoreCase'] = flag;
        return;
      }
      case 'level': {
        const level = PATTERN_LEVELS.find((one) => isScalar(value) && one === value.value);
        if (level === undefined) {
          this.#at(value, `One of ${PATTERN_LEVELS.join(', ')}.`);
          return;
        }
        given.level = level;
        return;
      }
      case 'level_field':
      case 'category': {
        const said = text();
        if (said !== undefined) given[key === 'category' ? 'category' : 'levelField'] = said.trim() === '' ? null : said.trim();
        return;
      }
      case 'max_lines': {
        const count = isScalar(value) ? value.value : undefined;
        if (typeof count !== 'number') {
          this.#at(value, 'A whole number.');
          return;
        }
        given.maxLines = count;
        return;
      }
      case 'continue':
        this.#continuation(given, value);
        return;
      default: {
        const pairs = this.#texts(value);
        if (pairs !== undefined) given[key as 'pieces' | 'fields' | 'tags'] = pairs;
      }
    }
  }

  #continuation(given: Mutable, value: unknown): void {
    if (isMap(value)) {
      const entries = this.#entries(value, ['while', 'until'], '');
      const [mode, only] = entries === undefined ? [] : ([...entries][0] ?? []);
      if (entries === undefined || only === undefined) return;
      if (entries.size > 1) {
        this.#at(value, 'Either "while" or "until".');
        return;
      }
      const expression = this.#text(only.value);
      if (expression !== undefined) given.continuation = { mode: mode as 'while' | 'until', expression };
      return;
    }
    const mode = CONTINUATION_MODES.find((one) => isScalar(value) && one === value.value);
    if (mode === undefined || mode === 'while' || mode === 'until') {
      this.#at(value, 'One of none, indented, until_start, or a mapping: while: <expression>, until: <expression>.');
      return;
    }
    given.continuation = { mode, expression: null };
  }

  /** The pairs of a mapping by key, each key known and there once. */
  #entries(
    node: unknown,
    known: readonly string[],
    otherwise: string,
  ): Map<string, { key: unknown; value: unknown }> | undefined {
    if (!isMap(node)) {
      this.#at(node, otherwise);
      return undefined;
    }
    const entries = new Map<string, { key: unknown; value: unknown }>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (!known.includes(name)) this.#at(key, `"${name.slice(0, 40)}" is not known here; it takes ${known.join(', ')}.`);
      else if (entries.has(name)) this.#at(key, `"${name}" is there twice.`);
      else entries.set(name, { key, value });
    }
    return entries;
  }

  #text(node: unknown): string | undefined {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string') return value;
    // `%{INT:x}` unquoted, `404` and `on` are not text to YAML.
    if (typeof value === 'number' || typeof value === 'boolean') return (node as Scalar).source ?? String(value);
    this.#at(node, value === null ? 'There has to be a text here.' : 'This has to be a text; put it between single quotes.');
    return undefined;
  }

  #texts(node: unknown): Record<string, string> | undefined {
    if (!isMap(node)) {
      this.#at(node, 'This has to be a mapping of names to texts.');
      return undefined;
    }
    const pairs = new Map<string, string>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (pairs.has(name)) this.#at(key, `"${name.slice(0, 40)}" is there twice.`);
      const text = this.#text(value);
      if (text !== undefined) pairs.set(name, text);
    }
    return Object.fromEntries(pairs);
  }
}

/** `fields.client.ip` is the entry `client.ip` of `fields`. */
function splitField(field: string): [string, string | undefined] {
  const dot = field.indexOf('.');
  if (dot < 0 || field.startsWith('continuation')) return [dot < 0 ? field : 'continuation', undefined];
  return [field.slice(0, dot), field.slice(dot + 1)];
}

/** Writes a set of patterns as {@link readPatternsYaml} reads it; what is as by default is left out. */
export function printPatternsYaml(definitions: readonly PatternDefinition[]): string {
  const patterns = definitions.map((definition) => {
    const map = new YAMLMap();
    const usual = fullDefinition({ name: '', expression: '' });
    for (const [key, field] of KEYS) {
      if ((key === 'grok' || key === 'regex') && key !== definition.kind) continue;
      const value = definition[field];
      const always = key === 'name' || key === 'level' || field === 'expression';
      if (!always && JSON.stringify(value) === JSON.stringify(usual[field])) continue;
      map.add({ key, value: field === 'expression' ? quoted(String(value)) : plain(definition, field) });
    }
    return map;
  });
  return stringify({ version: 1, patterns }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Expressions between single quotes: nothing has to be doubled in them but the quote. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = 'QUOTE_SINGLE';
  return scalar;
}

function plain(definition: PatternDefinition, field: keyof PatternDefinition): unknown {
  if (field !== 'continuation') return definition[field];
  const { mode, expression } = definition.continuation;
  return mode === 'while' || mode === 'until' ? { [mode]: quoted(expression ?? '') } : mode;
}
