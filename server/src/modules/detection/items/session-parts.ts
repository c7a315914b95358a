import { hash } from 'node:crypto';
import { days } from '../../../platform/clock.ts';
import type { Delivery } from '../delivery.ts';
import { correctTime, parseTime } from '../normalize/time.ts';
import { IngestRefusal } from '../protocols/refusal.ts';
import { asObject, cleanText } from './read-item.ts';

/** Sessions can be updated for five days (Sentry's session protocol); older ones are refused. */
export const SESSION_VALID_MS = days(5);

/** Why sessions are not taken. */
export const sessionRefusals = {
  release: () => new IngestRefusal(400, 'no_release', 'a session without a release'),
  id: () => new IngestRefusal(400, 'sid', 'bad sid: a UUID expected'),
  started: () => new IngestRefusal(400, 'started', 'a session without the time it began'),
  tooOld: () => new IngestRefusal(400, 'too_old', 'a session that began more than five days ago'),
  status: () => new IngestRefusal(400, 'status', 'unknown status of a session'),
  buckets: () => new IngestRefusal(400, 'aggregates', 'a list of 1 to 100 aggregates expected'),
  count: () => new IngestRefusal(400, 'count', 'counts are whole numbers'),
};

/** Release and environment that sessions are counted under. @throws IngestRefusal */
export function sessionAttributes(value: unknown): { release: string; environment: string } {
  const attrs = asObject(value) ?? {};
  const release = cleanText(attrs['release'], 200);
  if (release === undefined) throw sessionRefusals.release();
  return { release, environment: cleanText(attrs['environment'], 64) ?? '' };
}

/** When sessions began, by our clock. @throws IngestRefusal */
export function sessionStart(value: unknown, delivery: Delivery): number {
  const said = parseTime(value);
  if (said === undefined) throw sessionRefusals.started();
  const { timestamp } = correctTime(said, delivery.receivedAt, parseTime(delivery.header.sentAt));
  if (timestamp <= delivery.receivedAt - SESSION_VALID_MS) throw sessionRefusals.tooOld();
  return timestamp;
}

/** Who used the program: never kept as it is, and not the same in two projects. */
export function distinctUser(value: unknown, delivery: Delivery): { userHash?: string } {
  const text = typeof value === 'number' ? String(value) : cleanText(value, 500);
  if (text === undefined) return {};
  return { userHash: hash('sha256', `${delivery.key.projectId}\n${text}`, 'hex').slice(0, 16) };
}
