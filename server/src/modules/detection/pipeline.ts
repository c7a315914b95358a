import { randomUUID } from 'node:crypto';
import type { IngestLogWriter } from '../../platform/ingest-log/ingest-log.ts';
import type { Log } from '../../platform/log.ts';
import { Accounts } from './accounts.ts';
import type { Admission } from './admission.ts';
import { readClientReport } from './client-report.ts';
import type { Delivery } from './delivery.ts';
import type { Outcome } from './digest.task.ts';
import type { IngestGauges } from './gauges.ts';
import { containerHolds, itemName, needsEventId } from './item-policy.ts';
import type { Companions, ItemRecord, ItemRoom } from './item-room.ts';
import { readEventId } from './normalize.ts';
import type { OutcomeLedger } from './outcome-ledger.ts';
import { type Draft, type Fate, type Opened, Preparation, type Report } from './preparation.ts';
import { IngestRefusal, refusals } from './protocols/refusal.ts';
import type { LimitHint } from './protocols/sentry-answers.ts';
import type { Envelope, OpenedItem } from './protocols/sentry-envelope.ts';

/** What the stages after "parsed" work with. */
export interface PipelineDeps {
  log: IngestLogWriter;
  ledger: OutcomeLedger;
  admission: Admission;
  gauges: IngestGauges;
  logger: Log;
  /** Rooms of items other than events, by type. */
  rooms: ReadonlyMap<string, ItemRoom>;
  /** Told of the traces that accepted events belong to. */
  traces?: { event(projectId: number, traceId: string, message?: string): void };
}

/** How a delivery ended, for the answer. */
export type Verdict =
  | { kind: 'accepted'; id: string | undefined; hint: LimitHint | undefined }
  | { kind: 'limited'; hint: LimitHint }
  | { kind: 'refused'; refusal: IngestRefusal };

/** Steps 3 to 6 of the path for one delivery: parsed → normal → scrubbed → logged. Every item gets exactly one outcome (law a). */
export class Pipeline {
  readonly #deps: PipelineDeps;
  readonly #accounts: Accounts;
  readonly #prepare: Preparation;

  constructor(deps: PipelineDeps) {
    this.#deps = deps;
    this.#accounts = new Accounts(deps.ledger);
    this.#prepare = new Preparation({ ...deps, accounts: this.#accounts });
  }

  /** The room that keeps items of a type, if there is one. */
  room(type: string): ItemRoom | undefined {
    return this.#deps.rooms.get(type);
  }

