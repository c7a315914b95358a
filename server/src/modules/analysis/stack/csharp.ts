import { type Header, headerAt, headerInside } from './header.ts';
import { isName, messageOf, openingOfLast, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

interface Open {
  node: ExceptionNode;
  inner: ParsedFrame[];
  message: string[];
}

const END_INNER = '--- End of inner exception stack trace ---';

/**
 * C#, F#, VB (.NET, Mono, Unity): inner exceptions (`--->`), `AggregateException` with its numbered members, async frames
 * under the names of their methods.
 *
 * `Exception.ToString()` prints a chain inside out: all headers first, then the frames of the innermost, `--- End of inner
 * exception stack trace ---`, then the frames of the one around it.
 */
export function parseCsharp(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => csharpFrame(line) !== undefined);
  if (start < 0) return undefined;
  const unhandled = lines.slice(0, start + 1).some((line) => /Unhandled [Ee]xception/.test(line.slice(0, 300)));
  const root = headers(lines.slice(0, start));
  let stack = root;
  const members: Open[][] = [];
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const current = stack.at(-1) as Open;
    const frame = csharpFrame(line);
    if (frame !== undefined) {
      current.inner.push(frame);
      continue;
    }
    const text = line.trim();
    if (text === END_INNER) {
      if (stack.length > 1) stack = stack.slice(0, -1);
      continue;
    }
    if (text === '' || text.startsWith('--- End of stack trace from previous location')) continue;
    if (text.startsWith('---> ') && members.length < 50) {
      stack = member(root, text, members);
      continue;
    }
    // Further lines of a member's message stand before its frames.
    if (stack !== root && current.inner.length === 0) current.message.push(line);
    else if (headerAt(text) !== undefined && root.every((each) => each.inner.length > 0)) break;
  }
  for (const each of [...root, ...members.flat()]) finish(each);
  return { thrown: (root[0] as Open).node, unhandled };
}

function finish(each: Open): void {
  const node = each.node;
  node.frames = each.inner.reverse();
  const value = messageOf([node.value ?? '', ...each.message]);
  if (value !== undefined) node.value = value;
}

/** `A: x ---> B: y`, over several lines: outermost first; each is the parent of the next. */
function headers(lines: readonly string[]): Open[] {
  const first = lines.findIndex((line) => dotted(line) !== undefined);
  const from = first >= 0 ? first : lines.findIndex((line) => headerInside(unprefixed(line)) !== undefined);
  const found: Open[] = [opened(lines[Math.max(0, from)] ?? '')];
  const chain = (text: string): void => {
    const inner = opened(text);
    (found.at(-1) as Open).node.children.push({ relation: 'cause', node: inner.node });
    found.push(inner);
  };
  for (const [i, line] of lines.slice(Math.max(0, from)).entries()) {
    const text = line.trimStart();
    const nested = text.startsWith('---> ');
    const [head, ...inner] = (nested ? text.slice(5) : line).split(' ---> ').slice(0, 50) as [string, ...string[]];
    if (nested) chain(head);
    else if (i === 0) found[0] = opened(head);
    else (found.at(-1) as Open).message.push(head);
    for (const each of inner) chain(each);
  }
  return found;
}

function opened(text: string): Open {
  return { node: { ...headerOf(text), frames: [], children: [] }, inner: [], message: [] };
}

