import { indentOf, messageOf, splitPlace } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

/**
 * Elixir: `** (RuntimeError) message` with its frames, also inside of the reports of terminating GenServers, tasks, Ranch
 * and Cowboy connections; `an exception was raised` and `EXIT` link to what is below them.
 */
export function parseElixir(lines: readonly string[]): TraceDraft | undefined {
  const starts: number[] = [];
  for (let i = 0; i < lines.length && starts.length < 20; i += 1) if (headerOf(lines[i] as string) !== undefined) starts.push(i);
  const first = starts[0] ?? lines.findIndex((line) => elixirFrame(line) !== undefined);
  if (first === undefined || first < 0) return undefined;
  const chain: ExceptionNode[] = [];
  let indent = -1;
  for (const start of starts.length === 0 ? [first] : starts) {
    // Only what is indented further is the reason of the report above; the rest is another report.
    if (chain.length > 0 && indentOf(lines[start] as string) <= indent && (chain.at(-1)?.frames.length ?? 0) > 0) break;
    indent = indentOf(lines[start] as string);
    chain.push(read(lines, start, starts));
  }
  for (let i = 1; i < chain.length; i += 1)
    (chain[i - 1] as ExceptionNode).children.push({ relation: 'cause', node: chain[i] as ExceptionNode });
  // A report that only says that an exception was raised is no error of its own.
  let thrown = chain[0] as ExceptionNode;
  while (
    thrown.frames.length === 0 &&
    thrown.children.length > 0 &&
    /exception was raised:?$/.test((thrown.value ?? '').slice(-60))
  )
    thrown = thrown.children[0]?.node as ExceptionNode;
  return {
    thrown,
    unhandled: lines.some((line) =>
      /terminating$|terminated with reason|started from .{1,200} terminating/.test(line.slice(0, 500)),
    ),
  };
}

function read(lines: readonly string[], start: number, starts: readonly number[]): ExceptionNode {
  const header = headerOf(lines[start] as string);
  const message: string[] = [header?.value ?? ''];
  const inner: ParsedFrame[] = [];
  let omitted = 0;
  for (let i = header === undefined ? start : start + 1; i < lines.length; i += 1) {
    if (starts.includes(i)) break;
    const line = lines[i] as string;
    const frame = elixirFrame(line) ?? builtIn(line);
    if (frame !== undefined) inner.push(frame);
    else if (line.trim() === '...') omitted += 1;
    else if (inner.length > 0) break;
    else if (/^(?:Last message|State|Function|Args|Client|Request|Server|Queue|Postponed)\b.{0,20}:/.test(line.trim())) break;
    else message.push(line);
  }
  const value = messageOf(message);
  return {
    ...(header?.type === undefined ? {} : { type: header.type }),
    ...(value === undefined ? {} : { value }),
    frames: inner.reverse(),
    ...(omitted === 0 ? {} : { omitted }),
    children: [],
  };
}

/** As the SDK sends the atom: `Elixir.Shop.Cart`, `gen_server`. */
function moduleOf(name: string): string {
  return name.startsWith(':') ? name.slice(1) : `Elixir.${name}`;
}

/** A call without a place, with its arguments: `    :erlang./(1, 0)`. */
function builtIn(line: string): ParsedFrame | undefined {
  if (!line.startsWith('    ') || line.length > 2_000 || !line.endsWith(')')) return undefined;
  const text = line.trim();
  const name = /^(:[a-z]\w{0,60}|[A-Z][\w.]{0,100})\.[^\s().]{1,60}\(/.exec(text);
  if (name === null) return undefined;
  let depth = 0;
  let count = text.endsWith('()') ? 0 : 1;
  for (const c of text.slice(name[0].length, -1)) {
    if ('([{<'.includes(c)) depth += 1;
    else if (')]}>'.includes(c)) depth -= 1;
    else if (c === ',' && depth === 0) count += 1;
  }
  return { module: moduleOf(name[1] as string), function: `${name[0].slice(0, -1)}/${count}` };
}

/** `** (Ecto.NoResultsError) expected at least one result`, `** (EXIT from #PID<0.1.0>) …`, `** (stop) …`. */
function headerOf(line: string): { type: string; value: string } | undefined {
  const at = line.indexOf('** (');
  if (at < 0 || at > 300) return undefined;
  const close = line.indexOf(') ', at);
  const end = close < 0 ? line.lastIndexOf(')') : close;
  if (end <= at + 4) return undefined;
  const type = line.slice(at + 4, end);
  if (type.length > 200) return undefined;
  return { type: type.startsWith('EXIT from') ? 'EXIT' : type, value: line.slice(end + 1).trim() };
}

/** `(shop 0.1.0) lib/shop/cart.ex:12: Shop.Cart.charge/2`, `(stdlib 3.17) gen_server.erl:423: :gen_server.loop/7`. */
export function elixirFrame(raw: string): ParsedFrame | undefined {
  let text = raw.trim();
  if (text.length > 3_000) return undefined;
  const frame: ParsedFrame = {};
  const app = /^\((\w{1,80})(?: [\w.+-]{1,60})?\) /.exec(text);
  if (app !== null) {
    frame.package = app[1] as string;
    text = text.slice(app[0].length);
  }
  const colon = text.indexOf(': ');
  if (colon > 0) {
    const { path, line } = splitPlace(text.slice(0, colon));
    if (line === undefined || !/(?:\.(?:exs?|erl|eex|heex|leex|yrl|xrl|hrl)|^nofile|^iex)$/.test(path.slice(-200)))
      return undefined;
    frame.filename = path;
    frame.line = line;
    text = text.slice(colon + 2);
  } else if (app === null || !/^\S.{0,300}\/\d{1,3}$/.test(text) || !text.includes('.')) return undefined;
  if (text === '(file)' || text.startsWith('(')) return frame.line === undefined ? undefined : frame;
  const slash = text.lastIndexOf('/');
  const name = slash > 0 ? text.slice(0, slash) : text.includes('(') ? text.slice(0, text.indexOf('(')) : undefined;
  if (name === undefined) return undefined;
  frame.function = text.slice(0, 500);
  const inside = name.lastIndexOf(' in ');
  const path = (inside < 0 ? name : name.slice(inside + 4)).replace(/\/\d{1,3}$/, '');
  const dot = path.lastIndexOf('.');
  if (dot > 0) frame.module = moduleOf(path.slice(0, dot));
  return frame;
}
