import type { TextRules } from './rules.ts';

/** What stands in the place of a secret. */
export const FILTERED = '[Filtered]';

const EQUALS = 61;
const COLON = 58;
const MAX_NAME = 64;
/** A value in escaped quotes (JSON inside JSON), in quotes (the closing one may be cut off), or a bare word. */
const VALUE =
  /\s{0,3}(?:\\"((?:[^"\\]|\\[^"]){0,4096})|"((?:[^"\\]|\\.){0,4096})"?|'((?:[^'\\]|\\.){0,4096})'?|([^\s&,;"'(){}[\]<>|\\]{1,4096}))/y;
/** Words and placeholders that are no secrets: `token=null`, `password = %s`, `id = $1`. */
const NO_SECRET = /^(?:null|none|nil|undefined|true|false|NaN|\$\d+|%s|%\(|\?|:\w+$|\[Filtered\]|\*+$)/i;

/**
 * Removes the values of `name=value` and `"name": value` inside text; names are judged as field names are. After `=` any
 * value goes; after a colon only a quoted one, or after a strong name one that does not read like prose ("Invalid password:
 * too short"). In program source only quoted values go.
 */
export function scrubAssignments(text: string, rules: TextRules): string {
  let clean = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const separator = text.charCodeAt(at);
    if ((separator !== EQUALS && separator !== COLON) || isOperator(text, at)) continue;
    const name = nameBefore(text, at, from);
    const verdict = name === '' ? 'none' : rules.judge(name);
    if (verdict !== 'secret' && verdict !== 'strong') continue;
    const bareCounts = !rules.source && (separator === EQUALS || verdict === 'strong');
    if (!bareCounts && !quoteFollows(text, at + 1)) continue;
    VALUE.lastIndex = at + 1;
    const match = VALUE.exec(text);
    const value = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4];
    if (!match || value === undefined || value === '' || NO_SECRET.test(value)) continue;
    if (match[4] !== undefined && separator === COLON && (value.length < 4 || !/[^A-Za-z.]/.test(value))) continue;
    const start = at + 1 + match[0].indexOf(value);
    clean += text.slice(from, start) + FILTERED;
    from = start + value.length;
    at = from - 1;
  }
  return from === 0 ? text : clean + text.slice(from);
}

/** `==`, `!=`, `<=`, `=>`, `::`, `://` separate no name from a value. */
function isOperator(text: string, at: number): boolean {
  const next = text[at + 1];
  const before = text[at - 1];
  return (
    next === '=' ||
    next === ':' ||
    next === '>' ||
    next === '/' ||
    before === '=' ||
    before === '!' ||
    before === '<' ||
    before === '>' ||
    before === ':'
  );
}

function quoteFollows(text: string, at: number): boolean {
  let i = at;
  while (i < at + 3 && isSpace(text.charCodeAt(i))) i++;
  return text[i] === '"' || text[i] === "'" || (text[i] === '\\' && text[i + 1] === '"');
}

/** The name that ends before `at`, past spaces, a quote and an index (`user[password]` is judged whole). Looks back 64 characters. */
function nameBefore(text: string, at: number, limit: number): string {
  let end = at;
  while (end > limit && end > at - 3 && isSpace(text.charCodeAt(end - 1))) end--;
  if (end > limit && (text[end - 1] === '"' || text[end - 1] === "'")) end--;
  if (end > limit + 1 && text[end - 1] === '\\') end--; // JSON inside JSON
  let start = end;
  while (start > limit && start > end - MAX_NAME && isNamePart(text.charCodeAt(start - 1))) start--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** Letters, digits, `_ - .` and the brackets and percent signs of indexed form fields. */
function isNamePart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 91 ||
    code === 93 ||
    code === 37
  );
}
