import type { ScrubbedEvent } from './normalized-event.ts';
import type { SideRecord } from './records/side-records.ts';

/** One record of the ingest log. JSON, one per frame; written by detection, read by the digest worker in errors. */
export type IngestRecord =
  | {
      kind: 'event';
      projectId: number;
      /** 0: no DSN key brought it (a log source, a monitor). */
      keyId: number;
      sizeBytes: number;
      /** What its fate is counted as, when it did not come as an `event` item: `log`, `otlp_log`, `log_line`, … */
      item?: string;
      event: ScrubbedEvent;
    }
  /** What clients send besides events; its fate is counted by the digest, under `item`. */
  | SideRecord
  /** Fates decided before the log (refused, unknown items, filtered…), summed since the last such record. */
  | { kind: 'outcomes'; outcomes: OutcomeCount[] };

/** The fates of an item; exactly one per item. */
export const OUTCOMES = ['accepted', 'filtered', 'rate_limited', 'invalid', 'duplicate', 'failed', 'unsupported'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A number of items that met the same fate. `unsupported`: understood and counted by name, but no room keeps it yet. */
export interface OutcomeCount {
  /** Start of the hour, ms. */
  hour: number;
  projectId: number;
  keyId: number;
  /** Envelope item type, cut to 64 characters: event, session, transaction, client_report, … */
  item: string;
  outcome: Outcome;
  /** Why: `too_large`, `json`, `framing`, `quota`, `no_room`, `sdk:<reason>` …; empty when accepted. */
  reason: string;
  /** `name/version` of the SDK as it says itself, cut to 64 characters; empty if unknown. */
  sdk: string;
  quantity: number;
}
