import { randomUUID } from 'node:crypto';
import type { ProjectSettings } from '../projects/project.entity.ts';
import { readBreadcrumbs } from './normalize/breadcrumbs.ts';
import { addClientContexts, readContexts, readDebugMeta, readExtra, readModules, readTrace } from './normalize/contexts.ts';
import { leadingStack, readExceptions, readThreads } from './normalize/exceptions.ts';
import { type FrameSetting, readStacktrace } from './normalize/frames.ts';
import { readLevel } from './normalize/level.ts';
import { readMessage } from './normalize/message.ts';
import { CAPS, isObject, kindOf, Reading } from './normalize/reading.ts';
import { readRequest } from './normalize/request.ts';
import { allTags, readTags } from './normalize/tags.ts';
import { correctTime, parseTime } from './normalize/time.ts';
import { readUser } from './normalize/user.ts';
import type { NormalizedEvent } from './normalized-event.ts';

/** What is known about an event besides its own bytes. */
export interface NormalizeSource {
  /** How it came in: sentry-envelope, sentry-store, otlp, log-line, graphql. */
  source: string;
  receivedAt: number;
  /** The client's clock when it sent, ms. */
  sentAt?: number;
  /** Wins over the payload's (envelope rule); any form of UUID. */
  eventId?: string;
  /** Address of the client, for `{{auto}}`. */
  clientIp?: string;
  /** Of the request that brought the event; believed for browser events only. */
  userAgent?: string;
  /** Named by the envelope or the key header; used when the event names none. */
  sdk?: { name?: string; version?: string };
  traceId?: string;
  settings: Pick<ProjectSettings, 'inAppInclude' | 'inAppExclude'>;
  /** Whether the JSON text had `\u` escapes; false spares the repair of text. Default true. */
  escapes?: boolean;
}

/**
 * A Sentry event as it was sent → the one shape inside. Never refuses and never throws: what is too long is cut, what has a
 * wrong type is dropped, and `errors` says so (protocol reference §1.5: "truncate, never reject"). Checks are written by
 * hand: a schema library costs more than all the rest of the path together.
 */
export function normalize(value: unknown, source: NormalizeSource): NormalizedEvent {
  const reading = new Reading(source.escapes ?? true);
  const raw = isObject(value) ? value : {};
  if (raw !== value) reading.note('event', `object expected, ${kindOf(value)} found`);
  const event = readHead(raw, source, reading);
  readStacks(raw, event, source, reading);
  event.breadcrumbs = readBreadcrumbs(raw['breadcrumbs'] ?? raw['sentry.interfaces.Breadcrumbs'], reading);
  readSurroundings(raw, event, source, reading);
  readIdentity(raw, event, source, reading);
  readSdkErrors(raw['errors'], reading);
  event.errors = reading.notes;
  return event;
}

/** Id, times, level, platform, message. */
function readHead(raw: Record<string, unknown>, source: NormalizeSource, reading: Reading): NormalizedEvent {
  const occurredAt = parseTime(raw['timestamp']);
  if (occurredAt === undefined && raw['timestamp'] !== undefined && raw['timestamp'] !== null) {
    reading.note('timestamp', 'dropped: not a time between 2000 and 2100');
  }
  const { timestamp, note } = correctTime(occurredAt, source.receivedAt, source.sentAt);
  if (note !== undefined) reading.note('timestamp', note);
  const level = readLevel(raw['level']);
  if (level === undefined && raw['level'] !== undefined && raw['level'] !== null) reading.note('level', 'unknown; read as error');
  return {
    eventId: readEventId(source.eventId) ?? readEventId(raw['event_id']) ?? randomUUID().replaceAll('-', ''),
    occurredAt: occurredAt ?? 0,
    timestamp,
    receivedAt: source.receivedAt,
    platform: platformOf(reading.name(raw['platform'], 64, 'platform')?.toLowerCase() ?? 'other', raw['sdk'], source.sdk),
    level: level ?? 'error',
    source: source.source,
    ...readMessage(raw, reading),
    exceptions: [],
    breadcrumbs: [],
    tags: [],
    contexts: {},
    extra: {},
    errors: [],
  };
}

/** The sentry crate calls itself `native`; what it sends is Rust, as the same panic in a log is. */
function platformOf(said: string, sdk: unknown, named: NormalizeSource['sdk']): string {
  if (said !== 'native') return said;
  const name = isObject(sdk) ? sdk['name'] : named?.name;
  return typeof name === 'string' && name.startsWith('sentry.rust') ? 'rust' : said;
}

/** 32 lower-case hex digits from any form of a UUID; undefined for anything else, the nil UUID included. */
export function readEventId(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = (value.length === 32 ? value : value.replace(/^\{|\}$|-/g, '')).toLowerCase();
  return /^[0-9a-f]{32}$/.test(plain) && !/^0{32}$/.test(plain) ? plain : undefined;
}

