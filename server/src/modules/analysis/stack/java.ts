import { type Header, headerAt, headerInside, isThrowable } from './header.ts';
import { indentOf, isName, messageOf, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, Relation, TraceDraft } from './types.ts';

interface Open {
  node: ExceptionNode;
  indent: number;
  /** Innermost first, as printed. */
  inner: ParsedFrame[];
  message: string[];
  /** `... 12 more`: frames shared with the exception around this one. */
  more: number;
}

/**
 * Java, Kotlin, Scala, Groovy, Clojure: what `Throwable.printStackTrace`, Logback and Log4j print, with causes, suppressed
 * exceptions, `... n more` taken from the enclosing trace, packaging data.
 */
export function parseJava(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => javaFrame(line) !== undefined);
  if (start < 0) return undefined;
  if (lines.some((line) => line.includes('java.lang.Thread.State:'))) return undefined;
  const head = readHead(lines.slice(0, start));
  let root = open(head.header, head.indent);
  const stack = [root];
  let count = 1;
  let read = head.above;
  for (let i = head.from; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const current = stack.at(-1) as Open;
    const frame = i < start ? undefined : javaFrame(line);
    if (frame !== undefined) {
      ownerOf(line, stack).inner.push(frame);
      read = true;
      continue;
    }
    const nested = nestedHeader(line);
    // Before the first frame it may be a line of the message, unless it names a class.
    if (nested !== undefined && count < 60 && (read || isClass(nested.header.type))) {
      count += 1;
      read = false;
      root = nest(nested, indentOf(line), stack, root);
      continue;
    }
    const more = moreFrames(line);
    if (more !== undefined) {
      current.more += more;
      read = true;
    } else if (!read) current.message.push(line);
    // The next trace of the same text: only the first is asked for.
    else if (i > start && isNewHeader(line) && indentOf(line) <= head.indent) break;
  }
  finish(root);
  share(root.node, []);
  return { thrown: root.node, unhandled: head.unhandled };
}

/** A frame that stands no deeper than a suppressed exception goes on with the trace around that one (Reactor does so). */
function ownerOf(line: string, stack: Open[]): Open {
  const indent = indentOf(line);
  let owner = stack.at(-1) as Open;
  while (stack.length > 1 && owner.indent > 0 && indent <= owner.indent && owner.inner.length > 0) {
    stack.pop();
    owner = stack.at(-1) as Open;
  }
  return owner;
}

function isClass(type: string | undefined): boolean {
  return type !== undefined && (type.includes('.') || isThrowable(type));
}

function open(header: Header, indent: number): Open {
  const node: ExceptionNode & { open?: Open } = { ...header, frames: [], children: [] };
  const made: Open = { node, indent, inner: [], message: [], more: 0 };
  OPEN.set(node, made);
  return made;
}

/** What is known of a node only while it is read. */
const OPEN = new WeakMap<ExceptionNode, Open>();

interface Nested {
  relation: Relation | 'wrapper';
  header: Header;
}

function nestedHeader(line: string): Nested | undefined {
  const text = line.trim();
  for (const [word, relation] of NESTED)
    if (text.startsWith(word)) return { relation, header: looseHeader(text.slice(word.length)) };
  return undefined;
}

const NESTED: readonly [string, Relation | 'wrapper'][] = [
  ['Caused by: ', 'cause'],
  ['Suppressed: ', 'suppressed'],
  ['Wrapped by: ', 'wrapper'],
  ['Cause: ', 'cause'],
];

function looseHeader(text: string): Header {
  const wrapped = text.startsWith('[wrapped] ') ? text.slice(10) : text;
  return headerAt(wrapped) ?? headerAt(wrapped, true) ?? (isName(wrapped) ? { type: wrapped } : { value: wrapped });
}

/** Depth is told by the white space before the word, as `Throwable.printEnclosedStackTrace` writes it. */
function nest({ relation, header }: Nested, indent: number, stack: Open[], root: Open): Open {
  if (relation === 'wrapper') {
    const outer = open(header, indent);
    outer.node.children.push({ relation: 'cause', node: root.node });
    stack.length = 0;
    stack.push(outer);
    return outer;
  }
  const keep = relation === 'suppressed' ? indent - 1 : indent;
  while (stack.length > 1 && (stack.at(-1) as Open).indent > keep) stack.pop();
  const child = open(header, indent);
  (stack.at(-1) as Open).node.children.push({ relation, node: child.node });
  stack.push(child);
  return root;
}

/** `... 12 more`, `... 27 common frames omitted`, `... 3 truncated`. */
function moreFrames(line: string): number | undefined {
  const text = line.trim();
  if (!text.startsWith('...') || text.length > 80) return undefined;
  return wholeNumber(
    /^\.{3} ?(\d{1,6}) (?:more|common frames? (?:omitted|truncated)|frames? (?:omitted|truncated)|truncated)/.exec(text)?.[1],
  );
}

function finish(root: Open): void {
  const pending = [root.node];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { inner, message } = OPEN.get(node) as Open;
    node.frames = inner.reverse();
    const value = messageOf([node.value ?? '', ...message]);
    if (value !== undefined) node.value = value;
    for (const child of node.children) pending.push(child.node);
  }
}

/** `... n more` stands for the n outermost frames of the exception around. */
function share(node: ExceptionNode, around: readonly ParsedFrame[]): void {
  const { more } = OPEN.get(node) as Open;
  if (more > 0) {
    if (more <= around.length) node.frames = [...around.slice(0, more), ...node.frames];
    else node.omitted = more;
  }
  for (const child of node.children) share(child.node, node.frames);
}

interface Head {
  header: Header;
  indent: number;
  /** Line after the header. */
  from: number;
  /** Nothing was found above the frames. */
  above: boolean;
  unhandled: boolean;
}

