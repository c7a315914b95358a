import type { ContentStore } from '../../../platform/files/content-store.ts';
import { fileCap, HARD_FILE_BYTES } from '../attachments.ts';
import type { Delivery } from '../delivery.ts';
import { eventOfMinidump } from '../protocols/minidump-event.ts';
import { type Form, readMultipart } from '../protocols/multipart.ts';
import { NativeParts } from '../protocols/native-parts.ts';
import { refusals } from '../protocols/refusal.ts';
import { eventOfFields } from '../protocols/sentry-fields.ts';
import { hyphenated, refusedFate } from './answers.ts';
import { addressOf, type Door, type DoorAnswer, type DoorCall } from './door.ts';
import { DUMP, type FormFile, keepFiles, type OpenFile, takeFiles } from './form-files.ts';

const PATH = /^\/api\/(?<project>[^/]{1,64})\/minidump(?:\/(?<key>[0-9a-fA-F]{32}))?\/?$/;
const BODY = { wireBytes: 120 * 1024 * 1024, unpackedBytes: 120 * 1024 * 1024 };

/**
 * `POST /api/<project>/minidump/`, what Breakpad and Crashpad upload: a form with the dump as `upload_file_minidump`, the
 * event's own data in `sentry` (JSON, or `sentry[a][b]`) or as the native SDK has it, other fields for `extra`, other files as attachments. A bare dump
 * as the body is taken, too. Answers the event's id, with hyphens, as text (protocol reference §1.1).
 */
export function minidumpDoor(store: ContentStore): Door {
  return {
    source: 'minidump',
    item: 'minidump',
    methods: ['POST'],
    match: (path) => addressOf(PATH, path),
    async answer(call) {
      const delivery = call.letIn();
      return takeFiles(call, delivery, { store, item: 'minidump' }, async (open, files) =>
        deliverCrash(call, store, delivery, files, await receive(call, delivery, open)),
      );
    },
  };
}

/** Reads a form, or a body that is a bare dump. */
async function receive(call: DoorCall, delivery: Delivery, open: OpenFile): Promise<Form> {
  if (!/^multipart\//i.test(call.headers['content-type'] ?? '')) {
    const sink = open({ field: DUMP, filename: 'minidump.dmp', contentType: 'application/x-dmp' }, HARD_FILE_BYTES);
    await call.stream((chunk) => sink.write(chunk), BODY);
    return { fields: [], lostFields: 0, strayParts: 0 };
  }
  const native = new NativeParts();
  const form = await readMultipart(
    call,
    BODY,
    (part) => native.sink(part) ?? open(part, part.field === DUMP ? HARD_FILE_BYTES : fileCap(delivery)),
  );
  return { ...form, fields: [['sentry', JSON.stringify(native.event())], ...form.fields] };
}

/**
 * The dump among the files → an event, and all files as its attachments. A refusal is the request's only outcome; files
 * count once the event is there. @throws IngestRefusal `minidump` and those of the store
 */
export async function deliverCrash(
  call: DoorCall,
  store: ContentStore,
  delivery: Delivery,
  files: readonly FormFile[],
  { fields, lostFields, strayParts }: Form,
): Promise<DoorAnswer> {
  const dump = files.find(({ part }) => part.field === DUMP);
  if (dump === undefined) throw refusals.minidump(`the field ${DUMP} is missing`);
  const stored = await dump.sink.keep();
  const crash = await eventOfMinidump(store, stored);
  if (crash === undefined) throw refusals.minidump('the file does not begin as one');
  const value = eventOfFields(crash, fields);
  const lost = `${lostFields} fields of the form were cut or dropped: there are too many, or they are too large`;
  const notes = lostFields === 0 ? [] : [{ field: 'extra', reason: lost }];
  const report = { value, bytes: stored.sizeBytes, item: 'minidump', notes };
  const [fate] = await call.pipeline.deliverReports([report], delivery);
  call.count('attachment', 'invalid', 'multipart', strayParts);
  if (fate?.eventId === undefined || fate.occurredAt === undefined || fate.outcome !== 'accepted') {
    call.count('attachment', fate?.outcome ?? 'failed', fate?.reason ?? 'internal', files.length);
    return (fate && refusedFate(fate)) ?? { status: 200, body: fate?.eventId === undefined ? '' : hyphenated(fate.eventId) };
  }
  const { eventId, occurredAt } = fate;
  const { records } = await keepFiles(call, delivery, files, { eventId, owner: 'event', occurredAt });
  // The event is on disk: whatever becomes of its files, the client must not send it again.
  await call.pipeline.deliverRecords(records, 'attachment', delivery).catch(() => undefined);
  return { status: 200, body: hyphenated(eventId) };
}
