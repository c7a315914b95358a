import { headerAt } from './header.ts';
import { isNotebook, withoutCells } from './python-cells.ts';
import { parsePythonFatal } from './python-fatal.ts';
import { indentOf, isName, messageOf, wholeNumber } from './text.ts';
import type { ExceptionNode, ParsedFrame, Relation, TraceDraft } from './types.ts';

const TRACEBACK = 'Traceback (most recent call last):';
const GROUP_TRACEBACK = 'Exception Group Traceback (most recent call last):';
const DIRECT = 'The above exception was the direct cause of the following exception:';
const CONTEXT = 'During handling of the above exception, another exception occurred:';

/** The exceptions of one margin: a chain as Python prints it, causes first. */
interface Level {
  /** Column of the `|`, -1 outside of groups. */
  margin: number;
  mode: 'idle' | 'frames' | 'message';
  frames: ParsedFrame[];
  omitted: number;
  message: string[];
  relation: Relation | undefined;
  /** The chain so far; each is caused by the one before it. */
  last: ExceptionNode | undefined;
  members: ExceptionNode[];
}

/**
 * Python: tracebacks of all versions, with carets, causes of both kinds, exception groups (3.11, and their backport), syntax
 * errors and `[Previous line repeated …]`. Notes are printed like further lines of the message, and are kept as such.
 */
export function parsePython(raw: readonly string[]): TraceDraft | undefined {
  const notebook = raw.some((line) => isNotebook(line.trim()));
  const lines = notebook ? withoutCells(raw, TRACEBACK) : raw.some((line) => line.startsWith('╭')) ? withoutBoxes(raw) : raw;
  const start = lines.findIndex((line) => line.includes('raceback (most recent call last') || pythonFrame(line) !== undefined);
  if (start < 0) return undefined;
  const fatal = parsePythonFatal(lines, pythonFrame);
  if (fatal !== undefined) return fatal;
  const levels: Level[] = [level(-1)];
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const edge = edgeOf(line);
    if (edge?.kind === 'member') {
      while (levels.length > 1 && (levels.at(-1) as Level).margin >= edge.margin) close(levels);
      if (levels.length < 40) levels.push(level(edge.margin));
      continue;
    }
    if (edge?.kind === 'end') {
      while (levels.length > 1 && (levels.at(-1) as Level).margin >= edge.margin) close(levels);
      continue;
    }
    const text = edge === undefined ? line : edge.text;
    if (edge !== undefined && levels.length === 1 && (levels[0] as Level).margin < 0) (levels[0] as Level).margin = edge.margin;
    if (edge === undefined && levels.length > 1 && line.trim() !== '') while (levels.length > 1) close(levels);
    if (!feed(levels.at(-1) as Level, text)) break;
  }
  while (levels.length > 1) close(levels);
  const thrown = finish(levels[0] as Level);
  if (thrown === undefined) return undefined;
  // AWS Lambda prints the exception above its traceback.
  const above = (lines[start - 1] ?? '').replace(/^\[ERROR\] /, '').trim();
  if (thrown.type === undefined && thrown.value === undefined) Object.assign(thrown, headerAt(above));
  return { thrown };
}

/**
 * The boxes that rich draws, as Python itself would print them: `│ /app/shop.py:12 in charge   │` and the source line that
 * is marked with `❱`; local variables in inner boxes are left out.
 */
function withoutBoxes(lines: readonly string[]): string[] {
  const plain: string[] = [];
  for (const line of lines) {
    if (line.startsWith('╭')) plain.push(TRACEBACK);
    else if (line.startsWith('│')) {
      const inside = line.slice(1, line.endsWith('│') ? -1 : undefined).trim();
      const frame = /^(\S.{0,1000}?):(\d{1,7}) in (\S.{0,300})$/.exec(inside.slice(0, 1_400));
      if (frame !== null && !inside.startsWith('│')) plain.push(`  File "${frame[1]}", line ${frame[2]}, in ${frame[3]}`);
      const marked = /^❱ {1,8}\d{1,7} │(.{0,1000})$/.exec(inside);
      if (marked !== null) plain.push(`    ${(marked[1] as string).replace(/^[ │]+/, '')}`);
    } else if (!line.startsWith('╰')) plain.push(line);
  }
  return plain;
}

