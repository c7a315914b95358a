import { hash } from 'node:crypto';
import { readLevel } from '../../normalize/level.ts';
import type { Level } from '../../normalized-event.ts';
import { exceptionOfText } from '../stack-text.ts';
import { frameOf, operationOf, requestOf, tagsOf, userOf } from './otlp-attributes.ts';
import {
  type Attributes,
  BOUNDS,
  EXCEPTION,
  type OtlpLog,
  type OtlpSource,
  type OtlpSpan,
  type OtlpSpanEvent,
} from './otlp-model.ts';
import { eventOfResource, filled, languageOf, textOf } from './otlp-resource.ts';

type Json = Record<string, unknown>;
const CLIENT = 3;
const MAX_BREADCRUMBS = 50;
const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

/** An event made of OTLP, and what makes it the same as another one: empty without a trace. */
export interface OtlpEvent {
  value: Json;
  sameAs: string;
}

/** Events named `exception`: what an instrumented program recorded of a span. */
export function exceptionsOf(span: OtlpSpan): OtlpSpanEvent[] {
  return span.events.filter(({ name }) => name === EXCEPTION);
}

/** An exception recorded in a span → an event. Other events of the span before it become breadcrumbs. */
export function eventOfSpan(source: OtlpSource, span: OtlpSpan, recorded: OtlpSpanEvent): OtlpEvent {
  const own = recorded.attributes();
  const ofSpan = span.attributes();
  const answered = span.kind !== CLIENT;
  const base = eventOfResource(source);
  const timeMs = recorded.timeMs ?? span.startMs;
  const found = exceptionOf(own, languageOf(source.resource));
  const value = {
    ...base,
    ...found.event,
    ...identified(source, timeMs, [span.traceId, span.spanId, found.type, found.message]),
    level: found.event['level'] ?? 'error',
    transaction: operationOf(ofSpan) || span.name,
    tags: { ...(base['tags'] as Json), ...tagsOf(ofSpan), ...tagsOf(own), ...filled({ 'span.kind': KINDS[span.kind] }) },
    request: answered ? requestOf(ofSpan) : {},
    user: { ...userOf(source.resource, false), ...userOf(ofSpan, answered), ...userOf(own, false) },
    breadcrumbs: breadcrumbsOf(span, recorded),
    contexts: {
      ...(base['contexts'] as Json),
      trace: filled({
        trace_id: span.traceId,
        span_id: span.spanId,
        parent_span_id: span.parentSpanId,
        op: KINDS[span.kind],
        description: span.name,
        status: ['', 'ok', 'internal_error'][span.status],
        status_message: span.statusMessage,
      }),
      otel: attributesContext(source, [...ofSpan, ...own]),
    },
  };
  return { value: filled(value), sameAs: sameness(span, found) };
}

/** Whether a record tells of an error: an exception, or a severity from ERROR (17) on, by number or by word. */
export function isError(log: OtlpLog, attributes: Attributes): boolean {
  if (hasException(attributes)) return true;
  if (log.severity > 0) return log.severity >= 17;
  const level = readLevel(log.severityText);
  return level === 'error' || level === 'fatal';
}

/**
 * A log record → an event: of the exception it carries, or of one whose trace its body is, else of its message.
 * @param before what was logged before in the same trace, oldest first: its breadcrumbs
 */
export function eventOfLog(source: OtlpSource, log: OtlpLog, attributes: Attributes, before: readonly OtlpLog[]): OtlpEvent {
  const base = eventOfResource(source);
  const language = languageOf(source.resource);
  const { message, more } = bodyOf(log);
  const found = hasException(attributes) ? exceptionOf(attributes, language) : logged(message, attributes, language);
  const timeMs = log.timeMs ?? log.observedMs;
  const value = {
    ...base,
    ...found.event,
    ...identified(source, timeMs, [log.traceId, log.spanId, found.type, found.message]),
    level: found.event['level'] === 'fatal' ? 'fatal' : levelOf(log),
    transaction: operationOf(attributes),
    logger: textOf(attributes, 'log.logger', 'logger.name', 'logger') || source.scopeName,
    tags: { ...(base['tags'] as Json), ...tagsOf(attributes), ...filled({ 'event.name': log.eventName }) },
    request: requestOf(attributes),
    breadcrumbs: before.map(breadcrumbOfLog),
    user: { ...userOf(source.resource, false), ...userOf(attributes, true) },
    extra: { ...more, ...(found.type === '' || message === '' || message === found.message ? {} : { log: message }) },
    contexts: {
      ...(base['contexts'] as Json),
      trace: filled({ trace_id: log.traceId, span_id: log.spanId }),
      otel: attributesContext(source, [...attributes]),
    },
  };
  return { value: filled(value), sameAs: found.type === '' ? '' : sameness(log, found) };
}

interface Exception {
  type: string;
  message: string;
  event: Json;
}

function hasException(attributes: Attributes): boolean {
  return attributes.has('exception.type') || attributes.has('exception.message') || attributes.has('exception.stacktrace');
}

