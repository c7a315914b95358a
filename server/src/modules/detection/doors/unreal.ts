import type { ContentStore } from '../../../platform/files/content-store.ts';
import { AttachmentIntake, HARD_FILE_BYTES } from '../attachments.ts';
import { refusals } from '../protocols/refusal.ts';
import { readUnreal } from '../protocols/unreal.ts';
import { limited } from './answers.ts';
import type { FormFile } from './attachments.ts';
import type { Door } from './door.ts';
import { DUMP, deliverCrash } from './minidump.ts';

const PATH = /^\/api\/([^/]{1,64})\/unreal\/([0-9a-fA-F]{32})\/?$/;
const BODY = { wireBytes: 40 * 1024 * 1024, unpackedBytes: 40 * 1024 * 1024 };

/** `POST /api/<project>/unreal/<key>/`: a crash report of Unreal Engine. Its dump makes the event, its files are attached. */
export function unrealDoor(store: ContentStore): Door {
  return {
    source: 'unreal',
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
      const unpacked = await readUnreal(await call.body(BODY));
      const intake = new AttachmentIntake(store);
      const files: FormFile[] = [];
      try {
        for (const { name, bytes } of unpacked) {
          const isDump = bytes.toString('latin1', 0, 4) === 'MDMP';
          const sink = intake.open(HARD_FILE_BYTES);
          sink.write(bytes);
          files.push({ part: { field: isDump ? DUMP : name, filename: name, contentType: 'application/octet-stream' }, sink });
        }
        if (files.length === 0) throw refusals.unreal('no files in it');
        const user = call.query.get('UserID');
        const fields: [string, string][] = user === null ? [] : [['sentry[user][id]', user]];
        return await deliverCrash(call, store, delivery, files, fields);
      } finally {
        for (const { sink } of files) sink.discard();
      }
    },
  };
}
