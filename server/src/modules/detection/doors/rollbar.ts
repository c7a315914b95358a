import type { Delivery } from '../delivery.ts';
import { isObject } from '../normalize/reading.ts';
import { objectOf } from '../protocols/compat.ts';
import { parseEvent } from '../protocols/event-json.ts';
import { jsonText } from '../protocols/json-text.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import { eventOfRollbar } from '../protocols/rollbar/rollbar-event.ts';
import type { Door, DoorAnswer, DoorCall } from './door.ts';
import { Tally } from './tally.ts';

const ITEM = 'rollbar';
/** Rollbar's own is 512 kB. */
const LIMITS = { wireBytes: 2 * 1024 * 1024, unpackedBytes: 2 * 1024 * 1024 };

/** Rollbar's clients with their endpoint and access token changed. The token is a DSN key: both are 32 hex digits. */
export const rollbarDoor: Door = {
  source: 'rollbar',
  item: ITEM,
  methods: ['POST'],
  match: (path) => (/^\/api\/1\/item\/?$/.test(path) ? {} : undefined),
  /** A refusal is answered in Rollbar's shape, so it is counted here and not by who called. */
  async answer(call) {
    try {
      return await take(call);
    } catch (error) {
      if (!(error instanceof IngestRefusal)) throw error;
      call.count(ITEM, error.status >= 500 ? 'failed' : 'invalid', error.reason);
      return answerRefused(error);
    }
  },
};

async function take(call: DoorCall): Promise<DoorAnswer> {
  const header = call.headers['x-rollbar-access-token'];
  let delivery = typeof header === 'string' ? call.letIn(credentials(header)) : undefined;
  const body = await call.body(LIMITS);
  if (body.length === 0) throw refusals.empty();
  const payload = parseEvent(body.toString('utf8')).value;
  if (delivery === undefined) {
    const token = payload['access_token'];
    delivery = typeof token === 'string' ? call.letIn(credentials(token)) : call.letIn();
  }
  return deliver(call, payload, delivery);
}

async function deliver(call: DoorCall, payload: Record<string, unknown>, delivery: Delivery): Promise<DoorAnswer> {
  const data = payload['data'];
  if (!isObject(data)) throw refusals.json('no data');
  const notifier = objectOf(data['notifier']);
  delivery.client ??= [notifier['name'], notifier['version']].filter((part) => typeof part === 'string').join('/');
  const value = eventOfRollbar(data);
  if (value === undefined) throw refusals.json('a body of trace, trace_chain, message or crash_report expected');
  const [fate] = await call.pipeline.deliverReports([{ value, bytes: jsonText(data).length, item: ITEM }], delivery);
  const tally = new Tally();
  if (fate !== undefined) tally.add(fate);
  return tally.answer(
    () => ({ status: 200, body: { err: 0, result: { id: null, uuid: fate?.eventId ?? null } } }),
    answerRefused,
  );
}

function credentials(token: string) {
  if (!/^[0-9a-f]{32}$/i.test(token)) throw refusals.badKey();
  return { key: token.toLowerCase(), client: undefined };
}

function answerRefused({ status, message, retryAfterSeconds }: IngestRefusal): DoorAnswer {
  const headers = {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    // By these its clients hold back (https://docs.rollbar.com/docs/rate-limits).
    ...(status === 429
      ? { 'x-rate-limit-remaining': '0', 'x-rate-limit-remaining-seconds': String(retryAfterSeconds ?? 60) }
      : {}),
    ...(status === 408 ? { connection: 'close' } : {}),
  };
  return { status, body: { err: 1, message }, headers };
}