/** `exception.*` (semantic conventions) → exceptions. What was thrown as is stands in `type` and `message`, its causes in the trace. */
function exceptionOf(attributes: Attributes, language: string): Exception {
  const type = textOf(attributes, 'exception.type');
  const message = textOf(attributes, 'exception.message');
  const trace = textOf(attributes, 'exception.stacktrace');
  const said = { ...(type === '' ? {} : { type }), ...(message === '' ? {} : { value: message }) };
  const parsed = trace === '' ? undefined : exceptionOfText(trace, language, said);
  const escaped = attributes.get('exception.escaped');
  const handled = escaped === true || escaped === 'true' ? { handled: false } : {};
  const values = (parsed?.exception.values ?? [said]) as Json[];
  const last = values.at(-1) as Json;
  // An exception needs a name even where its language has none for it.
  last['type'] ??= type || 'Error';
  last['mechanism'] = { ...(last['mechanism'] as Json | undefined), type: 'otel', ...handled };
  const unread = parsed === undefined && trace !== '' ? { extra: { 'exception.stacktrace': trace } } : {};
  return {
    type: type || String(last['type']),
    message: message || String(last['value'] ?? ''),
    event: { ...parsed, exception: { values }, ...unread },
  };
}

/** An error that was only logged. A body of several lines may be the trace of an exception. */
function logged(message: string, attributes: Attributes, language: string): Exception {
  const trace = textOf(attributes, 'code.stacktrace', 'log.stacktrace', 'stacktrace');
  const parsed = message.includes('\n') ? exceptionOfText(message, language) : undefined;
  if (parsed !== undefined) {
    const last = parsed.exception.values.at(-1) as Json;
    return { type: String(last['type'] ?? 'Error'), message: String(last['value'] ?? ''), event: { ...parsed } };
  }
  const template = textOf(attributes, '{OriginalFormat}', 'message_template.text', 'log.template', 'message.template');
  const frames = trace === '' ? undefined : framesOf(exceptionOfText(trace, language));
  const frame = frameOf(attributes);
  const stack = frames ?? (frame === undefined ? undefined : [frame]);
  return {
    type: '',
    message,
    event: {
      logentry: template === '' ? { message } : { message: template, formatted: message },
      ...(stack === undefined ? {} : { stacktrace: { frames: stack } }),
    },
  };
}

function framesOf(parsed: ReturnType<typeof exceptionOfText>): unknown[] | undefined {
  const last = parsed?.exception.values.at(-1) as { stacktrace?: { frames?: unknown[] } } | undefined;
  return last?.stacktrace?.frames;
}

/** Text as it is; of an object its message, with the rest beside it; anything else as JSON. */
function bodyOf(log: OtlpLog): { message: string; more: Json } {
  const body = log.body();
  if (typeof body === 'string') return { message: body, more: {} };
  if (body === undefined || body === null) return { message: log.eventName, more: {} };
  if (typeof body !== 'object' || Array.isArray(body)) return { message: JSON.stringify(body), more: {} };
  const { message, msg, ...rest } = body as Json;
  const said = message ?? msg;
  return typeof said === 'string' ? { message: said, more: { body: rest } } : { message: JSON.stringify(body), more: {} };
}

/** Severities by number (1 to 24, six words of four steps), else by word; an exception without either is an error. */
function levelOf({ severity, severityText }: OtlpLog): Level {
  if (severity >= 21) return 'fatal';
  if (severity >= 17) return 'error';
  if (severity >= 13) return 'warning';
  if (severity >= 9) return 'info';
  return severity > 0 ? 'debug' : (readLevel(severityText) ?? 'error');
}

function breadcrumbsOf(span: OtlpSpan, recorded: OtlpSpanEvent): Json[] {
  const before = span.events.slice(0, span.events.indexOf(recorded)).filter(({ name }) => name !== 'exception');
  return before.slice(-MAX_BREADCRUMBS).map((event) =>
    filled({
      timestamp: event.timeMs === undefined ? undefined : event.timeMs / 1000,
      category: 'span.event',
      message: event.name,
      data: Object.fromEntries(event.attributes()),
    }),
  );
}

function breadcrumbOfLog(log: OtlpLog): Json {
  const timeMs = log.timeMs ?? log.observedMs;
  return filled({
    timestamp: timeMs === undefined ? undefined : timeMs / 1000,
    category: 'log',
    level: levelOf(log),
    message: bodyOf(log).message,
    data: Object.fromEntries(log.attributes()),
  });
}

function attributesContext(source: OtlpSource, pairs: [string, unknown][]): Json {
  const shown = pairs.filter(([name]) => !name.startsWith('exception.')).slice(0, BOUNDS.values);
  return filled({ scope: `${source.scopeName} ${source.scopeVersion}`.trim(), ...Object.fromEntries(shown) });
}

/**
 * Time and id. The same facts make the same id: what an exporter sends again is a duplicate, not a second event. Without a
 * time two events would be taken for one; then the id is left to chance.
 */
function identified({ resource }: OtlpSource, timeMs: number | undefined, facts: string[]): Json {
  if (timeMs === undefined) return {};
  const sender = ['service.name', 'service.instance.id', 'host.name', 'k8s.pod.name', 'process.pid'].map((name) =>
    textOf(resource, name),
  );
  const id = hash('sha256', JSON.stringify(['otlp', timeMs, ...facts, ...sender]), 'hex').slice(0, 32);
  return { event_id: id, timestamp: timeMs / 1000 };
}

/** One exception is often recorded twice: in its span, and in a log record. */
function sameness({ traceId, spanId }: { traceId: string; spanId: string }, { type, message }: Exception): string {
  return traceId === '' || spanId === ''
    ? ''
    : hash('sha1', JSON.stringify([traceId, spanId, type, unquoted(message)]), 'base64');
}

/** Python's KeyError writes its key in quotes; its log handler sends it without, its spans with them. */
function unquoted(message: string): string {
  const quoted = message.length > 1 && (message[0] === "'" || message[0] === '"') && message.at(-1) === message[0];
  return quoted ? message.slice(1, -1) : message;
}
