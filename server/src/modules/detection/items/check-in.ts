import { randomUUID } from 'node:crypto';
import { readSchedule, ScheduleFault } from '../../analysis/schedule/schedule.ts';
import type { ItemRoom } from '../item-room.ts';
import { IngestRefusal } from '../protocols/refusal.ts';
import type { CheckInConfig, CheckInRecord } from '../records/check-in-record.ts';
import { asObject, cleanText, hexId, jsonObject } from './read-item.ts';

/** Cap of the protocol (reference §1.5). */
export const CHECK_IN_BYTES = 100 * 1024;
const MAX_SLUG = 50;
const NIL = '0'.repeat(32);
const MAX_DURATION_SECONDS = 10 * 365 * 86_400;
/** Longest margin and runtime, as Sentry has them: four weeks. */
const MAX_MINUTES = 40_320;
const MAX_THRESHOLD = 720;
const STATUSES = ['in_progress', 'ok', 'error'] as const;

/** Why a check-in is not taken. */
const checkInRefusals = {
  slug: () => new IngestRefusal(400, 'monitor_slug', 'a monitor slug is 1 to 50 of a–z, 0–9, - and _'),
  status: () => new IngestRefusal(400, 'status', 'the status of a check-in is in_progress, ok or error'),
  id: () => new IngestRefusal(400, 'check_in_id', 'bad check_in_id: a UUID expected'),
  duration: () => new IngestRefusal(400, 'duration', 'a duration is a number of seconds'),
  config: (why: string) => new IngestRefusal(400, 'monitor_config', `bad monitor_config: ${why}`),
};

/** Item `check_in`: a scheduled job began, or ended well or badly (Sentry's check-in protocol). */
export const checkInRoom: ItemRoom = {
  types: ['check_in'],
  category: 'monitor',
  maxBytes: CHECK_IN_BYTES,
  read({ payload }) {
    return { records: [{ kind: 'side', side: 'checkIn', data: readCheckIn(jsonObject(payload)) }] };
  },
};

/**
 * A check-in as it came → as it is kept. A slug is taken as its SDK's helpers make it: lower case, what is neither letter,
 * digit nor underscore becomes a hyphen. Left out: `monitor_config.owner`.
 * @throws IngestRefusal invalid:<field>
 */
export function readCheckIn(value: Record<string, unknown>): CheckInRecord {
  const slug = monitorSlug(value['monitor_slug']);
  if (slug === undefined) throw checkInRefusals.slug();
  const status = STATUSES.find((one) => one === value['status']);
  if (status === undefined) throw checkInRefusals.status();
  const given = value['check_in_id'];
  const id = given === undefined || given === null || given === '' ? NIL : hexId(given);
  if (id === undefined) throw checkInRefusals.id();
  const duration = value['duration'] ?? undefined;
  if (duration !== undefined && (typeof duration !== 'number' || !(duration >= 0 && duration <= MAX_DURATION_SECONDS)))
    throw checkInRefusals.duration();
  const release = cleanText(value['release'], 200);
  const traceId = hexId(asObject(asObject(value['contexts'])?.['trace'])?.['trace_id']);
  const config = value['monitor_config'] ?? undefined;
  return {
    ...(id === NIL ? {} : { checkInId: id }),
    recordId: randomUUID().replaceAll('-', ''),
    monitorSlug: slug,
    status,
    environment: cleanText(value['environment'], 64) ?? 'production',
    ...(duration === undefined ? {} : { durationSeconds: duration as number }),
    ...(release === undefined ? {} : { release }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(config === undefined ? {} : { config: readConfig(config) }),
  };
}

/** The name a monitor is known by; undefined when nothing is left of it. */
export function monitorSlug(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const slug = value
    .slice(0, 200)
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-/, '')
    .replace(/-$/, '');
  return slug === '' ? undefined : slug;
}

function readConfig(value: unknown): CheckInConfig {
  const config = asObject(value);
  const schedule = asObject(config?.['schedule']);
  if (config === undefined || schedule === undefined) throw checkInRefusals.config('a schedule is missing');
  try {
    const { type, value: every, unit } = schedule;
    const read: CheckInConfig = { schedule: readSchedule({ type, value: every, unit, timezone: config['timezone'] }) };
    const numbers = [
      ['checkinMarginMinutes', 'checkin_margin', MAX_MINUTES],
      ['maxRuntimeMinutes', 'max_runtime', MAX_MINUTES],
      ['failureIssueThreshold', 'failure_issue_threshold', MAX_THRESHOLD],
      ['recoveryThreshold', 'recovery_threshold', MAX_THRESHOLD],
    ] as const;
    for (const [name, sent, max] of numbers) {
      const number = config[sent];
      if (typeof number !== 'number' || !(number >= 1)) continue; // absent, or 0 for "the default"
      read[name] = Math.min(max, Math.round(number));
    }
    return read;
  } catch (error) {
    if (error instanceof ScheduleFault) throw checkInRefusals.config(error.message);
    throw error;
  }
}
