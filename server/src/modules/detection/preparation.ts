import type { Log } from '../../platform/log.ts';
import type { Accounts } from './accounts.ts';
import type { Admission } from './admission.ts';
import { type Delivery, sdkText, sourceOf } from './delivery.ts';
import type { Outcome } from './digest.task.ts';
import { encodeEventRecord, encodeRecord } from './ingest-record.ts';
import { LIMITS } from './item-policy.ts';
import type { ItemRecord } from './item-room.ts';
import { normalize, readEventId } from './normalize.ts';
import { parseEvent } from './protocols/event-json.ts';
import { jsonText } from './protocols/json-text.ts';
import { IngestRefusal, refusals } from './protocols/refusal.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';
import type { OpenedItem } from './protocols/sentry-envelope.ts';
import type { SideRecord } from './records/side-records.ts';
import { scrub } from './scrub.ts';

/** One event on its way in, in the shape of a Sentry event whatever protocol brought it. */
export interface Report {
  value: Record<string, unknown>;
  /** Size of what it was made of. */
  bytes: number;
  /** Its own time of arrival etc. are the delivery's. What its fate is counted as; default `event`. */
  item?: string;
  /** Whether texts may hold lone surrogates or NUL; default true. */
  escapes?: boolean;
  /** What was lost before it came here, noted in the event's `errors`. */
  notes?: readonly { field: string; reason: string }[];
}

/** What became of a {@link Report}. `accepted`: on disk. */
export interface Fate {
  outcome: Extract<Outcome, 'accepted' | 'filtered' | 'rate_limited' | 'invalid' | 'failed'>;
  /** Empty when accepted. */
  reason: string;
  /** Of an event that was normalised. */
  eventId: string | undefined;
  /** Of an accepted event: the other half of the key it is stored under. */
  occurredAt?: number;
  /** Why it is limited, with how long to wait. */
  hint?: LimitHint;
}

/** A record ready for the log, whose fate is decided by whether it gets there. */
export interface Draft {
  item: string;
  bytes: Uint8Array;
  sizeBytes: number;
  isEvent: boolean;
}

/** What preparing came to: a fate, and for what is to be kept its draft. */
export type Prepared = { fate: Fate; draft?: Draft };
/** The same of an event's bytes; the refusal is for the answer. */
export type Opened = Prepared & { refusal?: IngestRefusal };

/**
 * Steps 3 to 5 of the path: parsed → normal → let in → scrubbed → a record for the log. Whatever is not kept has been
 * counted when a call returns; what is kept is counted when its record is digested, or could not be logged.
 */
export class Preparation {
  readonly #admission: Admission;
  readonly #accounts: Accounts;
  readonly #logger: Log;
  readonly #traces: { event(projectId: number, traceId: string, message?: string): void } | undefined;

  constructor(deps: {
    admission: Admission;
    accounts: Accounts;
    logger: Log;
    traces?: { event(projectId: number, traceId: string, message?: string): void } | undefined;
  }) {
    this.#admission = deps.admission;
    this.#accounts = deps.accounts;
    this.#logger = deps.logger;
    this.#traces = deps.traces;
  }

  /** An event's bytes → its fate. `said`: by items that came with it. Never throws. */
  open(item: Pick<OpenedItem, 'payload' | 'bytes'> & { text?: string }, delivery: Delivery, said?: Report): Opened {
    const hint = this.#admission.limit(delivery.key, 'error');
    if (hint !== undefined) return this.#drop('event', { outcome: 'rate_limited', reason: hint.reason, hint }, delivery);
    try {
      if (item.payload === null) throw refusals.tooLarge('event', LIMITS.eventBytes);
      const { value, escapes } = parseEvent(item.text ?? item.payload.toString('utf8'));
      if (value['type'] === 'transaction') {
        this.#accounts.count(delivery, 'transaction', 'unsupported', 'no_room');
        return { fate: { outcome: 'accepted', reason: '', eventId: readEventId(delivery.header.eventId) } };
      }
      const whole = said === undefined ? value : { ...said.value, ...value, contexts: both(said.value, value, 'contexts') };
      return this.#normalise({ value: whole, bytes: item.bytes, escapes }, delivery);
    } catch (error) {
      const refusal = error instanceof IngestRefusal ? error : this.bug(error);
      const outcome = refusal.status >= 500 ? 'failed' : 'invalid';
      return { ...this.#drop('event', { outcome, reason: refusal.reason }, delivery), refusal };
    }
  }

  /** A report → its fate. Never throws. */
  report(report: Report, delivery: Delivery): Prepared {
    const item = report.item ?? 'event';
    const hint = this.#admission.limit(delivery.key, 'error');
    if (hint !== undefined) return this.#drop(item, { outcome: 'rate_limited', reason: hint.reason, hint }, delivery);
    try {
      return this.#normalise(report, delivery);
    } catch (error) {
      return this.#drop(item, { outcome: 'failed', reason: this.bug(error).reason }, delivery);
    }
  }

  /** parsed → normal → filtered → scrubbed → a record for the log. */
  #normalise(report: Report, delivery: Delivery): Prepared {
    const { key } = delivery;
    const normal = normalize(report.value, sourceOf(delivery, report.escapes ?? true));
    if (report.notes !== undefined) normal.errors = [...normal.errors, ...report.notes];
    const { eventId } = normal;
    const unwanted = this.#admission.unwanted(normal, delivery);
    const item = report.item ?? 'event';
    if (unwanted !== undefined) return this.#drop(item, { ...unwanted, eventId }, delivery);
    const event = scrub(normal, key.settings);
    const { projectId, keyId } = key;
    if (event.traceId !== undefined) this.#traces?.event(projectId, event.traceId, item === 'event' ? normal.message : undefined);
    const named = item === 'event' ? {} : { item };
    const bytes = encodeEventRecord({ projectId, keyId, sizeBytes: report.bytes, ...named, event });
    const draft = { item, bytes, sizeBytes: report.bytes, isEvent: true };
    return { fate: { outcome: 'accepted', reason: '', eventId, occurredAt: event.occurredAt }, draft };
  }

  #drop(item: string, fate: Omit<Fate, 'eventId'> & { eventId?: string }, delivery: Delivery): Prepared {
    if (delivery.returns !== true || fate.hint === undefined) this.#accounts.count(delivery, item, fate.outcome, fate.reason);
    return { fate: { eventId: undefined, ...fate } };
  }

  /** A record of an item → its draft; none when it became an event that is not kept. */
  record(record: ItemRecord, item: string, delivery: Delivery): Draft[] {
    if (record.kind === 'event') {
      const bytes = jsonText(record.value).length;
      const { draft } = this.report({ value: record.value, bytes, item }, delivery);
      return draft === undefined ? [] : [draft];
    }
    const { projectId, keyId } = delivery.key;
    const { side, data } = record;
    const { receivedAt } = delivery;
    const sdk = sdkText(delivery);
    const bytes = encodeRecord({ kind: 'side', side, projectId, keyId, receivedAt, item, sdk, data } as SideRecord);
    return [{ item, bytes, sizeBytes: bytes.length, isEvent: false }];
  }

  /** A fault of ours, told to the log. */
  bug(err: unknown): IngestRefusal {
    this.#logger.error({ err }, 'an item could not be prepared');
    return refusals.broken();
  }
}

function both(one: Record<string, unknown>, other: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.assign({}, one[field], other[field]);
}
