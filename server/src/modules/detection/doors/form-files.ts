import type { ContentStore } from '../../../platform/files/content-store.ts';
import { AttachmentIntake, type AttachmentSink, describeFile, fileCap } from '../attachments.ts';
import type { Delivery } from '../delivery.ts';
import type { ItemRecord } from '../item-room.ts';
import type { FilePart } from '../protocols/multipart.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import { overLimit } from './answers.ts';
import type { DoorAnswer, DoorCall } from './door.ts';

/** Field of the dump in a form. */
export const DUMP = 'upload_file_minidump';

/** A file of a request that is on its way into the store. */
export interface FormFile {
  part: FilePart;
  sink: AttachmentSink;
}

/** Opens a place in the store for the next file of a request. */
export type OpenFile = (part: FilePart, maxBytes: number) => AttachmentSink;

/**
 * The frame of a request that brings files: refused while files are over a limit, and whatever of them was not kept in the
 * end is gone from the store.
 * @param item what the request is counted as when it meets the limit
 * @param take reads the request; `files` has each file that was opened
 */
export async function takeFiles(
  call: DoorCall,
  delivery: Delivery,
  { store, item }: { store: ContentStore; item: string },
  take: (open: OpenFile, files: readonly FormFile[]) => Promise<DoorAnswer>,
): Promise<DoorAnswer> {
  const limited = overLimit(call, delivery, 'attachment', item);
  if (limited !== undefined) return limited;
  const intake = new AttachmentIntake(store);
  const files: FormFile[] = [];
  const open: OpenFile = (part, maxBytes) => {
    const sink = intake.open(maxBytes);
    files.push({ part, sink });
    return sink;
  };
  try {
    return await take(open, files);
  } finally {
    for (const { sink } of files) sink.discard();
  }
}

/** The owner of files, as records have it. */
export type FileOwner = { eventId: string; owner: 'pending' } | { eventId: string; owner: 'event'; occurredAt: number };

/** Puts files in place; each that is refused is counted here, the others become records. */
export async function keepFiles(
  call: DoorCall,
  delivery: Delivery,
  files: readonly FormFile[],
  owner: FileOwner,
): Promise<{ records: ItemRecord[]; refusal: IngestRefusal | undefined }> {
  const records: ItemRecord[] = [];
  let refusal: IngestRefusal | undefined;
  for (const { part, sink } of files) {
    const type = part.field === DUMP ? 'event.minidump' : undefined;
    if (type === undefined && fileCap(delivery) === 0) {
      call.count('attachment', 'filtered', 'attachments_off');
      continue;
    }
    try {
      const stored = await sink.keep();
      const described = describeFile({ filename: part.filename ?? part.field, contentType: part.contentType, type });
      records.push({ kind: 'side', side: 'attachment', data: { ...owner, ...described, ...stored } });
    } catch (error) {
      refusal = error instanceof IngestRefusal ? error : refusals.broken();
      call.count('attachment', refusal.status >= 500 ? 'failed' : 'invalid', refusal.reason);
    }
  }
  return { records, refusal };
}
