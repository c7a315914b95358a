import type { PatternHit } from '../../analysis/patterns/matcher.ts';
import { atLeast } from './levels.ts';
import type { LogLine } from './log-line.ts';
import {
  type Family,
  type Head,
  headOf,
  isGoFunction,
  isLastWord,
  isShellNotice,
  isSignalReport,
  type TraceLine,
  traceLineOf,
} from './shapes.ts';

/** What a line is to an open event: part of it; perhaps, the next lines will tell; no part. */
export type Answer = 'yes' | 'maybe' | 'no';

const MAX_LINES = 1000;
const MAX_TEXT = 256 * 1024;
/** Lines without a trace's shape that are waited through for the trace they may belong to. */
const PENDING_IN_MESSAGE = 40;
const PENDING_IN_TRACE = 4;
const PENDING_STAMPED = 12;
/** Milliseconds between two lines that no trace has within. */
const PAUSE = 5000;
/** The same before a line that may be the next event as well. */
const HEAD_PAUSE = 1000;

/** An event whose lines are still being read. */
export class Block {
  readonly lines: LogLine[];
  /** Lines that belong to it if what follows does. */
  pending: LogLine[] = [];
  readonly writer: string;
  readonly thread: string | undefined;
  /** The line whose level, time and logger count: the first whose header has a level. */
  readonly record: LogLine;
  readonly hit: PatternHit | undefined;
  family: Family | undefined;
  /** `message`: no type seen; `head`: type seen; `traceback`: Python's, before its type; `frames`; `done`: Python's, after its type. */
  phase: 'message' | 'head' | 'traceback' | 'frames' | 'done';
  frames = 0;
  crash: Head | undefined;
  exception = false;
  /** Records of other writers since its last line; many mean that nothing more comes. */
  foreign = 0;
  /** A record of the same writer came in between: only a place in code still belongs to it. */
  interrupted = false;
  /** Python says that the next traceback belongs to this one. */
  #chained = false;
  /** Whether every line of it begins with a time that a command put there; unknown until the second line. */
  #stamped: boolean | undefined;
  /** Its last line says that the program is gone. */
  #ended = false;
  #text: number;

  constructor(first: LogLine, head: Head | undefined, hit?: PatternHit, before: readonly LogLine[] = []) {
    this.lines = [...before, first];
    this.writer = first.writer;
    this.thread = first.thread;
    this.record = before.find((line) => line.header && line.level !== undefined) ?? first;
    this.hit = hit;
    this.phase = 'message';
    this.#text = first.text.length;
    if (head !== undefined) this.#begin(head);
    this.#ended = isLastWord(first.message);
  }

  get last(): LogLine {
    return this.pending.at(-1) ?? (this.lines.at(-1) as LogLine);
  }

  /** Whether the lines without a header that follow belong to it because its own record has one. */
  get hasHeader(): boolean {
    return this.record.header;
  }

  /** Whether its lines have a time each, so that one with a time is no new record. */
  get stamped(): boolean {
    return this.#stamped === true;
  }

  /** Whether all its waiting lines are errors only because the carrier says so. */
  get loudlyCarried(): boolean {
    const { carrierLevel } = this.record;
    if (carrierLevel === undefined || !atLeast(carrierLevel, 'error') || this.record.header) return false;
    return this.pending.every((line) => !line.header && line.carrierLevel === carrierLevel && headOf(line.text) === undefined);
  }

  /** Whether its record is the logger's own sentence, with the trace behind it. */
  get headless(): boolean {
    return this.record.header && headOf(this.record.message) === undefined;
  }

  /** Offers the next line of the same writer; takes it in, or keeps it pending, by its own answer. */
  offer(line: LogLine): Answer {
    const answer = this.#judge(line);
    if (answer === 'yes') this.#take(line);
    else if (answer === 'maybe') {
      if (this.pending.length >= (this.phase === 'message' || this.phase === 'head' ? PENDING_IN_MESSAGE : PENDING_IN_TRACE))
        return 'no';
      this.pending.push(line);
    }
    return answer;
  }

  /** The lines that were waited through belong to it after all. */
  takePending(): void {
    while (this.pending.length > 0 && this.pending.at(-1)?.text.trim() === '') this.pending.pop();
    for (const line of this.pending) this.lines.push(line);
    this.pending = [];
  }

