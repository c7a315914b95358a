import { compilePattern, compilePatterns } from '../../analysis/patterns/compile.ts';
import type { PatternDefinition } from '../../analysis/patterns/definition.ts';
import { defaultTarget } from '../../analysis/patterns/pattern-event.ts';
import { prefilter } from '../../analysis/patterns/prefilter.ts';
import { LogDetector } from '../log/log-detector.ts';
import type { DetectedEvent } from '../log/log-event.ts';

/** What is tried: a project's patterns in order with the draft among them, on lines. */
export interface PreviewJob {
  /** Enabled ones, the draft in its place. */
  readonly definitions: readonly PatternDefinition[];
  /** Id of the draft in `definitions`. */
  readonly draftId: string;
  readonly lines: readonly string[];
  /** Only counts: what is shown is left out. */
  readonly countOnly: boolean;
}

/** An event that the lines would become. Line numbers from 0, `last` included. */
export interface PreviewEvent {
  readonly first: number;
  readonly last: number;
  readonly title: string;
  readonly level: string;
  readonly category: string;
  /** Name of the pattern that found it; null: detection found it by itself. */
  readonly pattern: string | null;
}

/** A hit of the draft, and what its lines would be without it. */
export interface PreviewHit extends PreviewEvent {
  readonly ignored: boolean;
  readonly fields: readonly { name: string; value: string; target: string }[];
  readonly event: Record<string, unknown>;
  readonly instead: readonly PreviewEvent[];
}

/** A line in which the draft's expression is found, and where. Characters from 0. */
export interface PreviewLine {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly spans: readonly { name: string; start: number; end: number }[];
  /** Name of the pattern before it that has the line. */
  readonly takenBy: string | null;
}

/** What came of a {@link PreviewJob}. */
export interface PreviewResult {
  /** Lines looked at: fewer than were given when the time was over. */
  readonly lineCount: number;
  readonly hitCount: number;
  /** Lines in which the expression is found, also those that belong to another hit or pattern. */
  readonly matchCount: number;
  /** Lines that are part of a hit. */
  readonly hitLineCount: number;
  readonly complete: boolean;
  readonly lines: readonly PreviewLine[];
  readonly hits: readonly PreviewHit[];
}

const SHOWN_HITS = 50;
const SHOWN_LINES = 400;
/** Between two looks at the watch: so many lines, or fewer when they are long. The worst expression takes a while for each. */
const PORTION = 25;
const PORTION_CHARS = 2_000;

/** Whether to end: it was told to, or more than this share of the time is over. What comes first must leave time for the rest. */
export type Stop = (share: number) => boolean;

/** Tries a draft on lines, exactly as a watcher of logs would read them: with the log detector, once with it and once without. */
export function previewPattern(job: PreviewJob, stop: Stop): PreviewResult {
  const draft = job.definitions.find(({ id }) => id === job.draftId);
  if (draft === undefined)
    return { lineCount: 0, hitCount: 0, matchCount: 0, hitLineCount: 0, complete: true, lines: [], hits: [] };
  // What is ignored becomes no event; to see it, it is let through and marked.
  const ignored = draft.level === 'ignore';
  const visible = job.definitions.map((one) => (one === draft && ignored ? { ...one, level: 'error' as const } : one));
  const text = new LineOffsets(job.lines);
  const run = detect(visible, text, () => stop(0.5));
  const hits = run.events.filter(({ pattern }) => pattern === draft.id);
  const looked = job.lines.slice(0, run.lineCount);
  const matches = countMatches(draft, looked, () => stop(0.7));
  const counts = {
    lineCount: run.lineCount,
    hitCount: hits.length,
    matchCount: matches.count,
    hitLineCount: hits.reduce((sum, hit) => sum + text.lastLine(hit.end) - text.lineAt(hit.start) + 1, 0),
    complete: run.lineCount === job.lines.length && matches.complete,
  };
  if (job.countOnly) return { ...counts, lines: [], hits: [] };
  const names = new Map(job.definitions.map(({ id, name }) => [id, name]));
  const others = detect(
    job.definitions.filter((one) => one !== draft),
    text,
    () => stop(0.8),
  ).events;
  const lines = matchedLines({ ...job, lines: looked }, draft, { names, stop: () => stop(0.9) });
  const context = { text, names, others, ignored, lines: job.lines };
  const shown: PreviewHit[] = [];
  for (const hit of hits.slice(0, SHOWN_HITS)) {
    if (shown.length > 0 && stop(1)) break;
    shown.push(shownHit(hit, draft, context));
  }
  return { ...counts, lines, hits: shown };
}

