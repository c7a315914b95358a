import { Cron } from 'croner';
import { LRUCache } from 'lru-cache';

/** Units of an interval, as Sentry's check-ins name them. */
export const INTERVAL_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
/** One of {@link INTERVAL_UNITS}. */
export type IntervalUnit = (typeof INTERVAL_UNITS)[number];

/** When a job is meant to run. */
export type Schedule =
  /** Five fields (minute, hour, day of month, month, day of week) or a nickname such as `@daily`, in a time zone. */
  | { type: 'crontab'; value: string; timezone: string }
  /** So long after the run before. */
  | { type: 'interval'; value: number; unit: IntervalUnit };

/** Why a schedule cannot be; `field` is the part at fault. */
export class ScheduleFault extends Error {
  override readonly name = 'ScheduleFault';
  readonly field: 'value' | 'unit' | 'timezone';

  constructor(field: ScheduleFault['field'], message: string) {
    super(message);
    this.field = field;
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const FIXED_MS: Partial<Record<IntervalUnit, number>> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
};
/** Longest interval, in its unit: about ten years. */
const LONGEST: Record<IntervalUnit, number> = { minute: 525_600, hour: 87_600, day: 3_650, week: 520, month: 120, year: 10 };
const FIELDS =
  /^(?:@(?:hourly|daily|midnight|weekly|monthly|yearly|annually)|[0-9A-Za-z*/,\-?#]{1,60}(?: [0-9A-Za-z*/,\-?#]{1,60}){4})$/;
/** Any moment will do to see whether a pattern ever matches. */
const SOME_DAY = Date.UTC(2026, 0, 1);

/**
 * Checks a schedule from outside.
 * @throws ScheduleFault with words for whoever wrote it
 */
export function readSchedule(raw: { type: unknown; value: unknown; unit?: unknown; timezone?: unknown }): Schedule {
  if (raw.type === 'interval') return readInterval(raw.value, raw.unit);
  if (raw.type !== 'crontab') throw new ScheduleFault('value', 'A schedule is a crontab or an interval.');
  const timezone = raw.timezone === undefined || raw.timezone === null || raw.timezone === '' ? 'UTC' : raw.timezone;
  if (typeof timezone !== 'string' || !isTimeZone(timezone))
    throw new ScheduleFault('timezone', 'Not a time zone: name one such as Europe/Berlin.');
  const value = typeof raw.value === 'string' && raw.value.length <= 400 ? raw.value.trim().replaceAll(/\s+/g, ' ') : '';
  if (!FIELDS.test(value))
    throw new ScheduleFault('value', 'A crontab has five fields (minute, hour, day, month, weekday), such as 0 4 * * *.');
  let never: boolean;
  try {
    never = nextRun({ type: 'crontab', value, timezone }, SOME_DAY) === undefined;
  } catch (error) {
    throw new ScheduleFault('value', `Not a crontab: ${plain(error)}`);
  }
  if (never) throw new ScheduleFault('value', 'This crontab never comes round.');
  return { type: 'crontab', value, timezone };
}

function readInterval(value: unknown, unit: unknown): Schedule {
  const known = INTERVAL_UNITS.find((one) => one === unit);
  if (known === undefined) throw new ScheduleFault('unit', `The unit of an interval is one of ${INTERVAL_UNITS.join(', ')}.`);
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > LONGEST[known])
    throw new ScheduleFault('value', `An interval in ${known}s is a whole number from 1 to ${LONGEST[known]}.`);
  return { type: 'interval', value: count, unit: known };
}

/**
 * The first run after a moment (ms), or undefined if there is none any more.
 *
 * Crontabs follow local time. Where clocks go forward, a run in the hour that does not exist is not expected at all: some
 * daemons run it late, some early, some not. Where they go back, an hour that is named runs once, and `*` hours run in both.
 * Days and weeks of an interval have 24 hours; months and years end with the month (31 January + 1 month = 28 February), UTC.
 */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  if (schedule.type === 'interval') return addInterval(after, schedule.value, schedule.unit);
  const cron = cronOf(schedule.value, schedule.timezone);
  let found: number | undefined;
  // From inside an hour that clocks show twice the library answers its first showing, which is over: ask from further on.
  for (let from = after; from <= after + 4 * HOUR_MS; from += HOUR_MS / 2) {
    found = cron.nextRun(new Date(from))?.getTime();
    if (found === undefined || found > after) break;
  }
  // Every run of a day may fall into the gap, but hardly those of ten.
  for (let tries = 0; found !== undefined && tries < 10 && !cron.match(new Date(found)); tries++)
    found = cron.nextRun(new Date(found))?.getTime();
  if (found === undefined || found <= after) return undefined;
  return inRepeatedHour(cron, schedule, after, found) ?? found;
}

/** The next `count` runs after a moment. */
export function nextRuns(schedule: Schedule, after: number, count: number): number[] {
  const runs: number[] = [];
  for (let from = after; runs.length < count; ) {
    const run = nextRun(schedule, from);
    if (run === undefined) break;
    runs.push(run);
    from = run;
  }
  return runs;
}

/** A run within the hour that clocks show twice: the library answers its first showing only. */
function inRepeatedHour(
  cron: Cron,
  schedule: Extract<Schedule, { type: 'crontab' }>,
  after: number,
  found: number,
): number | undefined {
  const everyHour = schedule.value === '@hourly' || schedule.value.split(' ')[1]?.startsWith('*') === true;
  if (!everyHour || offsetAt(after - 3 * HOUR_MS, schedule.timezone) <= offsetAt(found, schedule.timezone)) return undefined;
  const first = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (let at = Math.max(first, found - 4 * HOUR_MS); at < found; at += MINUTE_MS) if (cron.match(new Date(at))) return at;
  return undefined;
}

function addInterval(from: number, value: number, unit: IntervalUnit): number {
  const ms = FIXED_MS[unit];
  if (ms !== undefined) return from + value * ms;
  const date = new Date(from);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + value * (unit === 'year' ? 12 : 1));
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, days));
  return date.getTime();
}

const crons = new LRUCache<string, Cron>({ max: 500 });
const zones = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

/** Reading a pattern costs more than asking it. Without a function to call, nothing is ever scheduled by it. */
function cronOf(value: string, timezone: string): Cron {
  const key = `${timezone} ${value}`;
  let cron = crons.get(key);
  if (cron === undefined) {
    cron = new Cron(value, { timezone, mode: '5-part' });
    crons.set(key, cron);
  }
  return cron;
}

/** Milliseconds that local time is ahead of UTC. */
function offsetAt(at: number, timezone: string): number {
  const parts = formatOf(timezone).formatToParts(at);
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /^GMT(?:([+-])(\d{1,2})(?::(\d\d))?)?/.exec(text);
  if (match?.[1] === undefined) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE_MS;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = zones.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    zones.set(timezone, format);
  }
  return format;
}

/** A name of the time zone database that this machine knows. */
export function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The library's words, without its prefix and short. */
function plain(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^Cron\w+: /, '').slice(0, 160);
}