  #judge(line: LogLine): Answer {
    const { hit } = this;
    if (this.lines.length >= (hit === undefined ? MAX_LINES : Math.min(hit.maxLines, MAX_LINES)) || this.#text > MAX_TEXT)
      return 'no';
    if (hit?.continues !== undefined) return hit.continues(line.text) ? 'yes' : 'no';
    if (line.stack !== undefined || line.layers.includes('json') || line.layers.includes('logfmt')) return 'no';
    if (line.stamp === true && this.#stamped !== false && this.record.header) return this.#judgeStamped(line);
    if (line.header) return this.#judgeRecord(line);
    if (line.text.trim() !== '') {
      // lines with a time in between were records, after all
      if (this.pending.some(({ stamp }) => stamp === true)) return 'no';
      this.#stamped ??= false;
    }
    // systemd and syslog say how loud a line is: what one program prints at once has one level
    if (line.carrierLevel !== this.record.carrierLevel && traceLineOf(line.text) === undefined) return 'no';
    if (this.interrupted) return this.#judgeAfterInterruption(line.text);
    return this.#judgeText(line.text, line);
  }

  /** A line with a header of its own: traces that were logged line by line. */
  #judgeRecord(line: LogLine): Answer {
    // "Unhandled exception while …", and the next record says which
    const announced = this.lines.length === 1 && this.lastHead?.kind === 'label';
    if (announced && (line.level === undefined || line.level === this.record.level) && headOf(line.message) !== undefined)
      return 'yes';
    if (
      !this.hasHeader ||
      this.record.thread !== line.thread ||
      this.record.level !== line.level ||
      this.record.pid !== line.pid ||
      this.record.logger !== line.logger
    )
      return 'no';
    const { message } = line;
    // .NET's console begins every record with a line that has no message
    if (message.trim() === '') return /^(?:fail|crit): \S{1,200}\[-?\d{1,10}\]$/.test(line.text) ? 'no' : 'maybe';
    if (this.phase === 'traceback') return this.#judgeText(message, line);
    const head = this.frames > 0 ? headOf(message)?.kind : undefined;
    if (head === 'exception' || head === 'crash' || this.pausedBefore(line)) return 'no';
    if (traceLineOf(message) !== undefined) return 'yes';
    if (this.frames > 0 && this.family === 'go' && isGoFunction(message)) return 'yes';
    if (this.#chained && headOf(message)?.kind === 'traceback') return 'yes';
    return /^\s{2,}\S/.test(message) && this.phase !== 'message' ? 'yes' : 'no';
  }

  /** A line with a time and no more: a part if it looks like one, a level-less record of its own otherwise. */
  #judgeStamped(line: LogLine): Answer {
    const { message } = line;
    const head = headOf(message);
    const named = this.record.stamp !== true || this.lastHead?.kind === 'label' || this.lastHead?.kind === 'crash';
    if (head !== undefined && this.phase === 'head' && !named && traceLineOf(message) === undefined) return 'no';
    const answer = this.#judgeText(message, line);
    if (answer === 'yes') this.#stamped = true;
    return answer === 'maybe' && this.pending.length >= PENDING_STAMPED ? 'no' : answer;
  }