function level(margin: number): Level {
  return { margin, mode: 'idle', frames: [], omitted: 0, message: [], relation: undefined, last: undefined, members: [] };
}

interface Edge {
  kind: 'line' | 'member' | 'end';
  margin: number;
  text: string;
}

/** The frame that 3.11 draws around groups: `  | text`, `  +-+---- 1 ----`, `    +---- 2 ----`, `    +-----`. */
function edgeOf(line: string): Edge | undefined {
  const at = indentOf(line);
  if (at === 0 && line[0] !== '|' && line[0] !== '+') return undefined;
  const mark = line[at];
  if (mark === '|') return { kind: 'line', margin: at, text: line.slice(line[at + 1] === ' ' ? at + 2 : at + 1) };
  if (mark !== '+') return undefined;
  const rest = line.slice(at + 1).trim();
  if (rest === GROUP_TRACEBACK) return { kind: 'line', margin: at, text: rest };
  const nested = rest.startsWith('-+');
  const dashes = nested ? rest.slice(2) : rest;
  if (!dashes.startsWith('------')) return undefined;
  const label = /^-{6,40} (\d{1,6}|\.\.\.) -{6,40}$/.test(dashes);
  if (!label && !/^-{6,80}$/.test(dashes)) return undefined;
  return { kind: label ? 'member' : 'end', margin: nested ? at + 2 : at, text: '' };
}

/** One line of a level; false if a trace begins that does not belong to this one. */
function feed(into: Level, text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '' && into.mode !== 'message') return true;
  if (trimmed.endsWith(TRACEBACK) || trimmed === 'Traceback (most recent call last)') {
    if (into.mode === 'message') {
      const link = chainSentence(into.message);
      if (link === undefined) return false;
      chain(into, link);
    } else if (into.mode !== 'idle' && into.frames.length > 0) chain(into, 'context');
    into.mode = 'frames';
    return true;
  }
  const frame = into.mode === 'message' ? undefined : pythonFrame(text);
  if (frame !== undefined) {
    into.frames.push(frame);
    into.mode = 'frames';
    return true;
  }
  if (into.mode === 'frames' && (text[0] === ' ' || text[0] === '\t') && (into.frames.length > 0 || text.startsWith('    '))) {
    source(into, trimmed);
    return true;
  }
  into.mode = 'message';
  into.message.push(text);
  return into.message.length < 2_000;
}

/** The sentence that ends the message of a cause, and what it says; it is taken off. */
function chainSentence(message: string[]): Relation | undefined {
  let at = message.length - 1;
  while (at >= 0 && (message[at] as string).trim() === '') at -= 1;
  const sentence = (message[at] ?? '').trim();
  if (sentence !== DIRECT && sentence !== CONTEXT) return undefined;
  message.length = at;
  return sentence === DIRECT ? 'cause' : 'context';
}

function chain(into: Level, relation: Relation): void {
  into.last = finish(into);
  into.relation = relation;
  into.mode = 'idle';
  into.frames = [];
  into.omitted = 0;
  into.message = [];
  into.members = [];
}

/** The source line below a frame, the marks below it, or how often the frame repeats. */
function source(into: Level, text: string): void {
  const frame = into.frames.at(-1);
  if (text.startsWith('[Previous line repeated ')) {
    into.omitted += wholeNumber(text.slice(24).split(' ')[0]) ?? 0;
    return;
  }
  if (frame !== undefined && frame.context === undefined && text !== '' && !isMarks(text)) frame.context = text.slice(0, 1_000);
}

function isMarks(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (!'^~ '.includes(text[i] as string)) return false;
  return true;
}

function finish(from: Level): ExceptionNode | undefined {
  if (from.mode === 'idle' && from.frames.length === 0 && from.message.length === 0) return from.last;
  const sentence = chainSentence(from.message);
  const node: ExceptionNode = { ...typeAndValue(from.message), frames: from.frames, children: [] };
  if (sentence === undefined && from.frames.length === 0 && node.type === undefined && from.members.length === 0)
    return from.last;
  if (from.omitted > 0) node.omitted = from.omitted;
  if (from.members.length > 0) node.isGroup = true;
  for (const member of from.members) node.children.push({ relation: 'member', node: member });
  if (from.last !== undefined) node.children.push({ relation: from.relation ?? 'context', node: from.last });
  return node;
}

