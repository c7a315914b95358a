import { isName } from './text.ts';

/** Endings of the names of exceptions, in any language. */
const THROWABLE =
  /(?:Error|Exception|Throwable|Failure|Fault|Interrupt|Exit|Warning|Abort|Rejection|Panic|Timeout|Overflow|NotFound|Cancelled|Canceled|Denied|Invalid)$/;

export interface Header {
  type?: string;
  value?: string;
}

/** Whether a name is one of an exception, judged by its ending: `KeyError`, `a.b.IOException`, `Shop\Refused` is not. */
export function isThrowable(name: string): boolean {
  return name.length <= 300 && isName(name, '\\:[]`+') && THROWABLE.test(name);
}

/**
 * `Type: message` at the start of a line, `Type` alone, `Type [CODE]: message`. With `loose` any capitalised or dotted
 * name before a colon counts, otherwise only names that end like an exception's.
 */
export function headerAt(line: string, loose = false): Header | undefined {
  const colon = colonAfterName(line);
  const end = colon < 0 ? line.length : colon;
  let name = line.slice(0, end).trimEnd();
  let code = '';
  const bracket = name.indexOf(' [');
  if (bracket > 0 && name.endsWith(']')) {
    code = name.slice(bracket);
    name = name.slice(0, bracket);
  }
  if (!isName(name, '\\:`+') || name.length > 300) return undefined;
  if (!THROWABLE.test(name) && !(loose && colon > 0 && (/^[A-Z]/.test(name) || name.includes('.')))) return undefined;
  const value = colon < 0 ? '' : line.slice(colon + 1).trim();
  // Node's util.inspect says `Name [Error]` when the stack began with another name: the first is the error's own.
  const type = code === ' [Error]' || code === '' ? name : name + code;
  return value === '' ? { type } : { type, value };
}

/** The first colon that is followed by white space or the end, so that `Foo::Bar: x` splits at the second. */
function colonAfterName(line: string): number {
  const stop = Math.min(line.length, 400);
  for (let i = line.indexOf(':'); i >= 0 && i < stop; i = line.indexOf(':', i + 1)) {
    const next = line[i + 1];
    if (next === undefined || next === ' ' || next === '\t') return i;
  }
  return -1;
}

/**
 * A header behind the prefix of a log line: `2024-02-16 15:01:22 ERROR [main] shop - java.io.IOException: no`. The first
 * word that ends like an exception's name and is followed by a colon or the end of the line.
 */
export function headerInside(line: string): Header | undefined {
  const limit = Math.min(line.length, 2_000);
  let start = 0;
  while (start < limit) {
    while (start < limit && isGap(line.charCodeAt(start))) start += 1;
    let end = start;
    while (end < limit && !isGap(line.charCodeAt(end))) end += 1;
    if (end > start) {
      let word = line.slice(start, end);
      while (word.length > 1 && '("\'[|>'.includes(word[0] as string)) {
        word = word.slice(1);
        start += 1;
      }
      const closed = word.endsWith(':');
      const coded = !closed && /^\s\[[\w-]{1,60}\](?::|$)/.test(line.slice(end, end + 64));
      const name = closed ? word.slice(0, -1) : word;
      if ((closed || coded || end === line.length) && isThrowable(name)) return headerAt(line.slice(start));
    }
    start = end + 1;
  }
  return undefined;
}

function isGap(code: number): boolean {
  return code === 32 || code === 9;
}
