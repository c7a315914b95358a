import { randomUUID } from 'node:crypto';
import type { IngestLogWriter } from '../../platform/ingest-log/ingest-log.ts';
import type { Log } from '../../platform/log.ts';
import type { IngestCapacity } from './capacity.ts';
import { readClientReport } from './client-report.ts';
import type { Outcome } from './digest.task.ts';
import type { IngestGauges } from './gauges.ts';
import type { IngestKey } from './ingest-keys.ts';
import { encodeEventRecord } from './ingest-record.ts';
import { containerHolds, itemName, LIMITS, needsEventId } from './item-policy.ts';
import { wellFormed } from './normalize/reading.ts';
import { parseTime } from './normalize/time.ts';
import { type NormalizeSource, normalize, readEventId } from './normalize.ts';
import type { OutcomeLedger } from './outcome-ledger.ts';
import { parseEvent } from './protocols/event-json.ts';
import { IngestRefusal, refusals } from './protocols/refusal.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';
import type { Envelope, EnvelopeHeader, OpenedItem } from './protocols/sentry-envelope.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { scrub } from './scrub.ts';

/** What the stages after "parsed" work with. */
export interface PipelineDeps {
  log: IngestLogWriter;
  ledger: OutcomeLedger;
  limiter: RateLimiter;
  capacity: IngestCapacity;
  gauges: IngestGauges;
  logger: Log;
}

/** Everything about a request that is not in its items. */
export interface Delivery {
  key: IngestKey;
  /** How it came in: sentry-envelope or sentry-store. */
  source: string;
  receivedAt: number;
  /** Empty if the connection is gone. */
  clientIp: string;
  userAgent: string | undefined;
  /** `name/version` of the SDK from the key header; the envelope header's word wins. */
  client: string | undefined;
  header: EnvelopeHeader;
}

/** How a delivery ended, for the answer. */
export type Verdict =
  | { kind: 'accepted'; id: string | undefined; hint: LimitHint | undefined }
  | { kind: 'limited'; hint: LimitHint }
  | { kind: 'refused'; refusal: IngestRefusal };

/** Steps 3 to 6 of the path for one delivery: parsed → normal → scrubbed → logged. Every item gets exactly one outcome (law a). */
export class Pipeline {
  readonly #deps: PipelineDeps;

  constructor(deps: PipelineDeps) {
    this.#deps = deps;
  }

  /** Resolves once what is kept is on disk. Never rejects. */
  async deliver(envelope: Envelope, delivery: Delivery): Promise<Verdict> {
    const event = this.#sort(envelope, delivery);
    if (event === undefined) return { kind: 'accepted', id: answerId(envelope), hint: undefined };
    const hint = this.#limit(delivery);
    if (hint !== undefined) {
      this.count(delivery, 'event', 'rate_limited', hint.reason);
      return { kind: 'limited', hint };
    }
    return this.deliverEvent(event, delivery);
  }

  /** One event, already let in and under its limits. */
  async deliverEvent(item: Pick<OpenedItem, 'payload' | 'bytes'> & { text?: string }, delivery: Delivery): Promise<Verdict> {
    try {
      const record = this.#prepare(item, delivery);
      if (record === undefined) return { kind: 'accepted', id: readEventId(delivery.header.eventId), hint: undefined };
      await this.#append(record.bytes);
      this.#deps.gauges.kept(1, item.bytes);
      return { kind: 'accepted', id: record.eventId, hint: this.#deps.limiter.next(quotaOf(delivery.key)) };
    } catch (error) {
      const refusal = error instanceof IngestRefusal ? error : this.#bug(error);
      this.count(delivery, 'event', refusal.status >= 500 ? 'failed' : 'invalid', refusal.reason);
      return { kind: 'refused', refusal };
    }
  }

  /** The limit an event of this delivery meets now; takes its share of the quota if there is none. */
  limit(delivery: Delivery): LimitHint | undefined {
    return this.#limit(delivery);
  }

  count(delivery: Delivery, item: string, outcome: Outcome, reason: string, quantity = 1): void {
    const { projectId, keyId } = delivery.key;
    this.#deps.ledger.count({ projectId, keyId, item, outcome, reason, sdk: sdkText(delivery) }, quantity);
  }

  /** Accounts for all items but the event that is to be kept, which is given back. */
  #sort(envelope: Envelope, delivery: Delivery): OpenedItem | undefined {
    let event: OpenedItem | undefined;
    for (const item of envelope.opened) {
      if (item.type === 'event' && event === undefined) event = item;
      else this.#account(item, delivery);
    }
    for (const [type, quantity] of envelope.counted) {
      // One event per envelope (reference §1.4); items of Sentry's own inner traffic are not for clients.
      if (type === 'event') this.count(delivery, type, 'invalid', 'duplicate_item', quantity);
      else if (type === 'integration') this.count(delivery, type, 'invalid', 'internal_item', quantity);
      else this.count(delivery, itemName(type), 'unsupported', 'no_room', quantity);
    }
    return event;
  }

