import { NO_PATTERNS } from '../../analysis/patterns/compile.ts';
import type { PatternHit, PatternMatcher } from '../../analysis/patterns/matcher.ts';
import { Block } from './block.ts';
import { atLeast, type LogLevel } from './levels.ts';
import type { LogLine } from './log-line.ts';
import { type Head, headOf, isThreadState, traceLineOf } from './shapes.ts';

/** What the joiner needs of the detector. */
export interface JoinerPorts {
  patterns?: PatternMatcher;
  minLevel: LogLevel;
  errorLines: 'events' | 'ignore';
  /** Lines of any writer before an offset, the nearest first. */
  before(offset: number): Iterable<LogLine>;
  /** Lines that were looked at together, event or not: reading must not begin among them. */
  passed(start: number, end: number): void;
  /** An event is complete. `crumbs`: lines of the same writer before it, oldest first. */
  emit(block: Block, crumbs: readonly LogLine[]): void;
}

/** Lines of others after which a writer is taken to have said all. */
const FOREIGN = 200;
/** The same within one stream, where only threads differ. */
const FOREIGN_THREAD = 30;
const MAX_OPEN = 64;
const CRUMBS = 10;
/** How far Node's picture of the source stands above its error: file, source, caret, blank. */
const EXCERPT = 5;

/** A record of JSON or logfmt is complete: no line goes on with it. */
const isStructured = ({ layers }: LogLine): boolean => layers.includes('json') || layers.includes('logfmt');

/** What the program wrote, without a time that was put before each of its lines. */
const bare = (line: LogLine): string => (line.stamp === true ? line.message : line.text);

interface Open {
  block: Block;
  crumbs: LogLine[];
}

/** Puts the lines of events together, for several writers at once. */
export class Joiner {
  readonly #ports: JoinerPorts;
  readonly #patterns: PatternMatcher;
  #open: Open[] = [];
  /** Where the lines end that belong to an event, by writer: nobody looks back behind it. */
  readonly #used = new Map<string, number>();

  constructor(ports: JoinerPorts) {
    this.#ports = ports;
    this.#patterns = ports.patterns ?? NO_PATTERNS;
  }

  /** Whether every line has to be offered, not only those that look like something. */
  get busy(): boolean {
    return this.#open.length > 0;
  }

  /** Where the first open event begins. */
  get earliest(): number | undefined {
    let earliest: number | undefined;
    for (const { block } of this.#open) {
      const start = (block.lines[0] as LogLine).start;
      if (earliest === undefined || start < earliest) earliest = start;
    }
    return earliest;
  }

  add(line: LogLine): void {
    const own = this.#openOf(line);
    this.#countForeign(own, line);
    if (own === undefined) {
      this.#fresh(line);
      return;
    }
    const { block } = own;
    if (block.offer(line) !== 'no') return;
    if (line.header && this.#mayGoOn(block, line)) {
      // another thread's record in between: the trace may go on behind it
      block.takePending();
      block.interrupted = true;
      if (++block.foreign <= 3) {
        this.#fresh(line);
        return;
      }
    }
    this.#end(own, line.header);
    this.#replayed(line);
  }

  /** Ends everything that is open: silence, or the end of the file. */
  flush(): void {
    for (let rounds = 0; this.#open.length > 0 && rounds < 10_000; rounds++) this.#end(this.#open[0] as Open, true);
  }

  /** After an event ended its waiting lines were looked at again, and may have begun one that this line belongs to. */
  #replayed(line: LogLine): void {
    const own = this.#openOf(line);
    if (own === undefined) this.#fresh(line);
    else if (own.block.offer(line) === 'no') {
      this.#end(own, line.header);
      this.#fresh(line);
    }
  }