  /** Another thread's record got in between: go on only with what can be nothing else. */
  #judgeAfterInterruption(text: string): Answer {
    const shape = traceLineOf(text);
    if (this.frames === 0 || shape === undefined || shape.family !== this.family) return 'no';
    return 'yes';
  }

  #judgeText(text: string, line: LogLine): Answer {
    if (text.trim() === '')
      return this.pending.length > 2 && this.pending.every((line) => line.text.trim() === '') ? 'no' : 'maybe';
    if (this.lines.length > 1 && text === this.#headText && !this.#chained) return 'no'; // the same again
    if (this.#ended && !isShellNotice(text)) return 'no';
    // the exceptions of a group stand beside its line
    if (this.family === 'python' && /^\s{2,80}(?:\| |\|$|\+-)/.test(text)) return 'yes';
    const head = headOf(text);
    const shape = this.#shapeOf(text, head);
    if (shape !== undefined && this.#fits(shape.family)) return 'yes';
    if (this.phase === 'traceback') return head?.kind === 'traceback' && !this.#chained && this.lines.length > 2 ? 'no' : 'yes';
    if (head !== undefined) return !this.#chained && this.pausedBefore(line, HEAD_PAUSE) ? 'no' : this.#judgeHead(head, text);
    if (/^[\t ]/.test(text)) return 'yes';
    if (/^"?[}\])]/.test(text)) return 'yes';
    if (this.family === 'go' && isGoFunction(text)) return 'yes';
    // A trace is written in one go: what others wrote in between, or a pause, ends it.
    return (this.phase === 'frames' || this.phase === 'done') && (this.foreign > 0 || this.pausedBefore(line)) ? 'no' : 'maybe';
  }

  /** The shape of a line inside a trace, unless it begins the next one. */
  #shapeOf(text: string, head: Head | undefined): TraceLine | undefined {
    const own = head?.kind === 'traceback' || head?.family === 'php' || head?.family === 'ruby';
    // AddressSanitizer draws a line between its first word and its report
    const drawn = (this.lines.at(-1) as LogLine).text.endsWith(':DEADLYSIGNAL');
    const waited = this.frames > 0 || this.pending.some(({ text: t }) => t.trim() !== '' && !(drawn && /={20}$/.test(t)));
    if (own || (head?.kind === 'crash' && waited && !isLastWord(text))) return undefined;
    const shape = traceLineOf(text);
    // PowerShell says the place once, right under the message
    return shape?.family === 'powershell' && shape.frame && this.frames > 0 ? undefined : shape;
  }

  /** The first line that is not only a picture of the source, as the program wrote it. */
  get #headText(): string {
    const first = this.lines[0] as LogLine;
    return first.header ? first.message : first.text;
  }

  /** Whether the carrier's clock went on so far since its last line that nothing more will come. */
  pausedBefore(line: LogLine, pause = PAUSE): boolean {
    const last = (this.lines.at(-1) as LogLine).carriedAt;
    return line.carriedAt !== undefined && last !== undefined && line.carriedAt - last > pause;
  }

  /** Frames of another language begin another event; shapes that many share always fit. */
  #fits(family: Family | undefined): boolean {
    if (family === undefined || this.family === undefined || this.frames === 0) return true;
    if (this.family === family) return true;
    const shared: (Family | undefined)[] = ['numbered', 'php', 'rust', 'powershell', 'browser', 'at'];
    return shared.includes(family) && shared.includes(this.family);
  }

  #judgeHead(head: Head, text: string): Answer {
    if (this.phase === 'message') return 'yes';
    if (this.#chained) return 'yes';
    const last = ([...this.lines, ...this.pending].findLast(({ text: t }) => t.trim() !== '') as LogLine).text.trimEnd();
    if (last.endsWith('nested exception is:') || /^root cause$/i.test(last)) return 'yes';
    if (this.phase === 'head') {
      // what the record's own line already named is said again by the trace; a label is followed by the type
      const first = this.lines.length === 1;
      if (first && (this.hasHeader || this.lastHead?.kind === 'label')) return 'yes';
      const next = this.pending.every((line) => line.text.trim() === '');
      if (this.lastHead?.kind === 'label' && next && this.lines.length <= 4) return 'yes';
      const kin = head.family === undefined || this.family === undefined || head.family === this.family;
      if (this.lastHead?.kind === 'crash' && head.kind !== 'crash' && kin) return 'yes';
      if (head.kind === 'traceback' && this.hasHeader) return 'yes';
      if (next && head.family === 'go' && this.family === 'go') return 'yes';
      if (this.crash !== undefined && next && (isShellNotice(text) || isSignalReport(text))) return 'yes';
      return 'no';
    }
    if (head.family === 'go' && this.family === 'go' && head.kind === 'label') return 'yes';
    if (this.family === 'elixir' && /^\*\* \(/.test(text) && this.frames === 0) return 'yes';
    // uncaught in Node: "Uncaught …" may repeat what was logged; anything else is the next event
    return 'no';
  }

  lastHead: Head | undefined;

  #begin(head: Head): void {
    this.lastHead = head;
    if (head.family !== undefined) this.family = head.family;
    if (head.kind === 'crash') this.crash = head;
    if (head.kind !== 'bare') this.exception = true;
    this.phase = head.kind === 'traceback' ? 'traceback' : 'head';
    this.#chained = false;
  }

  #take(line: LogLine): void {
    for (const waited of this.pending) this.lines.push(waited);
    this.pending = [];
    this.lines.push(line);
    this.interrupted = false;
    this.foreign = 0;
    const text = line.header ? line.message : line.text;
    this.#ended = isLastWord(text);
    this.#text += text.length;
    this.#progress(text);
  }

  #progress(text: string): void {
    const head = headOf(text);
    if (head?.kind === 'traceback' || (head !== undefined && this.phase === 'message')) {
      this.#begin(head);
      return;
    }
    const shape = traceLineOf(text);
    if (this.phase === 'traceback' && head?.family === 'ruby') {
      this.phase = 'done'; // Ruby before 3.0 began with Python's words, and its error came last as well
      this.exception = true;
      this.frames += 1;
      return;
    }
    if (shape?.frame === true) {
      this.frames += 1;
      this.exception = true;
      // a head may be of many languages, the first place tells which
      if (shape.family !== undefined && (this.family === undefined || this.frames === 1)) this.family = shape.family;
      if (this.phase !== 'traceback') this.phase = 'frames';
      return;
    }
    if (/^\s{0,20}(?:\| )?(?:During handling of the above|The above exception was the direct)/.test(text)) this.#chained = true;
    else if (this.phase === 'traceback' && /^\S/.test(text) && !text.startsWith('+')) this.phase = 'done';
    else if (head !== undefined && this.phase === 'head') this.lastHead = head;
  }
}
