import { type Header, headerAt, headerInside } from './header.ts';
import { messageOf, splitPlace, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

interface Open {
  header: Header;
  place: ParsedFrame | undefined;
  /** Calls, innermost first: where they were made and what they called. */
  calls: ParsedFrame[];
  xdebug: boolean;
}

/**
 * PHP: uncaught exceptions of all versions, `Next` and `[previous exception]`, Monolog's `[object] (Type(code: 0): …)`,
 * Xdebug's list, Symfony's `f() at file:line`, fatal and parse errors with only a place.
 */
export function parsePhp(lines: readonly string[]): TraceDraft | undefined {
  const chain: { open: Open; wraps: boolean }[] = [];
  let head: string[] = [];
  let unhandled = false;
  let current: Open | undefined;
  let wraps = false;
  const escaped = lines.some((line) => line.includes('[object] ('));
  for (const each of lines) {
    // Monolog writes the trace into JSON and only puts the line breaks back.
    const raw = escaped ? each.replace(/\\(["\\/])/g, '$1') : each;
    const line = raw.trim();
    if (/^(?:PHP )?(?:Fatal|Parse|Catchable fatal) error: |Uncaught /i.test(line.slice(0, 200))) unhandled = true;
    const call = phpCall(line);
    if (call !== undefined) {
      current ??= begin(chain, head, wraps);
      head = [];
      if (call !== null) {
        current.xdebug ||= isXdebug(line);
        current.calls.push(call);
      }
      continue;
    }
    if (
      line === 'Stack trace:' ||
      line === 'PHP Stack trace:' ||
      line === '[stacktrace]' ||
      line === 'Call Stack:' ||
      line === 'Exception trace:'
    ) {
      current ??= begin(chain, head, wraps);
      head = [];
      continue;
    }
    if (current !== undefined && (line.startsWith('Next ') || line.startsWith('[previous exception]')) && chain.length < 50) {
      current = undefined;
      wraps = line.startsWith('Next ');
      head = [line];
      continue;
    }
    if (current === undefined) head.push(raw);
  }
  if (current === undefined) {
    const open = openOf(head);
    if (chain.length === 0 && (!unhandled || open.place === undefined)) return undefined;
    if (open.place !== undefined) chain.push({ open, wraps });
  }
  const nodes = chain.map(({ open }) => node(open));
  let thrown = nodes[0] as ExceptionNode;
  let innermost = thrown;
  for (let i = 1; i < nodes.length; i += 1) {
    const next = nodes[i] as ExceptionNode;
    if (chain[i]?.wraps === true) {
      next.children.push({ relation: 'cause', node: thrown });
      thrown = next;
    } else {
      innermost.children.push({ relation: 'cause', node: next });
      innermost = next;
    }
  }
  return { thrown, unhandled };
}

function begin(chain: { open: Open; wraps: boolean }[], head: readonly string[], wraps: boolean): Open {
  const open = openOf(head);
  chain.push({ open, wraps });
  return open;
}

/**
 * PHP tells where a call was made and what it called. As the SDK does it, each frame gets the place and the function that
 * ran there: the one called from the next outer frame.
 */
function node(open: Open): ExceptionNode {
  const { type, value } = open.header;
  const calls = open.xdebug ? open.calls.reverse() : open.calls;
  const frames: ParsedFrame[] = [];
  let place = open.place;
  for (const { function: name, ...called } of calls) {
    if (place !== undefined || name !== undefined)
      frames.push({ ...(place ?? {}), ...(name === undefined ? {} : { function: name }) });
    place = called;
  }
  if (place !== undefined && place.filename !== '[internal]') frames.push(place);
  return {
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { value }),
    frames: frames.reverse(),
    children: [],
  };
}

function openOf(lines: readonly string[]): Open {
  const open: Open = { header: {}, place: undefined, calls: [], xdebug: false };
  const text = messageOf(lines);
  if (text === undefined) return open;
  const monolog = text.indexOf('[object] (');
  if (monolog >= 0) return monologHead(text.slice(monolog + 10), open);
  let head = text;
  const uncaught = head.indexOf('Uncaught ');
  if (uncaught >= 0) head = head.slice(uncaught + 9);
  else head = head.replace(/^.{0,300}?PHP (?=Fatal|Parse|Warning|Notice|Deprecated|Catchable|Recoverable|Strict)/s, '');
  if (head.startsWith('Next ')) head = head.slice(5);
  const [message, place] = splitAt(head);
  open.place = place;
  open.header = oldHeader(message) ?? php7Header(message);
  return open;
}

/** `exception 'Type' with message 'text'`, before PHP 7. */
function oldHeader(text: string): Header | undefined {
  const at = text.indexOf("exception '");
  const middle = at < 0 ? -1 : text.indexOf("' with message '", at);
  if (middle < 0) {
    const end = at < 0 ? -1 : text.indexOf("'", at + 11);
    return at >= 0 && at < 3 && end > 0 ? { type: text.slice(at + 11, end) } : undefined;
  }
  return { type: text.slice(at + 11, middle), value: text.slice(middle + 16).replace(/'$/, '') };
}

function php7Header(text: string): Header {
  const firstEnd = text.indexOf('\n');
  const first = firstEnd < 0 ? text : text.slice(0, firstEnd);
  const header =
    headerAt(first) ?? /^((?:Fatal|Parse|Catchable fatal|Recoverable fatal) error|Warning|Notice|Deprecated):/.exec(first);
  if (Array.isArray(header)) return { type: header[1] as string, value: text.slice((header[0] as string).length).trim() };
  const found = (header as Header | null) ?? headerInside(first) ?? headerAt(first, true);
  if (found === undefined || found === null) return { value: text };
  const value = messageOf([found.value ?? '', firstEnd < 0 ? '' : text.slice(firstEnd + 1)]);
  return { ...(found.type === undefined ? {} : { type: found.type }), ...(value === undefined ? {} : { value }) };
}

/** `message in /path/file.php:12` or `message in /path/file.php on line 12`. */
function splitAt(text: string): [string, ParsedFrame | undefined] {
  const at = text.lastIndexOf(' in ');
  if (at < 0) return [text, undefined];
  const rest = text.slice(at + 4);
  const on = rest.indexOf(' on line ');
  const end = on < 0 ? rest.indexOf('\n') : on;
  const { path, line } =
    on < 0
      ? splitPlace(end < 0 ? rest : rest.slice(0, end))
      : { path: rest.slice(0, on), line: wholeNumber(/^\d{1,9}/.exec(rest.slice(on + 9))?.[0]) };
  return line === undefined ? [text, undefined] : [text.slice(0, at), { ...file(path), line }];
}

/** `Type(code: 0): message at /path/file.php:12)` */
function monologHead(text: string, open: Open): Open {
  const code = text.indexOf('(code: ');
  const colon = code < 0 ? -1 : text.indexOf('): ', code);
  if (colon < 0) return open;
  const rest = text.slice(colon + 3);
  const at = rest.lastIndexOf(' at ');
  const end = at < 0 ? -1 : rest.indexOf(')', at);
  const { path, line } = at < 0 ? { path: '', line: undefined } : splitPlace(rest.slice(at + 4, end < 0 ? undefined : end));
  open.header = { type: text.slice(0, code), value: line === undefined ? rest : rest.slice(0, at) };
  if (line !== undefined) open.place = { ...file(path), line };
  return open;
}

/** One line of a PHP trace; null for `{main}`, undefined for any other line. */
export function phpCall(line: string): ParsedFrame | null | undefined {
  const hash = /^#\d{1,6} /.exec(line);
  if (hash !== null) return numbered(line.slice(hash[0].length).trim());
  const xdebug = /^(?:PHP )? {0,8}(\d{1,6})\. /.exec(line);
  if (xdebug !== null) return xdebugCall(line.slice(xdebug[0].length).trim());
  if (line.includes('() at ') && line.length < 2_000) {
    const at = line.lastIndexOf('() at ');
    const { path, line: number } = splitPlace(line.slice(at + 6));
    if (number !== undefined && path.endsWith('.php') && !line.slice(0, at).includes(' '))
      return { function: line.slice(0, at).replace('->', '::'), ...file(path), line: number };
  }
  return undefined;
}

function isXdebug(line: string): boolean {
  return !line.startsWith('#') && !line.includes('() at ');
}

function numbered(text: string): ParsedFrame | null | undefined {
  if (text === '{main}') return null;
  if (text.startsWith('[internal function]: ')) return { ...called(text.slice(21)), filename: '[internal]', inApp: false };
  for (let at = text.indexOf('): '); at > 0; at = text.indexOf('): ', at + 1)) {
    const open = text.lastIndexOf('(', at);
    const line = wholeNumber(text.slice(open + 1, at));
    if (line !== undefined) return { ...called(text.slice(at + 3)), ...file(text.slice(0, open)), line };
    if (at > 2_000) break;
  }
  return undefined;
}

/** `foo($a = 1) /app/cart.php:12`, after the number; Xdebug 2 also has time and memory before it. */
function xdebugCall(text: string): ParsedFrame | null | undefined {
  const blank = text.lastIndexOf(' ');
  const { path, line } = splitPlace(text.slice(blank + 1));
  if (blank < 0 || line === undefined || !(path.startsWith('/') || /^[A-Za-z]:\\/.test(path))) return undefined;
  const name = text.slice(0, blank).trim();
  if (!name.includes('(')) return undefined;
  if (name.startsWith('{main}')) return null;
  return { ...called(name), ...file(path), line };
}

/** `Shop\Cart->charge(Object(User), 12)` → `Shop\Cart::charge`, as the SDK writes it. */
function called(text: string): ParsedFrame {
  let depth = 0;
  let end = text.length;
  for (let i = 0; i < Math.min(text.length, 2_000); i += 1) {
    const c = text[i];
    if (c === '{') depth += 1;
    else if (c === '}') depth -= 1;
    else if (c === '(' && depth === 0) {
      end = i;
      break;
    }
  }
  const name = text.slice(0, end).replace('->', '::');
  return name === '' ? {} : { function: name };
}

function file(path: string): ParsedFrame {
  return { filename: path, absPath: path };
}
