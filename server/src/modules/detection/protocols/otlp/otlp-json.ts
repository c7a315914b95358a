import { isObject } from '../../normalize/reading.ts';
import { refusals } from '../refusal.ts';
import {
  type Attributes,
  BOUNDS,
  type Budget,
  EXCEPTION,
  type Found,
  type OtlpLog,
  type OtlpSource,
  type OtlpSpan,
} from './otlp-model.ts';

/**
 * OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids are hex, 64-bit numbers may be text,
 * enumerations numbers. Read besides, because exporters send them: snake_case names and names of enumerations.
 */
type Json = Record<string, unknown>;

/** Spans of an ExportTraceServiceRequest, in order. @throws IngestRefusal 400 when its build is another */
export function* spansOfJson(request: Json): Generator<Found<OtlpSpan>> {
  for (const { source, value } of recordsOf(request, 'resourceSpans', 'scopeSpans', 'spans'))
    yield { source, record: isObject(value) ? readSpan(value) : undefined };
}

/** Log records of an ExportLogsServiceRequest, in order. @throws IngestRefusal 400 */
export function* logsOfJson(request: Json): Generator<Found<OtlpLog>> {
  for (const { source, value } of recordsOf(request, 'resourceLogs', 'scopeLogs', 'logRecords'))
    yield { source, record: isObject(value) ? readLog(value) : undefined };
}

/** Metrics of an ExportMetricsServiceRequest. @throws IngestRefusal 400 */
export function* metricsOfJson(request: Json): Generator<Found<true>> {
  for (const { source, value } of recordsOf(request, 'resourceMetrics', 'scopeMetrics', 'metrics'))
    yield { source, record: isObject(value) ? true : undefined };
}

function* recordsOf(
  request: Json,
  groups: string,
  scopes: string,
  records: string,
): Generator<{ source: OtlpSource; value: unknown }> {
  let seen = 0;
  let count = 0;
  for (const group of listOf(request, groups)) {
    if (++seen > BOUNDS.groups) throw refusals.tooMany('resources and scopes', BOUNDS.groups);
    if (!isObject(group)) throw refusals.otlpJson(`${groups} are to be objects`);
    const resource = attributesOf(isObject(group['resource']) ? group['resource'] : {});
    for (const one of listOf(group, scopes)) {
      if (++seen > BOUNDS.groups) throw refusals.tooMany('resources and scopes', BOUNDS.groups);
      if (!isObject(one)) throw refusals.otlpJson(`${scopes} are to be objects`);
      const scope = isObject(one['scope']) ? one['scope'] : {};
      const source: OtlpSource = { resource, scopeName: text(scope['name']), scopeVersion: text(scope['version']) };
      for (const value of listOf(one, records)) {
        if (++count > BOUNDS.records) throw refusals.tooMany('records', BOUNDS.records);
        yield { source, value };
      }
    }
  }
}

function listOf(from: Json, name: string): readonly unknown[] {
  const value = get(from, name);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw refusals.otlpJson(`${name} is to be a list`);
  return value;
}

function readSpan(raw: Json): OtlpSpan {
  const status = isObject(raw['status']) ? raw['status'] : {};
  const all: readonly unknown[] = Array.isArray(raw['events']) ? raw['events'] : [];
  const events = all.slice(0, BOUNDS.spanEvents).filter(isObject);
  const rest = all.slice(BOUNDS.spanEvents);
  return {
    traceId: hex(get(raw, 'traceId'), 32),
    spanId: hex(get(raw, 'spanId'), 16),
    parentSpanId: hex(get(raw, 'parentSpanId'), 16),
    name: text(raw['name']),
    kind: enumeration(raw['kind'], KINDS),
    status: enumeration(status['code'], STATUSES),
    statusMessage: text(status['message']),
    startMs: milliseconds(get(raw, 'startTimeUnixNano')),
    events: events.map((event) => ({
      name: text(event['name']),
      timeMs: milliseconds(get(event, 'timeUnixNano')),
      attributes: () => attributesOf(event),
    })),
    moreExceptions: rest.filter((event) => isObject(event) && text(event['name']) === EXCEPTION).length,
    attributes: () => attributesOf(raw),
  };
}

