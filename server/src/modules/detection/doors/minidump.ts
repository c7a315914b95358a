import type { ContentStore } from '../../../platform/files/content-store.ts';
import { AttachmentIntake, fileCap, HARD_FILE_BYTES } from '../attachments.ts';
import type { Delivery } from '../delivery.ts';
import { eventOfMinidump } from '../protocols/minidump-event.ts';
import { readMultipart } from '../protocols/multipart.ts';
import { NativeParts } from '../protocols/native-parts.ts';
import { refusals } from '../protocols/refusal.ts';
import { eventOfFields } from '../protocols/sentry-fields.ts';
import { hyphenated, limited, refusedFate } from './answers.ts';
import { type FormFile, keepFiles } from './attachments.ts';
import type { Door, DoorAnswer, DoorCall } from './door.ts';

const PATH = /^\/api\/([^/]{1,64})\/minidump(?:\/([0-9a-fA-F]{32}))?\/?$/;
const BODY = { wireBytes: 120 * 1024 * 1024, unpackedBytes: 120 * 1024 * 1024 };
/** Field of the dump in a form. */
export const DUMP = 'upload_file_minidump';

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
    match(path) {
      const match = PATH.exec(path);
      return match === null ? undefined : { project: match[1], key: match[2] };
    },
    async answer(call) {
      const delivery = call.letIn();
      const hint = call.pipeline.limit(delivery, 'attachment');
      if (hint !== undefined) {
        call.count('minidump', 'rate_limited', hint.reason);
        return limited(hint);
      }
      const files: FormFile[] = [];
      try {
        const fields = await receive(call, store, delivery, files);
        return await deliverCrash(call, store, delivery, files, fields);
      } finally {
        for (const { sink } of files) sink.discard();
      }
    },
  };
}

async function receive(call: DoorCall, store: ContentStore, delivery: Delivery, files: FormFile[]): Promise<[string, string][]> {
  const intake = new AttachmentIntake(store);
  if (!/^multipart\//i.test(call.headers['content-type'] ?? '')) {
    const sink = intake.open(HARD_FILE_BYTES);
    files.push({ part: { field: DUMP, filename: 'minidump.dmp', contentType: 'application/x-dmp' }, sink });
    await call.stream((chunk) => sink.write(chunk), BODY);
    return [];
  }
  const native = new NativeParts();
  const fields = await readMultipart(call, BODY, (part) => {
    const own = native.sink(part);
    if (own !== undefined) return own;
    const sink = intake.open(part.field === DUMP ? HARD_FILE_BYTES : fileCap(delivery));
    files.push({ part, sink });
    return sink;
  });
  return [['sentry', JSON.stringify(native.event())], ...fields];
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
  fields: readonly [string, string][],
): Promise<DoorAnswer> {
  const dump = files.find(({ part }) => part.field === DUMP);
  if (dump === undefined) throw refusals.minidump(`the field ${DUMP} is missing`);
  const stored = await dump.sink.keep();
  const crash = await eventOfMinidump(store, stored);
  if (crash === undefined) throw refusals.minidump('the file does not begin as one');
  const value = eventOfFields(crash, fields);
  const [fate] = await call.pipeline.deliverReports([{ value, bytes: stored.sizeBytes, item: 'minidump' }], delivery);
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
