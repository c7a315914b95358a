import { type Header, headerAt } from './header.ts';
import { isName, messageOf, splitPlace, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

interface RubyLine {
  frame: ParsedFrame;
  /** `: message (Type)` behind the first frame. */
  rest?: string;
  /** `\t2: from …`: printed outermost first. */
  reversed?: boolean;
}

interface Open {
  header: Header | undefined;
  message: string[];
  inner: ParsedFrame[];
  reversed: boolean;
}

/**
 * Ruby: what the interpreter prints in both orders, the quotes of before and since 3.4, causes, Rails' log, `message (Type)`
 * and `Type: message` of loggers, RSpec's and Minitest's frames.
 */
export function parseRuby(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => rubyLine(line) !== undefined);
  if (start < 0) return undefined;
  const chain: Open[] = [{ header: undefined, message: [], inner: [], reversed: false }];
  const upper = lines.slice(0, start).filter((line) => !line.includes('raceback (most recent call last)'));
  // Rails since 7.1 names the causes above the frames of all.
  const listed = upper.findIndex((line) => line.trim() === 'Causes:');
  const above = listed < 0 ? upper : upper.slice(0, listed);
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    let current = chain.at(-1) as Open;
    const read = rubyLine(line);
    if (read !== undefined) {
      if (read.rest !== undefined) {
        const header = throwing(read.rest);
        if (header !== undefined) {
          // A further one with a message of its own is the cause of the one before.
          if (current.header !== undefined && chain.length < 50) {
            current = { header: undefined, message: [], inner: [], reversed: false };
            chain.push(current);
          }
          current.header = header;
          if (current.inner.length > 0) current.reversed = true;
        }
      } else if (current.message.length > 0 && current.message.at(-1)?.trim() === '') {
        while (current.message.at(-1)?.trim() === '') current.message.pop();
      }
      current.inner.push(read.frame);
      continue;
    }
    const cause = causeHeader(line);
    if (cause !== undefined && current.inner.length > 0 && chain.length < 50) {
      chain.push({ header: cause, message: [], inner: [], reversed: false });
      continue;
    }
    // Further lines of the message stand between the first frame and the next.
    if (current.header !== undefined && (current.inner.length === 1 || current.reversed)) current.message.push(line);
  }
  for (const line of listed < 0 ? [] : upper.slice(listed + 1)) {
    const header = railsHeader(line.trim());
    if (header !== undefined && chain.length < 50) chain.push({ header, message: [], inner: [], reversed: false });
  }
  const nodes = chain.map((open, i) => node(open, i === 0 ? above : []));
  for (let i = 1; i < nodes.length; i += 1)
    (nodes[i - 1] as ExceptionNode).children.push({ relation: 'cause', node: nodes[i] as ExceptionNode });
  return { thrown: nodes[0] as ExceptionNode };
}

function node(open: Open, above: readonly string[]): ExceptionNode {
  const header = open.header ?? headAbove(above);
  const message = withoutHighlight([header.value ?? '', ...open.message]);
  const value = messageOf(message);
  // Printed in the terminal's order, the throwing frame is the last already.
  const frames = open.reversed ? open.inner : open.inner.reverse();
  return {
    ...(header.type === undefined ? {} : { type: header.type }),
    ...(value === undefined ? {} : { value }),
    frames,
    children: [],
  };
}

/** error_highlight shows the source below the message, with marks; it is no part of the message. */
function withoutHighlight(lines: readonly string[]): string[] {
  const marks = lines.findIndex((line, i) => i > 1 && line.includes('^') && /^[\s^]+$/.test(line.slice(0, 1_000)));
  if (marks < 0) return [...lines];
  let from = marks - 1;
  while (from > 1 && (lines[from - 1] as string).trim() !== '') from -= 1;
  return [...lines.slice(0, from), ...lines.slice(marks + 1)];
}

/** `undefined method 'x' for nil (NoMethodError)`, `unhandled exception`. */
function throwing(rest: string): Header | undefined {
  if (rest === 'unhandled exception') return { type: 'RuntimeError', value: rest };
  const open = rest.endsWith(')') ? rest.lastIndexOf('(') : -1;
  if (open < 0) return undefined;
  const type = rest.slice(open + 1, -1);
  if (!isName(type, ':') || !/^[A-Z]/.test(type)) return undefined;
  const value = rest.slice(0, open).trim();
  return { type, ...(value === '' ? {} : { value }) };
}