function readLog(raw: Json): OtlpLog {
  return {
    severity: enumeration(get(raw, 'severityNumber'), SEVERITIES),
    severityText: text(get(raw, 'severityText')),
    timeMs: milliseconds(get(raw, 'timeUnixNano')),
    observedMs: milliseconds(get(raw, 'observedTimeUnixNano')),
    traceId: hex(get(raw, 'traceId'), 32),
    spanId: hex(get(raw, 'spanId'), 16),
    eventName: text(get(raw, 'eventName')),
    body: () => (isObject(raw['body']) ? readValue(raw['body'], 0, { values: BOUNDS.values }) : undefined),
    attributes: () => attributesOf(raw),
  };
}

function attributesOf(raw: Json): Attributes {
  const attributes: Attributes = new Map();
  if (!Array.isArray(raw['attributes'])) return attributes;
  const budget = { values: BOUNDS.values };
  for (const pair of raw['attributes'].slice(0, BOUNDS.values)) {
    if (!isObject(pair) || typeof pair['key'] !== 'string' || pair['key'] === '') continue;
    attributes.set(pair['key'], isObject(pair['value']) ? readValue(pair['value'], 0, budget) : null);
  }
  return attributes;
}

function readValue(raw: Json, depth: number, budget: Budget): unknown {
  if (depth >= BOUNDS.depth || --budget.values < 0) return null;
  const string = get(raw, 'stringValue');
  if (typeof string === 'string') return string;
  const boolean = get(raw, 'boolValue');
  if (typeof boolean === 'boolean') return boolean;
  const integer = get(raw, 'intValue');
  if (typeof integer === 'number' || typeof integer === 'string') return whole(integer);
  const double = get(raw, 'doubleValue');
  if (typeof double === 'number' || typeof double === 'string') return double;
  const bytes = get(raw, 'bytesValue');
  if (typeof bytes === 'string') return bytes;
  const list = get(raw, 'arrayValue');
  if (isObject(list)) return readList(list['values'], depth + 1, budget);
  const map = get(raw, 'kvlistValue');
  return isObject(map) ? readMap(map['values'], depth + 1, budget) : null;
}

function readList(values: unknown, depth: number, budget: Budget): unknown[] {
  const list: unknown[] = [];
  if (!Array.isArray(values)) return list;
  for (const value of values) {
    if (budget.values <= 0) break;
    list.push(isObject(value) ? readValue(value, depth, budget) : null);
  }
  return list;
}

function readMap(values: unknown, depth: number, budget: Budget): Json {
  const pairs: [string, unknown][] = [];
  if (!Array.isArray(values)) return {};
  for (const pair of values) {
    if (budget.values <= 0) break;
    if (!isObject(pair)) continue;
    pairs.push([text(pair['key']), isObject(pair['value']) ? readValue(pair['value'], depth, budget) : null]);
  }
  return Object.fromEntries(pairs);
}

function get(raw: Json, name: string): unknown {
  return raw[name] ?? raw[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function whole(value: number | string): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Nanoseconds as text or number → milliseconds. */
function milliseconds(value: unknown): number | undefined {
  const nanoseconds = typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(value) : value;
  return typeof nanoseconds === 'number' && nanoseconds > 0 ? nanoseconds / 1e6 : undefined;
}

function hex(value: unknown, digits: number): string {
  const id = typeof value === 'string' && value.length === digits && /^[0-9a-fA-F]+$/.test(value) ? value.toLowerCase() : '';
  return /^0*$/.test(id) ? '' : id;
}

function enumeration(value: unknown, names: (name: string) => number): number {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : 0;
  if (typeof value !== 'string' || value.length > 40) return 0;
  return /^\d{1,3}$/.test(value) ? Number(value) : names(value);
}

const KINDS = (name: string): number =>
  ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].indexOf(name.replace('SPAN_KIND_', ''));
const STATUSES = (name: string): number => ['UNSET', 'OK', 'ERROR'].indexOf(name.replace('STATUS_CODE_', ''));

/** `SEVERITY_NUMBER_ERROR3` and the like: six words of four steps each. */
function SEVERITIES(name: string): number {
  const match = /^SEVERITY_NUMBER_(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)([234]?)$/.exec(name);
  if (match === null) return 0;
  const word = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].indexOf(match[1] as string);
  return word * 4 + (match[2] === '' ? 1 : Number(match[2]));
}
