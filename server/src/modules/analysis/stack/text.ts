/** Characters of a text that are read; a trace of a stack overflow with 1,024 Java frames has about 100,000. */
const TEXT_CAP = 1_000_000;
const LINES_CAP = 20_000;
/** A longer line is no frame; as part of a message its beginning is enough. */
const LINE_CAP = 8_000;
/** Frames kept of one exception: the ends say most, so the middle is left out. */
const FRAMES_CAP = 1_000;
const VALUE_CAP = 10_000;

/**
 * The lines of a text, without line ends and terminal colours, cut to the caps. A trace that came as the inside of a JSON
 * string (`Error: x\n    at …` with a backslash and an n) is unescaped first.
 */
export function linesOf(text: string): string[] {
  let source = text.length > TEXT_CAP ? text.slice(0, TEXT_CAP) : text;
  if (!source.includes('\n') && source.includes('\\n')) source = unescaped(source);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character of terminal colours
  if (source.includes('\u001b')) source = source.replace(/\u001b\[[0-9;]{0,20}[A-Za-z]/g, '');
  const lines: string[] = [];
  let start = 0;
  while (start <= source.length && lines.length < LINES_CAP) {
    let end = source.indexOf('\n', start);
    if (end < 0) end = source.length;
    let stop = end;
    while (stop > start && source.charCodeAt(stop - 1) === 13) stop -= 1;
    lines.push(source.slice(start, Math.min(stop, start + LINE_CAP)));
    start = end + 1;
  }
  return withoutPrefixes(lines);
}

/** Android's logcat in its three formats, sbt's and flutter's output. */
const PREFIX =
  /^(?:(?:\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {1,8}\d{1,7}(?: {1,8}\d{1,7})? )?[VDIWEF][/ ] ?[\w.-]{1,60} {0,40}(?:\( {0,6}\d{1,7}\))?: ?|\[error\] |flutter: )/;

/** Takes off what a device's or a build tool's log puts in front of every line. */
function withoutPrefixes(lines: string[]): string[] {
  const filled = lines.slice(0, 200).filter((line) => line !== '');
  const marked = filled.filter((line) => PREFIX.test(line.slice(0, 200))).length;
  if (marked < 2 || marked * 2 < filled.length) return lines;
  return lines.map((line) => line.replace(PREFIX, ''));
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '', '"': '"', '/': '/', '\\': '\\' };

/** One pass, so that `\\n` (an escaped backslash and an n) stays what it was. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([ntr"/\\]))/g, (_, hex: string | undefined, c: string | undefined) =>
    hex === undefined ? (ESCAPES[c as string] as string) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Number of white-space characters at the start; a tab counts as one. */
export function indentOf(line: string): number {
  let i = 0;
  while (i < line.length && (line.charCodeAt(i) === 32 || line.charCodeAt(i) === 9)) i += 1;
  return i;
}

/** A whole number at the end or in the middle of a line; undefined if it is none or absurd. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 9) return undefined;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return undefined;
  }
  return Number(text);
}

/** A place as most languages write it. */
interface Place {
  path: string;
  line?: number;
  column?: number;
}

/** `path:12:3`, `path:12` or `path`. */
export function splitPlace(text: string): Place {
  const last = text.lastIndexOf(':');
  const line = last < 0 ? undefined : wholeNumber(text.slice(last + 1));
  if (line === undefined) return { path: text };
  const before = text.lastIndexOf(':', last - 1);
  const first = before < 0 ? undefined : wholeNumber(text.slice(before + 1, last));
  return first === undefined ? { path: text.slice(0, last), line } : { path: text.slice(0, before), line: first, column: line };
}

/** A message put together from its lines: outer empty lines dropped, absurd lengths cut. */
export function messageOf(lines: readonly string[]): string | undefined {
  let start = 0;
  let end = lines.length;
  while (start < end && (lines[start] as string).trim() === '') start += 1;
  while (end > start && (lines[end - 1] as string).trim() === '') end -= 1;
  if (start === end) return undefined;
  const text = lines.slice(start, end).join('\n').trim();
  return text.length > VALUE_CAP ? text.slice(0, VALUE_CAP) : text;
}

/** Cuts the middle out of an absurdly deep stack and answers how many frames that were. */
export function capFrames<T>(frames: T[]): number {
  const over = frames.length - FRAMES_CAP;
  if (over <= 0) return 0;
  frames.splice(FRAMES_CAP / 2, over);
  return over;
}

/** The bracket that closes at the end of the text: position of its `(`, or -1. */
export function openingOfLast(text: string, end = text.length - 1): number {
  let depth = 0;
  for (let i = end; i >= 0; i -= 1) {
    const code = text.charCodeAt(i);
    if (code === 41) depth += 1;
    else if (code === 40) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}

/** Whether every character may stand in a dotted name of most languages: letters, digits, `_ $ . - /` and the given ones. */
export function isName(text: string, more = ''): boolean {
  if (text.length === 0 || text.length > 1_000) return false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    const plain =
      (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 36 || c === 46 || c > 127;
    if (!plain && !more.includes(text[i] as string)) return false;
  }
  return true;
}
