import type { PatternMatcher } from '../../analysis/patterns/matcher.ts';
import type { Block } from './block.ts';
import type { Wrapper } from './carriers.ts';
import { Joiner } from './joiner.ts';
import { JournalScanner } from './journal-scanner.ts';
import { atLeast, type LogLevel } from './levels.ts';
import { LINE_BYTES, LineScanner } from './line-scanner.ts';
import { type DetectedEvent, makeEvent } from './log-event.ts';
import type { LogLine } from './log-line.ts';
import { DOCKER_NEWLINE, type MarkerTable, PATTERN, SUSPICIOUS } from './markers.ts';
import { markersWith } from './pattern-markers.ts';
import { decode, isBinaryLine, looksBinary, withoutControls } from './plain-text.ts';
import { RecentLines } from './recent-lines.ts';
import type { TimeContext } from './timestamps.ts';
import { carried, readRecord } from './unwrap.ts';
import { Utf16Scanner } from './utf16.ts';

export type { DetectedEvent } from './log-event.ts';

export type LogEncoding = 'auto' | 'utf8' | 'utf16le' | 'utf16be' | 'latin1';

export interface LogDetectorOptions {
  /** The project's patterns; they are asked before anything else. */
  patterns?: PatternMatcher;
  /** Default `auto`: by the byte order mark, else UTF-8. */
  encoding?: LogEncoding;
  /** What is around each line; default `auto`, found by itself line by line. */
  wrapper?: Wrapper;
  /** Whether lines of level error without an exception are events; default `events`. */
  errorLines?: 'events' | 'ignore';
  /** The least level of such lines; default `error`. */
  minLevel?: LogLevel;
  /** IANA name or offset (`+02:00`) for times that do not say theirs; default UTC. */
  timeZone?: string;
  /** Milliseconds: about when the log was written; gives times without a year or date theirs. */
  referenceTime?: number;
  /** Offset of the first byte that will be written; default 0. */
  baseOffset?: number;
  /** What every event has where the line itself says nothing: release, environment, tags, … */
  event?: Record<string, unknown>;
}

export interface LogStats {
  lines: number;
  bytes: number;
  events: number;
  /** Bytes that were passed over: of lines too long to keep, and of what is no text. */
  skippedBytes: number;
  /** Lines of which only the beginning was kept. */
  cutLines: number;
  /** The stream is no text and is passed over. */
  binary: boolean;
  /** The first lines, and those looked at closely, by what was around them (`docker`, `syslog`, `json`, `logger`, `plain`, …). */
  wrappers: Record<string, number>;
}

type Scanner = LineScanner | Utf16Scanner | JournalScanner;

/** How many bytes have to be there before encoding and kind are decided. */
const SNIFF = 8;
/** Of these the layers are looked at, to say what the stream is, even if there is no error in them. */
const FIRST_LINES = 20;
/** So far a head may stand above the first frame that shows what it is. */
const LOOK_BACK = 8;
const NOTHING = Buffer.alloc(0);

/**
 * Finds the error events in a log. Pure: no clock, no files. Bytes go in as they come, cut anywhere; events come out when the
 * next lines show that they are complete, or when {@link flush} says that nothing more comes. Memory does not grow with the log.
 */
export class LogDetector {
  readonly #options: LogDetectorOptions;
  readonly #time: TimeContext;
  readonly #recent: RecentLines;
  readonly #joiner: Joiner;
  readonly #found: DetectedEvent[] = [];
  /** Beginnings of lines that their carrier cut, by writer. */
  readonly #partials = new Map<string, LogLine>();
  /** Every line may begin an event: the level says so. */
  readonly #always: boolean;
  readonly #markers: MarkerTable;
  /** What a line has to hold to be asked for patterns; 0 for those that may want any. */
  readonly #patternFlag: number;
  readonly #least: 'error' | 'warning';
  #scanner: Scanner | undefined;
  #latin1 = false;
  #binary = false;
  #head: Buffer = NOTHING;
  #offset: number;
  #lines = 0;
  #events = 0;
  #binaryBytes = 0;
  /** Where lines lie that belong together, and that a reading from `safeOffset` could cut in two. */
  #spans: { start: number; end: number }[] = [];
  readonly #wrappers: Record<string, number> = {};

