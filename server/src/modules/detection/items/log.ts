import type { ItemRecord, ItemRoom } from '../item-room.ts';
import { isObject } from '../normalize/reading.ts';
import { parseTime } from '../normalize/time.ts';
import { jsonText } from '../protocols/json-text.ts';
import { refusals } from '../protocols/refusal.ts';
import type { TraceLinks } from '../trace-links.ts';

const LEVELS: Record<string, string> = { error: 'error', fatal: 'fatal', critical: 'fatal', emergency: 'fatal', alert: 'fatal' };
const ERROR_SEVERITY = 17;
const FATAL_SEVERITY = 21;
/** Attributes that have a place of their own in an event. */
const PLACED = new Set(['sentry.message.template', 'sentry.release', 'sentry.environment', 'server.address', 'sentry.sdk.name']);

/**
 * Containers of structured logs. Those of level error and fatal become events, by the same path as any other, unless an event
 * of the same trace said the same; the others are taken and counted as `below_level`. Each log counts for itself (protocol
 * reference §1.4, containers).
 */
export const logRoom = (traces: Pick<TraceLinks, 'said'>): ItemRoom => ({
  types: ['log'],
  category: 'log_item',
  maxBytes: 1024 * 1024,
  read(item, { key }) {
    const items = readContainer(item.payload, item.headers);
    const records: ItemRecord[] = [];
    const besides: { outcome: 'duplicate'; reason: string }[] = [];
    for (const log of items) {
      const value = isObject(log) ? eventOfLog(log) : undefined;
      if (value === undefined) continue;
      if (isObject(log) && repeats(log, key.projectId, traces)) besides.push({ outcome: 'duplicate', reason: 'same_event' });
      else records.push({ kind: 'event', value });
    }
    return {
      records,
      besides,
      counted: { quantity: items.length - records.length - besides.length, reason: 'below_level' },
    };
  },
});

/** Error logged through a logging integration: it came as an event before, with stack and breadcrumbs. */
function repeats({ trace_id, body }: Record<string, unknown>, projectId: number, traces: Pick<TraceLinks, 'said'>): boolean {
  return typeof trace_id === 'string' && typeof body === 'string' && traces.said(projectId, trace_id, body);
}

/** The things in a container, as many as its header says. @throws IngestRefusal `json`, `item_count` */
export function readContainer(payload: Buffer, headers: Record<string, unknown>): unknown[] {
  let items: unknown;
  try {
    ({ items } = JSON.parse(payload.toString('utf8')) as { items?: unknown });
  } catch {
    throw refusals.json('a container is no JSON');
  }
  if (!Array.isArray(items)) throw refusals.json('a container has no items');
  if (items.length !== headers['item_count']) throw refusals.itemCount();
  return items;
}

/** A log of an error → an event in Sentry's shape; undefined for lesser levels. */
export function eventOfLog(log: Record<string, unknown>): Record<string, unknown> | undefined {
  const level = levelOf(log);
  if (level === undefined) return undefined;
  const attributes = plainAttributes(log['attributes']);
  const { body, timestamp, trace_id, span_id } = log;
  const template = attributes['sentry.message.template'];
  const extra: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes))
    if (!PLACED.has(name) && !name.startsWith('sentry.message.parameter.')) extra[name] = value;
  const message = typeof body === 'string' ? body : jsonText(body ?? '');
  const trace = typeof trace_id === 'string' ? { trace: { trace_id, ...(typeof span_id === 'string' ? { span_id } : {}) } } : {};
  return {
    ...(parseTime(timestamp) === undefined ? {} : { timestamp }),
    platform: platformOf(attributes['sentry.sdk.name']),
    level,
    logger: typeof attributes['logger.name'] === 'string' ? attributes['logger.name'] : 'log',
    logentry: typeof template === 'string' ? { message: template, formatted: message } : { formatted: message },
    ...named('release', attributes['sentry.release']),
    ...named('environment', attributes['sentry.environment']),
    ...named('server_name', attributes['server.address']),
    ...userOf(attributes),
    contexts: trace,
    extra,
  };
}

function levelOf({ level, severity_number: severity }: Record<string, unknown>): string | undefined {
  if (typeof level === 'string') return LEVELS[level.toLowerCase()];
  if (typeof severity !== 'number' || severity < ERROR_SEVERITY) return undefined;
  return severity >= FATAL_SEVERITY ? 'fatal' : 'error';
}

/** `{name: {value, type}}` → `{name: value}`. */
function plainAttributes(value: unknown): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  if (!isObject(value)) return plain;
  for (const [name, attribute] of Object.entries(value).slice(0, 200))
    if (name !== '__proto__') plain[name.slice(0, 200)] = isObject(attribute) ? attribute['value'] : attribute;
  return plain;
}

function named(field: string, value: unknown): Record<string, unknown> {
  return typeof value === 'string' && value !== '' ? { [field]: value } : {};
}

function userOf(attributes: Record<string, unknown>): Record<string, unknown> {
  const user = {
    ...named('id', attributes['user.id']),
    ...named('email', attributes['user.email']),
    ...named('username', attributes['user.name']),
  };
  return Object.keys(user).length === 0 ? {} : { user };
}

/** `sentry.javascript.node` → node, `sentry.python.django` → python. */
function platformOf(sdk: unknown): string {
  const [, language, flavour] = typeof sdk === 'string' ? sdk.split('.') : [];
  if (language === undefined) return 'other';
  return language === 'javascript' && flavour === 'node' ? 'node' : language.slice(0, 64);
}
