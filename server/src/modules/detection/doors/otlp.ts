import type { Clock } from '../../../platform/clock.ts';
import type { Delivery } from '../delivery.ts';
import type { Fate, Report } from '../preparation.ts';
import { parseEvent } from '../protocols/event-json.ts';
import { answerExported, answerStatus, type Encoding, encodingOf } from '../protocols/otlp/otlp-answers.ts';
import { eventOfLog, eventOfSpan, exceptionsOf, isError, type OtlpEvent } from '../protocols/otlp/otlp-event.ts';
import { logsOfJson, metricsOfJson, spansOfJson } from '../protocols/otlp/otlp-json.ts';
import { OtlpMemory } from '../protocols/otlp/otlp-memory.ts';
import type { Found, OtlpLog, OtlpSpan } from '../protocols/otlp/otlp-model.ts';
import { logsOfProtobuf, metricsOfProtobuf, spansOfProtobuf } from '../protocols/otlp/otlp-protobuf.ts';
import { OtlpTrail } from '../protocols/otlp/otlp-trail.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import type { Door, DoorAnswer, DoorCall } from './door.ts';
import { productOf } from './product.ts';
import { deliverInParts, Tally } from './tally.ts';
import { Turns } from './turns.ts';

/** One kind of telemetry: where it comes in, and what is made of it. */
interface Signal {
  name: 'traces' | 'logs' | 'metrics';
  item: string;
  /** Of `partial_success`, in JSON. */
  counted: string;
  /** Takes a request apart; nothing is delivered before all of it has been read. */
  read(encoding: Encoding, body: Buffer, intake: Intake): Iterable<unknown>;
}

/** Errors of one request. More are refused: they would hold up everybody else. */
const MAX_EVENTS = 10_000;
/** JSON takes twenty times its size when it is read, protobuf is read in place. */
const JSON_BYTES = 10 * 1024 * 1024;
const PROTOBUF_BYTES = 20 * 1024 * 1024;
/** Requests larger than this are read one after the other. */
const LARGE_BYTES = 1024 * 1024;
/** Records read in one go: the thread is then free for others. */
const RECORDS_AT_ONCE = 500;

/**
 * OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp): traces and logs, JSON and protobuf, at the addresses of the
 * specification and at Sentry's. Exceptions of spans and logs and logged errors become events; the rest is counted. Each span
 * and each log record has one outcome (`otlp_span`, `otlp_log`); further exceptions of a span are `otlp_span_event`. Metrics
 * are taken and let go, so that exporters do not try again.
 */
export function createOtlpDoors(clock: Clock): Door[] {
  const memory = new OtlpMemory(clock);
  const turns = new Turns();
  return [TRACES, LOGS, METRICS].map((signal) => ({
    source: 'otlp',
    item: signal.item,
    methods: ['POST'],
    match(path) {
      const match = PATH.exec(path);
      return match?.[3] === signal.name ? { project: match[2] } : undefined;
    },
    answer: (call) => new Export(call, signal, memory, turns).answer(),
  }));
}

const PATH = /^(\/api\/([^/]{1,64})\/(?:integration\/)?otlp)?\/v1\/(traces|logs|metrics)\/?$/;

/** One request. */
class Export {
  readonly #call: DoorCall;
  readonly #signal: Signal;
  readonly #memory: OtlpMemory;
  readonly #turns: Turns;

  constructor(call: DoorCall, signal: Signal, memory: OtlpMemory, turns: Turns) {
    this.#call = call;
    this.#turns = turns;
    this.#signal = signal;
    this.#memory = memory;
  }

