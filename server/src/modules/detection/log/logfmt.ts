import { levelOfWord } from './levels.ts';
import type { LogLine } from './log-line.ts';
import { type TimeContext, timeOf } from './timestamps.ts';

const PAIR = /\s{0,8}([A-Za-z_@][\w.@/-]{0,60})=(?:"((?:[^"\\]|\\.){0,64000})"|([^\s"]{0,4000}))(?=\s|$)/y;
const KNOWN = new Set([
  'time',
  'ts',
  'timestamp',
  't',
  'level',
  'lvl',
  'severity',
  'msg',
  'message',
  'logger',
  'name',
  'stack',
  'stacktrace',
  'error.stack',
]);

/** Reads `time=… level=error msg="…" err="…"` (logrus, go-kit, slog, heroku). Returns whether the line is so. */
export function readLogfmt(line: LogLine, context: TimeContext): boolean {
  const { text } = line;
  if (!/^[A-Za-z_@][\w.@/-]{0,60}=/.test(text)) return false;
  const fields: Record<string, string> = {};
  let at = 0;
  let count = 0;
  for (; at < text.length && count < 100; count++) {
    PAIR.lastIndex = at;
    const m = PAIR.exec(text);
    if (m === null) break;
    at = PAIR.lastIndex;
    fields[m[1] as string] = m[2] === undefined ? (m[3] as string) : withoutEscapes(m[2]);
  }
  const level = fields['level'] ?? fields['lvl'] ?? fields['severity'];
  const message = fields['msg'] ?? fields['message'];
  const read = level === undefined ? undefined : levelOfWord(level);
  if (count < 2 || (read === undefined && message === undefined)) return false;
  line.header = true;
  line.message = message ?? fields['err'] ?? fields['error'] ?? text.slice(at).trim();
  if (read !== undefined) line.level = read;
  const time = timeOf(fields['time'] ?? fields['ts'] ?? fields['timestamp'] ?? fields['t'] ?? '', context);
  if (time !== undefined) line.time = time;
  const logger = fields['logger'] ?? fields['name'];
  if (logger !== undefined) line.logger = logger;
  const stack = fields['stack'] ?? fields['stacktrace'] ?? fields['error.stack'];
  if (stack?.includes('\n') === true) line.stack = stack;
  const rest = Object.entries(fields).filter(([key]) => !KNOWN.has(key));
  if (rest.length > 0) line.fields = { ...line.fields, ...Object.fromEntries(rest) };
  line.layers.push('logfmt');
  return true;
}

/** Line breaks, tabs, quotes and backslashes; what programs do not escape by rule, as in `C:\temp`, stays as it is. */
const withoutEscapes = (value: string) =>
  value.replace(/\\(r\\n|[ntr"\\])/g, (_, c: string) => (c === 'n' || c.startsWith('r') ? '\n' : c === 't' ? '\t' : c));
