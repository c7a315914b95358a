import type { ContentStore } from '../../../platform/files/content-store.ts';
import { AttachmentIntake, type AttachmentSink, describeFile, fileCap } from '../attachments.ts';
import type { Delivery } from '../delivery.ts';
import type { ItemRecord } from '../item-room.ts';
import { readEventId } from '../normalize.ts';
import { type FilePart, readMultipart } from '../protocols/multipart.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import { limited } from './answers.ts';
import type { Door, DoorCall } from './door.ts';

const PATH = /^\/api\/([^/]{1,64})\/events\/([0-9a-fA-F-]{32,36})\/attachments\/?$/;
const BODY = { wireBytes: 110 * 1024 * 1024, unpackedBytes: 110 * 1024 * 1024 };

/** A file of a form that is on its way into the store. */
export interface FormFile {
  part: FilePart;
  sink: AttachmentSink;
}

/** `POST /api/<project>/events/<event_id>/attachments/`: files for an event that came before or comes later; 201. */
export function attachmentsDoor(store: ContentStore): Door {
  return {
    source: 'attachments',
    item: 'attachment',
    methods: ['POST'],
    match(path) {
      const match = PATH.exec(path);
      return match === null ? undefined : { project: match[1], parts: { event: match[2] as string } };
    },
    async answer(call) {
      const delivery = call.letIn();
      const eventId = readEventId(call.path.parts?.['event']);
      if (eventId === undefined) throw refusals.noEventId();
      const hint = call.pipeline.limit(delivery, 'attachment');
      if (hint !== undefined) {
        call.count('attachment', 'rate_limited', hint.reason);
        return limited(hint);
      }
      const files: FormFile[] = [];
      try {
        const intake = new AttachmentIntake(store);
        await readMultipart(call, BODY, (part) => {
          const sink = intake.open(fileCap(delivery));
          files.push({ part, sink });
          return sink;
        });
        if (files.length === 0) throw refusals.empty();
        const { records, refusal } = await keepFiles(call, delivery, files, { eventId, owner: 'pending' });
        if (records.length === 0 && refusal !== undefined) return refusedBody(refusal);
        await call.pipeline.deliverRecords(records, 'attachment', delivery);
        return { status: 201, body: { accepted: records.length } };
      } finally {
        for (const { sink } of files) sink.discard();
      }
    },
  };
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
    const type = part.field === 'upload_file_minidump' ? 'event.minidump' : undefined;
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

/** Every file was refused and is counted: the answer says why, without counting the request, too. */
function refusedBody(refusal: IngestRefusal) {
  return { status: refusal.status, body: { detail: refusal.message, causes: [] } };
}