/** Feeds lines to a detector in portions until told to stop. */
function detect(definitions: readonly PatternDefinition[], text: LineOffsets, stop: () => boolean) {
  const detector = new LogDetector({ patterns: compilePatterns(definitions), encoding: 'utf8' });
  let lineCount = 0;
  for (const portion of text.portions()) {
    if (stop()) break;
    detector.write(portion.bytes);
    lineCount += portion.lines;
  }
  detector.flush();
  return { events: detector.take(), lineCount };
}

function countMatches(draft: PatternDefinition, lines: readonly string[], stop: () => boolean) {
  const compiled = compilePattern(draft);
  if (compiled === undefined) return { count: 0, complete: true };
  const mayMatch = prefilter(compiled.expression.literals);
  let count = 0;
  for (const [i, line] of lines.entries()) {
    if ((i % PORTION === 0 || line.length > PORTION_CHARS / PORTION) && stop()) return { count, complete: false };
    if (mayMatch(line) && compiled.expression.test(line)) count++;
  }
  return { count, complete: true };
}

function matchedLines(
  job: PreviewJob,
  draft: PatternDefinition,
  { names, stop }: { names: ReadonlyMap<string, string>; stop: () => boolean },
): PreviewLine[] {
  const compiled = compilePattern(draft);
  const matcher = compilePatterns(job.definitions);
  const found: PreviewLine[] = [];
  for (const [line, text] of job.lines.entries()) {
    if (found.length >= SHOWN_LINES || stop()) break;
    if (compiled === undefined || !compiled.expression.test(text)) continue;
    const spans = compiled.expression.spans(text);
    if (spans === undefined) continue;
    const owner = matcher.start(text)?.pattern.id;
    const takenBy = owner === undefined || owner === draft.id ? null : (names.get(owner) ?? owner);
    found.push({ line, start: spans.start, end: spans.end, spans: spans.fields, takenBy });
  }
  return found;
}

function shownHit(
  hit: DetectedEvent,
  draft: PatternDefinition,
  context: {
    text: LineOffsets;
    names: ReadonlyMap<string, string>;
    others: readonly DetectedEvent[];
    ignored: boolean;
    lines: readonly string[];
  },
): PreviewHit {
  const { text, names, others, ignored, lines } = context;
  const shown = shownEvent(hit, text, names);
  const fields = compilePattern(draft)?.expression.exec(lines[shown.first] ?? '')?.fields ?? {};
  const level = ignored ? 'ignore' : shown.level;
  return {
    ...shown,
    level,
    ignored,
    fields: Object.entries(fields).map(([name, value]) => ({
      name,
      value: value.slice(0, 1_000),
      target: Object.hasOwn(draft.fields, name) ? draft.fields[name]! : defaultTarget(name),
    })),
    event: hit.event,
    instead: others
      .filter(({ start, end }) => start < hit.end && end > hit.start)
      .slice(0, 10)
      .map((other) => shownEvent(other, text, names)),
  };
}

function shownEvent(found: DetectedEvent, text: LineOffsets, names: ReadonlyMap<string, string>): PreviewEvent {
  const { event, category, pattern } = found;
  return {
    first: text.lineAt(found.start),
    last: text.lastLine(found.end),
    title: titleOf(event),
    level: typeof event['level'] === 'string' ? event['level'] : 'error',
    category,
    pattern: pattern === undefined ? null : (names.get(pattern) ?? pattern),
  };
}

/** What a list of events would show: type and value of what was thrown, else the message. */
function titleOf(event: Record<string, unknown>): string {
  const values = (event['exception'] as { values?: { type?: string; value?: string }[] } | undefined)?.values;
  const thrown = values?.at(-1);
  const message = (event['logentry'] as { formatted?: string } | undefined)?.formatted ?? '';
  const title = thrown === undefined ? message : [thrown.type, thrown.value].filter(Boolean).join(': ');
  return (title || 'no message').split('\n', 1)[0]!.slice(0, 300);
}

/** Lines as bytes, and back from bytes to lines. */
class LineOffsets {
  readonly #lines: readonly string[];
  readonly #starts: number[] = [];
  #length = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    for (const line of lines) {
      this.#starts.push(this.#length);
      this.#length += Buffer.byteLength(line) + 1;
    }
  }

  *portions(): Generator<{ bytes: Buffer; lines: number }> {
    for (let i = 0; i < this.#lines.length; ) {
      const first = i;
      for (let chars = 0; i < this.#lines.length && i - first < PORTION && chars < PORTION_CHARS; i++)
        chars += this.#lines[i]!.length;
      const part = this.#lines.slice(first, i);
      yield { bytes: Buffer.from(`${part.join('\n')}\n`), lines: part.length };
    }
  }

  /** The line that holds a byte. */
  lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  /** The last line of what ends before a byte. */
  lastLine(end: number): number {
    return this.lineAt(Math.max(0, end - 1));
  }
}
