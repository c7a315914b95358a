import { CHECK_IN_BYTES, readCheckIn } from '../items/check-in.ts';
import { asObject, jsonObject } from '../items/read-item.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import { addressOf, type Door } from './door.ts';

const PATH = /^\/api\/(?<project>[^/]{1,64})\/cron\/(?<slug>[^/]{1,200})(?:\/(?<key>[0-9a-fA-F]{32}))?\/?$/;
const ITEM = 'check_in';

/**
 * Check-ins by plain HTTP, for anything that can call `curl`: `/api/<project>/cron/<monitor>/<key>/?status=ok`. What the
 * query says (status, check_in_id, environment, duration, release) or a JSON body with the fields of item `check_in`.
 * Project 0 is taken, as Sentry's guides write it: the key names the project. Answers 202, and never 429, as Sentry's does:
 * a job that cannot report is reported missing.
 */
export const cronDoor: Door = {
  source: 'cron',
  item: ITEM,
  methods: ['GET', 'POST', 'PUT'],
  match(path) {
    const address = addressOf(PATH, path);
    return address?.project === '0' ? { ...address, project: undefined } : address;
  },
  async answer(call) {
    const delivery = call.letIn();
    const body = call.method === 'GET' ? {} : await readBody(call);
    const { query } = call;
    const said: Record<string, unknown> = { ...body, monitor_slug: decoded(call.path.parts?.['slug'] ?? '') };
    for (const name of ['status', 'check_in_id', 'environment', 'release']) {
      const text = query.get(name);
      if (text !== null) said[name] = text;
    }
    const duration = query.get('duration');
    if (duration !== null && duration !== '') said['duration'] = Number(duration);
    const data = readCheckIn(said);
    const hint = call.pipeline.limit(delivery, 'monitor');
    if (hint !== undefined) {
      call.count(ITEM, 'rate_limited', hint.reason);
      return { status: 202, body: { id: null, detail: `not kept: ${hint.reason}` } };
    }
    try {
      await call.pipeline.deliverRecords([{ kind: 'side', side: 'checkIn', data }], ITEM, delivery);
    } catch (error) {
      if (!(error instanceof IngestRefusal)) throw error;
      // Its fate is counted already.
      return { status: error.status, body: { detail: error.message }, headers: { 'retry-after': '30' } };
    }
    return { status: 202, body: { id: data.checkInId ?? null } };
  },
};

async function readBody(call: Parameters<Door['answer']>[0]): Promise<Record<string, unknown>> {
  const bytes = await call.body({ wireBytes: CHECK_IN_BYTES, unpackedBytes: CHECK_IN_BYTES });
  const isJson = /^application\/json\b/i.test(call.headers['content-type'] ?? '');
  // curl sends a form unless told otherwise: then the query says it all.
  if (bytes.length === 0 || (!isJson && bytes[0] !== 0x7b)) return {};
  const value = asObject(jsonObject(bytes));
  if (value === undefined) throw refusals.json('an object expected');
  return value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
