import type { ContentStore } from '../../../platform/files/content-store.ts';
import { fileCap } from '../attachments.ts';
import { readEventId } from '../normalize.ts';
import { readMultipart } from '../protocols/multipart.ts';
import { type IngestRefusal, refusals } from '../protocols/refusal.ts';
import { addressOf, type Door } from './door.ts';
import { keepFiles, takeFiles } from './form-files.ts';

const PATH = /^\/api\/(?<project>[^/]{1,64})\/events\/(?<event>[0-9a-fA-F-]{32,36})\/attachments\/?$/;
const BODY = { wireBytes: 110 * 1024 * 1024, unpackedBytes: 110 * 1024 * 1024 };

/** `POST /api/<project>/events/<event_id>/attachments/`: files for an event that came before or comes later; 201. */
export function attachmentsDoor(store: ContentStore): Door {
  return {
    source: 'attachments',
    item: 'attachment',
    methods: ['POST'],
    match: (path) => addressOf(PATH, path),
    async answer(call) {
      const delivery = call.letIn();
      const eventId = readEventId(call.path.parts?.['event']);
      if (eventId === undefined) throw refusals.noEventId();
      return takeFiles(call, delivery, { store, item: 'attachment' }, async (open, files) => {
        const { strayParts } = await readMultipart(call, BODY, (part) => open(part, fileCap(delivery)));
        if (files.length === 0) throw refusals.empty();
        call.count('attachment', 'invalid', 'multipart', strayParts);
        const { records, refusal } = await keepFiles(call, delivery, files, { eventId, owner: 'pending' });
        if (records.length === 0 && refusal !== undefined) return refusedBody(refusal);
        await call.pipeline.deliverRecords(records, 'attachment', delivery);
        return { status: 201, body: { accepted: records.length } };
      });
    },
  };
}

/** Every file was refused and is counted: the answer says why, without counting the request, too. */
function refusedBody(refusal: IngestRefusal) {
  return { status: refusal.status, body: { detail: refusal.message, causes: [] } };
}
