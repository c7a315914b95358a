import type { Delivery } from './delivery.ts';
import type { OpenedItem, PayloadSink } from './protocols/sentry-envelope.ts';
import type { SideKind, SideRecords } from './records/side-records.ts';

/** Something an item came to, to be written to the ingest log. */
export type ItemRecord =
  | { [K in SideKind]: { kind: 'side'; side: K; data: SideRecords[K] } }[SideKind]
  /** An event in the shape of Sentry's, made of something that is none: an error-level log, a security report. */
  | { kind: 'event'; value: Record<string, unknown> };

/**
 * Where items of some types are kept. `read` answers the records of one item, all of which are logged together with the
 * rest of the envelope before the answer. Each record has one outcome, counted by the digest under the item's type; an item
 * that comes to no record counts as accepted here. A container counts by what it holds (`quantity`).
 */
export interface ItemRoom {
  /** Envelope item types. */
  readonly types: readonly string[];
  /** Data category of quotas: `attachment`, `session`, `monitor`, `feedback`, `log_item`, … */
  readonly category: string;
  /** Bytes of a payload that are held; larger items are refused with `too_large`. */
  readonly maxBytes: number;
  /** Belongs to the event of its envelope: when that is refused, so is this, for the same reason. */
  readonly withEvent?: boolean;
  /** Where the payload goes while it comes, for what is too large to hold; the item then has it as `sink`. */
  sink?(headers: Record<string, unknown>, delivery: Delivery): PayloadSink | undefined;
  /**
   * What the item says of the event of its envelope, in Sentry's shape; the event's own fields win. Without an event in
   * the envelope this becomes one. Undefined: nothing. Called before the event is read.
   */
  prepare?(item: OpenedItem, delivery: Delivery): Promise<Record<string, unknown> | undefined>;
  /** @throws IngestRefusal `invalid:<reason>` for this item alone; the rest of the envelope lives */
  read(item: OpenedItem & { payload: Buffer }, delivery: Delivery, with_: Companions): ItemReading | Promise<ItemReading>;
}

/** What else was in the envelope of an item. */
export interface Companions {
  /** The event, when it was accepted. `occurredAt` as in NormalizedEvent. */
  event?: { eventId: string; occurredAt: number };
  /** Types of all its items that are looked into. */
  types: ReadonlySet<string>;
}

/** What became of an item. */
export interface ItemReading {
  records: readonly ItemRecord[];
  /** Things in the item that are taken but not kept (spans, info logs), counted as accepted with this reason. */
  counted?: { quantity: number; reason: string };
  /** Nothing is wrong with the item, but it is not wanted. */
  refused?: { outcome: 'filtered' | 'unsupported'; reason: string };
  /** Of a list: those that are not among the records, each with its outcome. */
  besides?: readonly { outcome: 'filtered' | 'invalid' | 'duplicate'; reason: string }[];
}
