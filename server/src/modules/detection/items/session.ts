import { randomUUID } from 'node:crypto';
import type { ItemRoom } from '../item-room.ts';
import { parseTime } from '../normalize/time.ts';
import type { SessionState } from '../records/session-record.ts';
import { hexId, jsonObject } from './read-item.ts';
import { distinctUser, sessionAttributes, sessionRefusals, sessionStart } from './session-parts.ts';

const STATES: Record<string, SessionState> = {
  ok: 'healthy',
  exited: 'healthy',
  errored: 'errored',
  // An unhandled error that the program survived.
  unhandled: 'errored',
  abnormal: 'abnormal',
  crashed: 'crashed',
};

/**
 * Item `session`: how one session of a program stands (Sentry's session protocol). Each update holds the whole state; `seq`,
 * or else the time of the update, orders them. `did` is kept as a hash only. Left out: `duration`, `init` (any update may be
 * the first to come), address and agent of the user.
 */
export const sessionRoom: ItemRoom = {
  types: ['session'],
  category: 'session',
  maxBytes: 16 * 1024,
  read({ payload }, delivery) {
    const value = jsonObject(payload);
    const id = value['sid'] === undefined || value['sid'] === null ? randomUUID().replaceAll('-', '') : hexId(value['sid']);
    if (id === undefined) throw sessionRefusals.id();
    const attributes = sessionAttributes(value['attrs']);
    const status = value['status'] ?? 'ok';
    const state = typeof status === 'string' && Object.hasOwn(STATES, status) ? STATES[status] : undefined;
    if (state === undefined) throw sessionRefusals.status();
    const errors = value['errors'];
    const hadErrors = typeof errors === 'number' && errors > 0;
    const update = {
      sequence: sequenceOf(value, delivery.receivedAt),
      state: state === 'healthy' && hadErrors ? ('errored' as const) : state,
      startedAt: sessionStart(value['started'], delivery),
      ...distinctUser(value['did'], delivery),
    };
    return { records: [{ kind: 'side', side: 'session', data: { id, ...attributes, update } }] };
  },
};

/** SDKs without a logical clock are ordered by the time of the update. */
function sequenceOf(value: Record<string, unknown>, receivedAt: number): number {
  const seq = value['seq'];
  if (typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0) return seq;
  return parseTime(value['timestamp']) ?? receivedAt;
}
