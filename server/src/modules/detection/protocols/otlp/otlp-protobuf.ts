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
import { Wire } from './wire.ts';

/** Spans of an ExportTraceServiceRequest, in order. @throws IngestRefusal 400 at damage, when it is reached */
export function* spansOfProtobuf(body: Buffer): Generator<Found<OtlpSpan>> {
  for (const { source, wire } of recordsOf(body)) yield { source, record: readSpan(wire) };
}

/** Log records of an ExportLogsServiceRequest, in order. @throws IngestRefusal 400 */
export function* logsOfProtobuf(body: Buffer): Generator<Found<OtlpLog>> {
  for (const { source, wire } of recordsOf(body)) yield { source, record: readLog(wire) };
}

/** Metrics of an ExportMetricsServiceRequest. @throws IngestRefusal 400 */
export function* metricsOfProtobuf(body: Buffer): Generator<Found<true>> {
  for (const { source } of recordsOf(body)) yield { source, record: true };
}

/** The three requests have one build: groups of a resource (1) and scopes (2), these of a scope (1) and records (2). */
function* recordsOf(body: Buffer): Generator<{ source: OtlpSource; wire: Wire }> {
  const request = new Wire(body);
  let groups = 0;
  let count = 0;
  while (request.next()) {
    if (request.field !== 1) continue;
    if (++groups > BOUNDS.groups) throw refusals.tooMany('resources and scopes', BOUNDS.groups);
    const group = request.bytes();
    const resource = resourceOf(group);
    const scopes = new Wire(group);
    while (scopes.next()) {
      if (scopes.field !== 2) continue;
      if (++groups > BOUNDS.groups) throw refusals.tooMany('resources and scopes', BOUNDS.groups);
      const one = scopes.bytes();
      const source: OtlpSource = { resource, ...scopeOf(one) };
      const records = new Wire(one);
      while (records.next()) {
        if (records.field !== 2) continue;
        if (++count > BOUNDS.records) throw refusals.tooMany('records', BOUNDS.records);
        yield { source, wire: records.message() };
      }
    }
  }
}

/** Fields come in any order: the resource may stand behind what it describes. */
function resourceOf(group: Buffer): Attributes {
  let resource: Attributes = new Map();
  const wire = new Wire(group);
  while (wire.next()) if (wire.field === 1) resource = readAttributes(wire.bytes(), 1);
  return resource;
}

function scopeOf(scopes: Buffer): { scopeName: string; scopeVersion: string } {
  const found = { scopeName: '', scopeVersion: '' };
  const wire = new Wire(scopes);
  while (wire.next()) {
    if (wire.field !== 1) continue;
    const scope = wire.message();
    while (scope.next()) {
      if (scope.field === 1) found.scopeName = scope.text();
      else if (scope.field === 2) found.scopeVersion = scope.text();
    }
  }
  return found;
}

function readSpan(wire: Wire): OtlpSpan {
  const bytes: Buffer[] = [];
  const events: OtlpSpan['events'][number][] = [];
  const span = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    status: 0,
    statusMessage: '',
    startMs: undefined as number | undefined,
    events,
    moreExceptions: 0,
    attributes: () => readPairs(bytes),
  };
  while (wire.next()) {
    if (wire.field === 1) span.traceId = hex(wire.bytes(), 16);
    else if (wire.field === 2) span.spanId = hex(wire.bytes(), 8);
    else if (wire.field === 4) span.parentSpanId = hex(wire.bytes(), 8);
    else if (wire.field === 5) span.name = wire.text();
    else if (wire.field === 6) span.kind = wire.number();
    else if (wire.field === 7) span.startMs = wire.nanoseconds();
    else if (wire.field === 9 && bytes.length < BOUNDS.values) bytes.push(wire.bytes());
    else if (wire.field === 11) {
      const event = readSpanEvent(wire.bytes());
      if (events.length < BOUNDS.spanEvents) events.push(event);
      else if (event.name === EXCEPTION) span.moreExceptions += 1;
    } else if (wire.field === 15) {
      const status = wire.message();
      while (status.next()) {
        if (status.field === 2) span.statusMessage = status.text();
        else if (status.field === 3) span.status = status.number();
      }
    }
  }
  return span;
}

