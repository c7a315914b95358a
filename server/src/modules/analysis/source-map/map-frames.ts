import type { MinifiedFrame, NormalizedFrame } from '../../detection/normalized-event.ts';
import { isCandidate } from './candidates.ts';
import type { OriginalPosition, SourceMap } from './source-map.ts';
import { isLibrarySource, sourcePath } from './source-path.ts';

/** The map of a frame's script, or why there is none, in words; undefined: nothing to say. */
export type MapFor = (frame: NormalizedFrame) => SourceMap | string | undefined;

/** Which original files are the project's own, by prefixes. */
export interface OwnCode {
  readonly inAppInclude: readonly string[];
  readonly inAppExclude: readonly string[];
}

/** What applying maps to one stack came to. */
export interface Mapped {
  /** Frames that tell of their original source now. */
  mapped: number;
  /** Why others do not; each once. */
  notes: Set<string>;
}

const CONTEXT_LINES = 5;
const LINE_CAP = 512;
const PATH_CAP = 512;
const NAME_CAP = 512;

/**
 * Applies source maps to the frames of a stack (outermost first), in place: each gets the file, line, column, function and
 * source lines of its original, and keeps what it said as `minified`. Frames without a map are left alone.
 */
export function mapFrames(frames: NormalizedFrame[], mapFor: MapFor, own: OwnCode): Mapped {
  const notes = new Set<string>();
  const found = frames.map((frame) => (isCandidate(frame) ? originalOf(frame, mapFor, notes) : undefined));
  let mapped = 0;
  for (const [i, position] of found.entries()) {
    if (position === undefined) continue;
    mapped += 1;
    if (position.source.content === undefined)
      notes.add(`the source map does not hold the source of ${sourcePath(position.source.path).slice(0, 200)}: no lines to show`);
    // What a function is called is written where it was called: at the place the frame around it stands at.
    frames[i] = mappedFrame(frames[i]!, position, found[i - 1]?.name, own);
  }
  return { mapped, notes };
}

function originalOf(frame: NormalizedFrame, mapFor: MapFor, notes: Set<string>): OriginalPosition | undefined {
  const map = mapFor(frame);
  if (map === undefined) return undefined;
  if (typeof map === 'string') {
    notes.add(map);
    return undefined;
  }
  const { line, column } = frame;
  if (line === undefined || line < 1) return undefined;
  let position: OriginalPosition | undefined;
  try {
    position = map.originalOf(line, Math.max(1, column ?? 1));
  } catch (error) {
    notes.add(`the source map of ${fileOf(frame)} cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  if (position === undefined)
    notes.add(`the source map of ${fileOf(frame)} says nothing about line ${line}, column ${column ?? 1}`);
  return position;
}

/** Name of a frame's script for people: short, without its host. */
export function fileOf(frame: NormalizedFrame): string {
  const place = frame.absPath ?? frame.filename ?? 'a script';
  return place
    .replace(/[?#].*$/, '')
    .split('/')
    .slice(-2)
    .join('/')
    .slice(-200);
}

/** What does not depend on the frame, by position: positions are shared by the events of an error. */
const told = new WeakMap<OriginalPosition, { path: string; around: string | undefined; lines: ReturnType<typeof contextOf> }>();

function toldOf(position: OriginalPosition) {
  let known = told.get(position);
  if (known === undefined) {
    const { source, line, column } = position;
    known = {
      path: sourcePath(source.path).slice(-PATH_CAP),
      around: source.functionAt(line, column),
      lines: contextOf(source, line),
    };
    told.set(position, known);
  }
  return known;
}

function mappedFrame(
  frame: NormalizedFrame,
  position: OriginalPosition,
  calledName: string | undefined,
  own: OwnCode,
): NormalizedFrame {
  const { source, line, column } = position;
  const { path, around, lines } = toldOf(position);
  const { function: fn, module, filename, absPath, context, pre, post, inApp, ...rest } = frame;
  const minified: MinifiedFrame = compact({
    function: fn,
    module,
    filename,
    absPath,
    line: frame.line,
    column: frame.column,
    inApp,
    context,
    pre,
    post,
  });
  const name = source.content === undefined ? nameOf(fn, calledName) : around;
  return {
    ...rest,
    ...(name === undefined ? {} : { function: name.slice(0, NAME_CAP) }),
    filename: path,
    ...(source.path === path ? {} : { absPath: source.path.slice(-2_048) }),
    line,
    column,
    inApp: isOwn(source.path, path, inApp, own),
    ...lines,
    minified,
  };
}

/**
 * Without the original source: the name the map gives the call; else the name that was sent, unless a minifier made it: a
 * letter or two would be another one with the next build.
 */
function nameOf(sent: string | undefined, called: string | undefined): string | undefined {
  if (called !== undefined && called.length > 2 && /^[\w$.]+$/.test(called)) return called;
  if (sent === undefined || sent === '?') return undefined;
  const last = sent.slice(sent.lastIndexOf('.') + 1);
  return last.length > 2 ? sent : undefined;
}

function isOwn(raw: string, path: string, said: boolean | undefined, own: OwnCode): boolean {
  const begins = (prefix: string) => prefix !== '' && (path.startsWith(prefix) || raw.startsWith(prefix));
  if (own.inAppExclude.some(begins)) return false;
  if (own.inAppInclude.some(begins)) return true;
  if (isLibrarySource(raw)) return false;
  // An SDK that says "not ours" of a whole script (another site's) is believed.
  return said !== false;
}

function contextOf(source: OriginalPosition['source'], line: number): Pick<NormalizedFrame, 'context' | 'pre' | 'post'> {
  const text = source.line(line);
  if (text === undefined) return {};
  const pre: string[] = [];
  const post: string[] = [];
  for (let at = Math.max(1, line - CONTEXT_LINES); at < line; at++) pre.push(cut(source.line(at) ?? ''));
  for (let at = line + 1; at <= Math.min(source.lineCount, line + CONTEXT_LINES); at++) post.push(cut(source.line(at) ?? ''));
  return { context: cut(text), ...(pre.length > 0 ? { pre } : {}), ...(post.length > 0 ? { post } : {}) };
}

function cut(line: string): string {
  const begin = line.length > LINE_CAP + 1 ? line.slice(0, LINE_CAP + 1) : line; // a line may be megabytes
  const whole = begin.isWellFormed() ? begin : begin.toWellFormed();
  const clean = whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
  return clean.length <= LINE_CAP ? clean : `${clean.slice(0, LINE_CAP - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function compact<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
