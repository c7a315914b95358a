import { isRuntime } from './javascript-file.ts';
import { messageOf, splitPlace } from './text.ts';
import type { ExceptionNode, TraceDraft } from './types.ts';

/** What Node prints above an uncaught error: file, line, source and marks below it. */
export interface Excerpt {
  path: string;
  line: number;
  source: string;
  /** The line after it. */
  end: number;
}

/** The excerpt above an uncaught error; undefined if there is none. */
export function excerptOf(lines: readonly string[]): Excerpt | undefined {
  for (let i = 0; i < lines.length - 2; i += 1) {
    const caret = (lines[i + 2] as string).trim();
    if (caret === '' || caret.length > 2_000 || !/^\^+$/.test(caret)) continue;
    const { path, line, column } = splitPlace((lines[i] as string).trim());
    if (line !== undefined && column === undefined && path !== '' && !path.includes(': '))
      return { path, line, source: (lines[i + 1] as string).slice(0, 500), end: i + 3 };
  }
  return undefined;
}

/** The source line of the crash; a SyntaxError's own place stands nowhere else. */
export function addContext(excerpt: Excerpt | undefined, node: ExceptionNode): void {
  if (excerpt === undefined) return;
  const top = node.frames.at(-1);
  const { path, line, source } = excerpt;
  if (top?.line === line && top.filename !== undefined && path.endsWith(top.filename.replace(/^file:\/\//, '')))
    top.context = source;
  else if (node.type === 'SyntaxError' && !isRuntime(path))
    node.frames.push({ filename: path, absPath: path, line, context: source });
}

const HINT = '(Use `node --trace-uncaught ';

/**
 * Something thrown that is no error, so without a stack: `throw 'text'`, a promise rejected with a value. Node shows where and
 * what, and says so (or its version) below.
 */
export function withoutStack(lines: readonly string[]): TraceDraft | undefined {
  const end = lines.findIndex((line) => line.startsWith(HINT) || /^Node\.js v\d/.test(line));
  const excerpt = end < 0 ? undefined : excerptOf(lines.slice(0, end));
  if (excerpt === undefined) return undefined;
  const { path, line, source } = excerpt;
  const text = messageOf(lines.slice(excerpt.end, end))?.replace(/^Uncaught:?\s{1,4}/, '') ?? '';
  const inspected = /^\[(\w{1,100}): ([\s\S]*?)\](?: \{[\s\S]*)?$/.exec(text);
  const quoted = /^'([^']*)'$/.exec(text);
  const value = inspected?.[2] ?? quoted?.[1] ?? text;
  const frame = {
    filename: path,
    ...(path.startsWith('/') ? { absPath: path } : {}),
    line,
    context: source,
    ...(isRuntime(path) ? { inApp: false } : {}),
  };
  return {
    platform: 'node',
    thrown: { type: inspected?.[1] ?? 'Error', ...(value === '' ? {} : { value }), frames: [frame], children: [] },
    unhandled: true,
  };
}

/** Jest and Babel show the source below the message: `> 5 |   pay();`. It moves with every release and says nothing new. */
export function withoutCodeFrame(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  let marked = false;
  while (end > 0) {
    const line = lines[end - 1] as string;
    if (line.trim() !== '' && !/^ {0,20}>? {0,10}(?:\d{1,7} )?\| ?/.test(line.slice(0, 60))) break;
    marked ||= /^ {0,20}> {0,10}\d{1,7} \|/.test(line.slice(0, 60));
    end -= 1;
  }
  return marked ? lines.slice(0, end) : lines;
}