function readHead(lines: readonly string[]): Head {
  const unhandled = lines.some((line) =>
    /^\s*(?:Exception in thread "|FATAL EXCEPTION|Uncaught exception|Unhandled exception)/i.test(line.slice(0, 200)),
  );
  const find = (test: (line: string) => Header | undefined): Head | undefined => {
    const at = lines.findIndex((line) => test(line) !== undefined);
    if (at < 0) return undefined;
    const line = lines[at] as string;
    return { header: test(line) as Header, indent: indentOf(line), from: at + 1, above: false, unhandled };
  };
  const dotted = (line: string): Header | undefined => {
    const header = headerAt(bare(line)) ?? headerAt(bare(line), true) ?? fullName(bare(line));
    return header?.type?.includes('.') ? header : undefined;
  };
  return (
    find((line) => (line.trimStart().startsWith('Exception in thread "') ? dotted(line) : undefined)) ??
    find(dotted) ??
    find((line) => headerAt(bare(line))) ??
    find(headerInside) ?? {
      header: valueOnly(lines),
      indent: 0,
      from: lines.length,
      above: true,
      unhandled,
    }
  );
}

function valueOnly(lines: readonly string[]): Header {
  const value = messageOf(lines);
  return value === undefined ? {} : { value };
}

function fullName(text: string): Header | undefined {
  return isName(text) && /\.[A-Z][\w$]*$/.test(text.slice(-200)) ? { type: text } : undefined;
}

/** Without `Exception in thread "main" ` and the like. */
function bare(line: string): string {
  let text = line.trim();
  if (text.startsWith('Exception in thread "')) {
    const end = text.indexOf('" ', 21);
    if (end > 0) text = text.slice(end + 2);
  }
  return text;
}

function isNewHeader(line: string): boolean {
  return headerAt(bare(line)) !== undefined || line.startsWith('Exception in thread "');
}

/** `at java.base/java.lang.Thread.run(Thread.java:833) ~[?:?]`; undefined if the line is no frame. */
export function javaFrame(raw: string): ParsedFrame | undefined {
  const line = raw.trim();
  if (!line.startsWith('at ') || line.length > 4_000) return undefined;
  const open = line.indexOf('(');
  const close = open < 0 ? -1 : line.indexOf(')', open);
  if (close < 0) return undefined;
  if (line.startsWith('at <')) return guestFrame(line);
  // V8 puts a blank before the bracket, Java never does.
  if (line[open - 1] === ' ' || line.slice(3, open).includes(' ')) return spokenFrame(line);
  const name = withoutLoader(line.slice(3, open));
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || !isName(name, '<>-/@[]()#,+:\\^') || name.includes('://')) return undefined;
  const place = line.slice(open + 1, close);
  if (place === '' || (place.includes(' ') && !/^(?:Native Method|Unknown Source|Compiled Code)/.test(place))) return undefined;
  const frame: ParsedFrame = { module: name.slice(0, dot), function: name.slice(dot + 1) };
  const colon = place.lastIndexOf(':');
  const lineNumber = colon < 0 ? undefined : wholeNumber(place.slice(colon + 1));
  if (lineNumber !== undefined && place.indexOf(':') !== colon) return undefined;
  const file = lineNumber === undefined ? place : place.slice(0, colon);
  if (file.includes('/') || file === 'native') return undefined;
  if (place === 'Native Method') frame.native = true;
  else if (file !== 'Unknown Source' && file !== '' && file !== 'Compiled Code') frame.filename = file;
  if (lineNumber !== undefined) frame.line = lineNumber;
  const jar = /^ ?~?\[([^:\]]{1,200})(?::[^\]]{0,100})?\]/.exec(line.slice(close + 1))?.[1];
  if (jar !== undefined && jar !== '?' && jar !== 'na') frame.package = jar.replace(/!?\/$/, '');
  return frame;
}

/** GraalVM shows the frames of another language among its own: `at <js> foo(script.js:3:12-15)`. */
function guestFrame(line: string): ParsedFrame | undefined {
  const guest = /^at <\w{1,16}> (\S{1,300})\(([^():]{1,500}):(\d{1,8})(?::\d[\d-]{0,20})?\)$/.exec(line.slice(0, 1_000));
  return guest === null ? undefined : { function: guest[1] as string, filename: guest[2] as string, line: Number(guest[3]) };
}

/** Kotlin and Groovy tests are named in whole sentences: `at shop.CartTest.adds twice (or more)(CartTest.kt:22)`. */
function spokenFrame(line: string): ParsedFrame | undefined {
  const open = line.lastIndexOf('(');
  if (!line.endsWith(')') || line[open - 1] === ' ') return undefined;
  const place = /^([\w$-]{1,200}\.(?:kts?|groovy|scala|java)):(\d{1,8})$/.exec(line.slice(open + 1, -1));
  const name = line.slice(3, open);
  const dot = name.lastIndexOf('.', name.indexOf(' '));
  if (place === null || dot <= 0 || !isName(name.slice(0, dot), '-/@')) return undefined;
  return {
    module: withoutLoader(name.slice(0, dot)),
    function: name.slice(dot + 1),
    filename: place[1] as string,
    line: Number(place[2]),
  };
}

/** `app//`, `java.base@17.0.1/`, `loader/module@1/`: where the class came from. A lambda's class holds a slash itself. */
function withoutLoader(name: string): string {
  let rest = name;
  for (let i = 0; i < 2; i += 1) {
    const slash = rest.indexOf('/');
    if (slash < 0 || rest.slice(0, slash).includes('$')) return rest;
    rest = rest.slice(slash + 1);
  }
  return rest;
}
