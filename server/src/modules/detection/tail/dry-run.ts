import { closeSync, realpathSync, type Stats, statSync } from 'node:fs';
import { Globs } from './globs.ts';
import { encodingOfMark, lastLinesAt, readAt } from './identity.ts';
import { openLog } from './open-log.ts';
import { linesOf } from './recent-lines.ts';
import { isCompressed } from './rotation.ts';
import type { FollowedSource, MakeDetector } from './tail-source.ts';
import type { LogProblem } from './tail-status.ts';

/** What a source would do, without doing it; in GraphQL `LogSourceTest`. */
export interface DryRun {
  fileCount: number;
  files: { path: string; sizeBytes: number; wrapper: string | null; encoding: string | null; problem: string | null }[];
  sample: string[];
  lines: number;
  eventCount: number;
  events: {
    path: string;
    line: number;
    title: string;
    level: string;
    category: string;
    pattern: string | null;
    timestamp: number | null;
    frameCount: number;
  }[];
  problems: LogProblem[];
}

const MAX_FILES = 10_000;
const SHOWN_FILES = 20;
const READ_FILES = 5;
const LINES = 2_000;
const BYTES = 1024 * 1024;
const SAMPLE_LINES = 30;
const SHOWN_EVENTS = 20;

interface Candidate {
  path: string;
  stat: Stats | undefined;
  problem: string | null;
}

/** Looks at what matches now and reads the last lines of the files that were written last. */
export function dryRun(source: FollowedSource, make: MakeDetector, isAllowed: (real: string) => boolean): DryRun {
  const { paths, problems } = new Globs(source.globs, source.exclusions).expand(MAX_FILES);
  const readable = paths.filter((path) => !isCompressed(path));
  const candidates = readable
    .map((path) => candidate(path, isAllowed))
    .sort((a, b) => (b.stat?.mtimeMs ?? 0) - (a.stat?.mtimeMs ?? 0));
  const result: DryRun = {
    fileCount: candidates.length,
    files: [],
    sample: [],
    lines: 0,
    eventCount: 0,
    events: [],
    problems: problems.map(({ code, message, path }) => ({ code, message, path: path || null })),
  };
  if (candidates.length === 0 && problems.length === 0) {
    const packed = paths.length > 0 ? 'Only packed files match, and those are not read.' : 'No file matches now.';
    result.problems.push({ code: 'no_match', message: `${packed} Files that appear later are read whole.`, path: null });
  }
  for (const [i, { path, stat, problem }] of candidates.slice(0, SHOWN_FILES).entries()) {
    const shown = { path, sizeBytes: stat?.size ?? 0, wrapper: null, encoding: null, problem };
    if (stat === undefined || problem !== null || i >= READ_FILES) result.files.push(shown);
    else result.files.push({ ...shown, ...tryOut(path, source, make, result, isAllowed) });
  }
  return result;
}

function candidate(path: string, isAllowed: (real: string) => boolean): Candidate {
  try {
    if (!isAllowed(realpathSync(path))) return { path, stat: undefined, problem: 'leads out of the folders that may be read' };
    const stat = statSync(path);
    return { path, stat, problem: stat.isFile() ? null : 'is no file' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { path, stat: undefined, problem: code === 'EACCES' ? 'no permission to read it' : `cannot be read (${code})` };
  }
}

/** Reads the last lines of one file as the tail would. */
function tryOut(path: string, source: FollowedSource, make: MakeDetector, result: DryRun, isAllowed: (real: string) => boolean) {
  let opened: ReturnType<typeof openLog>;
  try {
    opened = openLog(path, isAllowed);
  } catch (error) {
    return { problem: (error as NodeJS.ErrnoException).code === 'EACCES' ? 'no permission to read it' : 'cannot be read' };
  }
  if (opened === undefined) return { problem: 'cannot be read' };
  const { fd } = opened;
  try {
    const { size, mtimeMs } = opened.stat;
    const mark = encodingOfMark(fd);
    const isWide = mark !== undefined || source.encoding.startsWith('utf16');
    const lastLines = lastLinesAt(fd, size, LINES, isWide);
    const from = Math.max(lastLines, size - BYTES - ((size - BYTES) % 2));
    const encoding = source.encoding === 'auto' && from > 0 ? (mark ?? 'auto') : source.encoding;
    const detector = make(source, { baseOffset: from, encoding, referenceTime: mtimeMs });
    const bytes = readAt(fd, from, size - from);
    detector.write(bytes);
    detector.flush();
    const { lines, binary, wrappers } = detector.stats;
    const events = detector.take();
    result.lines += lines;
    result.eventCount += events.length;
    for (const { event, line, category, pattern } of events.slice(-SHOWN_EVENTS).reverse()) {
      if (result.events.length >= SHOWN_EVENTS) break;
      result.events.push({ path, line, category, pattern: pattern ?? null, ...shownEvent(event) });
    }
    if (result.sample.length === 0 && !binary && !isWide && !bytes.includes(0))
      result.sample = linesOf(fd, from, size, from > lastLines).slice(-SAMPLE_LINES);
    const wrapper = Object.entries(wrappers).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
    return { wrapper, encoding: encoding === 'auto' ? (mark ?? 'utf8') : encoding, problem: binary ? 'is no text' : null };
  } finally {
    closeSync(fd);
  }
}

/** What tells an event from others, out of its Sentry shape. */
function shownEvent(event: Record<string, unknown>) {
  const values = (event['exception'] as { values?: { type?: string; value?: string; stacktrace?: { frames?: unknown[] } }[] })
    ?.values;
  const thrown = values?.at(-1);
  const entry = event['logentry'] as { formatted?: string; message?: string } | undefined;
  const message = typeof event['message'] === 'string' ? event['message'] : (entry?.formatted ?? entry?.message ?? '');
  const title = thrown === undefined ? message : [thrown.type, thrown.value].filter(Boolean).join(': ');
  const { timestamp } = event;
  const at =
    typeof timestamp === 'number' ? timestamp * 1000 : typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return {
    title: (title || 'no message').slice(0, 300),
    level: typeof event['level'] === 'string' ? event['level'] : 'error',
    timestamp: Number.isFinite(at) ? at : null,
    frameCount: values?.reduce((sum, { stacktrace }) => sum + (stacktrace?.frames?.length ?? 0), 0) ?? 0,
  };
}