function readSpanEvent(bytes: Buffer): OtlpSpan['events'][number] {
  const event = { name: '', timeMs: undefined as number | undefined, attributes: () => readAttributes(bytes, 3) };
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field === 1) event.timeMs = wire.nanoseconds();
    else if (wire.field === 2) event.name = wire.text();
  }
  return event;
}

function readLog(wire: Wire): OtlpLog {
  const bytes: Buffer[] = [];
  let body: Buffer | undefined;
  const log = {
    severity: 0,
    severityText: '',
    timeMs: undefined as number | undefined,
    observedMs: undefined as number | undefined,
    traceId: '',
    spanId: '',
    eventName: '',
    body: () => (body === undefined ? undefined : readValue(new Wire(body), 0, { values: BOUNDS.values })),
    attributes: () => readPairs(bytes),
  };
  while (wire.next()) {
    if (wire.field === 1) log.timeMs = wire.nanoseconds();
    else if (wire.field === 2) log.severity = wire.number();
    else if (wire.field === 3) log.severityText = wire.text();
    else if (wire.field === 5) body = wire.bytes();
    else if (wire.field === 6 && bytes.length < BOUNDS.values) bytes.push(wire.bytes());
    else if (wire.field === 9) log.traceId = hex(wire.bytes(), 16);
    else if (wire.field === 10) log.spanId = hex(wire.bytes(), 8);
    else if (wire.field === 11) log.observedMs = wire.nanoseconds();
    else if (wire.field === 12) log.eventName = wire.text();
  }
  return log;
}

/** The attributes of a message that has them in this field. */
function readAttributes(message: Buffer, field: number): Attributes {
  const pairs: Buffer[] = [];
  const wire = new Wire(message);
  while (wire.next()) if (wire.field === field && pairs.length < BOUNDS.values) pairs.push(wire.bytes());
  return readPairs(pairs);
}

function readPairs(pairs: readonly Buffer[]): Attributes {
  const attributes: Attributes = new Map();
  const budget = { values: BOUNDS.values };
  for (const pair of pairs) {
    const { key, value } = readPair(new Wire(pair), 0, budget);
    if (key !== '') attributes.set(key, value);
  }
  return attributes;
}

function readPair(wire: Wire, depth: number, budget: Budget): { key: string; value: unknown } {
  const pair = { key: '', value: null as unknown };
  while (wire.next()) {
    if (wire.field === 1) pair.key = wire.text();
    else if (wire.field === 2) pair.value = readValue(wire.message(), depth, budget);
  }
  return pair;
}

/** AnyValue: the last of its fields wins, as `oneof` has it. */
function readValue(wire: Wire, depth: number, budget: Budget): unknown {
  let value: unknown = null;
  if (depth >= BOUNDS.depth || --budget.values < 0) return null;
  while (wire.next()) {
    if (wire.field === 1) value = wire.text();
    else if (wire.field === 2) value = wire.number() !== 0;
    else if (wire.field === 3) value = wire.integer();
    else if (wire.field === 4) value = finite(wire.double());
    else if (wire.field === 5) value = readList(wire.message(), depth + 1, budget);
    else if (wire.field === 6) value = readMap(wire.message(), depth + 1, budget);
    else if (wire.field === 7) value = wire.bytes().toString('base64');
  }
  return value;
}

function readList(wire: Wire, depth: number, budget: Budget): unknown[] {
  const list: unknown[] = [];
  while (wire.next()) if (wire.field === 1 && budget.values > 0) list.push(readValue(wire.message(), depth, budget));
  return list;
}

function readMap(wire: Wire, depth: number, budget: Budget): Record<string, unknown> {
  const pairs: [string, unknown][] = [];
  while (wire.next()) {
    if (wire.field !== 1 || budget.values <= 0) continue;
    const { key, value } = readPair(wire.message(), depth, budget);
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

/** JSON knows neither of them; OTLP/JSON sends their names. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function hex(bytes: Buffer, length: number): string {
  const text = bytes.length === length ? bytes.toString('hex') : '';
  return /^0*$/.test(text) ? '' : text;
}
