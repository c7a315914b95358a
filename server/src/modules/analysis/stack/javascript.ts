import { type Header, headerAt, headerInside } from './header.ts';
import { isLocated, javascriptFrame } from './javascript-frame.ts';
import { addContext, type Excerpt, excerptOf, withoutCodeFrame, withoutStack } from './javascript-uncaught.ts';
import { indentOf, messageOf, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

/** An error that is being read: its frames innermost first, as the text has them. */
interface Open {
  node: ExceptionNode;
  indent: number;
  inner: ParsedFrame[];
  /** `... 4 lines matching cause stack trace ...` */
  skipped?: { at: number; lines: number };
  /** Column of `[errors]: [`; lines further right are members' headers. */
  groupIndent?: number;
  cause?: Open;
}

const UNCAUGHT =
  /^(?:error: )?(?:\(node:\d{1,9}\) )?(?:Uncaught |Unhandled |UnhandledPromiseRejectionWarning: )(?:\(in promise\) |exception |Promise Rejection:? ){0,2}/i;

/**
 * JavaScript and TypeScript: V8 (Chrome, Edge, Node, Deno), JavaScriptCore (Safari, Bun, React Native), SpiderMonkey
 * (Firefox), old Opera, IE and PhantomJS, React's component stacks; causes and members as Node's `util.inspect` and Deno
 * print them.
 */
export function parseJavascript(lines: readonly string[]): TraceDraft | undefined {
  const located = lines.findIndex(isLocated);
  if (located < 0) return withoutStack(lines);
  const start = startOf(lines);
  let above = start;
  // Frames that name no place may come first; they are no part of the message.
  while (above > 0 && javascriptFrame(lines[above - 1] as string) === null) above -= 1;
  const head = readHead(lines.slice(0, above));
  const root = open({ ...head.header, frames: [], children: [] }, head.indent);
  let unhandled = head.unhandled;
  const stack = [root];
  const all = [root];
  let emitted = false;
  const components = new Set<ParsedFrame>();
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const current = stack.at(-1) as Open;
    const frame = javascriptFrame(line);
    if (frame != null) {
      if (line.trimStart().startsWith('in ')) components.add(frame);
      if (!emitted) current.inner.push(frame);
      continue;
    }
    if (frame === null || line.trim() === '') continue;
    // Node adds where an 'error' event without a listener was emitted; the error's own stack ends above it.
    if (line.startsWith("Emitted 'error' event")) emitted = true;
    if (line.startsWith('Node.js v')) unhandled = true;
    if (nest(line, stack, all) || skip(line, current)) continue;
    // A second error in the same text: what was asked for is the first.
    if (isHeader(line.trim()) && indentOf(line) <= root.indent && hasFrames(lines, i)) break;
  }
  // React Native tells the components before the calls; they are a stack only where there is no other.
  if (components.size > 0 && root.inner.length > components.size && lines.slice(0, start).some(isComponentHead))
    root.inner = root.inner.filter((frame) => !components.has(frame));
  for (const each of all) each.node.frames = resolve(each).reverse();
  addContext(head.excerpt, root.node);
  const platform = platformOf(
    all,
    lines.some((line) => line.trimStart().startsWith('at ')),
  );
  for (const each of all) tidy(each.node.frames, platform);
  return { platform, thrown: root.node, unhandled };
}

/**
 * The first frame. A place that stands alone above V8's frames (`/srv/src/cart.ts:9:21`, as Prisma shows what it was called
 * from) is a line of the message if others follow; frames stand together.
 */
function startOf(lines: readonly string[]): number {
  const start = lines.findIndex((line) => javascriptFrame(line) != null);
  const first = (lines[start] ?? '').trim();
  if (first.startsWith('at ') || first.includes('@') || !/^\S{1,2000}:\d{1,7}:\d{1,7}$/.test(first)) return start;
  const v8 = lines.findIndex((line) => line.trimStart().startsWith('at ') && isLocated(line));
  const between = lines.slice(start + 1, Math.max(start + 1, v8));
  return between.some((line) => line.trim() !== '' && javascriptFrame(line) === undefined) ? v8 : start;
}

function open(node: ExceptionNode, indent: number): Open {
  return { node, indent, inner: [] };
}

function isHeader(line: string): boolean {
  return headerAt(line.replace(UNCAUGHT, '')) !== undefined;
}