  #account(item: OpenedItem, delivery: Delivery): void {
    const name = itemName(item.type);
    if (item.type === 'client_report') {
      this.#clientReport(item, delivery);
      return;
    }
    const holds = item.payload === null ? true : containerHolds(item.headers, item.payload);
    if (holds === true) this.count(delivery, name, 'unsupported', 'no_room');
    else this.count(delivery, name, 'invalid', holds === false ? 'item_count' : 'json');
  }

  /** The report itself is accepted; what it tells of is counted as filtered on the client, under reasons of its own. */
  #clientReport(item: OpenedItem, delivery: Delivery): void {
    const discarded = item.payload === null ? undefined : readClientReport(item.payload);
    if (discarded === undefined) {
      this.count(delivery, item.type, 'invalid', item.payload === null ? 'too_large' : 'json');
      return;
    }
    this.count(delivery, item.type, 'accepted', '');
    for (const { category, reason, quantity } of discarded) this.count(delivery, category, 'filtered', `sdk:${reason}`, quantity);
  }

  #limit(delivery: Delivery): LimitHint | undefined {
    return this.#deps.capacity.limit() ?? this.#deps.limiter.take(quotaOf(delivery.key));
  }

  /** parsed → normal → scrubbed → a record for the log; undefined for what is no event after all. */
  #prepare(item: Pick<OpenedItem, 'payload' | 'bytes'> & { text?: string }, delivery: Delivery) {
    if (item.payload === null) throw refusals.tooLarge('event', LIMITS.eventBytes);
    const { value, escapes } = parseEvent(item.text ?? item.payload.toString('utf8'));
    if (value['type'] === 'transaction') {
      this.count(delivery, 'transaction', 'unsupported', 'no_room');
      return undefined;
    }
    const { projectId, keyId, settings } = delivery.key;
    const event = scrub(normalize(value, sourceOf(delivery, escapes)), settings);
    return { eventId: event.eventId, bytes: encodeEventRecord({ projectId, keyId, sizeBytes: item.bytes, event }) };
  }

  async #append(record: Uint8Array): Promise<void> {
    try {
      await this.#deps.log.append([record]);
    } catch (err) {
      this.#deps.logger.warn({ err }, 'an event could not be logged');
      throw refusals.disk();
    }
  }

  #bug(err: unknown): IngestRefusal {
    this.#deps.logger.error({ err }, 'an event could not be prepared');
    return refusals.broken();
  }
}

function quotaOf(key: IngestKey) {
  return {
    keyId: key.keyId,
    projectId: key.projectId,
    keyEventsPerMinute: key.keyEventsPerMinute,
    projectEventsPerMinute: key.settings.eventsPerMinute,
  };
}

function sourceOf(delivery: Delivery, escapes: boolean): NormalizeSource {
  const { header } = delivery;
  const eventId = readEventId(header.eventId);
  const sentAt = parseTime(header.sentAt);
  const sdk = sdkOf(delivery);
  return {
    source: delivery.source,
    receivedAt: delivery.receivedAt,
    settings: delivery.key.settings,
    escapes,
    ...(eventId === undefined ? {} : { eventId }),
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(delivery.clientIp === '' ? {} : { clientIp: delivery.clientIp }),
    ...(delivery.userAgent === undefined ? {} : { userAgent: delivery.userAgent }),
    ...(sdk === undefined ? {} : { sdk }),
    ...(typeof header.traceId === 'string' ? { traceId: header.traceId } : {}),
  };
}

function sdkOf({ header, client }: Delivery): { name?: string; version?: string } | undefined {
  const said = header.sdk;
  if (typeof said === 'object' && said !== null) {
    const { name, version } = said as Record<string, unknown>;
    if (typeof name === 'string' && name !== '')
      return { name: short(name), ...(typeof version === 'string' ? { version: short(version) } : {}) };
  }
  if (client === undefined || client === '') return undefined;
  const slash = client.lastIndexOf('/');
  return slash > 0 ? { name: short(client.slice(0, slash)), version: short(client.slice(slash + 1)) } : { name: short(client) };
}

function short(text: string): string {
  return wellFormed(text.length > 64 ? text.slice(0, 64) : text);
}

function sdkText(delivery: Delivery): string {
  const sdk = sdkOf(delivery);
  return sdk === undefined ? '' : sdk.version === undefined ? (sdk.name ?? '') : `${sdk.name}/${sdk.version}`;
}

/** The envelope's own id, or a new one if one of its items has to have one (reference §1.4). */
function answerId(envelope: Envelope): string | undefined {
  const own = readEventId(envelope.header.eventId);
  if (own !== undefined) return own;
  for (const type of envelope.counted.keys()) if (needsEventId(type)) return randomUUID().replaceAll('-', '');
  return undefined;
}
