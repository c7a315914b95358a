import type { Level } from '../detection/normalized-event.ts';
import { AGE, durationMs, LEVEL_WORDS, parseMoment } from './query-values.ts';

/**
 * The search language of the errors list: free words plus `key:value` terms, all of which must hold.
 *
 *     is:unresolved level:[error,fatal] !environment:staging timesSeen:>10 "connection refused" checkout*
 *
 * - a bare word or "quoted phrase" is looked for in title, message and culprit; `*` stands for any text, `\*` for a star
 * - `!` before a term turns it round; `[a,b]` means any of these
 * - keys are read in any case; one that has no meaning of its own here is looked up as a tag
 * - what only looks like a term stays text: `TypeError: x`, `http://host`, `Module::method`, `C:\path`
 */
export type QueryTerm = { negated: boolean; position: number } & (
  | { kind: 'text'; pattern: Pattern }
  | { kind: 'is'; values: IsWord[] }
  | { kind: 'level'; levels: Level[] }
  | { kind: 'project'; patterns: Pattern[] }
  | { kind: 'tag'; key: string; patterns: Pattern[] }
  | { kind: 'has'; key: string }
  | { kind: 'assigned'; who: string[] }
  | { kind: 'column'; column: TextColumn; patterns: Pattern[] }
  | { kind: 'reference'; slug: string; number: number }
  | { kind: 'number'; field: 'timesSeen' | 'users'; compare: Compare; value: number }
  /** `age:-24h` reads "first seen within the last 24 hours", `age:+7d` "longer ago than"; resolved against a clock by the caller. */
  | { kind: 'ago'; field: 'firstSeen' | 'lastSeen'; within: boolean; milliseconds: number }
  /** An absolute moment (UTC unless it names a zone); a bare date means the whole day. */
  | { kind: 'moment'; field: 'firstSeen' | 'lastSeen'; compare: Compare | 'during'; at: number; until: number }
);

/** A text of an error itself. */
export type TextColumn = 'title' | 'value' | 'culprit' | 'type' | 'platform' | 'first_release' | 'last_release';

/** Literal pieces with "any text" between them: `foo*bar` → ['foo', 'bar']; without a star there is one piece. */
export type Pattern = readonly string[];
export type Compare = '=' | '<' | '<=' | '>' | '>=';

const IS_WORDS = [
  'unresolved',
  'resolved',
  'archived',
  'new',
  'regressed',
  'escalating',
  'ongoing',
  'assigned',
  'unassigned',
  'handled',
  'unhandled',
] as const;
export type IsWord = (typeof IS_WORDS)[number];

/** What could not be understood, and where: `position` counts characters from 0. */
export interface QueryFault {
  position: number;
  message: string;
}
export type ParsedQuery = { ok: true; terms: QueryTerm[] } | { ok: false; fault: QueryFault };

/** Longest query read, and most terms; both far above what a person types. */
export const MAX_QUERY_LENGTH = 1000;
export const MAX_QUERY_TERMS = 30;

type Meaning = QueryTerm extends infer T ? (T extends QueryTerm ? Omit<T, 'negated' | 'position'> : never) : never;
type Reader = (value: Value, key: string) => Meaning;
interface Value {
  position: number;
  /** One entry, or those of a `[a,b]` list. */
  items: { patterns: Pattern; text: string }[];
}

