const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en');

/** 1234 → `1.2K`; below 1000 the number itself. */
export const formatCompact = (value: number): string => (Math.abs(value) < 1000 ? whole.format(value) : compact.format(value));

/** 1234567 → `1,234,567`. */
export const formatWhole = (value: number): string => whole.format(value);

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in binary units: 1536 → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[power]}`;
}

const STEPS: readonly (readonly [ms: number, letter: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A span of milliseconds in its two largest units: `3 d 4 h`, `12 s`, `80 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const first = STEPS.findIndex(([step]) => ms >= step);
  const [step, letter] = STEPS[first] ?? [1_000, 's'];
  const count = Math.floor(ms / step);
  const next = STEPS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((ms - count * step) / next[0]);
  return rest === 0 || next === undefined ? `${count} ${letter}` : `${count} ${letter} ${rest} ${next[1]}`;
}

/** How long ago, short: `now`, `45s`, `12m`, `3h`, `9d`, `5mo`, `2y`. Future times read `in 3h`. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round(Math.abs(now - at) / 1_000);
  if (seconds < 5) return 'now';
  const text =
    seconds < 60
      ? `${seconds}s`
      : seconds < 3_600
        ? `${Math.floor(seconds / 60)}m`
        : seconds < 86_400
          ? `${Math.floor(seconds / 3_600)}h`
          : seconds < 30 * 86_400
            ? `${Math.floor(seconds / 86_400)}d`
            : seconds < 365 * 86_400
              ? `${Math.floor(seconds / (30 * 86_400))}mo`
              : `${Math.floor(seconds / (365 * 86_400))}y`;
  return at > now ? `in ${text}` : text;
}

/** Time zones a person can choose: the browser's own, UTC, or an IANA name. */
export type TimeZoneChoice = 'browser' | 'UTC' | (string & {});

function zone(choice: TimeZoneChoice): { timeZone?: string } {
  return choice === 'browser' ? {} : { timeZone: choice };
}

/** Making a formatter costs far more than using it, and long lists use one per row: each is made once. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(name: string, options: Intl.DateTimeFormatOptions, timeZone: TimeZoneChoice): Intl.DateTimeFormat {
  const key = `${name} ${timeZone}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', { ...options, ...zone(timeZone) });
  formatters.set(key, made);
  return made;
}

const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const MINUTES: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };

/** Full date and time with seconds and zone: `22 Nov 2026, 17:40:12 GMT+1`. */
export function formatDateTime(at: number, timeZone: TimeZoneChoice = 'browser'): string {
  return formatterOf('moment', { ...DATE, ...MINUTES, second: '2-digit', timeZoneName: 'short' }, timeZone).format(at);
}

/** Date without a time: `22 Nov 2026`. */
export function formatDate(at: number, timeZone: TimeZoneChoice = 'browser'): string {
  return formatterOf('date', DATE, timeZone).format(at);
}

/** Label of a point on a time axis whose whole span is `spanMs`: time of day for a day or two, else the date. */
export function formatTick(at: number, spanMs: number, timeZone: TimeZoneChoice = 'browser'): string {
  if (spanMs <= 600_000) return formatterOf('seconds', { ...MINUTES, second: '2-digit' }, timeZone).format(at);
  if (spanMs <= 2 * 86_400_000) return formatterOf('minutes', MINUTES, timeZone).format(at);
  return formatterOf('day', { day: 'numeric', month: 'short' }, timeZone).format(at);
}

/** Milliseconds of an ISO text, a Date or milliseconds. */
export const toMs = (value: string | number | Date): number =>
  typeof value === 'number' ? value : value instanceof Date ? value.getTime() : Date.parse(value);
