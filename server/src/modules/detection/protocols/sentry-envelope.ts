import { refusals } from './refusal.ts';

/** Header lines longer than this are malformed: the longest known ones (trace headers with baggage) have a third of it. */
const MAX_HEADER_LINE = 24 * 1024;
/** Distinct item types told apart in one envelope. */
const MAX_TYPES = 100;
/** Payloads kept of one envelope; the events among them are at most one, the rest are small reports. */
const MAX_OPENED = 200;

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** Attributes of an envelope header that are used; unknown ones are let pass (reference §1.4). */
export interface EnvelopeHeader {
  eventId?: unknown;
  dsn?: unknown;
  sentAt?: unknown;
  sdk?: unknown;
  traceId?: unknown;
}

/** Takes a payload while it comes, so that nothing large is held. */
export interface PayloadSink {
  /** Must not throw. */
  write(chunk: Buffer): void;
  /** Lets go of everything; does nothing once the payload was made use of. */
  discard(): void;
}

/** An item whose payload is looked into. */
export interface OpenedItem {
  type: string;
  headers: Record<string, unknown>;
  /** null: larger than what is kept of its type. */
  payload: Buffer | null;
  bytes: number;
  /** Took the payload, which is empty then. */
  sink?: PayloadSink;
}

/** How much of an item's payload is wanted: 0 counts it only; or where it goes. */
export type WantedBytes = (type: string, headers: Record<string, unknown>) => number | PayloadSink;

/** An envelope, taken apart. */
export interface Envelope {
  header: EnvelopeHeader;
  opened: OpenedItem[];
  /** Items of which only the type is known, by type. */
  counted: Map<string, number>;
}

type State = 'header' | 'item-header' | 'sized' | 'sized-end' | 'line';

/**
 * Envelope framing: `Headers \n (ItemHeaders \n Payload \n)*`, fed with chunks cut anywhere, so that an attachment of any
 * size passes through without being held. Follows the protocol reference §1.4:
 *  - headers are single-line JSON objects; `{}` is legal; the final newline is optional; an envelope without items is legal;
 *  - `length` given: exactly that many bytes, then `\n` or the end, anything else is malformed; the end before it is too;
 *    `length: 0` is legal;
 *  - no `length`: the payload ends at the next `\n` or the end; a `\r` belongs to it;
 *  - a repeated `sent_at` in the envelope header is malformed; unknown attributes and a malformed `trace` are let pass.
 * Beyond it: blank lines between items are passed over. Left out here, done by the caller: what types mean.
 * @throws IngestRefusal 400 `framing` from feed and end.
 */
export class EnvelopeParser {
  readonly #wanted: WantedBytes;
  readonly #onHeader: (header: EnvelopeHeader) => void;
  #state: State = 'header';
  /** The unfinished header line, or kept payload, so far. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #type = '';
  #headers: Record<string, unknown> = {};
  #want = 0;
  #sink: PayloadSink | undefined;
  #left = 0;
  #bytes = 0;
  #header: EnvelopeHeader | undefined;
  readonly #opened: OpenedItem[] = [];
  readonly #counted = new Map<string, number>();
  /** Items whose header was read, by type: what a refusal of the whole envelope is counted by. */
  readonly seen = new Map<string, number>();

  /** `onHeader` is called once, before any item, and may throw to refuse. */
  constructor(wanted: WantedBytes, onHeader: (header: EnvelopeHeader) => void) {
    this.#wanted = wanted;
    this.#onHeader = onHeader;
  }

  feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case 'header':
        case 'item-header':
          at = this.#headerLine(chunk, at);
          break;
        case 'sized':
          at = this.#sized(chunk, at);
          break;
        case 'sized-end':
          if (chunk[at] !== NEWLINE) throw refusals.framing('an item is longer than its length says');
          this.#state = 'item-header';
          at++;
          break;
        default:
          at = this.#line(chunk, at);
      }
    }
  }

  /** The end of the body. */
  end(): Envelope {
    if (this.#state === 'header' && this.#partBytes === 0) throw refusals.empty();
    if (this.#state === 'header' || (this.#state === 'item-header' && this.#partBytes > 0)) this.#headerEnds();
    if (this.#state === 'sized') throw refusals.framing('the body ends before an item does');
    if (this.#state === 'line') this.#itemEnds();
    return { header: this.#header as EnvelopeHeader, opened: this.#opened, counted: this.#counted };
  }

  /** Lets go of what sinks took, when the envelope is refused as a whole. */
  discard(): void {
    this.#sink?.discard();
    for (const { sink } of this.#opened) sink?.discard();
  }

  #headerLine(chunk: Buffer, from: number): number {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline < 0 ? chunk.length : newline;
    this.#keep(chunk, from, end);
    if (this.#partBytes > MAX_HEADER_LINE) throw refusals.framing('a header line is too long');
    if (newline < 0) return end;
    if (this.#state === 'header' && this.#partBytes === 0) throw refusals.framing('the envelope header is missing');
    if (this.#partBytes > 0) this.#headerEnds();
    return newline + 1;
  }

  #headerEnds(): void {
    const line = this.#taken();
    if (this.#state === 'header') {
      const header = readHeader(line);
      this.#onHeader(header);
      this.#header = header;
      this.#state = 'item-header';
    } else if (line.trim() !== '') this.#itemBegins(parseObject(line, 'an item header'));
  }

  #itemBegins(headers: Record<string, unknown>): void {
    const { type, length } = headers;
    if (typeof type !== 'string' || type === '') throw refusals.framing('an item has no type');
    this.#type = this.#nameOf(type);
    this.#headers = headers;
    this.#bytes = 0;
    this.seen.set(this.#type, (this.seen.get(this.#type) ?? 0) + 1);
    const wanted = this.#opened.length < MAX_OPENED ? this.#wanted(this.#type, headers) : 0;
    this.#sink = typeof wanted === 'number' ? undefined : wanted;
    this.#want = typeof wanted === 'number' ? wanted : 0;
    if (length === undefined || length === null) {
      this.#state = 'line';
      return;
    }
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0)
      throw refusals.framing('an item has a bad length');
    this.#left = length;
    this.#state = 'sized';
    if (length === 0) this.#itemEnds();
  }

  /** Types are text of a stranger: cut, and only so many told apart. */
  #nameOf(type: string): string {
    const name = type.length > 64 ? type.slice(0, 64) : type;
    return this.seen.has(name) || this.seen.size < MAX_TYPES ? name : '(other)';
  }

  #sized(chunk: Buffer, from: number): number {
    const end = Math.min(from + this.#left, chunk.length);
    this.#payload(chunk, from, end);
    this.#left -= end - from;
    if (this.#left === 0) this.#itemEnds();
    return end;
  }

  #line(chunk: Buffer, from: number): number {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline < 0 ? chunk.length : newline;
    this.#payload(chunk, from, end);
    if (newline < 0) return end;
    this.#itemEnds();
    return newline + 1;
  }

  #payload(chunk: Buffer, from: number, end: number): void {
    this.#bytes += end - from;
    if (this.#sink !== undefined) this.#sink.write(chunk.subarray(from, end));
    else if (this.#bytes <= this.#want) this.#keep(chunk, from, end);
    else if (this.#partBytes > 0) this.#taken(); // too large: nothing of it is held any longer
  }

  #itemEnds(): void {
    const sized = this.#state === 'sized';
    this.#state = sized ? 'sized-end' : 'item-header';
    if (this.#sink !== undefined) {
      const sink = this.#sink;
      this.#sink = undefined;
      this.#opened.push({ type: this.#type, headers: this.#headers, payload: NOTHING, bytes: this.#bytes, sink });
      return;
    }
    if (this.#want === 0) {
      this.#counted.set(this.#type, (this.#counted.get(this.#type) ?? 0) + 1);
      return;
    }
    const payload = this.#bytes <= this.#want ? this.#joined() : null;
    this.#opened.push({ type: this.#type, headers: this.#headers, payload, bytes: this.#bytes });
  }

  #keep(chunk: Buffer, from: number, end: number): void {
    if (end === from) return;
    this.#parts.push(from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end));
    this.#partBytes += end - from;
  }

  #joined(): Buffer {
    const { length } = this.#parts;
    const joined =
      length === 1 ? (this.#parts[0] as Buffer) : length === 0 ? Buffer.alloc(0) : Buffer.concat(this.#parts, this.#partBytes);
    this.#parts = [];
    this.#partBytes = 0;
    return joined;
  }

  #taken(): string {
    return this.#joined().toString('utf8');
  }
}

function parseObject(line: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refusals.framing(`${what} is no JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusals.framing(`${what} is no object`);
  return value as Record<string, unknown>;
}

function readHeader(line: string): EnvelopeHeader {
  const raw = parseObject(line.charCodeAt(0) === 0xfeff ? line.slice(1) : line, 'the envelope header');
  const first = line.indexOf('"sent_at"');
  if (first >= 0 && line.indexOf('"sent_at"', first + 1) >= 0 && repeats(line, 'sent_at'))
    throw refusals.framing('sent_at is repeated');
  const { trace } = raw;
  return {
    eventId: raw['event_id'],
    dsn: raw['dsn'],
    sentAt: raw['sent_at'],
    sdk: raw['sdk'],
    traceId: typeof trace === 'object' && trace !== null ? (trace as Record<string, unknown>)['trace_id'] : undefined,
  };
}

/** Whether a name is used twice at the top level of a JSON object; JSON.parse keeps the last silently. */
function repeats(json: string, name: string): boolean {
  let depth = 0;
  let count = 0;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
    else if (c === '"') {
      const start = i + 1;
      for (i = start; i < json.length && json[i] !== '"'; i++) if (json[i] === '\\') i++;
      if (depth === 1 && json.slice(start, i) === name && /^\s*:/.test(json.slice(i + 1, i + 20))) count++;
    }
  }
  return count > 1;
}
