import type { Delivery } from '../delivery.ts';
import { LIMITS } from '../item-policy.ts';
import type { Fate, Report } from '../preparation.ts';
import { parseEvent } from '../protocols/event-json.ts';
import { type Line, LineCutter } from '../protocols/ndjson.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import { eventOfReport, ReportFault } from '../protocols/report/report-event.ts';
import { addressOf, type Door, type DoorAnswer, type DoorCall } from './door.ts';
import { productOf } from './product.ts';

const PATH = /^\/api\/(?<project>[^/]{1,64})\/bulk\/?$/;
const ITEM = 'bulk';
const MAX_LINES = 10_000;
const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** Lines prepared in one go: the thread is then free for others. */
const BATCH_LINES = 100;
const BATCH_BYTES = 512 * 1024;

/** What became of a line, for the answer. */
interface Result {
  id?: string;
  outcome: Fate['outcome'] | 'unsupported';
  reason: string;
  /** Words for whoever sent it. */
  message?: string;
}

/**
 * Many events in one request: newline-delimited JSON, each line an event in Sentry's shape or by the fields of
 * `reportErrors`. A line that is bad is told so, and the others live. Each line is one item `bulk`.
 */
export const bulkDoor: Door = {
  source: 'bulk',
  item: ITEM,
  methods: ['POST'],
  match: (path) => addressOf(PATH, path),
  async answer(call) {
    const delivery = call.letIn();
    delivery.client ??= productOf(call.headers['user-agent']);
    if (delivery.client?.startsWith('errata.tail/') === true) delivery.followed = true;
    const reader = new BulkReader(call, delivery);
    const lines = new LineCutter(LIMITS.eventBytes, (line) => reader.take(line));
    const limits = { wireBytes: MAX_BODY_BYTES, unpackedBytes: MAX_BODY_BYTES };
    try {
      await call.stream((chunk) => lines.feed(chunk), limits);
      lines.end();
    } catch (error) {
      const results = await reader.results();
      call.count(ITEM, 'invalid', 'too_many', reader.beyond);
      if (!(error instanceof IngestRefusal) || results.length === 0) throw error;
      // Lines before the fault are kept: whoever sent them has to know, or he sends them again.
      call.count(ITEM, error.status >= 500 ? 'failed' : 'invalid', error.reason);
      return answerOf(results, { status: error.status, detail: error.message, retryAfterSeconds: error.retryAfterSeconds });
    }
    const results = await reader.results();
    if (results.length === 0) throw refusals.empty();
    if (reader.beyond === 0) return answerOf(results);
    call.count(ITEM, 'invalid', 'too_many', reader.beyond);
    return answerOf(results, { status: 413, detail: `more than ${MAX_LINES} lines`, retryAfterSeconds: undefined });
  },
};

/** Takes lines as they come and brings them to the pipeline in batches. */
class BulkReader {
  readonly #call: DoorCall;
  readonly #delivery: Delivery;
  readonly #results: (Result | undefined)[] = [];
  readonly #under: Promise<void>[] = [];
  /** Lines after the last that is taken. */
  beyond = 0;
  #batch: { at: number; report: Report }[] = [];
  #batchBytes = 0;

  constructor(call: DoorCall, delivery: Delivery) {
    this.#call = call;
    this.#delivery = delivery;
  }

  take(line: Line): void {
    if (this.#results.length >= MAX_LINES) {
      this.beyond++;
      return;
    }
    if (line === undefined) {
      this.#refuse('too_large', `a line larger than ${LIMITS.eventBytes} bytes`);
      return;
    }
    const read = readLine(line);
    if (read instanceof ReportFault) {
      this.#refuse(read.reason, read.message);
      return;
    }
    this.#batch.push({ at: this.#results.push(undefined) - 1, report: { ...read, bytes: line.length, item: ITEM } });
    this.#batchBytes += line.length;
    if (this.#batch.length >= BATCH_LINES || this.#batchBytes >= BATCH_BYTES) this.#deliver();
  }

  /** Of every line so far, in order, once what is kept is on disk. */
  async results(): Promise<Result[]> {
    this.#deliver();
    await Promise.all(this.#under);
    return this.#results as Result[];
  }

  #refuse(reason: string, message: string): void {
    const outcome = reason === 'transaction' ? 'unsupported' : 'invalid';
    this.#call.count(ITEM, outcome, reason);
    this.#results.push({ outcome, reason, message });
  }

  #deliver(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    const delivered = this.#call.pipeline.deliverReports(
      batch.map(({ report }) => report),
      this.#delivery,
    );
    this.#under.push(
      delivered.then((fates) => {
        for (const [i, { at }] of batch.entries()) this.#results[at] = resultOf(fates[i] as Fate);
      }),
    );
  }
}

function readLine(line: Buffer): Pick<Report, 'value' | 'escapes'> | ReportFault {
  let json: ReturnType<typeof parseEvent>;
  try {
    json = parseEvent(line.toString('utf8'));
  } catch (error) {
    return new ReportFault('', 'json', (error as Error).message);
  }
  if (json.value['type'] === 'transaction' && json.value['start_timestamp'] !== undefined)
    return new ReportFault('type', 'transaction', 'transactions are not kept');
  const value = eventOfReport(json.value);
  return value instanceof ReportFault ? value : { value, escapes: json.escapes };
}

function resultOf({ outcome, reason, eventId, hint }: Fate): Result & { retryAfterSeconds?: number } {
  return {
    ...(eventId === undefined ? {} : { id: eventId }),
    outcome,
    reason,
    ...(hint === undefined ? {} : { retryAfterSeconds: hint.retryAfterSeconds }),
  };
}

/** 200, unless not one line could be taken for a reason that passes: then what makes a client wait. */
function answerOf(
  results: readonly (Result & { retryAfterSeconds?: number })[],
  refused?: { status: number; detail: string; retryAfterSeconds: number | undefined },
): DoorAnswer {
  const later = results.filter(({ outcome }) => outcome === 'rate_limited' || outcome === 'failed');
  const waits = later.map(({ retryAfterSeconds = 30 }) => retryAfterSeconds);
  if (refused?.retryAfterSeconds !== undefined) waits.push(refused.retryAfterSeconds);
  const none = later.length === results.length;
  const status = refused?.status ?? (!none ? 200 : later.every(({ outcome }) => outcome === 'failed') ? 503 : 429);
  return {
    status,
    body: {
      ...(refused === undefined ? {} : { detail: refused.detail }),
      accepted: results.filter(({ outcome }) => outcome === 'accepted').length,
      results,
    },
    ...(waits.length === 0 ? {} : { headers: { 'retry-after': String(Math.max(...waits)) } }),
  };
}
