import type { LogLine } from './log-line.ts';
import { type TimeContext, timeAt } from './timestamps.ts';

/** What a platform's command puts before each line that it passes on. */
export interface PlatformPrefix {
  /** Bytes of the line's text that are the prefix. */
  length: number;
  /** Who wrote it: pod and container, dyno, stream. */
  writer: string;
  /** Behind this the text ends: quotes that the platform put around it. */
  end?: number;
  ms?: number;
}

const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;

interface Form {
  first: RegExp;
  pattern: RegExp;
  writer: (m: RegExpExecArray) => string;
}

/** Anchored, and each part bounded: linear. The time, where there is one, stands at the beginning. */
const FORMS: Form[] = [
  // fly logs: 2026-03-14T09:27:22Z app[3d8d9d14f21d89] fra [info] text
  {
    first: /\d/,
    pattern: new RegExp(String.raw`^${ISO} (\w{1,40}\[[0-9a-f]{8,20}\] [a-z]{3}) \[(?:info|warn|error|debug)\] ?`),
    writer: (m) => m[1] as string,
  },
  // heroku logs, Logplex drains, scalingo: 2026-03-14T09:27:22.592+00:00 app[web.1]: text
  {
    first: /\d/,
    pattern: new RegExp(String.raw`^${ISO} ([\w-]{1,60}\[[A-Za-z][\w.-]{0,80}\]): ?`),
    writer: (m) => m[1] as string,
  },
  // foreman, overmind, honcho: 09:27:22 web.1  | text
  { first: /\d/, pattern: /^\d\d:\d\d:\d\d ([\w-]{1,60}\.\d{1,4}|system)\s{1,40}\| ?/, writer: (m) => m[1] as string },
  // aws logs tail: 2026-03-14T09:27:22+00:00 web/web/0f1e2d3c… text, 2026-03-14T… 2026/03/14/[$LATEST]0f1e… text
  {
    first: /\d/,
    pattern: new RegExp(String.raw`^${ISO} ([\w.-]{1,100}(?:/[\w.[\]$-]{1,100}){0,6}/(?:\[[\w$]{1,40}\])?[0-9a-f]{8,64}) `),
    writer: (m) => m[1] as string,
  },
  // logcli: 2026-03-14T09:27:22Z {app="web", pod="web-0"} text
  {
    first: /\d/,
    pattern: new RegExp(String.raw`^${ISO} (\{[\w.]{1,60}="[^"]{0,200}"(?:, ?[\w.]{1,60}="[^"]{0,200}"){0,20}\}) `),
    writer: (m) => m[1] as string,
  },
  // stern: the pod's name ends as Deployments (with a digit in it) and DaemonSets end it (Kubernetes leaves vowels out)
  {
    first: /[a-z]/,
    pattern:
      /^([a-z][a-z0-9.-]{0,200}?-(?:(?=[a-z]{0,15}\d)[a-z0-9]{6,10}-[a-z0-9]{5}|[bcdfghjklmnpqrstvwxz2456789]{5}) [a-z0-9][a-z0-9-]{0,62})(?: [|│])? /,
    writer: (m) => m[1] as string,
  },
];

/** php-fpm about what its children print: `[14-Mar-2026 09:27:22] WARNING: [pool www] child 12 said into stderr: "text"`. */
const FPM =
  /^\[[^\]]{20,32}\] (?:WARNING|NOTICE): \[pool ([\w.-]{1,60})\] child (\d{1,10}) said into std(?:err|out): "(?:NOTICE: PHP message: )?/;

/** The prefix of a platform's command at the beginning of a line, if there is one. */
export function platformPrefix({ text }: LogLine, context: TimeContext): PlatformPrefix | undefined {
  const first = text[0] ?? '';
  for (const { first: fits, pattern, writer } of FORMS) {
    if (!fits.test(first)) continue;
    const m = pattern.exec(text);
    if (m === null) continue;
    const ms = timeAt(text, 0, context)?.ms;
    return { length: m[0].length, writer: writer(m), ...(ms === undefined ? {} : { ms }) };
  }
  if (first !== '[') return undefined;
  const m = FPM.exec(text);
  if (m === null) return undefined;
  const end = /"(?:, pipe is closed)?$/.exec(text.slice(-20));
  const ms = timeAt(text, 1, context)?.ms;
  return {
    length: m[0].length,
    writer: `${m[1]}[${m[2]}]`,
    ...(end === null ? {} : { end: text.length - end[0].length }),
    ...(ms === undefined ? {} : { ms }),
  };
}
