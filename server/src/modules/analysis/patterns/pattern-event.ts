import type { FieldTarget } from './definition.ts';
import { levelOf } from './level.ts';
import type { PatternHit } from './matcher.ts';
import { secondsOf } from './pattern-time.ts';

/** What a field is called in the wild, and the part of the event it means. */
const MEANINGS: Record<FieldTarget, readonly string[]> = {
  message: ['message', 'msg', 'error_message', 'log_message'],
  type: ['type', 'exception', 'exception_type', 'error_type', 'exception_class'],
  value: ['value', 'exception_message'],
  timestamp: ['timestamp', 'time', 'ts', '@timestamp', 'datetime', 'date'],
  level: ['level', 'severity', 'loglevel', 'log.level', 'log_level'],
  logger: ['logger', 'logger_name', 'log.logger'],
  user: ['user', 'username', 'user_name', 'user.name', 'auth'],
  server_name: ['server_name', 'host', 'hostname', 'host.name', 'host.hostname'],
  transaction: ['transaction', 'route', 'endpoint'],
  release: ['release', 'version', 'app_version'],
  environment: ['environment', 'env'],
  fingerprint: ['fingerprint'],
};
const TARGET_OF = new Map<string, FieldTarget>();
for (const [target, names] of Object.entries(MEANINGS)) for (const name of names) TARGET_OF.set(name, target as FieldTarget);

/** Different on nearly every line: useless to search by, so they become extra data and no tags. */
const NEVER_TAGS = new Set(
  (
    'pid tid thread_id ppid port client_port bytes size duration duration_ms elapsed took request_id trace_id span_id session ' +
    'session_id query statement detail hint raw_request referrer agent user_agent request url path uri line stack address addr'
  ).split(' '),
);
const LONGEST_TAG = 200;
const LONGEST_MESSAGE = 8_192;

/** Where a field goes when its definition does not say. */
export function defaultTarget(field: string): string {
  return TARGET_OF.get(field) ?? (NEVER_TAGS.has(field) ? `extra:${field}` : `tag:${field}`);
}

type Event = Record<string, unknown>;

/** An object below a key of the event, made when there is none. */
function under(event: Event, key: string): Event {
  const there = event[key];
  if (typeof there === 'object' && there !== null && !Array.isArray(there)) return there as Event;
  const made: Event = {};
  event[key] = made;
  return made;
}

/**
 * Puts what a hit found into an event in Sentry's shape: level, tags, extra data, message, exception, time, and the rest
 * that fields may fill. What the hit says nothing about stays as it is. `text`: all lines of the hit, joined.
 */
export function applyFields(event: Event, hit: PatternHit, text: string): void {
  const { pattern, fields, targets } = hit;
  const tags = under(event, 'tags');
  for (const [name, value] of Object.entries(pattern.tags)) tags[name] = value;
  tags['pattern'] = pattern.name.slice(0, LONGEST_TAG);
  if (pattern.category !== null) tags['category'] = pattern.category;
  event['level'] = pattern.level;
  const exception: Event = {};
  let message: string | undefined;
  for (const [field, value] of Object.entries(fields)) {
    const target = Object.hasOwn(targets, field) ? targets[field]! : defaultTarget(field);
    if (target === 'drop') continue;
    if (target === 'message') message = value;
    else if (target === 'type' || target === 'value') exception[target] = value;
    else if (!fillPart(event, target, value)) placeElsewhere(event, tags, field, target, value);
  }
  if (exception['type'] !== undefined || exception['value'] !== undefined) nameException(event, exception, message ?? text);
  if (message !== undefined || event['logentry'] === undefined)
    event['logentry'] = { formatted: (message ?? text).slice(0, LONGEST_MESSAGE) };
}

/** Fills a part of the event; false when the target is none, or the value does not fit it. */
function fillPart(event: Event, target: string, value: string): boolean {
  switch (target) {
    case 'timestamp': {
      const seconds = secondsOf(value);
      if (seconds === undefined) return false;
      event['timestamp'] = seconds;
      return true;
    }
    case 'level': {
      const level = levelOf(value);
      // The definition's own level field has decided already; without one the word in the line is kept beside it.
      return level !== undefined && level === event['level'];
    }
    case 'user':
      if (value !== '-') under(event, 'user')['username'] = value;
      return true;
    case 'fingerprint':
      event['fingerprint'] = [value];
      return true;
    case 'logger':
    case 'server_name':
    case 'transaction':
    case 'release':
    case 'environment':
      event[target] = value;
      return true;
    default:
      return false;
  }
}

function placeElsewhere(event: Event, tags: Event, field: string, target: string, value: string): void {
  const [, where, name] = /^(tag|extra):(.*)$/s.exec(target) ?? ['', 'extra', field];
  if (where === 'tag' && value.length <= LONGEST_TAG) tags[name!] = value;
  else under(event, 'extra')[name!] = value;
}

/** Gives the event's exception its type and value, or makes one. */
function nameException(event: Event, { type, value }: Event, otherwise: string): void {
  const values = under(event, 'exception')['values'];
  const innermost = Array.isArray(values) ? (values.at(-1) as Event | undefined) : undefined;
  if (innermost !== undefined) {
    if (type !== undefined) innermost['type'] = type;
    if (value !== undefined) innermost['value'] = value;
    return;
  }
  event['exception'] = { values: [{ type: type ?? 'Error', value: value ?? otherwise.slice(0, LONGEST_MESSAGE) }] };
}