  /** A refusal is answered in the encoding of the request, so it is counted here and not by who called. */
  async answer(): Promise<DoorAnswer> {
    const encoding = encodingOf(this.#call.headers['content-type']);
    try {
      const delivery = this.#letIn();
      if (encoding === undefined) throw refusals.mediaType('application/x-protobuf or application/json');
      const body = await this.#call.body({ unpackedBytes: encoding === 'json' ? JSON_BYTES : PROTOBUF_BYTES });
      const read = () => this.#read(encoding, body);
      const intake = await (body.length > LARGE_BYTES ? this.#turns.take(read) : read());
      await this.#deliver(intake, delivery);
      const { tally } = intake;
      const again = tally.again();
      if (again !== undefined) return answerStatus(encoding, again);
      return answerExported(encoding, this.#signal.counted, tally.rejected());
    } catch (error) {
      if (!(error instanceof IngestRefusal)) throw error;
      this.#call.count(this.#signal.item, error.status >= 500 ? 'failed' : 'invalid', error.reason);
      return answerStatus(encoding ?? 'json', error);
    }
  }

  #letIn(): Delivery {
    const own = this.#call.headers['x-errata-key'];
    const key = typeof own === 'string' ? own.trim().toLowerCase() : undefined;
    if (key !== undefined && !/^[0-9a-f]{32}$/.test(key)) throw refusals.badKey();
    const delivery = this.#call.letIn(key === undefined ? undefined : { key, client: undefined });
    delivery.client ??= productOf(this.#call.headers['user-agent']);
    return delivery;
  }

  async #read(encoding: Encoding, body: Buffer): Promise<Intake> {
    const intake = new Intake();
    let sinceRest = 0;
    for (const _ of this.#signal.read(encoding, body, intake)) {
      if (++sinceRest % RECORDS_AT_ONCE === 0) await new Promise(setImmediate);
    }
    return intake;
  }

  /** Only now is anything counted: a request that is damaged at its end has one outcome, as a whole. */
  async #deliver(intake: Intake, delivery: Delivery): Promise<void> {
    const { tally } = intake;
    for (const [row, quantity] of intake.counted) {
      const [item = '', outcome = '', reason = ''] = row.split(' ');
      this.#call.count(item, outcome as 'accepted', reason, quantity);
    }
    const { projectId } = delivery.key;
    const fresh: { report: Report; sameAs: string }[] = [];
    for (const { item, event } of intake.events) {
      if (event.sameAs !== '' && !this.#memory.note(projectId, event.sameAs)) {
        this.#call.count(item, 'duplicate', 'same_exception');
        continue;
      }
      fresh.push({ report: { value: event.value, bytes: JSON.stringify(event.value).length, item }, sameAs: event.sameAs });
    }
    const reports = fresh.map(({ report }) => report);
    await deliverInParts(this.#call.pipeline, reports, delivery, (fate: Fate, i: number) => {
      tally.add(fate);
      const again = fate.outcome === 'failed' || fate.outcome === 'rate_limited';
      const { sameAs } = fresh[i] as { sameAs: string };
      if (again && sameAs !== '') this.#memory.forget(projectId, sameAs);
    });
  }
}

/** What a request came to, before anything of it is delivered. */
class Intake {
  readonly events: { item: string; event: OtlpEvent }[] = [];
  /** `item outcome reason` → how many. */
  readonly counted = new Map<string, number>();
  readonly tally = new Tally();

  count(item: string, outcome: 'accepted' | 'invalid' | 'unsupported', reason: string): void {
    const row = `${item} ${outcome} ${reason}`;
    this.counted.set(row, (this.counted.get(row) ?? 0) + 1);
    if (outcome === 'invalid') this.tally.reject(reason);
  }

  event(item: string, make: () => OtlpEvent): void {
    if (this.events.length >= MAX_EVENTS) this.count(item, 'invalid', 'too_many');
    else this.events.push({ item, event: make() });
  }
}

const TRACES: Signal = {
  name: 'traces',
  item: 'otlp_span',
  counted: 'rejectedSpans',
  *read(encoding, body, intake) {
    for (const { source, record } of encoding === 'json' ? spansOfJson(json(body)) : spansOfProtobuf(body)) {
      yield;
      if (record === undefined) intake.count('otlp_span', 'invalid', 'json');
      else readSpan(intake, source, record);
    }
  },
};

/** A span that failed without saying why leaves no event: its log, or the span that recorded the exception, does. */
function readSpan(intake: Intake, source: Found<unknown>['source'], span: OtlpSpan): void {
  const exceptions = exceptionsOf(span);
  const all = exceptions.length + span.moreExceptions;
  if (all === 0) intake.count('otlp_span', 'accepted', span.status === 2 ? 'error_status' : 'no_error');
  for (let i = 0; i < all; i++) {
    const item = i === 0 ? 'otlp_span' : 'otlp_span_event';
    const recorded = exceptions[i];
    if (recorded === undefined) intake.count(item, 'invalid', 'too_many');
    else intake.event(item, () => eventOfSpan(source, span, recorded));
  }
}

const LOGS: Signal = {
  name: 'logs',
  item: 'otlp_log',
  counted: 'rejectedLogRecords',
  *read(encoding, body, intake) {
    const records: Iterable<Found<OtlpLog>> = encoding === 'json' ? logsOfJson(json(body)) : logsOfProtobuf(body);
    const trail = new OtlpTrail();
    for (const { source, record } of records) {
      yield;
      if (record === undefined) {
        intake.count('otlp_log', 'invalid', 'json');
        continue;
      }
      const attributes = record.attributes();
      const before = trail.follow(record);
      if (isError(record, attributes)) intake.event('otlp_log', () => eventOfLog(source, record, attributes, before));
      else intake.count('otlp_log', 'accepted', 'no_error');
    }
  },
};

const METRICS: Signal = {
  name: 'metrics',
  item: 'otlp_metric',
  counted: 'rejectedDataPoints',
  *read(encoding, body, intake) {
    for (const { record } of encoding === 'json' ? metricsOfJson(json(body)) : metricsOfProtobuf(body)) {
      yield;
      intake.count('otlp_metric', record === undefined ? 'invalid' : 'unsupported', record === undefined ? 'json' : 'no_room');
    }
  },
};

function json(body: Buffer): Record<string, unknown> {
  if (body.length === 0) throw refusals.empty();
  return parseEvent(body.toString('utf8')).value;
}
