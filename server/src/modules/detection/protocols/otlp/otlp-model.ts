/**
 * What both encodings of OTLP (https://opentelemetry.io/docs/specs/otlp/, proto 1.x) are read into: only the fields that errors
 * are made of. Left out: links, flags, trace state, dropped counts, schema addresses.
 */

/** Attributes by name; values are text, numbers, booleans, null, lists and objects of these. Bytes are base64. */
export type Attributes = Map<string, unknown>;

/** Who or what sent a group of records. */
export interface OtlpSource {
  resource: Attributes;
  scopeName: string;
  scopeVersion: string;
}

/** Ids are lower-case hex, empty when absent or all zeros. Times are milliseconds, not rounded. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** SpanKind: 2 server, 3 client, … */
  kind: number;
  /** StatusCode: 2 error. */
  status: number;
  statusMessage: string;
  startMs: number | undefined;
  events: readonly OtlpSpanEvent[];
  /** Exceptions among the events that are not looked at: each is an item all the same. */
  moreExceptions: number;
  /** Decoded when asked for: most spans have nothing to do with errors. */
  attributes(): Attributes;
}

export interface OtlpSpanEvent {
  name: string;
  timeMs: number | undefined;
  attributes(): Attributes;
}

export interface OtlpLog {
  /** SeverityNumber, 1 to 24; 0: not said. */
  severity: number;
  severityText: string;
  timeMs: number | undefined;
  observedMs: number | undefined;
  traceId: string;
  spanId: string;
  eventName: string;
  body(): unknown;
  attributes(): Attributes;
}

/** One record with its source; undefined: something stands in its place that is none. */
export interface Found<T> {
  source: OtlpSource;
  record: T | undefined;
}

/** Name of the events of a span that exceptions are recorded as. */
export const EXCEPTION = 'exception';

/** Bounds of what one record is read to, whichever the encoding. */
export const BOUNDS = {
  /** Nesting of a value. */
  depth: 12,
  /** Values in one set of attributes, all levels together. */
  values: 500,
  /** Events of one span that are looked at. */
  spanEvents: 1_000,
  /** Resources and scopes of one request, together. */
  groups: 10_000,
  /** Spans, log records or metrics of one request. */
  records: 100_000,
} as const;

/** What is spent while attributes are read. */
export interface Budget {
  values: number;
}
