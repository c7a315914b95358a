/**
 * What the search box knows of the search language: enough to complete it and to point at plain faults while one types.
 * The server reads it for real (and its answer is shown the same way); a key not listed here is looked up as a tag there.
 */

/** One piece of the search box. `start`/`end` are character positions in the box, `end` excluded. */
export interface QueryToken {
  start: number;
  end: number;
  /** `key:value`, or text to be looked for. */
  kind: 'term' | 'text';
  negated: boolean;
  /** Lower case; empty for text. */
  key: string;
  /** As it stands in the box, with quotes or brackets. */
  value: string;
  valueStart: number;
}

/** A fault in the box, with the place it stands at. */
export interface QueryFault {
  start: number;
  end: number;
  message: string;
}

/** Something the box offers to complete: put `insert` in the place from `start` to `end`. */
export interface QuerySuggestion {
  start: number;
  end: number;
  insert: string;
  label: string;
  hint: string;
}

/** Values that the server knows, for completion. */
export interface QueryValues {
  environments: readonly string[];
  releases: readonly string[];
  projects: readonly string[];
}

interface QueryKey {
  key: string;
  hint: string;
  /** A fixed set: anything else is a fault. */
  fixed?: readonly string[];
  /** Values offered but not enforced. */
  offered?: (values: QueryValues) => readonly string[];
}

const STATUS_WORDS = ['unresolved', 'new', 'ongoing', 'escalating', 'regressed', 'archived', 'resolved'];
const AGES = ['-1h', '-24h', '-7d', '+7d'];

/** Keys with a meaning of their own, in the order they are offered. */
export const QUERY_KEYS: readonly QueryKey[] = [
  { key: 'is', hint: 'status, handled, assigned', fixed: [...STATUS_WORDS, 'assigned', 'unassigned', 'handled', 'unhandled'] },
  { key: 'level', hint: 'how bad', fixed: ['fatal', 'error', 'warning', 'info', 'debug'] },
  { key: 'environment', hint: 'where it ran', offered: ({ environments }) => environments },
  { key: 'release', hint: 'version', offered: ({ releases }) => releases },
  { key: 'assigned', hint: 'me, none or a name', offered: () => ['me', 'none'] },
  { key: 'project', hint: 'slug', offered: ({ projects }) => projects },
  { key: 'timesSeen', hint: 'number of events', offered: () => ['>10', '>100', '>1000'] },
  { key: 'users', hint: 'number of users', offered: () => ['>0', '>10', '>100'] },
  { key: 'age', hint: 'first seen within / before', offered: () => AGES },
  { key: 'lastSeen', hint: 'last seen within / before', offered: () => AGES },
  { key: 'has', hint: 'a tag is set', offered: () => ['release', 'environment', 'user', 'url'] },
  { key: 'type', hint: 'exception type' },
  { key: 'message', hint: 'exception message' },
  { key: 'culprit', hint: 'where it was thrown' },
  { key: 'title', hint: 'title' },
  { key: 'platform', hint: 'language', offered: () => ['javascript', 'node', 'python', 'java', 'php', 'ruby', 'go', 'csharp'] },
  { key: 'firstRelease', hint: 'version it was seen first in', offered: ({ releases }) => releases },
  { key: 'issue', hint: 'reference, SHOP-12' },
];
const ALIASES: Record<string, string> = { env: 'environment', assignee: 'assigned', error: 'issue', firstseen: 'age' };

/** A key by its name or alias in any case, or undefined: then it is a tag. */
export function queryKey(key: string): QueryKey | undefined {
  const name = ALIASES[key.toLowerCase()] ?? key.toLowerCase();
  return QUERY_KEYS.find((known) => known.key.toLowerCase() === name);
}

const HEAD = /([A-Za-z_][\w.-]{0,199}|"[^"]{1,200}"):/y;
const QUOTED = /"(?:\\["\\]|[^"])*"?/y;
const LIST = /\[[^\]]*\]?/y;
const BARE = /\S*/y;

