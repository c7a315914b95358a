import { applyFields } from '../../analysis/patterns/pattern-event.ts';
import { parseTrace } from '../../analysis/stack/parse.ts';
import { sentryExceptions } from '../../analysis/stack/sentry.ts';
import { outerLevels } from '../protocols/json-text.ts';
import type { Block } from './block.ts';
import type { LogLevel } from './levels.ts';
import type { LogLine } from './log-line.ts';

/** An error event found in a log. */
export interface DetectedEvent {
  /** Bytes in the stream: its first, and behind its last. */
  start: number;
  end: number;
  /** Number of its first line, 1-based, counted from where reading began. */
  line: number;
  /** In the shape of a Sentry event; without an id. */
  event: Record<string, unknown>;
  /** `exception`, `crash`, `log`, or what the pattern says. */
  category: string;
  /** Id of the pattern that found it. */
  pattern?: string;
}

/** Longest raw text that goes with an event, in UTF-16 units. */
const RAW = 16_000;
const TRACE = 200_000;
const CRUMB = 500;
const MESSAGE = 8192;
/** Levels of a structured line's fields: brackets without end could not be passed from the thread that reads. */
const LEVELS = 20;

/** The lines of an event → the event. */
export function makeEvent(block: Block, crumbs: readonly LogLine[], base: Record<string, unknown>): DetectedEvent {
  const first = block.lines[0] as LogLine;
  const { record, hit } = block;
  const trace = traceText(block);
  const parsed = block.frames > 0 || block.exception || record.stack !== undefined ? parseTrace(trace) : undefined;
  const said = record.exception ?? {};
  const exceptions = parsed === undefined ? undefined : sentryExceptions(parsed, said);
  const crash = block.crash?.fatal === true;
  const level: LogLevel = crash ? 'fatal' : (record.level ?? 'error');
  const message = messageOf(block, exceptions !== undefined);
  const event: Record<string, unknown> = {
    ...base,
    level,
    platform: exceptions?.platform ?? 'other',
    ...(record.time === undefined ? {} : { timestamp: record.time / 1000 }),
    ...(record.logger === undefined ? {} : { logger: record.logger.slice(0, 256) }),
    ...(record.host === undefined ? {} : { server_name: record.host.slice(0, 256) }),
    ...(message === '' ? {} : { logentry: { formatted: message.slice(0, MESSAGE) } }),
    ...(exceptions === undefined ? {} : { exception: exceptions.exception }),
    ...(exceptions?.threads === undefined ? {} : { threads: exceptions.threads }),
  };
  if (exceptions === undefined && said.type !== undefined)
    event['exception'] = { values: [{ type: said.type, value: (said.value ?? message).slice(0, MESSAGE) }] };
  addFields(event, record);
  addTags(event, record);
  // Of a JSON record the trace itself, with its own line ends; the other fields are in `extra` anyway.
  const raw =
    record.stack === undefined
      ? block.lines.map(({ text }) => text).join('\n')
      : [message, record.stack].filter(Boolean).join('\n');
  event['extra'] = { ...(event['extra'] as object | undefined), raw: raw.length > RAW ? `${raw.slice(0, RAW)}…` : raw };
  if (crumbs.length > 0) event['breadcrumbs'] = { values: crumbs.map(crumbOf) };
  if (hit !== undefined) applyFields(event, hit, raw.slice(0, TRACE));
  const category = hit?.pattern.category ?? (crash ? 'crash' : event['exception'] === undefined ? 'log' : 'exception');
  return {
    start: first.start,
    end: (block.lines.at(-1) as LogLine).end,
    line: first.number,
    event,
    category,
    ...(hit === undefined ? {} : { pattern: hit.pattern.id }),
  };
}

/** The trace as the program wrote it: without the logger's prefixes. */
function traceText(block: Block): string {
  const { stack } = block.record;
  if (stack !== undefined) return stack.slice(0, TRACE);
  return block.lines
    .map((line) => line.message)
    .join('\n')
    .slice(0, TRACE);
}

/** What the logger said. Of a trace without a word of the logger it is nothing: type and value say all. */
function messageOf(block: Block, traced: boolean): string {
  const { record } = block;
  if (record.stack !== undefined) return record.stack.startsWith(record.message) ? '' : record.message;
  if (traced) return block.headless ? record.message : '';
  const lines = block.lines.map((line) => line.message);
  return lines.join('\n').trim();
}

const ID = /^[0-9a-f]{32}$/;
const SPAN = /^[0-9a-f]{16}$/;

/** Fields of a structured line: trace and user go where Sentry has them, the rest into extra. */
function addFields(event: Record<string, unknown>, { fields }: LogLine): void {
  if (fields === undefined) return;
  const extra = outerLevels(fields, LEVELS) as Record<string, unknown>;
  const take = (...names: string[]) => {
    for (const name of names) {
      const value = Object.hasOwn(extra, name) ? extra[name] : undefined;
      if (typeof value !== 'string' || value === '') continue;
      delete extra[name];
      return value;
    }
    return undefined;
  };
  const traceId = take('trace_id', 'traceId', 'trace.id', 'dd.trace_id', '@tr', 'TraceId');
  const spanId = take('span_id', 'spanId', 'span.id', 'dd.span_id', '@sp', 'SpanId');
  if (traceId !== undefined && ID.test(traceId))
    event['contexts'] = {
      trace: { trace_id: traceId, ...(spanId !== undefined && SPAN.test(spanId) ? { span_id: spanId } : {}) },
    };
  else if (traceId !== undefined) extra['trace_id'] = traceId;
  const environment = take('environment', 'env', 'service.environment', 'deployment.environment');
  if (environment !== undefined) event['environment'] = environment;
  const release = take('release', 'service.version');
  if (release !== undefined) event['release'] = release;
  event['extra'] = extra;
}

function addTags(event: Record<string, unknown>, record: LogLine): void {
  const tags: Record<string, string> = {};
  for (const [key, value] of [
    ['thread', record.thread],
    ['pid', record.pid],
    ['process', record.process],
    ['stream', record.stream],
  ] as const)
    if (value !== undefined && value !== '') tags[key] = value.slice(0, 200);
  const { fields } = record;
  for (const name of ['request_id', 'requestId', 'req_id', 'service', 'component', 'container_name']) {
    const value = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value === 'string' && value.length <= 200) tags[name] = value;
  }
  const own = event['tags'];
  if (Object.keys(tags).length > 0) event['tags'] = { ...(typeof own === 'object' ? own : {}), ...tags };
}

function crumbOf(line: LogLine): Record<string, unknown> {
  return {
    type: 'default',
    category: line.logger ?? 'log',
    level: line.level ?? 'info',
    message: line.message.trim().slice(0, CRUMB),
    ...(line.time === undefined ? {} : { timestamp: line.time / 1000 }),
  };
}
