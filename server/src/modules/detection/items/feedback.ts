import { createHash } from 'node:crypto';
import { type Delivery, sourceOf } from '../delivery.ts';
import type { ItemRoom } from '../item-room.ts';
import { isObject } from '../normalize/reading.ts';
import { normalize, readEventId } from '../normalize.ts';
import { jsonText } from '../protocols/json-text.ts';
import { refusals } from '../protocols/refusal.ts';
import type { FeedbackRecord } from '../records/feedback-record.ts';
import { scrub } from '../scrub.ts';

type Json = Record<string, unknown>;
const MAX_MESSAGE = 4_096;

/** Items `feedback` (an event whose context is the feedback) and `user_report` (the old form). */
export const feedbackRoom: ItemRoom = {
  types: ['feedback', 'user_report'],
  category: 'feedback',
  maxBytes: 1024 * 1024,
  read(item, delivery) {
    const value = parse(item.payload);
    const data = item.type === 'feedback' ? readFeedback(value, delivery) : readUserReport(value, delivery);
    return { records: [{ kind: 'side', side: 'feedback', data }] };
  },
};

/** What a user wrote, sent as an event with `contexts.feedback`. @throws IngestRefusal `feedback` */
export function readFeedback(value: Json, delivery: Delivery): FeedbackRecord {
  const contexts = isObject(value['contexts']) ? value['contexts'] : {};
  const said = isObject(contexts['feedback']) ? contexts['feedback'] : undefined;
  if (said === undefined) throw refusals.feedback('contexts.feedback is missing');
  const user = isObject(value['user']) ? value['user'] : {};
  return record(
    {
      ...value,
      contexts: {},
      message: said['message'],
      user: { email: said['contact_email'] ?? user['email'], username: said['name'] ?? user['name'] ?? user['username'] },
      request: { url: said['url'] ?? (isObject(value['request']) ? value['request']['url'] : undefined) },
    },
    said['associated_event_id'] ?? contexts['associated_event_id'],
    delivery,
    'feedback',
  );
}

/** `{event_id, name, email, comments}`: one for each different text about an event. @throws IngestRefusal `feedback` */
export function readUserReport(value: Json, delivery: Delivery): FeedbackRecord {
  const { name, email, comments } = value;
  const about = readEventId(value['event_id']) ?? readEventId(delivery.header.eventId);
  const id = createHash('sha256')
    .update(jsonText([delivery.key.projectId, about, name, email, comments]))
    .digest('hex')
    .slice(0, 32);
  const event = { event_id: id, message: comments, user: { email, username: name } };
  return record(event, about, { ...delivery, header: {} }, 'user_report');
}

/** Made normal and scrubbed as events are. */
function record(value: Json, about: unknown, delivery: Delivery, source: FeedbackRecord['source']): FeedbackRecord {
  const normal = normalize(value, sourceOf(delivery, true));
  const { message, user, request, environment, release, eventId, timestamp } = scrub(normal, delivery.key.settings);
  const text = message?.trim() ?? '';
  if (text === '') throw refusals.feedback('it says nothing');
  const associated = readEventId(about);
  return {
    feedbackId: eventId,
    ...(associated === undefined ? {} : { eventId: associated }),
    timestamp,
    message: text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 1).toWellFormed()}…` : text,
    ...(user?.username === undefined ? {} : { name: user.username }),
    ...(user?.email === undefined ? {} : { email: user.email }),
    ...(request?.url === undefined ? {} : { url: request.url }),
    ...(environment === undefined ? {} : { environment }),
    ...(release === undefined ? {} : { release }),
    source,
  };
}

function parse(payload: Buffer): Json {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // told below
  }
  throw refusals.feedback('no JSON object');
}