/** A level is done: its exception is a member of the group one margin further left. */
function close(levels: Level[]): void {
  const node = finish(levels.pop() as Level);
  if (node !== undefined) (levels.at(-1) as Level).members.push(node);
}

/** `django.db.utils.OperationalError: (1040, 'x')`; the class name alone if there is no message. */
function typeAndValue(lines: readonly string[]): { type?: string; value?: string } {
  const first = (lines[0] ?? '').trim();
  const colon = first.indexOf(':');
  const name = colon < 0 ? first : first.slice(0, colon);
  const typed = isName(name, '<>') && !/^\d/.test(name);
  const value = messageOf([typed ? (colon < 0 ? '' : first.slice(colon + 1)) : first, ...lines.slice(1)]);
  return { ...(typed ? { type: name } : {}), ...(value === undefined ? {} : { value }) };
}

/** `  File "/app/shop.py", line 12, in charge`; a syntax error's has no `in`. */
export function pythonFrame(line: string): ParsedFrame | undefined {
  let text = line.trimStart();
  // loguru marks the frame that caught the exception.
  if (text.startsWith('> File "')) text = text.slice(2);
  if (!text.startsWith('File "') || text.length > 4_000) return undefined;
  const end = text.indexOf('", line ', 6);
  if (end < 0) return undefined;
  const rest = text.slice(end + 8);
  // `faulthandler` has no comma: `line 12 in charge`.
  const plain = rest.indexOf(' in ');
  const comma = rest.indexOf(',') < 0 ? plain : rest.indexOf(',');
  const number = wholeNumber((comma < 0 ? rest : rest.slice(0, comma)).trim());
  if (number === undefined) return undefined;
  const path = text.slice(6, end);
  const frame: ParsedFrame = { ...place(path), line: number };
  if (comma >= 0 && comma === plain) frame.function = rest.slice(comma + 4).trim();
  else if (comma >= 0 && rest.startsWith(', in ', comma)) frame.function = rest.slice(comma + 5).trim();
  return frame;
}

function moduleName(path: string): string {
  return path.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
}

/** Where images and functions keep the program: the first of `sys.path` there. */
const CONTAINER = /^\/(?:usr\/src\/app|app|code|workspace|var\/task|srv\/app|opt\/app|home\/[\w.-]{1,64}\/app)\//;

/**
 * As the SDK names files: by their module, which is the same on every machine. Below `site-packages` and the standard
 * library it is known; of the program's own files it is told by the directory alone, never by the rest of the trace, so
 * that a function has the same name in every trace.
 */
function place(path: string): ParsedFrame {
  if (path.startsWith('<')) return path.startsWith('<frozen ') ? { filename: path, inApp: false } : { filename: path };
  const library = belowPackages(path);
  const short = library ?? belowRoot(path);
  if (short === undefined) return { filename: path, absPath: path };
  // A script of the program beside others is `__main__` or a module: only its file is sure.
  if (!short.endsWith('.py') || (library === undefined && !short.includes('/'))) return { filename: short, absPath: path };
  return { filename: short, absPath: path, module: moduleName(short) };
}

function belowPackages(path: string): string | undefined {
  const at = Math.max(path.lastIndexOf('/site-packages/'), path.lastIndexOf('/dist-packages/'));
  if (at >= 0) return path.slice(at + 15);
  return /\/lib\/python\d\.\d{1,2}\/(.{1,1000})$/.exec(path.slice(0, 2_000))?.[1];
}

function belowRoot(path: string): string | undefined {
  const container = CONTAINER.exec(path);
  const rest = container === null ? path : path.slice(container[0].length);
  const source = rest.lastIndexOf('/src/');
  if (source >= 0) return rest.slice(source + 5);
  return container === null ? undefined : rest.startsWith('src/') ? rest.slice(4) : rest;
}
