import { type LogLevel, levelOfNumber, levelOfOtelNumber, levelOfSeverity, levelOfWord } from './levels.ts';
import type { LogLine } from './log-line.ts';
import { withoutControls } from './plain-text.ts';
import { headOf } from './shapes.ts';
import { type TimeContext, timeOf } from './timestamps.ts';

type Fields = Record<string, unknown>;

/**
 * Names of the same thing in pino, bunyan, winston, zap, slog, logrus, zerolog, Serilog (compact and rendered), log4j's JSON
 * layouts, logback's, structlog, python-json-logger, Monolog, ECS, GCP, Logstash, OpenTelemetry, mongod and journald's JSON.
 * Nested ones with dots; a key that has dots itself is found too.
 */
const LEVEL = [
  'levelname',
  'level_name',
  'level',
  'severity',
  '@l',
  'log.level',
  'lvl',
  'loglevel',
  'LogLevel',
  'log_level',
  'severityText',
  'severity_text',
  'SeverityText',
  'Level',
  's',
  'PRIORITY',
  'priority',
  'severityNumber',
  'severity_number',
];
const MESSAGE = [
  'msg',
  'message',
  '@m',
  'MESSAGE',
  'Message',
  'RenderedMessage',
  'event',
  'short_message',
  'body.stringValue',
  'body',
  'Body',
  'log',
  'textPayload',
  'jsonPayload.message',
  '@mt',
  'MessageTemplate',
  'text',
];
const TIME = [
  'time',
  'timestamp',
  '@timestamp',
  '@t',
  'ts',
  'datetime',
  'Timestamp',
  'date',
  'asctime',
  't.$date',
  'instant.epochSecond',
  'timeMillis',
  'timeUnixNano',
  '__REALTIME_TIMESTAMP',
  'eventTime',
];
const LOGGER = [
  'logger',
  'name',
  'log.logger',
  'logger_name',
  'loggerName',
  'SourceContext',
  'Properties.SourceContext',
  'channel',
  'target',
  'Category',
  'category',
  'component',
  'c',
  'module',
];
const STACK = [
  'stack',
  'err.stack',
  'error.stack',
  'error.stack_trace',
  'stack_trace',
  'stacktrace',
  'stackTrace',
  'exception.stacktrace',
  'exception.stack',
  'exception.stack_trace',
  'exception.stackTrace',
  'error.stackTrace',
  'exc_info',
  'exc_text',
  'exception',
  'Exception',
  '@x',
  'thrown.extendedStackTrace',
  'traceback',
  'error.traceback',
  'errorVerbose',
  'backtrace',
  'error.backtrace',
  'exception.backtrace',
  'error_stack',
  'e.stack',
  'context.exception.trace',
  'attributes.exception.stacktrace',
  'jsonPayload.stack_trace',
  'err',
  'error',
];
const TYPE = [
  'err.type',
  'err.name',
  'error.type',
  'error.name',
  'error.class',
  'error.kind',
  'exception.type',
  'exception.class',
  'exception.name',
  'exception.exception_class',
  'thrown.name',
  'context.exception.class',
  'error_type',
  'exc_type',
  'exceptionType',
  'attributes.exception.type',
];
const VALUE = [
  'err.message',
  'error.message',
  'error.msg',
  'exception.message',
  'exception.exception_message',
  'thrown.message',
  'context.exception.message',
  'error_message',
  'exc_value',
  'attributes.exception.message',
  'err',
  'error',
];
const THREAD = ['thread', 'thread_name', 'threadName', 'process.thread.name', 'thread.name'];
const PID = ['pid', 'process', 'process.pid', '_PID', 'ProcessId'];
const HOST = ['hostname', 'host', 'host.name', 'host.hostname', '_HOSTNAME', 'MachineName', 'source_host'];
const SHOWN = new Set(
  [...LEVEL, ...MESSAGE, ...TIME, ...STACK, ...LOGGER, ...THREAD, ...PID, ...HOST, '@version', 'v'].map(
    (path) => path.split('.')[0] as string,
  ),
);

/** Reads a line that is one JSON object with a message, level or stack. Returns whether it is. */
export function readJson(line: LogLine, context: TimeContext): boolean {
  const text = line.text.trim();
  const at = text.startsWith('{') ? 0 : text.startsWith('@cee:') ? 5 : -1; // the cookie of syslog's JSON, Lumberjack/CEE
  if (at < 0 || !text.endsWith('}')) return false;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(at));
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Fields;
  const message = textAt(fields, MESSAGE);
  const level = levelAt(fields);
  const stack = stackAt(fields);
  if (message === undefined && level === undefined && stack === undefined) return false;
  line.header = true;
  line.message = withoutControls(message ?? stack?.split('\n', 1)[0] ?? '');
  if (level !== undefined) line.level = level;
  setRest(line, fields, context);
  if (stack !== undefined) line.stack = withoutControls(stack);
  const type = textAt(fields, TYPE);
  const said = textAt(fields, VALUE);
  if (type !== undefined) line.exception = { type: type.slice(0, 512), ...(said === undefined ? {} : { value: said }) };
  line.layers.push('json');
  return true;
}