/** Rails since 7.1: the cause's header stands above its own frames. */
function causeHeader(line: string): Header | undefined {
  const text = line.trim();
  if (text.startsWith('Caused by: ') || text.startsWith('Caused by ')) return railsHeader(text.slice(text[9] === ':' ? 11 : 10));
  return text.endsWith('):') || (text.endsWith(')') && /^[A-Z][\w:]{1,200} \(/.test(text)) ? railsHeader(text) : undefined;
}

/** `NoMethodError (undefined method …):` or `Type: message`. */
function railsHeader(raw: string): Header | undefined {
  const text = raw.endsWith(':') ? raw.slice(0, -1) : raw;
  const open = text.indexOf(' (');
  if (open > 0 && text.endsWith(')') && isName(text.slice(0, open), ':') && /^[A-Z]/.test(text)) {
    const value = text.slice(open + 2, -1);
    return { type: text.slice(0, open), ...(value === '' ? {} : { value }) };
  }
  return headerAt(text);
}

/** The header above the frames: Rails', a logger's `message (Type)`, `Type: message`, with or without a log prefix. */
function headAbove(lines: readonly string[]): Header {
  for (let i = 0; i < lines.length; i += 1) {
    const text = (lines[i] as string).trim();
    const header = text === '' ? undefined : headerIn(text);
    if (header === undefined) continue;
    const value = messageOf([header.value ?? '', ...lines.slice(i + 1)]);
    return { ...(header.type === undefined ? {} : { type: header.type }), ...(value === undefined ? {} : { value }) };
  }
  const value = messageOf(lines);
  return value === undefined ? {} : { value };
}

/** In the whole line, else behind one of the marks that end a log prefix. */
function headerIn(text: string): Header | undefined {
  const whole = railsHeader(text);
  if (whole !== undefined) return whole;
  // An error inspected: `Rack app ("GET /"): #<NoMethodError: undefined method 'x' for nil>`
  const inspected = text.endsWith('>') ? text.indexOf('#<') : -1;
  const shown = inspected < 0 ? undefined : headerAt(text.slice(inspected + 2, -1));
  if (shown !== undefined) return shown;
  for (const mark of [' -- : ', 'WARN: ', 'ERROR: ', 'FATAL: ', ' - ', '] ']) {
    const at = text.lastIndexOf(mark, 400);
    const rest = at < 0 ? '' : text.slice(at + mark.length).trim();
    const header = railsHeader(rest) ?? throwing(rest);
    if (header !== undefined) return header;
  }
  return throwing(text) ?? (text.includes('::') ? headerAt(text, true) : undefined);
}

/** ``from app/cart.rb:12:in `charge'``, `actionpack (5.1.4) lib/x.rb:63:in 'Shop::Cart#charge'`; undefined if it is no frame. */
export function rubyLine(raw: string): RubyLine | undefined {
  let text = raw.trim();
  if (text.length > 6_000) return undefined;
  const numbered = /^\d{1,6}: from /.exec(text);
  if (numbered !== null) text = text.slice(numbered[0].length);
  const from = numbered !== null || text.startsWith('from ');
  if (text.startsWith('from ')) text = text.slice(5);
  else if (text.startsWith('# ')) text = text.slice(2);
  let mark = text.indexOf(':in `');
  if (mark < 0) mark = text.indexOf(":in '");
  if (mark < 0) return from || raw.startsWith('# ') ? placeOnly(text) : syntaxError(text);
  const { path, line } = splitPlace(text.slice(0, mark));
  if (line === undefined) return undefined;
  const rest = text.slice(mark + 5);
  const end = closing(rest);
  const frame: ParsedFrame = { ...method(end < 0 ? rest : rest.slice(0, end)), ...place(path), line };
  const after = end < 0 ? '' : rest.slice(end + 1);
  return {
    frame,
    ...(after.startsWith(': ') ? { rest: after.slice(2).trim() } : {}),
    ...(numbered === null ? {} : { reversed: true }),
  };
}

/** The quote that ends the name: the next one that is followed by a colon or the end. */
function closing(text: string): number {
  let at = text.indexOf("'");
  while (at >= 0 && at + 1 < text.length && text[at + 1] !== ':') at = text.indexOf("'", at + 1);
  return at;
}

function placeOnly(text: string): RubyLine | undefined {
  const { path, line, column } = splitPlace(text);
  return line === undefined || column !== undefined || !/\.(?:rb|rake|ru|erb|haml|slim)$/.test(path)
    ? undefined
    : { frame: { ...place(path), line } };
}

/** `cart.rb:3: syntax error, unexpected end-of-input (SyntaxError)` */
function syntaxError(text: string): RubyLine | undefined {
  const at = text.indexOf('.rb:');
  if (at < 0 || !text.endsWith('(SyntaxError)')) return undefined;
  const colon = text.indexOf(':', at + 4);
  const line = colon < 0 ? undefined : wholeNumber(text.slice(at + 4, colon));
  return line === undefined
    ? undefined
    : { frame: { ...place(text.slice(0, at + 3)), line }, rest: text.slice(colon + 1).trim() };
}

/** Since 3.4 `Shop::Cart#charge` names the class too; the SDK takes it apart. */
function method(name: string): ParsedFrame {
  const hash = name.indexOf('#');
  if (hash > 0 && isName(name.slice(0, hash), ':')) return { module: name.slice(0, hash), function: name.slice(hash + 1) };
  return { function: name };
}

/** Files of gems by the path that is the same on every machine, as the SDK cuts off the load path. */
function place(raw: string): ParsedFrame {
  const cleaned = /^([\w.-]{1,100}) \(([\w.]{1,60})\) (.+)$/.exec(raw.slice(0, 2_000));
  if (cleaned !== null) {
    const path = cleaned[3] as string;
    return {
      filename: path.startsWith('lib/') ? path.slice(4) : path,
      absPath: path,
      package: cleaned[1] as string,
      inApp: false,
    };
  }
  const colon = raw.lastIndexOf(': ');
  const path = colon >= 0 ? raw.slice(colon + 2) : raw;
  if (path.startsWith('<internal:')) return { filename: path, inApp: false };
  const gems = path.lastIndexOf('/gems/');
  const lib = gems < 0 ? -1 : path.indexOf('/lib/', gems);
  return { filename: lib < 0 ? path : path.slice(lib + 5), absPath: path };
}