class Fault extends Error {
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

const column =
  (name: TextColumn): Reader =>
  (value) => ({ kind: 'column', column: name, patterns: patternsOf(value) });
const tag =
  (key: string): Reader =>
  (value) => ({ kind: 'tag', key, patterns: patternsOf(value) });
const count =
  (field: 'timesSeen' | 'users'): Reader =>
  (value, key) => {
    const match = /^(<=|>=|<|>|=)?(\d{1,15})$/.exec(single(value, key));
    if (!match) throw new Fault(value.position, `${key}: needs a number, like ${key}:>10`);
    return { kind: 'number', field, compare: (match[1] ?? '=') as Compare, value: Number(match[2]) };
  };
const time =
  (field: 'firstSeen' | 'lastSeen'): Reader =>
  (value, key) => {
    const text = single(value, key);
    const ago = AGE.exec(text);
    if (ago) return { kind: 'ago', field, within: ago[1] !== '+', milliseconds: durationMs(Number(ago[2]), ago[3] as string) };
    const match = /^(<=|>=|<|>|=)?(.+)$/.exec(text);
    const moment = match ? parseMoment(match[2] as string) : undefined;
    if (!match || !moment) throw new Fault(value.position, `${key}: needs a time, like ${key}:-24h or ${key}:>2026-01-31`);
    const compare = match[1] === undefined || match[1] === '=' ? 'during' : (match[1] as Compare);
    return { kind: 'moment', field, compare, at: moment.from, until: moment.until };
  };
const named: Record<string, Reader> = {
  is(value) {
    const words = value.items.map(({ text }) => text.toLowerCase() as IsWord);
    if (!words.every((word) => IS_WORDS.includes(word))) throw new Fault(value.position, `is: knows ${IS_WORDS.join(', ')}`);
    return { kind: 'is', values: words };
  },
  level(value) {
    const levels = value.items.map(({ text }) => {
      const level = LEVEL_WORDS.get(text.toLowerCase());
      if (level === undefined) throw new Fault(value.position, 'level: knows debug, info, warning, error, fatal');
      return level;
    });
    return { kind: 'level', levels };
  },
  project: (value) => ({ kind: 'project', patterns: patternsOf(value) }),
  has(value, key) {
    return { kind: 'has', key: single(value, key) };
  },
  assigned: (value) => ({ kind: 'assigned', who: value.items.map(({ text }) => text.toLowerCase()) }),
  issue(value, key) {
    const match = /^(.+)-(\d{1,10})$/.exec(single(value, key));
    if (!match) throw new Fault(value.position, `${key}: needs a reference like SHOP-12`);
    return { kind: 'reference', slug: (match[1] as string).toLowerCase(), number: Number(match[2]) };
  },
  environment: tag('environment'),
  release: tag('release'),
  title: column('title'),
  message: column('value'),
  culprit: column('culprit'),
  type: column('type'),
  platform: column('platform'),
  firstrelease: column('first_release'),
  lastrelease: column('last_release'),
  timesseen: count('timesSeen'),
  users: count('users'),
  age: time('firstSeen'),
  firstseen: time('firstSeen'),
  lastseen: time('lastSeen'),
};
const readers = new Map<string, Reader>(Object.entries(named));
const ALIASES = { env: 'environment', assignee: 'assigned', error: 'issue', 'error.type': 'type', 'error.value': 'message' };
for (const [alias, key] of Object.entries(ALIASES)) readers.set(alias, readers.get(key) as Reader);

/** Reads a query. Never throws: what cannot be understood comes back as a {@link QueryFault}. */
export function parseQuery(query: string): ParsedQuery {
  if (query.length > MAX_QUERY_LENGTH)
    return { ok: false, fault: { position: MAX_QUERY_LENGTH, message: `A query has at most ${MAX_QUERY_LENGTH} characters.` } };
  try {
    return { ok: true, terms: new Scanner(query).terms() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: { position: error.position, message: error.message } };
    throw error;
  }
}

class Scanner {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  terms(): QueryTerm[] {
    const terms: QueryTerm[] = [];
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
      if (this.#at >= this.#text.length) return terms;
      if (terms.length >= MAX_QUERY_TERMS) throw new Fault(this.#at, `A query has at most ${MAX_QUERY_TERMS} terms.`);
      const position = this.#at;
      const negated = this.#text[this.#at] === '!' && /\S/.test(this.#text[this.#at + 1] ?? '');
      if (negated) this.#at++;
      const meaning = this.#term();
      const says = meaning.kind !== 'text' || meaning.pattern.some((piece) => piece !== '');
      if (says) terms.push({ ...meaning, negated, position } as QueryTerm);
    }
  }

  #term(): Meaning {
    const start = this.#at;
    const head = /^([A-Za-z_][A-Za-z0-9_.-]{0,199}|"[^"]{1,200}"):/.exec(this.#text.slice(this.#at, this.#at + 210));
    if (head) {
      const key = (head[1] as string).replace(/^"|"$/g, '');
      const read = readers.get(key.toLowerCase());
      const rest = this.#text.slice(start + head[0].length);
      const empty = rest === '' || /^\s/.test(rest);
      if (read && empty) throw new Fault(start, `${key}: needs a value`);
      if (read || !(empty || /^(\/\/|:|\\)/.test(rest))) {
        this.#at += head[0].length;
        const value = this.#value();
        return (read ?? tag(key))(value, key);
      }
    }
    return { kind: 'text', pattern: this.#piece(/\s/).patterns };
  }

  #value(): Value {
    const position = this.#at;
    if (this.#text[this.#at] !== '[' || this.#text.indexOf(']', this.#at) < 0) return { position, items: [this.#piece(/\s/)] };
    const items: Value['items'] = [];
    do {
      this.#at++;
      while (this.#text[this.#at] === ' ') this.#at++;
      const item = this.#piece(/[,\]]/);
      if (item.text === '') throw new Fault(this.#at, 'A list needs a value between its commas.');
      items.push(item);
    } while (this.#text[this.#at] === ',');
    if (this.#text[this.#at] !== ']') throw new Fault(position, 'This list has no closing bracket.');
    this.#at++;
    return { position, items };
  }

  /** A quoted phrase or everything up to `end`, split at its stars. Inside quotes only `\"` and `\\` are special. */
  #piece(end: RegExp): { patterns: Pattern; text: string } {
    const start = this.#at;
    if (this.#text[start] === '"') {
      let text = '';
      for (this.#at++; this.#at < this.#text.length; this.#at++) {
        const c = this.#text[this.#at] as string;
        if (c === '"') {
          this.#at++;
          return { patterns: [text], text };
        }
        const next = this.#text[this.#at + 1];
        if (c === '\\' && (next === '"' || next === '\\')) this.#at++;
        text += this.#text[this.#at];
      }
      throw new Fault(start, 'This quote is not closed.');
    }
    const patterns = [''];
    let text = '';
    for (; this.#at < this.#text.length && !end.test(this.#text[this.#at] as string); this.#at++) {
      let c = this.#text[this.#at] as string;
      if (c === '*') {
        if (patterns.at(-1) !== '' || patterns.length === 1) patterns.push('');
        text += c;
        continue;
      }
      if (c === '\\' && this.#text[this.#at + 1] === '*') c = this.#text[++this.#at] as string;
      patterns[patterns.length - 1] += c;
      text += c;
    }
    return { patterns, text: text.trim() };
  }
}

function single(value: Value, key: string): string {
  if (value.items.length !== 1) throw new Fault(value.position, `${key}: takes one value`);
  return (value.items[0] as { text: string }).text;
}

function patternsOf(value: Value): Pattern[] {
  return value.items.map((item) => item.patterns.map((piece) => piece.trim()));
}
