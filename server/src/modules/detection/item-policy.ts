/**
 * Caps of the Sentry protocol (reference §1.5), bytes, unpacked. Left out, because no room keeps these items yet and their
 * payloads only pass through: check-ins, profiles, replays, sessions and their buckets, one feedback per envelope.
 */
export const LIMITS = {
  envelopeBytes: 200 * 1024 * 1024,
  eventBytes: 1024 * 1024,
  clientReportBytes: 4 * 1024,
  /** Containers up to this size are counted through; larger ones are believed. */
  containerBytes: 1024 * 1024,
  storeBytes: 1024 * 1024,
  /** On the wire: base64 is a third larger than what it holds. */
  storeWireBytes: 1536 * 1024,
} as const;

/** Items that make an answer name an event id, generated if the client gave none (reference §1.4). */
const NEED_EVENT_ID = new Set([
  'event',
  'transaction',
  'security',
  'attachment',
  'feedback',
  'user_report',
  'form_data',
  'unreal_report',
]);

/** Whether an item of this type makes the answer name an event id. */
export function needsEventId(type: string): boolean {
  return NEED_EVENT_ID.has(type);
}

/** `profile_chunk_ui` is what some Android SDKs call a profile chunk. */
export function itemName(type: string): string {
  return type === 'profile_chunk_ui' ? 'profile_chunk' : type;
}

/** Containers carry several things in one item and say how many. */
export function isContainer(headers: Record<string, unknown>): boolean {
  const type = headers['content_type'];
  return typeof type === 'string' && /^application\/vnd\.sentry\.items\.[\w.-]+\+json/.test(type);
}

/** Whether a container holds as many items as its header says; undefined when it cannot be read. */
export function containerHolds(headers: Record<string, unknown>, payload: Buffer): boolean | undefined {
  try {
    const { items } = JSON.parse(payload.toString('utf8')) as { items?: unknown };
    return Array.isArray(items) ? items.length === headers['item_count'] : undefined;
  } catch {
    return undefined;
  }
}
