import { readLevel } from '../../normalize/level.ts';
import { isObject } from '../../normalize/reading.ts';
import { parseTime } from '../../normalize/time.ts';
import { readEventId } from '../../normalize.ts';
import { exceptionOfStack } from './report-stack.ts';

/** Why a report is not taken: the field at fault, and words for whoever sent it. */
export class ReportFault {
  readonly field: string;
  /** As it is counted: `empty`, `not_text`, `timestamp`, `event_id`, `level`. */
  readonly reason: string;
  readonly message: string;

  constructor(field: string, reason: string, message: string) {
    this.field = field;
    this.reason = reason;
    this.message = message;
  }
}

/** Of a report, by its own names; absent and null are the same. What is not listed is no part of it. */
export interface ErrorReport {
  type?: unknown;
  message?: unknown;
  level?: unknown;
  /** ISO 8601, or seconds since the epoch. */
  timestamp?: unknown;
  /** A stack trace as its language prints it, or frames. */
  stack?: unknown;
  /** The outermost call first; by our names (line, column, absPath …) or Sentry's. */
  frames?: unknown;
  handled?: unknown;
  [other: string]: unknown;
}

/** Our names → Sentry's, for what is passed on as it is. */
const SAME: Readonly<Record<string, string>> = {
  environment: 'environment',
  release: 'release',
  dist: 'dist',
  tags: 'tags',
  contexts: 'contexts',
  extra: 'extra',
  fingerprint: 'fingerprint',
  breadcrumbs: 'breadcrumbs',
  transaction: 'transaction',
  serverName: 'server_name',
  logger: 'logger',
};

/** Keys that only a Sentry event has. */
const SENTRY_KEYS = [
  'exception',
  'logentry',
  'threads',
  'stacktrace',
  'event_id',
  'server_name',
  'sdk',
  'sentry.interfaces.Exception',
  'sentry.interfaces.Message',
  'sentry.interfaces.Stacktrace',
];

/** Keys by which an event says anything at all. */
const SAYING = [
  'message',
  'type',
  'stack',
  'frames',
  'exception',
  'logentry',
  'threads',
  'stacktrace',
  'sentry.interfaces.Exception',
  'sentry.interfaces.Message',
  'sentry.interfaces.Stacktrace',
];

/** Either shape → Sentry's: events that are Sentry's already pass as they are. */
export function eventOfReport(value: Record<string, unknown>): Record<string, unknown> | ReportFault {
  if (!SAYING.some((key) => says(value[key])))
    return new ReportFault('message', 'empty', 'A report needs a message, a type or a stack.');
  return SENTRY_KEYS.some((key) => value[key] !== undefined) ? value : reportToEvent(value);
}

/**
 * A report by the fields of `reportErrors` → the shape of a Sentry event. With a type or a stack it becomes an exception,
 * else a message. Unlike SDKs, whoever writes a report by hand is told of a time, id or level that cannot be read.
 */
export function reportToEvent(report: ErrorReport): Record<string, unknown> | ReportFault {
  const fault = faultOf(report);
  if (fault !== undefined) return fault;
  const event: Record<string, unknown> = { platform: text(report['platform']) ?? 'other' };
  if (present(report['user'])) event['user'] = renamed(report['user'], { ipAddress: 'ip_address' });
  if (present(report['request'])) event['request'] = renamed(report['request'], { queryString: 'query_string' });
  for (const name in SAME) if (present(report[name])) event[SAME[name] as string] = report[name];
  if (present(report.level)) event['level'] = report.level;
  if (present(report.timestamp)) event['timestamp'] = report.timestamp;
  if (present(report['eventId'])) event['event_id'] = report['eventId'];
  const type = text(report.type);
  const message = text(report.message);
  const said = { ...(type === undefined ? {} : { type }), ...(message === undefined ? {} : { value: message }) };
  const stack = exceptionOfStack(report.stack ?? report.frames, text(report['platform']), said);
  if (stack.platform !== undefined) event['platform'] = stack.platform;
  if (stack.threads !== undefined) event['threads'] = stack.threads;
  event['level'] ??= stack.level ?? 'error';
  if (stack.unread !== undefined) event['extra'] = withStack(event['extra'], stack.unread);
  if (type === undefined && stack.values.length === 0)
    return Object.assign(event, { message: message ?? firstLine(stack.unread) });
  event['exception'] = { values: titled(stack.values, said, report.handled) };
  return event;
}

/** Our names of the parts of an object → Sentry's. */
function renamed(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [names[name] ?? name, part]));
}

/** A stack that cannot be read is shown as it came. */
function withStack(extra: unknown, stack: string): unknown {
  return isObject(extra) || !present(extra) ? { ...(extra as object | undefined), stack } : extra;
}

function firstLine(stack: string | undefined): string {
  return stack?.trim().split('\n', 1)[0] ?? '';
}

/** What the reporter says of the error, where its stack does not hold it already, and whether somebody caught it. */
function titled(values: object[], said: { type?: string; value?: string }, handled: unknown): object[] {
  const thrown = (values.at(-1) ?? {}) as Record<string, unknown>;
  const caught =
    typeof handled === 'boolean' ? { type: 'generic', ...(thrown['mechanism'] as object | undefined), handled } : undefined;
  const last = { ...said, ...thrown, ...(caught === undefined ? {} : { mechanism: caught }) };
  return [...values.slice(0, -1), last];
}

function faultOf(report: ErrorReport): ReportFault | undefined {
  if (!says(report.type) && !says(report.message) && !says(report.stack) && !says(report.frames))
    return new ReportFault('message', 'empty', 'A report needs a message, a type or a stack.');
  for (const field of ['type', 'message'] as const)
    if (present(report[field]) && text(report[field]) === undefined && isObjectLike(report[field]))
      return new ReportFault(field, 'not_text', `${field} is to be text.`);
  if (present(report.timestamp) && parseTime(report.timestamp) === undefined)
    return new ReportFault('timestamp', 'timestamp', 'timestamp is to be ISO 8601 or seconds since 1970, between 2000 and 2100.');
  if (present(report['eventId']) && readEventId(report['eventId']) === undefined)
    return new ReportFault('eventId', 'event_id', 'eventId is to be a UUID, or its 32 hex digits.');
  if (present(report.level) && readLevel(report.level) === undefined)
    return new ReportFault('level', 'level', 'level is to be fatal, error, warning, info or debug.');
  return undefined;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const present = (value: unknown): boolean => value !== undefined && value !== null;
const isObjectLike = (value: unknown): boolean => isObject(value) || Array.isArray(value);
const says = (value: unknown): boolean => present(value) && value !== '' && !(Array.isArray(value) && value.length === 0);
