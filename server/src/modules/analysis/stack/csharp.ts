import { csharpFrame } from './csharp-frame.ts';
import { type Header, headerAt, headerInside } from './header.ts';
import { messageOf } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

interface Open {
  node: ExceptionNode;
  inner: ParsedFrame[];
  message: string[];
}

/** `--- End of inner exception stack trace ---`, in the language of the .NET Framework. */
const END_INNER = /^--- .{0,80}(?:inner|intern|внутрен|内部|內部|내부|wewn|binnenste|vnitř|iç özel).{0,120} ---$/i;

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
    if (text.startsWith('--- ') && END_INNER.test(text)) {
      if (stack.length > 1) stack = stack.slice(0, -1);
      continue;
    }
    if (text === '' || (text.startsWith('--- ') && text.endsWith(' ---'))) continue;
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