  /** The open event that a line would go on: of its writer, and of its thread if it names one. */
  #openOf(line: LogLine): Open | undefined {
    let found: Open | undefined;
    for (const open of this.#open) {
      if (open.block.writer !== line.writer) continue;
      if (line.header && line.thread !== undefined && open.block.thread !== undefined && open.block.thread !== line.thread)
        continue;
      found = open;
    }
    if (found !== undefined || !line.header) return found;
    // A record of another thread: what that thread's own records may go on stays open, and takes no more lines without one.
    for (const { block } of this.#open) {
      if (block.writer !== line.writer || block.interrupted) continue;
      if (block.thread === undefined || line.thread === undefined) return this.#open.find((open) => open.block === block);
      block.takePending();
      block.interrupted = true;
    }
    return undefined;
  }

  #countForeign(own: Open | undefined, line: LogLine): void {
    if (this.#open.length === 0) return;
    for (const open of [...this.#open]) {
      if (open === own) continue;
      const most = open.block.writer === line.writer ? FOREIGN_THREAD : FOREIGN;
      if (++open.block.foreign > most || open.block.pausedBefore(line)) this.#end(open, true);
    }
  }

  /** In the middle of a trace, and the record is none that a trace would follow. */
  #mayGoOn(block: Block, line: LogLine): boolean {
    if (block.phase !== 'frames' || block.hit?.continues !== undefined || line.layers.includes('json')) return false;
    return line.level !== undefined && !atLeast(line.level, 'warning') && headOf(line.message) === undefined;
  }

  #end(open: Open, byRecord: boolean): void {
    const { block } = open;
    this.#open = this.#open.filter((other) => other !== open);
    // Lines without a header belong to the record before them; without headers nobody knows.
    if (byRecord && block.hasHeader && !block.stamped && block.pending.every(({ stamp }) => stamp !== true)) block.takePending();
    // what a carrier calls an error is no event of its own right behind one of the same program
    if (block.loudlyCarried) block.takePending();
    const waiting = block.pending;
    block.pending = [];
    this.#finish(block, open.crumbs);
    for (const line of waiting) this.add(line);
  }

  #finish(block: Block, crumbs: readonly LogLine[]): void {
    const { end } = block.lines.at(-1) as LogLine;
    this.#ports.passed((block.lines[0] as LogLine).start, end);
    if (!this.#counts(block)) return;
    if (this.#used.size > 1000) this.#used.clear();
    this.#used.set(block.writer, Math.max(end, this.#used.get(block.writer) ?? 0));
    if (block.hit?.pattern.level !== 'ignore') this.#ports.emit(block, crumbs);
  }

  /** Whether what was joined is an event. */
  #counts(block: Block): boolean {
    if (block.hit !== undefined) return true;
    if (block.record.stack !== undefined) return true;
    const { level } = block.record;
    const loud = level !== undefined && atLeast(level, this.#ports.minLevel);
    if (block.frames > 0 && (block.lastHead !== undefined || loud || block.frames > 1)) return true;
    if (level !== undefined && !loud) return false;
    if (block.crash !== undefined) return true;
    if (block.exception && (block.lastHead?.kind !== 'label' || block.lines.length > 1) && block.phase !== 'traceback')
      return true;
    return loud && this.#ports.errorLines === 'events';
  }

  /** A line that belongs to no open event: does it begin one? */
  #fresh(line: LogLine): void {
    const hit = this.#hitOf(line);
    if (hit !== undefined) {
      this.#start(line, headOf(line.message), hit, []);
      return;
    }
    if (line.unmarked === true) return;
    if (line.stack !== undefined) {
      this.#startRecord(line);
      return;
    }
    const { level, message } = line;
    const quiet = level !== undefined && !atLeast(level, this.#ports.minLevel);
    const head = quiet || isStructured(line) ? undefined : headOf(message);
    if (head !== undefined) {
      const record = line.header && line.stamp !== true;
      this.#start(line, head, undefined, record ? this.#timeLine(line) : this.#excerptBefore(line));
      return;
    }
    if (level !== undefined && !quiet && isStructured(line)) {
      this.#finish(new Block(line, undefined), this.#crumbsBefore(line));
      return;
    }
    if (level !== undefined && !quiet) {
      if (message.trim() !== '' || line.layers.at(-1) === 'logger') this.#start(line, undefined, undefined, this.#timeLine(line));
      return;
    }
    if (line.header && line.stamp !== true && !/^\s/.test(message)) return;
    const shape = traceLineOf(message);
    if (shape !== undefined && shape.weak !== true && (shape.frame || shape.opens === true || shape.family === 'at'))
      this.#startBehind(line, shape.opens === true ? undefined : shape.family);
  }

  /** A JSON record with a trace in it is complete as it is. */
  #startRecord(line: LogLine): void {
    const lines = (line.stack as string).split('\n', 60);
    const real = lines.some((text) => traceLineOf(text) !== undefined || headOf(text) !== undefined);
    const loud = line.level === undefined || atLeast(line.level, this.#ports.minLevel);
    if (!real && !loud) return;
    const block = new Block(line, undefined);
    if (!real) delete line.stack;
    this.#finish(block, this.#crumbsBefore(line));
  }

  #hitOf(line: LogLine): PatternHit | undefined {
    if (this.#patterns.size === 0 || line.unasked === true) return undefined;
    return this.#patterns.start(line.text) ?? (line.message === line.text ? undefined : this.#patterns.start(line.message));
  }

  #start(line: LogLine, head: Head | undefined, hit: PatternHit | undefined, before: LogLine[]): Block {
    if (this.#open.length >= MAX_OPEN) this.#end(this.#open[0] as Open, true);
    const block = new Block(line, head, hit, before);
    this.#open.push({ block, crumbs: this.#crumbsBefore(before[0] ?? line) });
    return block;
  }

  /** A frame without a head: the line before it was the head, whatever it says. */
  #startBehind(line: LogLine, family: string | undefined): void {
    if (family === 'numbered' && !/^\s{0,8}#0\s/.test(line.message)) return;
    if (family === 'rust' || family === 'go' || family === 'php') return;
    const lines = this.#headBefore(line);
    const head = lines[0];
    // Without a line above there is no event: it may be the rest of one that was read before a restart.
    if (head === undefined || lines.some((other) => traceLineOf(other.message) !== undefined || isThreadState(other.message)))
      return;
    const block = this.#start(head, headOf(head.message), undefined, this.#excerptBefore(head));
    for (const other of [...lines.slice(1), line]) block.offer(other);
  }

  /** The line before, and, while those are indented, the lines up to the one that is not. */
  #headBefore(line: LogLine): LogLine[] {
    const lines: LogLine[] = [];
    let blank = 0;
    for (const other of this.#mine(line)) {
      if (bare(other).trim() === '') {
        if (++blank > 2 || lines.length > 0) break;
        continue;
      }
      lines.unshift(other);
      if ((other.header && other.stamp !== true) || !/^\s/.test(bare(other))) return lines;
      if (lines.length >= 6) break;
    }
    return []; // the line at the margin is out of sight
  }

  /** The nearest line of the same writer that is not blank and belongs to no event. */
  #lineBefore(line: LogLine): LogLine | undefined {
    let seen = 0;
    for (const other of this.#mine(line)) {
      if (other.text.trim() !== '') return other;
      if (++seen > 2) return undefined;
    }
    return undefined;
  }

  *#mine(line: LogLine): Generator<LogLine> {
    const used = this.#used.get(line.writer) ?? -1;
    for (const other of this.#ports.before(line.start)) {
      if (other.writer !== line.writer) continue;
      if (other.start < used) return;
      yield other;
    }
  }

  /** `/app/x.js:7`, the source, a caret and a blank line, as Node prints them above the error. */
  #excerptBefore(line: LogLine): LogLine[] {
    const found: LogLine[] = [];
    let caret = false;
    for (const other of this.#mine(line)) {
      if (found.length >= EXCERPT) break;
      found.unshift(other);
      if (/^\s{0,1000}\^[\^~]*\s*$/.test(bare(other))) caret = true;
      else if (/^\S.{0,1000}:\d{1,7}$/.test(other.message)) return caret ? found : [];
      else if (found.length > 1 && !caret) break;
      if (other.header && other.stamp !== true) break;
    }
    return [];
  }

  /** java.util.logging says time and logger on a line of its own, and `SEVERE: …` on the next. */
  #timeLine(line: LogLine): LogLine[] {
    if (line.time !== undefined || !/^[A-Z]{4,7}: /.test(line.text)) return [];
    const before = this.#lineBefore(line);
    if (before?.header !== true || before.time === undefined || before.level !== undefined || before.end !== line.start)
      return [];
    line.time = before.time;
    line.logger ??= before.message.trim().split(' ', 1)[0] as string;
    return [before];
  }

  #crumbsBefore(line: LogLine): LogLine[] {
    const crumbs: LogLine[] = [];
    for (const other of this.#ports.before(line.start)) {
      if (other.writer !== line.writer || other.text.trim() === '') continue;
      crumbs.unshift(other);
      if (crumbs.length >= CRUMBS) break;
    }
    return crumbs;
  }
}
