import { messageOf, openingOfLast, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, ParsedThread, TraceDraft } from './types.ts';

interface Section {
  id: string;
  state?: string;
  /** Innermost first, as printed. */
  inner: ParsedFrame[];
  omitted: number;
}

/**
 * Go: panics (also re-panicked ones), fatal errors, signals, `debug.Stack()`, all goroutines of a dump, net/http's `panic
 * serving`, the race detector, `%+v` of pkg/errors, zap's stacktrace field, gin's recovery.
 */
export function parseGo(lines: readonly string[]): TraceDraft | undefined {
  const head: string[] = [];
  const sections: Section[] = [];
  let current: Section | undefined;
  let wrapped: ExceptionNode | undefined;
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const next = lines[i + 1];
    const opened = sectionOf(line);
    if (opened !== undefined) {
      current = opened;
      sections.push(current);
      continue;
    }
    const place = next === undefined ? undefined : placeOf(next);
    const frame = place === undefined ? ginFrame(line, next) : frameOf(line, place);
    if (frame !== undefined) {
      current ??= begin(sections);
      current.inner.push(frame);
      i += 1;
      continue;
    }
    const elided = /^\.\.\.(?:(\d{1,9}) frames elided|additional frames elided)/.exec(line.trim());
    if (elided !== null && current !== undefined) current.omitted += wholeNumber(elided[1]) ?? 1;
    else if (current === undefined) head.push(line);
    else if (current.id === '' && line.trim() !== '' && next !== undefined && lines[i + 2] !== undefined && isWrap(lines, i)) {
      // pkg/errors prints the cause with its stack first, then each message that was wrapped around it with its own.
      wrapped = wrap(head, current, wrapped);
      head.splice(0, head.length, line);
      sections.length = 0;
      current = undefined;
    }
  }
  const filled = sections.filter((section) => section.inner.length > 0);
  // `runtime stack:` is the scheduler's, the goroutine that was running comes after it.
  const first = filled.find((section) => section.id !== '') ?? filled[0];
  if (first === undefined) return undefined;
  const { node, unhandled } = readHead(head);
  fill(node, first);
  if (wrapped !== undefined) node.children.push({ relation: 'cause', node: wrapped });
  const threads =
    sections.filter((section) => section.id !== '').length > 1
      ? sections.map((section) => thread(section, section === first))
      : undefined;
  return { thrown: node, unhandled, ...(threads === undefined ? {} : { threads }) };
}

function begin(sections: Section[]): Section {
  const section: Section = { id: '', inner: [], omitted: 0 };
  sections.push(section);
  return section;
}

function isWrap(lines: readonly string[], at: number): boolean {
  const place = placeOf(lines[at + 2] as string);
  return place !== undefined && frameOf(lines[at + 1] as string, place) !== undefined;
}

function wrap(head: readonly string[], section: Section, cause: ExceptionNode | undefined): ExceptionNode {
  const { node } = readHead(head);
  fill(node, section);
  if (cause !== undefined) node.children.push({ relation: 'cause', node: cause });
  return node;
}

function fill(node: ExceptionNode, section: Section): void {
  // What runs above `panic` are deferred calls: they report the crash, they are not its place.
  const panic = section.inner.findLastIndex((frame) => frame.module === 'runtime' && frame.function === 'gopanic');
  for (const frame of section.inner.slice(0, panic + 1)) frame.inApp = false;
  node.frames = section.inner.reverse();
  if (section.omitted > 0) node.omitted = section.omitted;
}

function thread(section: Section, crashed: boolean): ParsedThread {
  return {
    id: section.id,
    name: `goroutine ${section.id}`,
    ...(section.state === undefined ? {} : { state: section.state }),
    crashed,
    // The crashed one's are the exception's.
    frames: crashed ? [] : section.inner.reverse(),
  };
}

/** `goroutine 12 [chan receive, 5 minutes]:`, also with `gp=0x… m=0` (1.23), and the sections of the race detector. */
function sectionOf(line: string): Section | undefined {
  const text = line.trim();
  if (text === 'runtime stack:') return { id: '', inner: [], omitted: 0 };
  if (text.startsWith('goroutine ') && text.endsWith(']:')) {
    const found = /^goroutine (\d{1,12})[^[]{0,200}\[([^\]]{1,200})\]:$/.exec(text);
    if (found !== null) return { id: found[1] as string, state: found[2] as string, inner: [], omitted: 0 };
  }
  const race = /^(?:Previous )?(?:[Rr]ead|[Ww]rite) at 0x[0-9a-f]{1,16} by (?:goroutine (\d{1,12})|main goroutine):$/.exec(text);
  if (race !== null) return { id: race[1] ?? '1', state: text.slice(0, text.indexOf(' at 0x')), inner: [], omitted: 0 };
  const created = /^Goroutine (\d{1,12}) \((\w{1,20})\) created at:$/.exec(text);
  if (created !== null) return { id: created[1] as string, state: 'created', inner: [], omitted: 0 };
  return undefined;
}

interface GoPlace {
  path: string;
  line: number;
}

/** `\t/usr/local/go/src/net/http/server.go:1868 +0xb0`; undefined for any other line. */
export function placeOf(raw: string): GoPlace | undefined {
  const text = raw.trim();
  if (text.length > 2_000 || text.length < 4) return undefined;
  let end = text.indexOf(' +0x');
  if (end < 0) end = text.indexOf(' fp=0x');
  if (end < 0) end = text.length;
  const colon = text.lastIndexOf(':', end - 1);
  if (colon <= 0) return undefined;
  const line = wholeNumber(text.slice(colon + 1, end));
  const path = text.slice(0, colon);
  if (
    line === undefined ||
    !(/\.(?:go|s|c|h|cc|cpp|y|pb)$/.test(path.slice(-8)) || path === '<autogenerated>' || path === '_cgo_gotypes.go')
  )
    return undefined;
  return { path, line };
}

