/** A file that came with an event; its bytes are in the attachment store before the record is logged. */
export interface AttachmentRecord {
  /** 32 lower-case hex digits of the event it belongs to, or of the feedback. */
  eventId: string;
  /**
   * `event`: came with its event, which has `occurredAt`. `feedback`: belongs to a feedback. `pending`: the event came
   * before or comes after, or never does.
   */
  owner: 'event' | 'feedback' | 'pending';
  /** Of the event as the client said it, ms: with project and id the key it is stored under. */
  occurredAt?: number;
  /** As the client named it, for people; never used as a path. */
  filename: string;
  contentType: string;
  /** Sentry's attachment_type: event.attachment, event.minidump, event.view_hierarchy, … */
  type: string;
  sizeBytes: number;
  /** SHA-256 of the bytes, hex: the name in the store. */
  sha256: string;
}
