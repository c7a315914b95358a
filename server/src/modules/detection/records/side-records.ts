import type { AttachmentRecord } from './attachment-record.ts';
import type { CheckInRecord } from './check-in-record.ts';
import type { FeedbackRecord } from './feedback-record.ts';
import type { SessionRecord } from './session-record.ts';

/**
 * What a client may send besides events, by kind: plain JSON, scrubbed, already checked. Each kind has a file in this
 * folder for its shape, and a writer in the errors room (`digest/side-writers.ts`) that puts it into the tables, in the
 * digest's transaction.
 */
export interface SideRecords {
  attachment: AttachmentRecord;
  feedback: FeedbackRecord;
  session: SessionRecord;
  checkIn: CheckInRecord;
}

export type SideKind = keyof SideRecords;

/** One of them as a record of the ingest log. */
export type SideRecord<K extends SideKind = SideKind> = {
  [Kind in K]: {
    kind: 'side';
    side: Kind;
    projectId: number;
    /** 0: no DSN key brought it. */
    keyId: number;
    receivedAt: number;
    /** Envelope item type its fate is counted as. */
    item: string;
    /** `name/version` of the SDK; empty if unknown. */
    sdk: string;
    data: SideRecords[Kind];
  };
}[K];
