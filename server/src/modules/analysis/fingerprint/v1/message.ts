/**
 * Message parameterising of grouping v1. Part of a released grouping version: copy it for a new version, never edit it
 * once released, or every group formed by a message splits in two.
 *
 * One pass over the text. At the start of each word the first character chooses the few patterns that can match there;
 * every pattern is sticky and bounded, so the time is linear in the (capped) length.
 */

/** Characters of a message that are looked at; what makes messages alike stands at their beginning. */
const INPUT_CAP = 2048;
const OUTPUT_CAP = 400;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}';
const TIME = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[AaPp]\\.?[Mm]\\b\\.?)?';
const ZONE = '(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}T)?(?:[+-]\\d{2}:?\\d{2})?(?: \\([A-Z][A-Za-z ]{2,40}\\))?(?![A-Za-z]))?';

const URL = /[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>`)\]},;]{1,1500}/iy;
const EMAIL = /[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}/iy;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy;
const MAC = /[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])/iy;
/** A JSON Web Token; its first two parts are JSON and so begin with `{"` in base 64. */
const TOKEN = /eyJ[\w-]{5,2000}\.eyJ[\w-]{3,2000}(?:\.[\w-]{0,2000})?/y;
const IPV4 = /(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?:\/\d{1,2})?(?![\w.]\w)/y;
const ISO_DATE = new RegExp(
  `(?:\\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\\d|3[01])|[12]\\d{3}[01]\\d[0-3]\\d(?=[T ]\\d{2}:?\\d{2}))(?:(?:[T ]|, )(?:${TIME}|\\d{6}))?${ZONE}(?![\\w])`,
  'y',
);
const SLASH_DATE = new RegExp(`\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}(?:,? ${TIME})?${ZONE}(?![\\w])`, 'y');
const DAY_FIRST_DATE = new RegExp(`\\d{1,2}[ -/]${MONTH}[ -/]\\d{2,4}(?:[ :]${TIME})?${ZONE}(?![\\w])`, 'y');
const WEEKDAY_DATE = new RegExp(
  `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? (?:\\d{1,2} ${MONTH}|${MONTH} \\d{1,2})(?:,? \\d{4})?(?:,? ${TIME})?${ZONE}(?: \\d{4})?(?![\\w])`,
  'y',
);
const MONTH_DATE = new RegExp(`${MONTH} \\d{1,2}(?:,? \\d{4})?(?:,? ${TIME})?${ZONE}(?![\\w])`, 'y');
const CLOCK = new RegExp(`${TIME}(?![\\w:])`, 'y');
const PYTHON_DATE = /datetime\.(?:datetime|date)\([\d, ]{5,60}(?:tzinfo=[^)]{1,60})?\)/y;
const HEX_LITERAL = /0x[0-9a-f]{1,64}(?![\w])/iy;
const DURATION = /\d{1,18}(?:\.\d{1,12})?(?:ms|µs|μs|us|ns|s|sec|secs|m|min|mins|h|hrs?|d)(?![\w])/y;
const SIZE = /\d{1,18}(?:\.\d{1,12})? ?(?:[KMGTP]i?[Bb]|kB|[Bb]ytes)(?![\w])/y;
const VERSION = /v?\d{1,9}(?:\.\d{1,9}){2,4}(?:[-+.]?(?:alpha|beta|rc|dev|pre|snapshot|post|canary|next)[\w.-]{0,20})?(?![\w])/iy;
const NUMBER = /\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,18})?(?![\w])|\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?(?![\w])/y;
const WINDOWS_PATH = /(?:[A-Za-z]:[\\/]|\\\\[\w.$-]{1,60}\\)[^\s"'<>|:*?\r\n]{0,500}/y;
const UNIX_PATH = /(?:~|\.{1,2})?\/(?:[\w.@%+~$=*-]{1,255}\/){0,40}[\w.@%+~$=*-]{0,255}/y;
const RELATIVE_PATH = /[\w.@-]{1,100}(?:\/[\w.@-]{1,100}){1,40}\.[A-Za-z]\w{0,7}(?![\w/])/y;
const WORD = /[A-Za-z0-9_$\u00c0-\u{1ffff}]{1,300}/uy;

/** Words after which a number says *what* went wrong, not to whom: `HTTP 404`, `status code: 500`, `errno 2`, `Error 1045`. */
const CODE_BEFORE =
  /(?:\bHTTP(?:\/(?:\d(?:\.\d)?|<float>|<int>))?|\b(?:status|errno|signal|SQLSTATE|HRESULT|(?:status|exit|error|return|response|result)[ _-]?code|exit(?:ed)? with(?: code)?)(?: of| is| was)?)[ :=[(#"']{1,3}$|\b[Ee]rror [([#]{0,2}$/i;
const METHOD_BEFORE = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ["']?$/;
/** Prefixes whose number names a standard, an algorithm or a documented error. */
const NAMED_NUMBER =
  /^(?:utf|iso|sha|md|aes|des|rsa|rfc|cve|ora|pls|tns|sql|sqlstate|http|tls|ssl|base|int|uint|float|double|i|u|f|x|es|ipv|oauth|windows|cp|latin|h|s|ec|p|msb|ts|cs|eip|erc|arm|amd|win|web|log|crc|gb|big|koi|python|node|java|php|ecma|iso8859|h26|mp|vp|av)$/i;

/**
 * The template of a message: variables replaced by `<int>`, `<uuid>`, … and words kept, so that messages that differ
 * only in their variables become equal. Idempotent; never throws; at most 400 characters.
 */
export function parameterizeV1(message: string): string {
  const text = clean(message);
  if (!/[\d/@{[\\=:]/.test(text)) return text.slice(0, OUTPUT_CAP);
  const partners = matchBrackets(text);
  let out = '';
  let i = 0;
  while (i < text.length && out.length < OUTPUT_CAP) {
    const code = text.charCodeAt(i);
    const [replacement, end] =
      code === 123 || code === 91 ? replaceDump(text, i, partners?.get(i)) : replaceAt(text, i, code, out);
    if (end > i) {
      out += replacement;
      i = end;
    } else {
      out += text[i];
      i += 1;
    }
  }
  return collapseLists(out).slice(0, OUTPUT_CAP);
}

function clean(message: string): string {
  return (
    message
      .slice(0, INPUT_CAP)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are noise to be removed
      .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
      .trim()
  );
}

const NONE: [string, number] = ['', -1];
/** The output so far ends where a value may begin. */
const BOUNDARY = /(?:^|[\s([{=:,"'<>|])$/;

function replaceAt(text: string, at: number, code: number, before: string): [string, number] {
  const digit = code >= 48 && code <= 57;
  if (digit) return replaceNumeric(text, at, before);
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36 || code >= 0xc0;
  if (letter) return replaceWord(text, at, code, before);
  if (code === 47 || code === 126 || code === 46) return replacePath(text, at, code, before); // / ~ .
  if (code === 92 && text.charCodeAt(at + 1) === 92) return take(WINDOWS_PATH, text, at, '<path>'); // \\server
  if (code === 58 && text.charCodeAt(at + 1) === 58) return BOUNDARY.test(before) ? replaceIpv6(text, at) : NONE;
  if ((code === 45 || code === 43) && BOUNDARY.test(before) && isDigit(text, at + 1)) {
    const [to, end] = replaceNumeric(text, at + 1, before);
    return to === '<int>' || to === '<float>' ? [to, end] : NONE;
  }
  return NONE;
}

function replaceNumeric(text: string, at: number, before: string): [string, number] {
  let hit = first(text, at, NUMERIC);
  if (hit[1] > at) return hit;
  // `file.js:12:15` is a place, not a time of day.
  hit = before.endsWith(':') ? NONE : take(CLOCK, text, at, '<date>');
  if (hit[1] > at) return hit;
  hit = replaceIpv6(text, at);
  if (hit[1] > at) return hit;
  hit = take(NUMBER, text, at, '<int>');
  if (hit[1] > at) {
    const raw = text.slice(at, hit[1]);
    if (raw.length <= 6 && /^\d+$/.test(raw) && CODE_BEFORE.test(before.slice(-40))) return [raw, hit[1]];
    return [raw.includes('.') || /e/i.test(raw) ? '<float>' : '<int>', hit[1]];
  }
  if (POD.test(before.slice(-8)) && /^[a-z\d]{5}(?![\w-])/.test(text.slice(at, at + 6))) return ['<id>', at + 5];
  return replaceMixed(text, at, CODE_BEFORE.test(before.slice(-40)));
}

/** In the order in which they are tried at a digit. */
const NUMERIC: readonly (readonly [RegExp, string])[] = [
  [UUID, '<uuid>'],
  [MAC, '<mac>'],
  [ISO_DATE, '<date>'],
  [SLASH_DATE, '<date>'],
  [DAY_FIRST_DATE, '<date>'],
  [IPV4, '<ip>'],
  [HEX_LITERAL, '<hex>'],
  [DURATION, '<duration>'],
  [SIZE, '<size>'],
  [VERSION, '<version>'],
  [EMAIL, '<email>'],
];

/** The five letters and digits that Kubernetes puts behind the hash of a pod's template: `shop-7d9f8b6c5-x2x4q`. */
const POD = /-<(?:hex|id)>-$/;

const DATE_START = new Set('MTWFSJANOD');

function replaceWord(text: string, at: number, code: number, before: string): [string, number] {
  const ch = text[at] as string;
  WORD.lastIndex = at;
  const end = WORD.test(text) ? WORD.lastIndex : at + 1;
  const next = text.charCodeAt(end);
  if (next === 58 && text.startsWith('//', end + 1)) {
    const url = take(URL, text, at, '<url>');
    if (url[1] > at) return url;
  }
  if (next === 58 && end === at + 1 && (text[end + 1] === '\\' || text[end + 1] === '/'))
    return take(WINDOWS_PATH, text, at, '<path>');
  if (DATE_START.has(ch) && (next === 32 || next === 44)) {
    const date = first(text, at, WORD_DATES);
    if (date[1] > at) return date;
  }
  if (next === 46 && ch === 'e' && text.startsWith('eyJ', at)) {
    const token = take(TOKEN, text, at, '<id>');
    if (token[1] > at) return token;
  }
  if (end === at + 5 && POD.test(before.slice(-8))) return ['<id>', end];
  if (next === 46 && text.startsWith('datetime.date', at)) return take(PYTHON_DATE, text, at, '<date>');
  if (next === 64 || next === 46 || next === 43 || next === 45) {
    const mail = text.includes('@') ? take(EMAIL, text, at, '<email>') : NONE;
    if (mail[1] > at) return mail;
  }
  const hexStart = (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
  if (hexStart && (next === 45 || next === 58)) {
    const mac = end === at + 2 ? take(MAC, text, at, '<mac>') : NONE;
    if (mac[1] > at) return mac;
    const id = next === 45 ? take(UUID, text, at, '<uuid>') : replaceIpv6(text, at);
    if (id[1] > at) return id;
  }
  if (next === 47 && !METHOD_BEFORE.test(before.slice(-10))) {
    const path = take(RELATIVE_PATH, text, at, '<path>');
    if (path[1] > at) return path;
  }
  if (before.endsWith('=') && /^(?:true|false)$/i.test(text.slice(at, end))) return ['<bool>', end];
  if (ch === 'v' && isDigit(text, at + 1)) {
    const version = take(VERSION, text, at, '<version>');
    if (version[1] > at) return version;
  }
  return replaceMixed(text, at);
}

const WORD_DATES: readonly (readonly [RegExp, string])[] = [
  [WEEKDAY_DATE, '<date>'],
  [MONTH_DATE, '<date>'],
];

/** A word that may hold digits: an id, a hexadecimal string, `user4711`, or a name such as `utf8` and `TS2345`. */
function replaceMixed(text: string, at: number, afterCode = false): [string, number] {
  WORD.lastIndex = at;
  if (!WORD.test(text)) return NONE;
  const end = WORD.lastIndex;
  const word = text.slice(at, end);
  const separated = text[end] === '-' && isDigit(text, end + 1);
  if (separated && NAMED_NUMBER.test(word)) {
    // utf-8, SHA-256, ORA-00942: the number belongs to the name.
    let stop = end + 1;
    while (isDigit(text, stop)) stop += 1;
    return [text.slice(at, stop), stop];
  }
  if (!/\d/.test(word) || (afterCode && word.length <= 6)) return [word, end];
  if (/^[0-9a-f]{7,}$/i.test(word) && /[a-f]/i.test(word)) return ['<hex>', end];
  const changes = transitions(word);
  if (word.length >= 8 && changes >= 3) return ['<id>', end];
  // The end of a host's or container's name: db-7f9c. Words with a digit behind (face1) are names.
  if (/^(?:[0-9a-f]{4,6}|[0-9A-F]{4,6})$/.test(word) && (isDigit(word, 0) || changes >= 2)) return ['<hex>', end];
  return [word.replace(/(\p{L}*)([_$]?)(\d+)/gu, wordDigits), end];
}

/** Keeps digits that belong to a name (`base64`, `TS2345`, `s3`); replaces those that count something (`job_42`, `user4711`). */
function wordDigits(all: string, letters: string, separator: string, digits: string): string {
  // A single leading digit is part of a word: 5xx, 2nd, 3D.
  if (all.length === 1 && letters === '') return all;
  if (separator === '' && letters !== '') {
    if (digits.length <= 2 || NAMED_NUMBER.test(letters)) return all;
    if (letters.length <= 4 && letters === letters.toUpperCase() && letters !== letters.toLowerCase()) return all;
  }
  return `${letters}${separator}<int>`;
}

/** How often a word changes between letters and digits: ids do it often, names once. */
function transitions(word: string): number {
  let count = 0;
  let last = false;
  for (let i = 0; i < word.length; i += 1) {
    const digit = isDigit(word, i);
    if (i > 0 && digit !== last) count += 1;
    last = digit;
  }
  return count;
}

function replacePath(text: string, at: number, code: number, before: string): [string, number] {
  if (before !== '' && !/[\s"'`([{=:,;|]$/.test(before)) return NONE;
  if (code === 47 && METHOD_BEFORE.test(before.slice(-10))) return NONE;
  UNIX_PATH.lastIndex = at;
  if (!UNIX_PATH.test(text)) return NONE;
  const raw = text.slice(at, UNIX_PATH.lastIndex).replace(/[.:]+$/, '');
  // "/" alone or "/ 3" is a sign, not a path; one segment counts when the text names it as a whole word: /tmp, /etc.
  return raw.length > 2 && /\w/.test(raw) ? ['<path>', at + raw.length] : NONE;
}

/** `{a: 1, b: {…}}` and `[1, 2, 3]`: the printed value, not the words about it. A placeholder such as `{name}` is kept. */
function replaceDump(text: string, at: number, partner: number | undefined): [string, number] {
  if (partner === undefined) return NONE;
  const inside = text.slice(at + 1, partner);
  if (text[at] === '{') return /["'\w\]] ?(?::|=>|=) ?\S/.test(inside) ? ['{…}', partner + 1] : NONE;
  return /^\s*["'\d{[-]/.test(inside) && inside.includes(',') ? ['[…]', partner + 1] : NONE;
}

/** Opening bracket → its closing one; unbalanced ones are absent. Undefined if there is none at all. */
function matchBrackets(text: string): Map<number, number> | undefined {
  if (!text.includes('{') && !text.includes('[')) return undefined;
  const partners = new Map<number, number>();
  const braces: number[] = [];
  const squares: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 123) braces.push(i);
    else if (c === 91) squares.push(i);
    else if (c === 125 || c === 93) {
      const open = (c === 125 ? braces : squares).pop();
      if (open !== undefined) partners.set(open, i);
    }
  }
  return partners;
}

/** By hand: as one pattern, an address has too many ways to fail. Accepts `::`, a trailing IPv4 part and a prefix length. */
function replaceIpv6(text: string, at: number): [string, number] {
  let end = at;
  let colons = 0;
  while (end < text.length && end - at < 45) {
    const c = text.charCodeAt(end);
    if (c === 58) colons += 1;
    else if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70) || c === 46)) break;
    end += 1;
  }
  if (colons < 2) return NONE;
  while (end > at && text.charCodeAt(end - 1) === 46) end -= 1;
  const raw = text.slice(at, end);
  const halves = raw.split('::');
  if (halves.length > 2 || (halves.length === 1 && colons !== 7 && !(colons === 6 && raw.includes('.')))) return NONE;
  const groups = raw.split(':').filter((part) => part !== '');
  const last = groups.length - 1;
  if (!groups.every((part, i) => /^[0-9a-f]{1,4}$/i.test(part) || (i === last && /^(?:\d{1,3}\.){3}\d{1,3}$/.test(part))))
    return NONE;
  if (/^\w/.test(text.slice(end, end + 1))) return NONE;
  const prefix = /^\/\d{1,3}(?!\d)/.exec(text.slice(end, end + 5));
  return ['<ip>', end + (prefix === null ? 0 : prefix[0].length)];
}

/** `<int>, <int>, <int>` says no more than `<int>`: lists of different length are one message. */
function collapseLists(text: string): string {
  return text.includes('>,') ? text.replace(/(<[a-z]+>)(?:, ?\1)+/g, '$1') : text;
}

function first(text: string, at: number, list: readonly (readonly [RegExp, string])[]): [string, number] {
  for (const [pattern, name] of list) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return [name, pattern.lastIndex];
  }
  return NONE;
}

function take(pattern: RegExp, text: string, at: number, name: string): [string, number] {
  pattern.lastIndex = at;
  return pattern.test(text) ? [name, pattern.lastIndex] : NONE;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