function dotted(line: string): Header | undefined {
  const text = unprefixed(line);
  const header = headerAt(text.replace(/^([\w.`+]{1,300}) \([\w-]{1,12}\): /, '$1: '));
  return header?.type?.includes('.') ? header : undefined;
}

function unprefixed(line: string): string {
  return line.trim().replace(/^Unhandled [Ee]xception[.:] {0,3}/, '');
}

function headerOf(text: string): Header {
  const line = unprefixed(text).replace(/^\(Inner Exception #\d{1,4}\) /, '');
  // Errors of the system carry their number: `SocketException (111): Connection refused`.
  const numbered = /^([\w.`+]{1,300}) \((?:0x[0-9A-Fa-f]{1,8}|-?\d{1,10})(?:, [^()]{0,200})?\): /.exec(line.slice(0, 600));
  if (numbered !== null) return { type: numbered[1] as string, value: line.slice(numbered[0].length) };
  const header = headerAt(line) ?? headerInside(line) ?? headerAt(line, true);
  if (header !== undefined) return header;
  return line === '' ? {} : { value: line };
}

/** `---> (Inner Exception #1) System.X: y ---> …`: a member of the AggregateException; `--->` alone an inner exception. */
function member(root: Open[], text: string, members: Open[][]): Open[] {
  const chain = headers([text.slice(5)]);
  const numbered = text.startsWith('---> (Inner Exception #');
  const first = root[0] as Open;
  if (numbered) {
    first.node.isGroup = true;
    // The first member was printed as the inner exception already.
    if (text.startsWith('---> (Inner Exception #0)'))
      first.node.children = first.node.children.filter((child) => child.relation === 'member');
  }
  first.node.children.push({ relation: numbered ? 'member' : 'cause', node: (chain[0] as Open).node });
  members.push(chain);
  return chain;
}

/**
 * `at Shop.Cart.Charge(String id) in C:\shop\Cart.cs:line 12`; Mono adds an offset (`[0x00007]`) and a bare line number.
 * Undefined if the line is no frame of .NET.
 */
export function csharpFrame(raw: string): ParsedFrame | undefined {
  let text = raw.trim();
  // The end of a member of an AggregateException stands on the line of its last frame.
  if (text.endsWith('<---')) text = text.slice(0, -4).trimEnd();
  if (!text.startsWith('at ') || text.length > 4_000) return undefined;
  let call = text.slice(3);
  const frame: ParsedFrame = {};
  const inAt = call.lastIndexOf(' in ');
  let sure = false;
  if (inAt > 0) {
    const file = call.slice(inAt + 4);
    const mark = file.lastIndexOf(':line ');
    const line = wholeNumber(mark < 0 ? file.slice(file.lastIndexOf(':') + 1).split(' ')[0] : file.slice(mark + 6));
    const path = mark < 0 ? file.slice(0, file.lastIndexOf(':')) : file.slice(0, mark);
    if (line === undefined || path === '') return undefined;
    if (!path.startsWith('<')) {
      frame.filename = path;
      frame.absPath = path;
      if (line > 0) frame.line = line;
    }
    call = call.slice(0, inAt).trimEnd();
    sure = true;
  }
  const native = / \+ 0x[0-9a-fA-F]{1,16}$/.exec(call);
  if (native !== null) call = call.slice(0, native.index);
  const offset = / \[0x[0-9a-fA-F]{1,8}\]$/.exec(call);
  if (offset !== null) call = call.slice(0, offset.index);
  if (!call.endsWith(')')) return sure && /^[\w.<>`+]+$/.test(call.slice(0, 500)) ? { ...method(call), ...frame } : undefined;
  const open = openingOfLast(call);
  if (open <= 0) return undefined;
  const parameters = call.slice(open + 1, -1);
  const name = call.slice(0, open).trimEnd();
  if (!isName(name, '<>`+[],|~@&* -=()')) return undefined;
  if (!sure && offset === null && native === null && !isParameters(parameters)) return undefined;
  if (!name.includes('.') && !sure && !name.startsWith('lambda_method')) return undefined;
  return { ...method(name), ...frame };
}

/** Empty, `String id, Int32& n`, `T item`: types before names. A place (`a.js:1:2`, `Cart.java:12`) is not one. */
function isParameters(text: string): boolean {
  if (text === '') return true;
  if (text.includes(':') || text.includes('/')) return false;
  return (
    text.includes(' ') &&
    /^[\w.$]/.test(text) &&
    !/^(?:Native Method|Unknown Source|native|index \d|unknown location|created by|anonymous function|address at)/.test(text)
  );
}

/** `Shop.Cart.<ChargeAsync>d__4.MoveNext` is Shop.Cart, ChargeAsync; a closure keeps the mark that the SDK gives it. */
function method(raw: string): ParsedFrame {
  let name = raw;
  const state = name.endsWith('.MoveNext') ? name.lastIndexOf('>d') : -1;
  const opened = state < 0 ? -1 : name.lastIndexOf('<', state);
  if (opened > 1) return { module: name.slice(0, opened - 1), function: name.slice(opened + 1, state) };
  const generic = name.endsWith(']') ? name.lastIndexOf('[') : -1;
  if (generic > 0) name = name.slice(0, generic);
  const last =
    name.endsWith('..ctor') || name.endsWith('..cctor') ? name.lastIndexOf('.', name.lastIndexOf('.') - 1) : lastDot(name);
  let module = last > 0 ? name.slice(0, last) : undefined;
  let fn = last > 0 ? name.slice(last + 1) : name;
  const closure = /^<([^<>]{1,200})>[bm]__/.exec(fn);
  if (closure !== null) fn = `${closure[1]} { <lambda> }`;
  if (module !== undefined) module = module.replace(/\.(<[^<>]{0,200}>c(?:__\w{1,60})?)$/, '+$1');
  return { ...(module === undefined ? {} : { module }), function: fn };
}

/** The dot before the method, outside of `<…>` and `[…]`. */
function lastDot(name: string): number {
  let depth = 0;
  for (let i = name.length - 1; i >= 0; i -= 1) {
    const c = name[i] as string;
    if (c === '>' || c === ']') depth += 1;
    else if (c === '<' || c === '[') depth -= 1;
    else if (c === '.' && depth === 0) return i;
  }
  return -1;
}
