const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `2026-11-22T10:00:00,123+01:00`, `2026/11/22 10:00:00` and the like. */
const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?)? *(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
/** `10/Oct/2026:13:55:36 -0700` of web servers, `10-Oct-2026 13:55:36.123` of Tomcat, `10 Oct 2026 13:55:36` of Redis. */
const DAY_FIRST =
  /^(\d{1,2})[/ -]([A-Za-z]{3})[a-z]*[/ -](\d{4})[: ](\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))? *(Z|UTC|[+-]\d{2}:?\d{2})?$/;
/** `Sat Oct 10 13:55:36.123456 2026` of Apache. */
const YEAR_LAST =
  /^(?:[A-Za-z]{3}\w*,? +)?([A-Za-z]{3})[a-z]* +(\d{1,2}) +(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?: +[A-Z]{3,4})? +(\d{4})$/;

/**
 * The moment that a captured text means, in seconds UTC as Sentry's events have it; undefined when it is none that can be
 * told. A time without zone is taken for UTC. A time without year (syslog) is none: which year it is only a clock knows.
 */
export function secondsOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{10}(?:\.\d{1,9})?$/.test(trimmed)) return Number(trimmed);
  if (/^\d{13}$/.test(trimmed)) return Number(trimmed) / 1000;
  const iso = ISO.exec(trimmed);
  if (iso !== null) return moment(iso[1]!, Number(iso[2]), iso[3]!, iso[4], iso[5], iso[6], iso[7], iso[8]);
  const day = DAY_FIRST.exec(trimmed);
  if (day !== null) return moment(day[3]!, monthOf(day[2]!), day[1]!, day[4], day[5], day[6], day[7], day[8]);
  const last = YEAR_LAST.exec(trimmed);
  if (last !== null) return moment(last[7]!, monthOf(last[1]!), last[2]!, last[3], last[4], last[5], last[6], undefined);
  return undefined;
}

const monthOf = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

function moment(
  year: string,
  month: number,
  day: string,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '0',
  zone: string | undefined = undefined,
): number | undefined {
  if (month < 1 || month > 12 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59)
    return undefined;
  const whole = Date.UTC(Number(year), month - 1, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  const shift = offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -60 : 60);
  return whole - shift + Number(`0.${fraction}`);
}
