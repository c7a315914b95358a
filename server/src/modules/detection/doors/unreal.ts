import type { ContentStore } from '../../../platform/files/content-store.ts';
import { HARD_FILE_BYTES } from '../attachments.ts';
import { refusals } from '../protocols/refusal.ts';
import { readUnreal } from '../protocols/unreal.ts';
import { addressOf, type Door } from './door.ts';
import { DUMP, takeFiles } from './form-files.ts';
import { deliverCrash } from './minidump.ts';
import { Turns } from './turns.ts';

const PATH = /^\/api\/(?<project>[^/]{1,64})\/unreal\/(?<key>[0-9a-fA-F]{32})\/?$/;
/** A report unpacks to 200 MB: one is unpacked at a time, and so many wait. */
const MOST_AT_ONCE = 8;
const BODY = { wireBytes: 40 * 1024 * 1024, unpackedBytes: 40 * 1024 * 1024 };

/** `POST /api/<project>/unreal/<key>/`: a crash report of Unreal Engine. Its dump makes the event, its files are attached. */
export function unrealDoor(store: ContentStore): Door {
  const turns = new Turns(MOST_AT_ONCE);
  return {
    source: 'unreal',
    item: 'minidump',
    methods: ['POST'],
    match: (path) => addressOf(PATH, path),
    async answer(call) {
      const delivery = call.letIn();
      return takeFiles(call, delivery, { store, item: 'minidump' }, async (open, files) => {
        const body = await call.body(BODY);
        await turns.take(async () => {
          for (const { name, bytes } of await readUnreal(body)) {
            const isDump = bytes.toString('latin1', 0, 4) === 'MDMP';
            const part = { field: isDump ? DUMP : name, filename: name, contentType: 'application/octet-stream' };
            open(part, HARD_FILE_BYTES).write(bytes);
          }
        });
        if (files.length === 0) throw refusals.unreal('no files in it');
        const user = call.query.get('UserID');
        const fields: [string, string][] = user === null ? [] : [['sentry[user][id]', user]];
        return deliverCrash(call, store, delivery, files, { fields, lostFields: 0, strayParts: 0 });
      });
    },
  };
}
