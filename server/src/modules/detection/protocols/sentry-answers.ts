import type { ServerResponse } from 'node:http';
import type { IngestRefusal } from './refusal.ts';

/**
 * CORS (reference §1.8): on every answer, refusals included, or a browser SDK could not read them; without the exposed
 * names it could not see its limits.
 */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-sentry-error, x-sentry-rate-limits, retry-after',
} as const;
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers':
    'x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, authentication, authorization, content-encoding, transfer-encoding, sentry-trace, baggage, traceparent, x-csrftoken, x-errata-key, bugsnag-api-key, bugsnag-payload-version, bugsnag-sent-at, bugsnag-integrity, x-rollbar-access-token',
  'access-control-max-age': '3600',
  'content-length': '0',
} as const;
const JSON_HEADERS = { ...CORS, 'content-type': 'application/json' } as const;
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** What event SDKs are asked to hold back: errors and what else is read as one. Never client reports. */
const CATEGORIES = 'default;error;security';

/** A limit a client should know of. */
export interface LimitHint {
  retryAfterSeconds: number;
  scope: 'key' | 'project' | 'organization';
  reason: string;
  /** Data categories it holds for, separated by semicolons; default: those of events. */
  categories?: string;
}

/** The answer to a browser's OPTIONS request, good for an hour. */
export function answerPreflight(res: ServerResponse): void {
  res.writeHead(200, PREFLIGHT);
  res.end();
}

/** `{"id":"` + 32 digits + `"}`. As one flat list: node:http then copies nothing. */
const ACCEPTED = Object.entries({ ...JSON_HEADERS, 'content-length': '41' }).flat();

/** 200 `{"id": …}`, or `{}` when nothing in the request has an id (§1.6); with a hint when the next event would be refused (§1.7). */
export function answerAccepted(res: ServerResponse, id: string | undefined, hint: LimitHint | undefined): void {
  if (id !== undefined && hint === undefined) {
    res.writeHead(200, ACCEPTED);
    res.end(`{"id":"${id}"}`, 'latin1'); // head and body go out as one string; as UTF-8 it would be walked again
    return;
  }
  const body = id === undefined ? '{}' : `{"id":"${id}"}`;
  const headers = { ...JSON_HEADERS, 'content-length': body.length };
  res.writeHead(200, hint ? { ...headers, 'x-sentry-rate-limits': limitHeader(hint) } : headers);
  res.end(body);
}

/** The answer of any other door; objects become JSON. */
export function answerDoor(
  res: ServerResponse,
  answer: { status: number; body?: string | Uint8Array | object; type?: string; headers?: Readonly<Record<string, string>> },
): void {
  const { status, body = '', headers } = answer;
  const asJson = typeof body === 'object' && !(body instanceof Uint8Array);
  const bytes = asJson ? Buffer.from(JSON.stringify(body)) : typeof body === 'string' ? Buffer.from(body) : body;
  const type = answer.type ?? (asJson ? 'application/json' : 'text/plain; charset=utf-8');
  res.writeHead(status, { ...CORS, 'content-type': type, 'content-length': bytes.length, ...headers });
  res.end(bytes);
}

/** A 1×1 GIF: what an event sent as an image address is answered with (§1.1). */
export function answerPixel(res: ServerResponse): void {
  res.writeHead(200, { ...CORS, 'content-type': 'image/gif', 'cache-control': 'no-store', 'content-length': PIXEL.length });
  res.end(PIXEL);
}

/** 429 with both headers: without them an SDK stops everything for a minute (§1.7). */
export function answerLimited(res: ServerResponse, hint: LimitHint): void {
  refuse(res, 429, `rate limited: ${hint.reason}`, {
    'retry-after': String(hint.retryAfterSeconds),
    'x-sentry-rate-limits': limitHeader(hint),
  });
}

/** The answer to a refusal: `{"detail", "causes"}` and `X-Sentry-Error` (§1.6). `close` ends the connection: more body may follow. */
export function answerRefusal(res: ServerResponse, refusal: IngestRefusal, close: boolean): void {
  refuse(res, refusal.status, refusal.message, {
    ...(refusal.status === 405 ? { allow: 'GET, POST, OPTIONS' } : {}),
    ...(refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) }),
    ...(close ? { connection: 'close' } : {}),
  });
}

function refuse(res: ServerResponse, status: number, detail: string, headers: Record<string, string>): void {
  const [main = detail, ...causes] = detail.split(': ');
  const body = JSON.stringify({ detail: main, causes });
  res.writeHead(status, {
    ...JSON_HEADERS,
    'content-length': Buffer.byteLength(body),
    'x-sentry-error': detail.replace(/[^\x20-\x7e]/g, '?').slice(0, 200),
    ...headers,
  });
  res.end(body);
}

function limitHeader(hint: LimitHint): string {
  return `${hint.retryAfterSeconds}:${hint.categories ?? CATEGORIES}:${hint.scope}:${hint.reason}`;
}