function frameOf(raw: string, { path, line }: GoPlace): ParsedFrame | undefined {
  let name = raw.trim();
  if (name.length > 3_000 || name === '') return undefined;
  if (name.startsWith('created by ')) {
    name = name.slice(11);
    const by = name.indexOf(' in goroutine ');
    if (by > 0) name = name.slice(0, by);
  }
  if (name.endsWith(')')) {
    const open = openingOfLast(name);
    // `main.(*Cart).Pay` of pkg/errors ends with no arguments at all; a receiver is followed by a dot.
    if (open > 0) name = name.slice(0, open);
  }
  if (name.includes(' ') && !name.includes('[')) return undefined;
  if (!/[\w)\]]$/.test(name.slice(-1)) || !(name.includes('.') || name === 'panic' || name === 'main')) return undefined;
  return { ...qualified(name), filename: path, absPath: path, line };
}

/** Gin: `/app/main.go:12 (0x45f0)` above `\tmain.pay: return a / b`. */
function ginFrame(line: string, next: string | undefined): ParsedFrame | undefined {
  if (next === undefined || !line.endsWith(')')) return undefined;
  const at = line.lastIndexOf(' (0x');
  const place = at < 0 ? undefined : placeOf(line.slice(0, at));
  if (place === undefined) return undefined;
  const text = next.trim();
  const colon = text.indexOf(': ');
  if (colon <= 0) return undefined;
  return {
    ...qualified(text.slice(0, colon)),
    filename: place.path,
    absPath: place.path,
    line: place.line,
    context: text.slice(colon + 2),
  };
}

/** `github.com/gorilla/mux.(*Router).ServeHTTP` → the package's path and the function, as sentry-go splits it. */
function qualified(name: string): ParsedFrame {
  if (name === 'panic') return { module: 'runtime', function: 'gopanic' };
  const generic = name.indexOf('[');
  const slash = name.lastIndexOf('/', generic < 0 ? name.length : generic);
  const dot = name.indexOf('.', slash + 1);
  if (dot < 0) return { function: name };
  return { module: name.slice(0, dot).replaceAll('%2e', '.'), function: name.slice(dot + 1) };
}

/** What stands above the first goroutine. */
function readHead(lines: readonly string[]): { node: ExceptionNode; unhandled: boolean } {
  for (let i = 0; i < lines.length; i += 1) {
    const line = (lines[i] as string).trim();
    if (line.startsWith('panic: ')) return { node: panics(lines.slice(i)), unhandled: true };
    if (line.startsWith('fatal error: '))
      return { node: { type: 'fatal error', value: line.slice(13), frames: [], children: [] }, unhandled: true };
    if (line.includes('WARNING: DATA RACE')) return { node: { type: 'DATA RACE', frames: [], children: [] }, unhandled: false };
    for (const mark of [': panic serving ', 'panic recovered:', 'panic: ', 'Recovered in ', 'recovered from panic: ']) {
      const at = line.indexOf(mark);
      if (at < 0) continue;
      let value = line.slice(at + mark.length);
      // http: panic serving [::1]:54143: message
      if (mark.startsWith(': panic')) value = value.replace(/^\S{1,80}?:\d{1,5}: /, '');
      const message = messageOf([value, ...lines.slice(i + 1)]);
      return { node: panic(message ?? ''), unhandled: false };
    }
  }
  const value = messageOf(lines.filter((line) => !line.startsWith('[signal ')));
  const node: ExceptionNode = { frames: [], children: [] };
  if (value !== undefined) {
    node.type = 'error';
    node.value = value;
  }
  return { node, unhandled: false };
}

/** `panic: a [recovered]` and below it `\tpanic: b`: b was thrown while a was handled. */
function panics(lines: readonly string[]): ExceptionNode {
  let thrown: ExceptionNode | undefined;
  let message: string[] = [];
  const end = (): void => {
    if (message.length === 0) return;
    const node = panic(messageOf(message) ?? '');
    if (thrown !== undefined) node.children.push({ relation: 'context', node: thrown });
    thrown = node;
  };
  let count = 0;
  for (const line of lines) {
    const text = line.trim();
    if (text.startsWith('panic: ') && count < 20) {
      end();
      count += 1;
      message = [text.slice(7)];
    } else if (!text.startsWith('[signal ') && !text.startsWith('goroutine ') && !text.startsWith('exit status'))
      message.push(line);
  }
  end();
  return thrown ?? panic('');
}

/** The type that the runtime gives an error of its own; the text does not name the others'. */
const RUNTIME: readonly [RegExp, string][] = [
  [/^runtime error: (?:index out of range|slice bounds out of range)/, 'runtime.boundsError'],
  [/^runtime error: /, 'runtime.errorString'],
  [/^interface conversion: /, '*runtime.TypeAssertionError'],
  [
    /^(?:assignment to entry in nil map|send on closed channel|close of (?:closed|nil) channel|all goroutines are asleep)/,
    'runtime.plainError',
  ],
];

function panic(text: string): ExceptionNode {
  const value = text.replace(/ \[recovered(?:, repanicked)?\]/, '').trim();
  const type = RUNTIME.find(([pattern]) => pattern.test(value))?.[1] ?? 'panic';
  return { type, ...(value === '' ? {} : { value }), frames: [], children: [] };
}