/** Exceptions, threads and their frames, with the debug images that name their files. */
function readStacks(raw: Record<string, unknown>, event: NormalizedEvent, source: NormalizeSource, reading: Reading): void {
  const debugMeta = readDebugMeta(raw['debug_meta'], reading);
  const setting: FrameSetting = { platform: event.platform, rules: source.settings, debugIds: debugMeta?.ids };
  event.exceptions = readExceptions(raw['exception'] ?? raw['sentry.interfaces.Exception'], setting, reading);
  const threads = readThreads(raw['threads'], setting, reading);
  if (threads.length > 0) event.threads = threads;
  const own = readStacktrace(raw['stacktrace'] ?? raw['sentry.interfaces.Stacktrace'], 'stacktrace', setting, reading);
  const stack = own.length > 0 ? own : event.exceptions.some((e) => e.frames.length > 0) ? undefined : leadingStack(threads);
  if (stack) event.stacktrace = stack;
  if (debugMeta) event.debugMeta = { images: debugMeta.images };
}

/** Request, contexts, user, extra, modules, trace. */
function readSurroundings(raw: Record<string, unknown>, event: NormalizedEvent, source: NormalizeSource, reading: Reading): void {
  const request = readRequest(raw['request'] ?? raw['sentry.interfaces.Http'], reading);
  if (request) event.request = request;
  event.contexts = readContexts(raw['contexts'], reading);
  const sent = request?.headers?.find(([name]) => name.length === 10 && name.toLowerCase() === 'user-agent')?.[1];
  addClientContexts(event.contexts, sent ?? (event.platform === 'javascript' ? source.userAgent : undefined));
  const user = readUser(raw['user'] ?? raw['sentry.interfaces.User'], infersIp(raw['sdk']), source.clientIp, reading);
  if (user) event.user = user;
  event.extra = readExtra(raw['extra'], reading);
  const modules = readModules(raw['modules'] ?? undefined, reading);
  if (modules) event.modules = modules;
  Object.assign(event, readTrace(event.contexts, source.traceId));
}

function infersIp(sdk: unknown): boolean {
  const settings = isObject(sdk) ? sdk['settings'] : undefined;
  return isObject(settings) && settings['infer_ip'] === 'auto';
}

/** Names: environment, release, transaction …, tags and fingerprint. Old SDKs send some of them as tags. */
function readIdentity(raw: Record<string, unknown>, event: NormalizedEvent, source: NormalizeSource, reading: Reading): void {
  const tags = readTags(raw['tags'], reading);
  const named = (field: string, fallback: unknown, max: number = CAPS.identifier) =>
    reading.name(raw[field], max, field) ?? reading.name(fallback, max, field);
  const release = named('release', tags.get('release'), 250);
  if (release !== undefined) event.release = release;
  const dist = named('dist', tags.get('dist'), 64);
  if (dist !== undefined) event.dist = dist;
  const environment = named('environment', tags.get('environment'), 64);
  if (environment !== undefined) event.environment = environment;
  const serverName = named('server_name', tags.get('server_name'));
  if (serverName !== undefined) event.serverName = serverName;
  const logger = named('logger', undefined);
  if (logger !== undefined) event.logger = logger;
  const transaction = named('transaction', raw['culprit'], CAPS.culprit);
  if (transaction !== undefined) event.transaction = transaction;
  const fingerprint = readFingerprint(raw['fingerprint'], reading);
  if (fingerprint) event.fingerprint = fingerprint;
  const sdk = readSdk(raw['sdk'], source.sdk, reading);
  if (sdk) event.sdk = sdk;
  event.tags = allTags(event, tags);
}

function readFingerprint(value: unknown, reading: Reading): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const parts: string[] = [];
  for (const part of (Array.isArray(value) ? value : [value]).slice(0, 32)) {
    const text = reading.text(part, 512, 'fingerprint');
    if (text !== undefined) parts.push(text);
  }
  return parts.length > 0 ? parts : undefined;
}

function readSdk(value: unknown, fallback: NormalizeSource['sdk'], reading: Reading): NormalizedEvent['sdk'] {
  const raw = value === undefined || value === null ? undefined : reading.object(value, 'sdk');
  const name = reading.name(raw?.['name'], 64, 'sdk.name') ?? fallback?.name;
  const version =
    reading.name(raw?.['version'], 64, 'sdk.version') ?? (raw?.['name'] === undefined ? fallback?.version : undefined);
  if (name === undefined && version === undefined) return undefined;
  return { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) };
}

/** Troubles the SDK itself met and reports with the event. */
function readSdkErrors(value: unknown, reading: Reading): void {
  if (!Array.isArray(value)) return;
  for (const trouble of value.slice(0, 10)) {
    if (!isObject(trouble)) continue;
    const type = reading.name(trouble['type'], 64, 'errors');
    if (type !== undefined)
      reading.note(reading.name(trouble['name'], CAPS.tagKey, 'errors') ?? 'event', `the SDK says: ${type}`);
  }
}