function read(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** Takes the box apart. Never throws: what is half typed comes out as it stands. */
export function lexQuery(text: string): QueryToken[] {
  const tokens: QueryToken[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return tokens;
    const start = at;
    const negated = text.charAt(at) === '!' && /\S/.test(text.charAt(at + 1));
    if (negated) at++;
    const head = read(HEAD, text, at);
    const key = head.slice(0, -1).replaceAll('"', '').toLowerCase();
    const rest = text.slice(at + head.length);
    // `TypeError: x`, `http://host`, `Module::method` and `C:\path` only look like terms.
    const isTerm = head !== '' && (queryKey(key) !== undefined || !/^(?:$|\s|\/\/|:|\\)/.test(rest));
    const valueStart = isTerm ? at + head.length : at;
    const opener = text.charAt(valueStart);
    const value = read(opener === '"' ? QUOTED : isTerm && opener === '[' ? LIST : BARE, text, valueStart);
    at = valueStart + Math.max(value.length, isTerm ? 0 : 1);
    tokens.push({ start, end: at, kind: isTerm ? 'term' : 'text', negated, key: isTerm ? key : '', value, valueStart });
  }
}

/** The faults that can be seen from here, in their order. `caret`: what is being typed right there is not yet a fault. */
export function queryFaults(text: string, caret = -1): QueryFault[] {
  const faults: QueryFault[] = [];
  for (const token of lexQuery(text)) {
    if (token.start <= caret && caret <= token.end) continue;
    const fault = faultOf(token);
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

function faultOf({ start, end, value, valueStart, kind, key }: QueryToken): QueryFault | null {
  if (value.startsWith('"') && !/^"(?:\\["\\]|[^"])*"$/.test(value))
    return { start: valueStart, end, message: 'This quote is not closed.' };
  if (kind === 'text') return null;
  if (value.startsWith('[') && !value.endsWith(']'))
    return { start: valueStart, end, message: 'This list has no closing bracket.' };
  const known = queryKey(key);
  if (known === undefined) return null;
  if (value === '') return { start, end, message: `${known.key}: needs a value` };
  if (known.fixed === undefined) return null;
  const words = value.replace(/^\[(.*)\]$/, '$1').split(',');
  const wrong = words.some(
    (word) =>
      !known.fixed?.includes(
        word
          .trim()
          .replace(/^"(.*)"$/, '$1')
          .toLowerCase(),
      ),
  );
  return wrong ? { start: valueStart, end, message: `${known.key}: knows ${known.fixed.join(', ')}` } : null;
}

/** Where the server says a fault is (a character counted from 0), as a stretch of the box. */
export function faultAt(text: string, position: number, message: string): QueryFault {
  const token = lexQuery(text).find(({ start, end }) => start <= position && position < end);
  return { start: Math.min(position, text.length), end: token?.end ?? text.length, message };
}

/** Whether the text itself says which statuses are meant; then the list's own default would only get in its way. */
export function namesStatus(text: string): boolean {
  return lexQuery(text).some(
    ({ kind, key, value }) =>
      kind === 'term' && ((key === 'is' && STATUS_WORDS.includes(value.toLowerCase())) || queryKey(key)?.key === 'issue'),
  );
}

/** Quotes a value if it would not be read as one piece. */
export function quoteValue(value: string): string {
  return /^[^\s"\\*[\]!][^\s"\\*]*$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, (special) => `\\${special}`)}"`;
}

/** Quotes a tag's key if it would not be read as one. */
export function quoteKey(key: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(key) ? key : `"${key.replaceAll('"', '')}"`;
}

/** What could stand at the caret: keys while a word is begun, values behind a known key. At most `limit`. */
export function suggest(text: string, caret: number, values: QueryValues, limit = 8): QuerySuggestion[] {
  const token = lexQuery(text).find(({ start, end }) => start < caret && caret <= end);
  if (token?.kind === 'term') return suggestValues(token, values, limit);
  if (token?.value.startsWith('"')) return [];
  const typed = token?.value.toLowerCase() ?? '';
  const start = token?.valueStart ?? caret;
  const end = token?.end ?? caret;
  return QUERY_KEYS.filter(({ key }) => key.toLowerCase().startsWith(typed))
    .slice(0, limit)
    .map(({ key, hint }) => ({ start, end, insert: `${key}:`, label: `${key}:`, hint }));
}

function suggestValues(token: QueryToken, values: QueryValues, limit: number): QuerySuggestion[] {
  const known = queryKey(token.key);
  const all = known?.fixed ?? known?.offered?.(values) ?? [];
  const typed = token.value.toLowerCase();
  const near = all.filter((value) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed);
  const rank = (value: string): number => (value.toLowerCase().startsWith(typed) ? 0 : 1);
  return near
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, limit)
    .map((value) => ({ start: token.valueStart, end: token.end, insert: `${quoteValue(value)} `, label: value, hint: '' }));
}

/** The text and caret after a suggestion was taken. */
export function applySuggestion(text: string, suggestion: QuerySuggestion): { text: string; caret: number } {
  const before = text.slice(0, suggestion.start) + suggestion.insert;
  const after = text.slice(suggestion.end);
  return { text: before + (suggestion.insert.endsWith(' ') ? after.trimStart() : after), caret: before.length };
}
