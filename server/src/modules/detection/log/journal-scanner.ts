import { LINE_BYTES, type LineSink } from './line-scanner.ts';
import { PATTERN, SUSPICIOUS } from './markers.ts';

const NOTHING = Buffer.alloc(0);
/** Fields that say something to us; the others are passed over. */
const WANTED = new Set([
  'MESSAGE',
  'PRIORITY',
  '_HOSTNAME',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  '_PID',
  'SYSLOG_PID',
  '_SYSTEMD_UNIT',
  '_TRANSPORT',
  'CONTAINER_NAME',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  'CODE_FILE',
  'CODE_LINE',
  'CODE_FUNC',
  'THREAD_NAME',
  'TID',
]);

/** A value of stated length of which bytes are still to come. */
interface PartialValue {
  name: string;
  left: number;
  parts: Buffer[];
  kept: number;
}

/**
 * Reads systemd's journal export format (systemd.io/JOURNAL_EXPORT_FORMATS): `NAME=value` lines, `NAME`, eight bytes of length
 * and the value for what is no plain text, a blank line behind each entry. An entry is handed on as one line of the same JSON
 * that `journalctl -o json` prints.
 */
export class JournalScanner {
  readonly #sink: LineSink;
  #rest: Buffer = NOTHING;
  /** Offset of the first byte of `#rest`. */
  #at: number;
  #entryStart: number;
  #fields: Record<string, string> = {};
  #value: PartialValue | undefined;
  skippedBytes = 0;
  cutLines = 0;
  readonly unfinishedFlags = SUSPICIOUS;

  constructor(sink: LineSink, offset: number) {
    this.#sink = sink;
    this.#at = offset;
    this.#entryStart = offset;
  }

  get offset(): number {
    return this.#at + this.#rest.length;
  }

  get lineStart(): number {
    return this.#entryStart;
  }

  get midLine(): boolean {
    return this.offset > this.#entryStart;
  }

  write(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    let used = 0;
    for (;;) {
      const next = this.#step(used);
      if (next === used) break;
      used = next;
    }
    this.#at += used;
    this.#rest = Buffer.from(this.#rest.subarray(used));
    if (this.#value === undefined && this.#rest.length > LINE_BYTES) {
      this.skippedBytes += this.#rest.length; // a name or a line without an end: no journal any more
      this.#at += this.#rest.length;
      this.#rest = NOTHING;
    }
  }

  /** An entry at the end of the stream has no blank line behind it. */
  finishLine(): void {
    if (this.#value === undefined && this.#rest.length > 0) this.#field(this.#rest.toString('utf8'));
    this.#at += this.#rest.length;
    this.#rest = NOTHING;
    this.#value = undefined;
    this.#end(this.#at);
  }

  /** Takes one field or piece of a value; returns where the next begins. */
  #step(from: number): number {
    if (this.#value !== undefined) return this.#takeValue(from);
    const lf = this.#rest.indexOf(10, from);
    if (lf < 0) return from;
    if (lf === from) {
      this.#end(this.#at + lf + 1);
      return lf + 1;
    }
    const line = this.#rest.toString('utf8', from, lf);
    if (line.includes('=')) {
      this.#field(line);
      return lf + 1;
    }
    if (this.#rest.length < lf + 9) return from;
    const left = Number(this.#rest.readBigUInt64LE(lf + 1));
    if (!Number.isSafeInteger(left) || left > 1e9) return lf + 1; // no length: go on with the next line
    this.#value = { name: line, left: left + 1, parts: [], kept: 0 };
    return lf + 9;
  }

  #takeValue(from: number): number {
    const value = this.#value as PartialValue;
    const take = Math.min(value.left, this.#rest.length - from);
    const keep = Math.min(take, LINE_BYTES - value.kept);
    if (keep > 0 && WANTED.has(value.name)) value.parts.push(Buffer.from(this.#rest.subarray(from, from + keep)));
    value.kept += keep;
    value.left -= take;
    if (value.left === 0) {
      if (value.parts.length > 0) this.#fields[value.name] = Buffer.concat(value.parts).toString('utf8').replace(/\n$/, '');
      this.#value = undefined;
      if (take === 0) return from;
    }
    return from + take;
  }

  #field(line: string): void {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    if (WANTED.has(name)) this.#fields[name] = line.slice(at + 1);
  }

  #end(end: number): void {
    const fields = this.#fields;
    const start = this.#entryStart;
    this.#entryStart = end;
    this.#fields = {};
    if (fields['MESSAGE'] === undefined) return;
    const line = Buffer.from(JSON.stringify({ __REALTIME_TIMESTAMP: '', ...fields }));
    this.#sink.line(line, 0, line.length, start, end, SUSPICIOUS | PATTERN);
  }
}
