import type { ContentStore } from '../../../platform/files/content-store.ts';
import { AttachmentIntake, AttachmentSink, describeFile, fileCap, HARD_FILE_BYTES } from '../attachments.ts';
import type { Delivery } from '../delivery.ts';
import type { Companions, ItemReading, ItemRoom } from '../item-room.ts';
import { readEventId } from '../normalize.ts';
import { eventOfMinidump } from '../protocols/minidump-event.ts';
import { refusals } from '../protocols/refusal.ts';
import type { OpenedItem } from '../protocols/sentry-envelope.ts';

/**
 * Items `attachment` of an envelope, of every `attachment_type`: their bytes go into the store while they come, a record of
 * each is logged. A minidump also tells of the crash, for the event beside it, or becomes an event when there is none.
 */
export function attachmentRoom(store: ContentStore): ItemRoom {
  const intakes = new WeakMap<Delivery, AttachmentIntake>();
  return {
    types: ['attachment'],
    category: 'attachment',
    maxBytes: HARD_FILE_BYTES,
    withEvent: true,

    sink(headers, delivery) {
      const intake = intakes.get(delivery) ?? new AttachmentIntake(store);
      intakes.set(delivery, intake);
      // A dump is the report of a crash rather than something beside it: only the hard cap holds for it.
      return intake.open(isMinidump(headers) ? HARD_FILE_BYTES : fileCap(delivery), headers['length']);
    },

    async prepare(item) {
      if (!isMinidump(item.headers) || !(item.sink instanceof AttachmentSink)) return undefined;
      return eventOfMinidump(store, await item.sink.keep());
    },

    async read(item, delivery, with_) {
      if (fileCap(delivery) === 0 && !isMinidump(item.headers)) return { ...NONE, refused: NOT_WANTED };
      return readAttachment(item, delivery, with_);
    },
  };
}

const NONE: ItemReading = { records: [] };
const NOT_WANTED = { outcome: 'filtered', reason: 'attachments_off' } as const;

async function readAttachment(item: OpenedItem, delivery: Delivery, with_: Companions): Promise<ItemReading> {
  const { event, types } = with_;
  // Files of transactions are not kept, because transactions are not.
  if (event === undefined && types.has('transaction')) return { ...NONE, refused: { outcome: 'filtered', reason: 'no_event' } };
  const eventId = event?.eventId ?? readEventId(delivery.header.eventId);
  if (eventId === undefined) throw refusals.noEventId();
  const { sha256, sizeBytes } = await (item.sink as AttachmentSink).keep();
  const { filename, content_type: contentType, attachment_type: type } = item.headers;
  const owner = event !== undefined ? 'event' : types.has('feedback') ? 'feedback' : 'pending';
  const described = describeFile({ filename, contentType, type });
  const data = { eventId, owner, ...(event && { occurredAt: event.occurredAt }), ...described, sizeBytes, sha256 } as const;
  return { records: [{ kind: 'side', side: 'attachment', data }] };
}

function isMinidump(headers: Record<string, unknown>): boolean {
  return headers['attachment_type'] === 'event.minidump';
}
