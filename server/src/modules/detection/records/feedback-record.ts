/** What a user wrote about what happened to them. */
export interface FeedbackRecord {
  /** 32 lower-case hex digits of the feedback itself; replays are recognised by it. */
  feedbackId: string;
  /** The event it is about; absent if it names none. */
  eventId?: string;
  /** When it was written, ms. */
  timestamp: number;
  message: string;
  name?: string;
  email?: string;
  url?: string;
  environment?: string;
  release?: string;
  /** feedback or user_report. */
  source: string;
}
