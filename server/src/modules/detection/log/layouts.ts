import { type LogLevel, levelOfLetter, levelOfWord } from './levels.ts';
import { type TimeContext, timeAt } from './timestamps.ts';

/** What a logger put before its message. */
export interface Header {
  end: number;
  level?: LogLevel;
  time?: number;
  timed: boolean;
  /** A time and nothing else. */
  stamp?: true;
  /** What is behind it has a layout of its own. */
  inner?: true;
  logger?: string;
  thread?: string;
  pid?: string;
}

type Layout = { first: RegExp; pattern: RegExp; read: (m: RegExpExecArray, context: TimeContext) => Partial<Header> };

const text = (value: string | undefined) => (value === undefined || value === '' || value === '-' ? undefined : value);
const some = <K extends string>(key: K, value: string | undefined) =>
  text(value?.trim()) === undefined ? {} : ({ [key]: value?.trim() } as Record<K, string>);
const time = (value: string | undefined, context: TimeContext) => {
  const found = value === undefined ? undefined : timeAt(value, 0, context);
  return { timed: value !== undefined, ...(found?.ms === undefined ? {} : { time: found.ms }) };
};
const level = (found: LogLevel | undefined) => (found === undefined ? {} : { level: found });

/** Layouts that a reading word by word would get wrong: one-letter levels and levels without a place of their own. */
const LAYOUTS: Layout[] = [
  {
    // klog, glog: E0102 15:04:05.678901   1 file.go:12] text; glog also with the year
    first: /[IWEFD]/,
    pattern: /^([IWEFD])((?:20\d{2})?\d{4} \d{2}:\d{2}:\d{2}\.\d{3,6})\s{1,8}(\d{1,8})\s([^\s\]:]{1,120}:\d{1,6})\] ?/,
    read: (m, context) => ({
      ...level(levelOfLetter(m[1] as string)),
      ...time(
        (m[2] as string).replace(/^(\d{4})?(\d\d)(\d\d) /, (_, y, mo, d) => (y ? `${y}-${mo}-${d} ` : `${mo}-${d} `)),
        context,
      ),
      ...some('thread', m[3]),
      ...some('logger', m[4]),
    }),
  },
  {
    // Android: 03-17 16:13:38.811  1702  2395 D Tag: text
    first: /\d/,
    pattern:
      /^((?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6})\s{1,6}(?:\d{1,6}\s{1,6})?(\d{1,6})\s{1,6}(\d{1,6}) ([VDIWEFA]) ([^:]{0,80}?)\s{0,20}: ?/,
    read: (m, context) => ({
      ...level(levelOfLetter(m[4] as string)),
      ...time(m[1], context),
      ...some('pid', m[2]),
      ...some('thread', m[3]),
      ...some('logger', m[5]),
    }),
  },
  {
    // Android: E/Tag( 585): text, also behind a time
    first: /[VDIWEFA\d]/,
    pattern: /^(?:(\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) )?([VDIWEFA])\/([^(]{1,80})\(\s{0,6}(\d{1,6})\): ?/,
    read: (m, context) => ({
      ...level(levelOfLetter(m[2] as string)),
      ...(m[1] === undefined ? {} : time(m[1], context)),
      ...some('logger', m[3]),
      ...some('pid', m[4]),
    }),
  },
  {
    // Ruby, and the request's id that Rails puts behind it: E, [2026-03-14T09:27:22.592 #123] ERROR -- prog: text
    first: /[DIWEFA]/,
    pattern:
      /^([DIWEFA]), \[([\dT:. -]{10,40}?)\s{0,2}#?(\d{1,10})?\]\s{1,4}[A-Z]{3,7} -- ([^:]{0,80}): ?(?:\[[0-9a-f-]{8,40}\] ){0,3}/,
    read: (m, context) => ({
      ...level(m[1] === 'A' ? 'error' : levelOfLetter(m[1] as string)),
      ...time(m[2], context),
      ...some('pid', m[3]),
      ...some('logger', m[4]),
    }),
  },
  {
    // NestJS: [Nest] 812  - 03/14/2026, 9:27:22 AM     LOG [RouterExplorer] text
    first: /\[/,
    pattern:
      /^\[[\w -]{1,40}\] (\d{1,8})\s{1,4}- (\d\d\/\d\d\/\d{4}, \d{1,2}:\d\d:\d\d [AP]M)\s{1,8}(LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) (?:\[([^\]]{1,80})\] ?)?/,
    read: (m, context) => ({
      ...level(levelOfWord(m[3] as string)),
      ...time(m[2], context),
      ...some('pid', m[1]),
      ...some('logger', m[4]),
    }),
  },
  {
    // log4j's TTCC: milliseconds since the start, thread, level, logger: 812 [main] ERROR c.acme.Pay  - text
    first: /\d/,
    pattern: /^\d{1,12} \[([^\]]{1,120})\] (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) {1,2}([\w.$-]{1,150}) (?:\S{1,80} )? ?- /,
    read: (m) => ({ ...level(levelOfWord(m[2] as string)), ...some('thread', m[1]), ...some('logger', m[3]) }),
  },
  {
    // .NET's console: fail: Category[13]
    first: /[tdiwfc]/,
    pattern: /^(trce|dbug|info|warn|fail|crit): ([\w.`+<>-]{1,200})\[(-?\d{1,10})\](?: |$)/,
    read: (m) => ({ ...level(levelOfWord(m[1] as string)), ...some('logger', m[2]) }),
  },
  {
    // Python without configuration: ERROR:name:text
    first: /[DIWEC]/,
    pattern: /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):([\w.-]{1,100}):/,
    read: (m) => ({ ...level(levelOfWord(m[1] as string)), ...some('logger', m[2]) }),
  },
  {
    // Monolog: [2026-03-14T09:27:22.592+00:00] channel.ERROR: text
    first: /\[/,
    pattern: /^\[(\d{4}-\d\d-\d\d[^\]]{8,24})\] ([\w-]{1,60})\.([A-Z]{4,9}): ?/,
    read: (m, context) => ({ ...level(levelOfWord(m[3] as string)), ...time(m[1], context), ...some('logger', m[2]) }),
  },
  {
    // mongod before 4.4, Xorg: (EE)
    first: /\(/,
    pattern: /^\((EE|WW|II|--|\*\*|==)\) /,
    read: (m) => level(m[1] === 'EE' ? 'error' : m[1] === 'WW' ? 'warning' : 'info'),
  },
];

/** The layout that a line is written in, if it is one of those that have a form of their own. */
export function layoutOf(line: string, context: TimeContext): Header | undefined {
  const first = line[0] ?? '';
  for (const layout of LAYOUTS) {
    if (!layout.first.test(first)) continue;
    const m = layout.pattern.exec(line);
    if (m !== null) return { end: m[0].length, timed: false, ...layout.read(m, context) };
  }
  return undefined;
}
