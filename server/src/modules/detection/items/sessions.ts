import { hash, randomUUID } from 'node:crypto';
import type { Delivery } from '../delivery.ts';
import type { ItemRoom } from '../item-room.ts';
import { SESSION_STATES, type SessionCounts, type SessionState } from '../records/session-record.ts';
import { asObject, jsonObject } from './read-item.ts';
import { distinctUser, sessionAttributes, sessionRefusals, sessionStart } from './session-parts.ts';

const MAX_BUCKETS = 100;
const MAX_COUNT = 1_000_000_000;

/**
 * Item `sessions`: sessions counted by their client, by the minute they began in (Sentry's session protocol; server SDKs
 * count requests so). One item is one outcome, however many sessions it counts.
 */
export const sessionsRoom: ItemRoom = {
  types: ['sessions'],
  category: 'session',
  maxBytes: 256 * 1024,
  read({ payload }, delivery) {
    const value = jsonObject(payload);
    const { aggregates } = value;
    if (!Array.isArray(aggregates) || aggregates.length > MAX_BUCKETS) throw sessionRefusals.buckets();
    const attributes = sessionAttributes(value['attrs']);
    if (aggregates.length === 0) return { records: [] };
    const counts = aggregates.map((bucket) => countsOf(bucket, delivery));
    const id = identity(payload, delivery);
    return { records: [{ kind: 'side', side: 'session', data: { id, ...attributes, counts } }] };
  },
};

function countsOf(value: unknown, delivery: Delivery): SessionCounts {
  const bucket = asObject(value);
  if (bucket === undefined) throw sessionRefusals.buckets();
  const states = Object.fromEntries(SESSION_STATES.map((state) => [state, 0])) as Record<SessionState, number>;
  states.healthy = count(bucket['exited']);
  states.errored = count(bucket['errored']) + count(bucket['unhandled']);
  states.abnormal = count(bucket['abnormal']);
  states.crashed = count(bucket['crashed']);
  return { startedAt: sessionStart(bucket['started'], delivery), states, ...distinctUser(bucket['did'], delivery) };
}

function count(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_COUNT) throw sessionRefusals.count();
  return value;
}

/**
 * The protocol gives counted sessions no id. The same item in an envelope sent at the same millisecond by the same client is
 * the same item sent again; without the time of sending there is no telling, and each counts.
 */
function identity(payload: Buffer, delivery: Delivery): string {
  const { sentAt } = delivery.header;
  if (typeof sentAt !== 'string' && typeof sentAt !== 'number') return randomUUID().replaceAll('-', '');
  const whole = Buffer.concat([Buffer.from(`${sentAt}\n${delivery.clientIp}\n`), payload]);
  return hash('sha256', whole, 'hex').slice(0, 32);
}
