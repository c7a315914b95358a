/** How times without a zone or year are read. */
export interface TimeContext {
  /** IANA name or offset (`+02:00`); UTC when absent. */
  timeZone?: string;
  /** Milliseconds: about when the log was written, for times without a year or date. */
  reference?: number;
}

/** A time at some place of a line. */
export interface FoundTime {
  /** Milliseconds since 1970; absent when the line does not say enough (no year and no reference). */
  ms?: number;
  /** Where the text goes on. */
  end: number;
}

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';
const month = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) / 3;

type Parts = { y?: number; mo?: number; d?: number; h: number; mi: number; s: number; ms: number; offset?: number };
type Form = { pattern: RegExp; read: (m: RegExpExecArray) => Parts | undefined };

const CLOCK = String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:[.,:](\d{1,9}))?`;
const ZONE = String.raw`(?:\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?![\d:]))(?!\w))?`;
const n = (text: string | undefined) => Number(text ?? 0);
const milliseconds = (fraction: string | undefined) => (fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000));

/** Year, month and day wherever they stand in the match, then clock and zone at `at`. */
const clockAt = (m: RegExpExecArray, at: number, date: Partial<Parts>): Parts => ({
  ...date,
  h: n(m[at]),
  mi: n(m[at + 1]),
  s: n(m[at + 2]),
  ms: milliseconds(m[at + 3]),
  ...zoneOf(m[at + 4]),
});

function zoneOf(text: string | undefined): { offset?: number } {
  if (text === undefined) return {};
  const m = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  return { offset: m === null ? 0 : (m[1] === '-' ? -1 : 1) * (n(m[2]) * 60 + n(m[3])) };
}

const form = (source: string, read: Form['read']): Form => ({ pattern: new RegExp(source, 'y'), read });

/** The forms of times in logs, by what their first characters look like: a digit, or a letter. */
const DIGIT_FORMS: Form[] = [
  // 2026-03-14T09:27:22.592Z, 2026-03-14 09:27:22,592 +0100, 2026/03/14 09:27:22, 2026-03-14_09:27:22
  form(String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T\s_:-]\s?${CLOCK}${ZONE}`, (m) =>
    clockAt(m, 4, { y: n(m[1]), mo: n(m[2]) - 1, d: n(m[3]) }),
  ),
  // 2005-06-03-15.42.50.675872
  form(String.raw`(\d{4})-(\d{2})-(\d{2})-(\d{2})\.(\d{2})\.(\d{2})(?:\.(\d{1,9}))?`, (m) =>
    clockAt(m, 4, { y: n(m[1]), mo: n(m[2]) - 1, d: n(m[3]) }),
  ),
  // 20260314 09:27:22, 20171223-22:15:29:606, 20260314T092722Z
  form(String.raw`(20\d{2})(\d{2})(\d{2})[-T\s](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,9}))?${ZONE}`, (m) =>
    clockAt(m, 4, { y: n(m[1]), mo: n(m[2]) - 1, d: n(m[3]) }),
  ),
  form(String.raw`(20\d{2})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(?:[.,](\d{1,9}))?${ZONE}`, (m) =>
    clockAt(m, 4, { y: n(m[1]), mo: n(m[2]) - 1, d: n(m[3]) }),
  ),
  // 081110 220658 (year, month and day of two digits each)
  form(String.raw`(\d{2})(\d{2})(\d{2})\s(\d{2})(\d{2})(\d{2})(?=\s)`, (m) =>
    clockAt(m, 4, { y: 2000 + n(m[1]), mo: n(m[2]) - 1, d: n(m[3]) }),
  ),
  // 11/Oct/2000:13:55:36 -0700, 14-Mar-2026 09:27:22.123 UTC, 14 Mar 2026 09:27:22
  form(String.raw`(\d{1,2})[-/\s]([A-Za-z]{3})[-/\s](\d{4})[:\s]\s?${CLOCK}${ZONE}`, (m) =>
    clockAt(m, 4, { y: n(m[3]), mo: month(m[2] as string), d: n(m[1]) }),
  ),
  // 14/03/2026 09:27:22, 14.03.2026 09:27:22 (03/14/2026 when the second number is no month)
  form(String.raw`(\d{1,2})[./](\d{1,2})[./](\d{4})[\s,]\s?${CLOCK}${ZONE}(?:\s?([AaPp])[Mm])?`, (m) => {
    const swapped = n(m[2]) > 12;
    const date = { y: n(m[3]), mo: n(m[swapped ? 1 : 2]) - 1, d: n(m[swapped ? 2 : 1]) };
    return halfDay(clockAt(m, 4, date), m[9]);
  }),
  // 17/06/09 20:10:40
  form(String.raw`(\d{2})/(\d{2})/(\d{2})\s${CLOCK}`, (m) => clockAt(m, 4, { y: 2000 + n(m[1]), mo: n(m[2]) - 1, d: n(m[3]) })),
  // 03-17 16:13:38.811 and 10.30 16:49:06: no year
  form(String.raw`(\d{2})[-.](\d{2})\s${CLOCK}`, (m) => clockAt(m, 3, { mo: n(m[1]) - 1, d: n(m[2]) })),
  // 1700000000, 1700000000.123, 1700000000123
  form(String.raw`(1\d{9})(?:[.,](\d{1,9})|(\d{3}))?(?![\w.:-])`, (m) => ({
    y: 1970,
    mo: 0,
    d: 1,
    h: 0,
    mi: 0,
    s: n(m[1]),
    ms: m[3] === undefined ? milliseconds(m[2]) : n(m[3]),
    offset: 0,
  })),
  // 09:27:22.123
  form(`${CLOCK}${ZONE}(?![:\\w])`, (m) => clockAt(m, 1, {})),
];
const LETTER_FORMS: Form[] = [
  // Mar 14 09:27:22, Mar 14 2026 09:27:22, Mar 14, 2026 3:23:29 PM, Wed Oct 11 14:32:52.123456 2000
  form(
    String.raw`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s{1,2}(\d{1,2}),?\s(?:(\d{4}),?\s)?${CLOCK}(?:\s([AaPp])[Mm])?(?:\s(?:[A-Z]{3,4}\s)?(\d{4})(?![\d:]))?`,
    (m) => {
      const year = m[3] ?? m[9];
      const date = { mo: month(m[1] as string), d: n(m[2]), ...(year === undefined ? {} : { y: n(year) }) };
      const { offset: _, ...parts } = clockAt(m, 4, date);
      return halfDay(parts, m[8]);
    },
  ),
  // Wed, 11 Oct 2000 14:32:52 GMT
  form(String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s(\d{1,2})\s([A-Z][a-z]{2})\s(\d{4})\s${CLOCK}${ZONE}`, (m) =>
    clockAt(m, 4, { y: n(m[3]), mo: month(m[2] as string), d: n(m[1]) }),
  ),
];

function halfDay(parts: Parts, letter: string | undefined): Parts {
  if (letter === undefined) return parts;
  return { ...parts, h: (parts.h % 12) + (letter.toLowerCase() === 'p' ? 12 : 0) };
}

/** Reads a time that begins at `at`. */
export function timeAt(text: string, at: number, context: TimeContext): FoundTime | undefined {
  const c = text.charCodeAt(at);
  const digit = c >= 48 && c <= 57;
  if (!digit && !(c >= 65 && c <= 90)) return undefined; // months and weekdays begin with a capital
  for (const { pattern, read } of digit ? DIGIT_FORMS : LETTER_FORMS) {
    pattern.lastIndex = at;
    const m = pattern.exec(text);
    if (m === null) continue;
    const parts = read(m);
    const ms = parts === undefined ? undefined : instant(parts, context);
    return { ...(ms === undefined ? {} : { ms }), end: pattern.lastIndex };
  }
  return undefined;
}

/** The whole text as a time; `undefined` when it is none or says not enough. */
export function timeOf(text: string, context: TimeContext): number | undefined {
  return text.length > 64 ? undefined : timeAt(text.trim(), 0, context)?.ms;
}

const DAY = 86_400_000;

function instant(parts: Parts, context: TimeContext): number | undefined {
  const { reference } = context;
  const clock = ((parts.h * 60 + parts.mi) * 60 + parts.s) * 1000 + parts.ms;
  if (parts.mo === undefined || parts.d === undefined) {
    if (reference === undefined) return undefined;
    const day = Math.floor(reference / DAY) * DAY;
    const found = day + clock - offsetMs(day + clock, parts.offset, context);
    return found > reference + DAY / 24 ? found - DAY : found; // a clock ahead of the reference is yesterday's
  }
  if (parts.mo < 0 || parts.mo > 11 || parts.d < 1 || parts.d > 31 || parts.h > 24 || parts.mi > 59) return undefined;
  if (parts.y === undefined) {
    if (reference === undefined) return undefined;
    const year = new Date(reference).getUTCFullYear();
    const found = Date.UTC(year, parts.mo, parts.d) + clock;
    const local = found > reference + 2 * DAY ? Date.UTC(year - 1, parts.mo, parts.d) + clock : found;
    return local - offsetMs(local, parts.offset, context);
  }
  if (parts.y < 1970 || parts.y > 2200) return undefined;
  const local = Date.UTC(parts.y, parts.mo, parts.d) + clock;
  return local - offsetMs(local, parts.offset, context);
}

function offsetMs(local: number, offset: number | undefined, context: TimeContext): number {
  if (offset !== undefined) return offset * 60_000;
  return context.timeZone === undefined ? 0 : zoneOffset(local, context.timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat | number>();

/** How far a zone is ahead of UTC at a local time, in milliseconds. An unknown zone counts as UTC. */
function zoneOffset(local: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = zoneFormat(zone);
    if (formats.size > 100) formats.clear();
    formats.set(zone, format);
  }
  if (typeof format === 'number') return format;
  // Twice, because the first answer is for the instant that reads so in UTC; near a change of clocks they differ.
  let offset = shown(format, local) - local;
  offset = shown(format, local - offset) - (local - offset);
  return offset;
}

function zoneFormat(zone: string): Intl.DateTimeFormat | number {
  const fixed = zoneOf(zone);
  if (/^[+-]\d{2}/.test(zone)) return (fixed.offset ?? 0) * 60_000;
  try {
    const numeric = 'numeric' as const;
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    return 0;
  }
}

function shown(format: Intl.DateTimeFormat, instantMs: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = Number(value);
  const { year = 0, month: m = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, m - 1, day, hour, minute, second) + (instantMs % 1000);
}