  /** Resolves once what is kept is on disk. Never rejects. */
  async deliver(envelope: Envelope, delivery: Delivery): Promise<Verdict> {
    const { event, others } = this.#sort(envelope, delivery);
    if (event === undefined && others.length === 0) return { kind: 'accepted', id: answerId(envelope), hint: undefined };
    const said = others.length === 0 ? undefined : await this.#prepareItems(others, delivery);
    const main: Opened | undefined =
      event !== undefined ? this.#prepare.open(event, delivery, said) : said && this.#prepare.report(said, delivery);
    const drafts = main?.draft === undefined ? [] : [main.draft];
    const types = new Set(others.map(({ type }) => type));
    for (const item of others) {
      drafts.push(...(await this.#readItem(item, delivery, types, main?.fate)));
      item.sink?.discard();
    }
    const failure = await this.#append(drafts, delivery);
    if (failure !== undefined) return { kind: 'refused', refusal: failure };
    if (main?.refusal !== undefined) return { kind: 'refused', refusal: main.refusal };
    if (main?.fate.hint === undefined)
      return { kind: 'accepted', id: main?.fate.eventId ?? answerId(envelope), hint: this.#deps.admission.next(delivery.key) };
    // What was kept beside the event must not be sent again: 200, and the limit as a hint (reference §1.7).
    if (drafts.length > 0) return { kind: 'accepted', id: answerId(envelope), hint: main.fate.hint };
    return { kind: 'limited', hint: main.fate.hint };
  }

  /** One event that came alone, in the old protocol. Never rejects. */
  async deliverEvent(item: Pick<OpenedItem, 'payload' | 'bytes'> & { text?: string }, delivery: Delivery): Promise<Verdict> {
    const { fate, draft, refusal } = this.#prepare.open(item, delivery);
    if (fate.hint !== undefined) return { kind: 'limited', hint: fate.hint };
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const failure = await this.#append(draft === undefined ? [] : [draft], delivery);
    if (failure !== undefined) return { kind: 'refused', refusal: failure };
    return { kind: 'accepted', id: fate.eventId, hint: this.#deps.admission.next(delivery.key) };
  }

  /** Events of any other protocol, logged together; resolves once they are on disk. One fate each, in order. Never rejects. */
  async deliverReports(reports: readonly Report[], delivery: Delivery): Promise<Fate[]> {
    const prepared = reports.map((report) => this.#prepare.report(report, delivery));
    const drafts = prepared.flatMap(({ draft }) => draft ?? []);
    const failure = await this.#append(drafts, delivery);
    return prepared.map(({ fate, draft }) =>
      failure !== undefined && draft !== undefined ? { outcome: 'failed', reason: failure.reason, eventId: fate.eventId } : fate,
    );
  }

  /** The limit that an item of a category meets now, for doors that deliver records; takes its share of the quotas. */
  limit(delivery: Delivery, category: string): LimitHint | undefined {
    return this.#deps.admission.limit(delivery.key, category);
  }

  /** Records that no request brought as an event or item: each has its outcome from the digest. @throws IngestRefusal 503 */
  async deliverRecords(records: readonly ItemRecord[], item: string, delivery: Delivery): Promise<void> {
    const drafts = records.flatMap((record) => this.#prepare.record(record, item, delivery));
    const failure = await this.#append(drafts, delivery);
    if (failure !== undefined) throw failure;
  }

  count(delivery: Delivery, item: string, outcome: Outcome, reason: string, quantity = 1): void {
    this.#accounts.count(delivery, item, outcome, reason, quantity);
  }

  /** Parts the event and the items that have a room from the rest, which is accounted for here. */
  #sort(envelope: Envelope, delivery: Delivery): { event: OpenedItem | undefined; others: OpenedItem[] } {
    let event: OpenedItem | undefined;
    const others: OpenedItem[] = [];
    for (const item of envelope.opened) {
      if (item.type === 'event' && event === undefined) event = item;
      else if (item.type !== 'event' && this.room(item.type) !== undefined) others.push(item);
      else this.#account(item, delivery);
    }
    for (const [type, quantity] of envelope.counted) {
      // One event per envelope (reference §1.4); items of Sentry's own inner traffic are not for clients.
      if (type === 'event') this.count(delivery, type, 'invalid', 'duplicate_item', quantity);
      else if (type === 'integration') this.count(delivery, type, 'invalid', 'internal_item', quantity);
      else if (this.room(type) !== undefined) this.count(delivery, type, 'invalid', 'too_many', quantity);
      else this.count(delivery, itemName(type), 'unsupported', 'no_room', quantity);
    }
    return { event, others };
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

  /** An item of an envelope → drafts. What belongs to an event shares its fate. */
  async #readItem(
    item: OpenedItem,
    delivery: Delivery,
    types: ReadonlySet<string>,
    eventFate: Fate | undefined,
  ): Promise<Draft[]> {
    const room = this.room(item.type) as ItemRoom;
    if (room.withEvent === true && eventFate !== undefined && eventFate.outcome !== 'accepted') {
      this.count(delivery, item.type, eventFate.outcome, eventFate.reason);
      return [];
    }
    try {
      if (item.payload === null) throw refusals.tooLarge(item.type, room.maxBytes);
      const hint = this.#deps.admission.limit(delivery.key, room.category);
      if (hint !== undefined) {
        this.count(delivery, item.type, 'rate_limited', hint.reason);
        return [];
      }
      const { eventId, occurredAt } = eventFate ?? {};
      const with_: Companions = {
        types,
        ...(eventId === undefined || occurredAt === undefined ? {} : { event: { eventId, occurredAt } }),
      };
      const reading = await room.read(item as OpenedItem & { payload: Buffer }, delivery, with_);
      if (reading.refused !== undefined) {
        this.count(delivery, item.type, reading.refused.outcome, reading.refused.reason);
        return [];
      }
      for (const { outcome, reason } of reading.besides ?? []) this.count(delivery, item.type, outcome, reason);
      const drafts = reading.records.flatMap((record) => this.#prepare.record(record, item.type, delivery));
      const { quantity, reason } = reading.counted ?? { quantity: reading.records.length === 0 ? 1 : 0, reason: '' };
      this.count(delivery, item.type, 'accepted', reason, quantity);
      return drafts;
    } catch (error) {
      const refusal = error instanceof IngestRefusal ? error : this.#prepare.bug(error);
      this.count(delivery, item.type, refusal.status >= 500 ? 'failed' : 'invalid', refusal.reason);
      return [];
    }
  }

  /** What items say of the event they came with; a trouble with one of them is told when it is read. */
  async #prepareItems(items: readonly OpenedItem[], delivery: Delivery): Promise<Report | undefined> {
    for (const item of items) {
      const value = await this.room(item.type)
        ?.prepare?.(item, delivery)
        .catch(() => undefined);
      if (value !== undefined) return { value, bytes: item.bytes, item: 'minidump' };
    }
    return undefined;
  }

  /** Drafts → the disk, all or none; the refusal when it was none. */
  async #append(drafts: readonly Draft[], delivery: Delivery): Promise<IngestRefusal | undefined> {
    if (drafts.length === 0) return undefined;
    try {
      await this.#deps.log.append(drafts.map(({ bytes }) => bytes));
    } catch (err) {
      this.#deps.logger.warn({ err }, 'an event could not be logged');
      const refusal = refusals.disk();
      if (delivery.returns !== true) for (const { item } of drafts) this.count(delivery, item, 'failed', refusal.reason);
      return refusal;
    }
    for (const { isEvent, sizeBytes } of drafts) if (isEvent) this.#deps.gauges.kept(1, sizeBytes);
    return undefined;
  }
}

/** The envelope's own id, or a new one if one of its items has to have one (reference §1.4). */
function answerId(envelope: Envelope): string | undefined {
  const own = readEventId(envelope.header.eventId);
  if (own !== undefined) return own;
  for (const type of envelope.counted.keys()) if (needsEventId(type)) return randomUUID().replaceAll('-', '');
  for (const { type } of envelope.opened) if (needsEventId(type)) return randomUUID().replaceAll('-', '');
  return undefined;
}