function hasFrames(lines: readonly string[], from: number): boolean {
  for (let i = from + 1; i < Math.min(lines.length, from + 12); i += 1)
    if (javascriptFrame(lines[i] as string) != null) return true;
  return false;
}

/** `[cause]: TypeError: x`, `Caused by: x`, `[errors]: [`, and the headers of a group's members. */
function nest(line: string, stack: Open[], all: Open[]): boolean {
  const text = line.trim();
  const indent = indentOf(line);
  const cause = /^(?:\[cause\]|cause|[Cc]aused by|\[?(?:original|inner)(?:Error)?\]?): (?=\S)/.exec(text);
  if (cause !== null && (cause[0].startsWith('[') || isHeader(unbracket(text.slice(cause[0].length))))) {
    while (stack.length > 1 && (stack.at(-1) as Open).indent >= indent && !/^caused by/i.test(text)) stack.pop();
    const parent = stack.at(-1) as Open;
    const child = open({ ...headerOf([text.slice(cause[0].length)]), frames: [], children: [] }, indent);
    parent.node.children.push({ relation: 'cause', node: child.node });
    parent.cause = child;
    stack.push(child);
    all.push(child);
    return all.length < 60;
  }
  if (/^\[?errors\]?: \[$/.test(text)) {
    while (stack.length > 1 && (stack.at(-1) as Open).indent >= indent) stack.pop();
    const group = stack.at(-1) as Open;
    group.node.isGroup = true;
    group.groupIndent = indent;
    return true;
  }
  let at = stack.length - 1;
  while (at >= 0 && !((stack[at] as Open).groupIndent !== undefined && ((stack[at] as Open).groupIndent as number) < indent))
    at -= 1;
  if (at < 0 || all.length >= 60 || !isHeader(unbracket(text))) return false;
  // Inside a group: a property of a member (`code: 'X'`) is no header, because its name does not end like an error's.
  stack.length = at + 1;
  const member = open({ ...headerOf([text]), frames: [], children: [] }, indent);
  (stack[at] as Open).node.children.push({ relation: 'member', node: member.node });
  stack.push(member);
  all.push(member);
  return true;
}

function skip(line: string, current: Open): boolean {
  const found = /^\s{0,80}\.\.\. (\d{1,6}) lines matching cause stack trace \.\.\./.exec(line);
  if (found === null) return false;
  current.skipped = { at: current.inner.length, lines: Number(found[1]) };
  return true;
}

/** Node leaves out the frames an error shares with its cause, but for the first and last of them: they come from the cause. */
function resolve(each: Open): ParsedFrame[] {
  if (each.skipped === undefined) return each.inner;
  const { at, lines } = each.skipped;
  const before = each.inner[at - 1];
  const shared = each.cause?.inner ?? [];
  const from = before === undefined ? -1 : shared.findIndex((frame) => same(frame, before));
  if (from < 0 || from + 1 + lines > shared.length) {
    each.node.omitted = lines;
    return each.inner;
  }
  return [...each.inner.slice(0, at), ...shared.slice(from + 1, from + 1 + lines), ...each.inner.slice(at)];
}

function same(a: ParsedFrame, b: ParsedFrame): boolean {
  return a.function === b.function && a.filename === b.filename && a.line === b.line && a.column === b.column;
}

interface Head {
  header: Header;
  indent: number;
  unhandled: boolean;
  excerpt?: Excerpt;
}

/** Everything above the first frame. */
function readHead(lines: readonly string[]): Head {
  const excerpt = excerptOf(lines);
  let at = lines.findIndex((line) => isHeader(unbracket(line.trim())));
  if (at < 0 && excerpt === undefined) at = lines.findLastIndex((line) => headerInside(line) !== undefined);
  const rest = at < 0 ? lines.filter((line) => line.trim() !== '') : lines.slice(at);
  const first = rest[0] ?? '';
  return {
    header: headerOf(rest),
    indent: indentOf(first),
    unhandled: excerpt !== undefined || lines.some((line) => UNCAUGHT.test(line.trimStart())),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

function headerOf(lines: readonly string[]): Header {
  if (lines.length === 0) return {};
  let first = (lines[0] as string).trim().replace(UNCAUGHT, '');
  // The error page of create-react-app: `Unhandled Rejection (TypeError): x`.
  const named = /^(?:Rejection |Runtime Error )?\(([\w$.]{1,100})\): /.exec(first);
  if (named !== null) first = `${named[1]}: ${first.slice(named[0].length)}`;
  if (lines.length === 1 || first.startsWith('[')) first = unbracket(first);
  let header = headerAt(first);
  if (header === undefined && /^error: /i.test(first)) {
    const inner = first.slice(7);
    header = headerAt(inner) ?? { type: 'Error', value: inner };
  }
  header ??= headerInside(first) ?? (first.includes(': ') ? headerAt(first, true) : undefined) ?? { value: first };
  const after = lines.findIndex((line, i) => i > 0 && BEFORE_FRAMES.test(line.trim()));
  const more = [...withoutCodeFrame(lines.slice(1, after < 0 ? undefined : after))];
  // Deno shows the source below the message, with marks.
  if (isMarks(more.at(-1))) more.splice(-2);
  // React Native adds the engine's name to what nobody caught.
  const value = messageOf([header.value ?? '', ...more])?.replace(/, js engine: \w{1,20}$/, '');
  return { ...(header.type === undefined ? {} : { type: header.type }), ...(value === undefined ? {} : { value }) };
}

/** Sentences between a message and frames that are no part of the message. */
const BEFORE_FRAMES =
  /^(?:From previous event:|for call at|Stack:|Stack trace:|Component Stack:|This error is located at:|The above error occurred in .{1,200}:)$/i;

function isComponentHead(line: string): boolean {
  return line.trim() === 'This error is located at:';
}

function isMarks(line: string | undefined): boolean {
  return line?.includes('^') === true && /^[\s^~]{1,2000}$/.test(line);
}

/** `[TypeError: x] {`, `Error: x {`: as `util.inspect` prints an error without a stack, or one with properties. */
function unbracket(text: string): string {
  let line = text.endsWith(' {') ? text.slice(0, -2) : text;
  if (line.endsWith(',')) line = line.slice(0, -1);
  return line.startsWith('[') && line.endsWith(']') ? line.slice(1, -1) : line;
}

const BUILT_IN = /^(?:module|events|timers|net|util|fs|_http_\w+|domain|assert|async_hooks|node_modules\/.*)(?:\.js)?$/;

/**
 * A server's files are paths, a browser's are addresses.
 * @param v8 written in the way of V8, which a `file:` address with a column takes for Node
 */
function platformOf(all: readonly Open[], v8: boolean): string {
  let browser = 0;
  let server = 0;
  for (const { inner } of all)
    for (const { filename, column } of inner) {
      if (filename === undefined) continue;
      if (filename.startsWith('node:') || filename.startsWith('internal/')) return 'node';
      if (filename.endsWith('bundle') || filename === 'InternalBytecode.js') return 'javascript';
      if (filename.startsWith('/') || /^[A-Za-z]:\\/.test(filename) || BUILT_IN.test(filename)) server += 1;
      else if (filename.startsWith('file:')) server += v8 && column !== undefined ? 1 : 0;
      else if (/^[a-z][a-z-]{2,30}:\/\//i.test(filename)) browser += 1;
    }
  return server > browser ? 'node' : 'javascript';
}

function tidy(frames: ParsedFrame[], platform: string): void {
  for (const frame of frames) {
    if (platform === 'node') {
      // The Node SDK cuts the scheme off.
      if (frame.filename?.startsWith('file:///')) {
        frame.filename = frame.filename.slice(/^file:\/\/\/[A-Za-z]:/.test(frame.filename) ? 8 : 7);
        frame.absPath = frame.filename;
      }
      if (frame.function?.startsWith('async ')) frame.function = frame.function.slice(6);
      // Before Node 16 its own files had no prefix: `events.js`, `_http_outgoing.js`. The SDK takes them for foreign, too.
      if (frame.filename?.endsWith('.js') === true && !/[\\/]/.test(frame.filename)) frame.inApp = false;
    } else delete frame.module;
  }
}

/** Used by the detection: a line that only a JavaScript trace has, besides frames. */
export function isJavascriptMarker(line: string): boolean {
  const text = line.trim();
  return (
    text.startsWith('[cause]: ') ||
    text === '[errors]: [' ||
    text === 'From previous event:' ||
    text.startsWith('(Use `node --trace-uncaught ') ||
    (text.startsWith('... ') && text.endsWith(' lines matching cause stack trace ...')) ||
    (text.startsWith('Node.js v') && wholeNumber(text.slice(9).split('.')[0]) !== undefined)
  );
}