  constructor(options: LogDetectorOptions = {}) {
    this.#options = options;
    this.#offset = options.baseOffset ?? 0;
    this.#time = {
      ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
      ...(options.referenceTime === undefined ? {} : { reference: options.referenceTime }),
    };
    const { minLevel = 'error' } = options;
    this.#least = atLeast(minLevel, 'error') ? 'error' : 'warning';
    this.#always = !atLeast(minLevel, 'warning');
    const markers = markersWith(options.patterns, this.#least);
    this.#markers = markers.table;
    this.#patternFlag = markers.tells ? PATTERN : 0;
    this.#recent = new RecentLines((bytes, from, to) => this.#read(bytes, from, to));
    this.#joiner = new Joiner({
      ...(options.patterns === undefined ? {} : { patterns: options.patterns }),
      minLevel,
      errorLines: options.errorLines ?? 'events',
      before: (offset) => this.#recent.before(offset),
      passed: (start, end) => this.#spans.push({ start, end }),
      emit: (block, crumbs) => this.#emit(block, crumbs),
    });
  }

  /** About when the log was written, in milliseconds: for times without a year or date. */
  set referenceTime(ms: number) {
    this.#time.reference = ms;
  }

  /** Bytes seen, counted from `baseOffset`. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether something waits for more: {@link flush} after silence would finish it. */
  get open(): boolean {
    return this.#joiner.busy || this.#partials.size > 0;
  }

  /**
   * From here reading can begin again with nothing lost: before anything that is open, and inside of no event. What is found
   * twice has the same `start` both times.
   */
  get safeOffset(): number {
    const scanner = this.#scanner;
    if (this.#binary) return this.#offset;
    if (scanner === undefined) return this.#offset - this.#head.length;
    let safe = Math.min(scanner.lineStart, this.#joiner.earliest ?? Number.POSITIVE_INFINITY);
    for (const { start } of this.#partials.values()) safe = Math.min(safe, start);
    const looked = Math.min(safe, this.#recent.startOf(LOOK_BACK) ?? safe);
    let last = looked;
    for (const { end } of this.#spans) if (end > last && end <= safe) last = end;
    safe = last;
    for (const { start, end } of this.#spans.toReversed()) if (start < safe && safe < end) safe = start;
    return safe;
  }

  get stats(): LogStats {
    return {
      lines: this.#lines,
      bytes: this.#offset - (this.#options.baseOffset ?? 0),
      events: this.#events,
      skippedBytes: this.#binaryBytes + (this.#scanner?.skippedBytes ?? 0),
      cutLines: this.#scanner?.cutLines ?? 0,
      binary: this.#binary,
      wrappers: { ...this.#wrappers },
    };
  }

  /** Takes the next bytes. The buffer may be used again afterwards. */
  write(chunk: Buffer): void {
    this.#offset += chunk.length;
    if (this.#binary) {
      this.#binaryBytes += chunk.length;
      return;
    }
    if (this.#scanner !== undefined) this.#scan(this.#scanner, chunk);
    else {
      this.#head = Buffer.concat([this.#head, chunk]);
      if (this.#head.length >= SNIFF) this.#begin();
    }
  }

  /** The events that are complete since the last call, in the order in which they ended. */
  take(): DetectedEvent[] {
    return this.#found.splice(0);
  }

  /**
   * Finishes what is open: after silence, at the end of a file. A last line without its end is taken in when it belongs to
   * something open or looks like an error; otherwise it goes on waiting.
   */
  flush(): void {
    if (this.#scanner === undefined && this.#head.length > 0) this.#begin();
    const scanner = this.#scanner;
    if (scanner === undefined) return;
    if (scanner.midLine && (this.open || (scanner.unfinishedFlags & SUSPICIOUS) !== 0)) scanner.finishLine();
    for (const line of this.#partials.values()) this.#record(line);
    this.#partials.clear();
    this.#joiner.flush();
    this.#recent.own();
  }

  #begin(): void {
    const head = this.#head;
    this.#head = NOTHING;
    const start = this.#offset - head.length;
    const encoding = this.#encodingOf(head);
    if (encoding === undefined) {
      this.#binary = true;
      this.#binaryBytes += head.length;
      return;
    }
    this.#latin1 = encoding === 'latin1';
    const sink = {
      line: (bytes: Buffer, from: number, to: number, s: number, e: number, flags: number) =>
        this.#line(bytes, from, to, s, e, flags),
    };
    if (encoding.startsWith('utf16')) this.#scanner = new Utf16Scanner(sink, start, encoding === 'utf16be');
    else if (head.toString('latin1', 0, SNIFF) === '__CURSOR') this.#scanner = new JournalScanner(sink, start);
    else this.#scanner = new LineScanner(sink, start, this.#markers);
    this.#scan(this.#scanner, head);
  }

  #encodingOf(head: Buffer): Exclude<LogEncoding, 'auto'> | undefined {
    const { encoding = 'auto' } = this.#options;
    if (encoding !== 'auto') return encoding;
    const hex = head.subarray(0, 2).toString('hex');
    if (hex === 'fffe') return 'utf16le';
    if (hex === 'feff') return 'utf16be';
    // text without a mark, or read on in the middle
    const zero = (i: number) => head[i] === 0;
    const text = (i: number) => (head[i] ?? 0) >= 9;
    if (head.length >= 4 && [1, 3].every(zero) && [0, 2].every(text)) return 'utf16le';
    if (head.length >= 4 && [0, 2].every(zero) && [1, 3].every(text)) return 'utf16be';
    return looksBinary(head) ? undefined : 'utf8';
  }

  #scan(scanner: Scanner, chunk: Buffer): void {
    scanner.write(chunk);
    this.#recent.own();
    if (this.#spans.length > 0) this.#forgetSpans();
  }

  #line(bytes: Buffer, from: number, to: number, start: number, end: number, flags: number): void {
    this.#lines += 1;
    const unmarked =
      (flags & SUSPICIOUS) === 0 && !this.#always && !needsReading(bytes, from, to, flags, this.#least === 'error' ? 3 : 4);
    const unasked = this.#patternFlag !== 0 && (flags & this.#patternFlag) === 0;
    if (unmarked && unasked && !this.#joiner.busy && this.#partials.size === 0) {
      if (this.#lines <= FIRST_LINES) this.#countLayers(this.#read(bytes, from, to));
      this.#recent.push(bytes, from, to, start, end, this.#lines);
      return;
    }
    const line = this.#carriedLine(bytes, from, to);
    if (line === undefined) {
      this.#binaryBytes += to - from;
      return;
    }
    line.start = start;
    line.end = end;
    line.number = this.#lines;
    line.unmarked = unmarked;
    line.unasked = unasked;
    this.#joinParts(line);
  }

  #carriedLine(bytes: Buffer, from: number, to: number): LogLine | undefined {
    if (isBinaryLine(bytes, from, to)) return undefined;
    let text = withoutControls(decode(bytes, from, to, this.#latin1));
    if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    return carried(text, this.#time, this.#options.wrapper ?? 'auto');
  }

  #read(bytes: Buffer, from: number, to: number): LogLine | undefined {
    const line = this.#carriedLine(bytes, from, to);
    return line === undefined ? undefined : readRecord(line, this.#time);
  }

  /** Containers cut long lines; the parts of one go together, each writer's for itself. */
  #joinParts(line: LogLine): void {
    const before = this.#partials.get(line.writer);
    if (before !== undefined) {
      this.#partials.delete(line.writer);
      line.text = (before.text + line.text).slice(0, LINE_BYTES);
      line.start = before.start;
      line.number = before.number;
      line.unmarked = false; // a marker may lie across the cut
      line.unasked = false;
      this.#spans.push({ start: line.start, end: line.end });
    }
    if (line.partial === true && line.text.length < LINE_BYTES && this.#partials.size < 256) {
      this.#partials.set(line.writer, line);
      return;
    }
    this.#record(line);
  }

  #record(line: LogLine): void {
    readRecord(line, this.#time);
    const { carrierLevel } = line;
    if (line.level === undefined && carrierLevel !== undefined && atLeast(carrierLevel, this.#options.minLevel ?? 'error'))
      line.level = carrierLevel;
    this.#countLayers(line);
    this.#joiner.add(line);
    this.#recent.push(NOTHING, 0, 0, line.start, line.end, line.number, line);
  }

  #countLayers(line: LogLine | undefined): void {
    if (line === undefined) return;
    const around = line.layers.length === 0 ? 'plain' : line.layers.join('+');
    if (this.#wrappers[around] !== undefined || Object.keys(this.#wrappers).length < 50)
      this.#wrappers[around] = (this.#wrappers[around] ?? 0) + 1;
  }

  #emit(block: Block, crumbs: readonly LogLine[]): void {
    const event = makeEvent(block, crumbs, this.#options.event ?? {});
    this.#events += 1;
    this.#found.push(event);
  }

  #forgetSpans(): void {
    const safe = Math.min(this.safeOffset, this.#recent.startOf(LOOK_BACK) ?? this.#offset);
    this.#spans = this.#spans.filter(({ end }) => end > safe);
  }
}

/** What shows only in the form of a line: a priority of syslog that is an error's, a part of a line in docker's JSON. */
function needsReading(bytes: Buffer, from: number, to: number, flags: number, severity: number): boolean {
  const first = bytes[from];
  if (first === 60) {
    let pri = 0;
    let i = from + 1;
    for (; i < to && i < from + 4; i++) {
      const digit = (bytes[i] as number) - 48;
      if (digit < 0 || digit > 9) break;
      pri = pri * 10 + digit;
    }
    return bytes[i] === 62 && i > from + 1 && (pri & 7) <= severity;
  }
  return (
    first === 123 &&
    (flags & DOCKER_NEWLINE) === 0 &&
    bytes[from + 1] === 34 &&
    bytes[from + 2] === 108 &&
    bytes[from + 3] === 111 &&
    bytes[from + 4] === 103 &&
    bytes[from + 5] === 34
  );
}