function setRest(line: LogLine, fields: Fields, context: TimeContext): void {
  const time = timeIn(fields, context);
  if (time !== undefined) line.time = time;
  for (const [key, paths] of [
    ['logger', LOGGER],
    ['thread', THREAD],
    ['pid', PID],
    ['host', HOST],
  ] as const) {
    const found = textAt(fields, paths, true);
    if (found !== undefined && found.length <= 200) line[key] = found;
  }
  const rest: Fields = {};
  let count = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (SHOWN.has(key) && typeof value !== 'object') continue;
    if (count++ < 100) rest[key] = value;
  }
  if (count > 0) line.fields = { ...line.fields, ...rest };
}

/** What stands at a path; a key with dots in it is tried first. Only own properties: the line is foreign. */
function at(fields: Fields, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const head = path.slice(0, dot);
  const inner = Object.hasOwn(fields, head) ? fields[head] : undefined;
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return undefined;
  return at(inner as Fields, path.slice(dot + 1));
}

function textAt(fields: Fields, paths: readonly string[], numbers = false): string | undefined {
  for (const path of paths) {
    const value = at(fields, path);
    if (typeof value === 'string' && value !== '') return value;
    if (numbers && typeof value === 'number') return String(value);
  }
  return undefined;
}

function levelAt(fields: Fields): LogLevel | undefined {
  for (const path of LEVEL) {
    const value = at(fields, path);
    if (typeof value === 'number') {
      const read = /number/i.test(path)
        ? levelOfOtelNumber(value)
        : /^priority$/i.test(path)
          ? levelOfSeverity(value)
          : levelOfNumber(value);
      if (read !== undefined) return read;
    } else if (typeof value === 'string') {
      if (/^\d{1,2}$/.test(value))
        return /^priority$/i.test(path) ? levelOfSeverity(Number(value)) : levelOfNumber(Number(value));
      const word = path === 's' ? ({ E: 'error', F: 'fatal', W: 'warn', I: 'info' }[value] ?? '') : value.trim();
      const read = levelOfWord(word);
      if (read !== undefined) return read;
    } else if (typeof value === 'object' && value !== null) {
      const name = (value as Fields)['name'] ?? (value as Fields)['standardLevel']; // log4j, loguru
      const read = typeof name === 'string' ? levelOfWord(name) : undefined;
      if (read !== undefined) return read;
    }
  }
  return undefined;
}

/** The first field that holds a trace: text of several lines or with a frame in it, or a list of lines. */
function stackAt(fields: Fields): string | undefined {
  for (const path of STACK) {
    const value = at(fields, path);
    if (typeof value === 'string' && /\n|^Traceback|^\s+at /.test(value) && value.length > 12) return value;
    // .NET's JSON console writes blanks for line ends
    if (typeof value === 'string' && value.length < 100_000 && / {3,4}at \S/.test(value) && headOf(value) !== undefined)
      return value.replace(/ (?= {2,3}(?:at \S|--- End of ))/g, '\n');
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
      return value.slice(0, 500).join('\n');
  }
  const message = textAt(fields, MESSAGE);
  return message !== undefined && /\n\s{1,8}(?:at |File "|#\d)|\n#\d|\ngoroutine \d|\n\S+\.rb:\d+:in /.test(message)
    ? message
    : undefined;
}

function timeIn(fields: Fields, context: TimeContext): number | undefined {
  for (const path of TIME) {
    const value = at(fields, path);
    if (typeof value === 'string') {
      const read = /^\d{10,19}(?:\.\d+)?$/.test(value) ? epoch(Number(value)) : timeOf(value, context);
      if (read !== undefined) return read;
    } else if (typeof value === 'number') {
      const read = epoch(value);
      if (read !== undefined) return read;
    }
  }
  return undefined;
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
function epoch(value: number): number | undefined {
  for (const [least, unit] of [
    [1e17, 1e-6],
    [1e14, 1e-3],
    [1e11, 1],
    [1e8, 1000],
  ] as const)
    if (value >= least && value < least * 1e3) return Math.floor(value * unit);
  return undefined;
}
