import type { Delivery } from '../delivery.ts';
import type { Report } from '../preparation.ts';
import { eventOfBugsnag } from '../protocols/bugsnag/bugsnag-event.ts';
import { listOf, objectOf } from '../protocols/compat.ts';
import { parseEvent } from '../protocols/event-json.ts';
import { jsonText } from '../protocols/json-text.ts';
import { refusals } from '../protocols/refusal.ts';
import { addressOf, type Door, type DoorAnswer, type DoorCall } from './door.ts';
import { deliverInParts, Tally } from './tally.ts';

const PATH = /^\/(?<what>notify|sessions)\/?$/;
const ITEM = 'bugsnag';
/** Bugsnag's own is 1 MB. */
const LIMITS = { wireBytes: 5 * 1024 * 1024, unpackedBytes: 5 * 1024 * 1024 };
const MAX_EVENTS = 1_000;

/**
 * Bugsnag's clients with their endpoints and key changed: `/notify`, and `/sessions`, whose sessions are counted and let go. The
 * API key is a DSN key: both are 32 hex digits.
 */
export const bugsnagDoor: Door = {
  source: 'bugsnag',
  item: ITEM,
  methods: ['POST'],
  match: (path) => addressOf(PATH, path),
  async answer(call) {
    const { payload, delivery } = await read(call);
    const notifier = objectOf(payload['notifier']);
    delivery.client ??= [notifier['name'], notifier['version']].filter((part) => typeof part === 'string').join('/');
    return call.path.parts?.['what'] === 'sessions'
      ? answerSessions(call, payload)
      : answerEvents(call, payload, notifier, delivery);
  },
};

/** The key stands in a header, with old notifiers in the body. */
async function read(call: DoorCall): Promise<{ payload: Record<string, unknown>; delivery: Delivery }> {
  const header = call.headers['bugsnag-api-key'];
  let delivery = typeof header === 'string' ? call.letIn(credentials(header)) : undefined;
  const body = await call.body(LIMITS);
  if (body.length === 0) throw refusals.empty();
  const payload = parseEvent(body.toString('utf8')).value;
  if (delivery === undefined) {
    const key = payload['apiKey'];
    delivery = typeof key === 'string' ? call.letIn(credentials(key)) : call.letIn();
  }
  return { payload, delivery };
}

function credentials(key: string) {
  if (!/^[0-9a-f]{32}$/i.test(key)) throw refusals.badKey();
  return { key: key.toLowerCase(), client: undefined };
}

async function answerEvents(
  call: DoorCall,
  payload: Record<string, unknown>,
  notifier: Record<string, unknown>,
  delivery: Delivery,
): Promise<DoorAnswer> {
  const events = listOf(payload['events']);
  if (events.length === 0) throw refusals.json('no events');
  const tally = new Tally();
  const reports: Report[] = [];
  for (const [i, raw] of events.entries()) {
    const event = objectOf(raw);
    const reason = i >= MAX_EVENTS ? 'too_many' : listOf(event['exceptions']).length === 0 ? 'empty' : undefined;
    if (reason === undefined) reports.push({ value: eventOfBugsnag(event, notifier), bytes: jsonText(event).length, item: ITEM });
    else {
      call.count(ITEM, 'invalid', reason);
      tally.reject(reason);
    }
  }
  await deliverInParts(call.pipeline, reports, delivery, (fate) => tally.add(fate));
  return tally.answer(
    () => ({ status: 200, body: 'OK' }),
    ({ status, message }) => ({ status, body: message }),
  );
}

/** Whole sessions, or how many began in which minute. */
function answerSessions(call: DoorCall, payload: Record<string, unknown>): DoorAnswer {
  const said = payload['sessionCounts'] ?? payload['sessions'];
  if (!Array.isArray(said)) throw refusals.json('no sessions');
  const counts = said.map(objectOf);
  let sessions = 0;
  for (const { sessionsStarted } of counts) {
    const began = typeof sessionsStarted === 'number' && Number.isInteger(sessionsStarted) ? sessionsStarted : 1;
    sessions += Math.min(Math.max(1, began), 1_000_000);
  }
  call.count('session', 'unsupported', 'no_room', sessions);
  return { status: 202, body: { status: 'accepted' } };
}
