import type { NormalizedEvent } from '../normalized-event.ts';
import { bounded, boundedObject, isEmpty } from './bounded.ts';
import { CAPS, isObject, type Reading } from './reading.ts';

type Request = NonNullable<NormalizedEvent['request']>;
const MAX_HEADERS = 100;
const MAX_HEADER_VALUE = 2048;
/** Text bodies up to this size are looked into, so that their fields can be scrubbed by name. */
const MAX_PARSED_BODY = 65_536;

/** The HTTP request an event came from. Cookies join the headers, where they are scrubbed as one. */
export function readRequest(value: unknown, reading: Reading): Request | undefined {
  if (value === undefined || value === null) return undefined;
  const raw = reading.object(value, 'request');
  if (!raw) return undefined;
  const request: Request = {};
  const url = reading.name(raw['url'], CAPS.url, 'request.url');
  if (url !== undefined) request.url = url;
  const method = reading.name(raw['method'], 20, 'request.method');
  if (method !== undefined) request.method = method.toUpperCase();
  const query = reading.text(pairsText(raw['query_string'], '&'), CAPS.url, 'request.query_string');
  if (query !== undefined) request.queryString = query.startsWith('?') ? query.slice(1) : query;
  const headers = readHeaders(raw['headers'], reading);
  const cookies = reading.text(pairsText(raw['cookies'], '; '), MAX_HEADER_VALUE, 'request.cookies');
  if (cookies !== undefined && !headers.some(([name]) => name.toLowerCase() === 'cookie')) headers.push(['Cookie', cookies]);
  if (headers.length > 0) request.headers = headers;
  const data = readBody(raw['data'] ?? raw['body'], reading);
  if (data !== undefined) request.data = data;
  const env = boundedObject(raw['env'] ?? undefined, { left: CAPS.body }, 'request.env', reading);
  if (env && !isEmpty(env)) request.env = env;
  return isEmpty(request) ? undefined : request;
}

/**
 * Gives pairs, in the order they came, to `take` until it answers false: `[[k, v], …]`, or an object whose values are text
 * or lists of text (PHP). A callback, because a generator costs more here than the work itself.
 */
function eachPair(value: unknown, take: (name: string, value: unknown) => boolean): void {
  if (Array.isArray(value)) {
    for (const pair of value) if (Array.isArray(pair) && pair.length >= 2 && !take(String(pair[0]), pair[1])) return;
  } else if (isObject(value)) {
    for (const name in value) if (!take(name, value[name])) return;
  }
}

function readHeaders(value: unknown, reading: Reading): [string, string][] {
  const headers: [string, string][] = [];
  if (value === undefined || value === null) return headers;
  if (typeof value !== 'object') {
    reading.note('request.headers', 'dropped: object or list expected');
    return headers;
  }
  eachPair(value, (rawName, rawValue) => {
    if (headers.length >= MAX_HEADERS) {
      reading.note('request.headers', `cut: ${MAX_HEADERS} headers kept`);
      return false;
    }
    const name = reading.name(rawName, CAPS.identifier, 'request.headers');
    if (name === undefined) return true;
    const joined = Array.isArray(rawValue) ? rawValue.filter((part) => typeof part !== 'object').join(', ') : rawValue;
    headers.push([name, reading.text(joined, MAX_HEADER_VALUE, 'request.headers') ?? '']);
    return true;
  });
  return headers;
}

/** A query string or cookies: text as it is, pairs joined. */
function pairsText(value: unknown, separator: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const parts: string[] = [];
  let length = 0;
  eachPair(value, (name, part) => {
    for (const one of Array.isArray(part) ? part.slice(0, 100) : [part]) {
      if (typeof one === 'object' && one !== null) continue;
      const text = `${name}=${one ?? ''}`;
      parts.push(text);
      length += text.length;
    }
    return length <= CAPS.url;
  });
  return parts.join(separator);
}

function readBody(value: unknown, reading: Reading): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  return bounded(parsedBody(value), { left: CAPS.body }, 'request.data', reading);
}

function parsedBody(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > MAX_PARSED_BODY) return value;
  const first = value.trimStart()[0];
  if (first !== '{' && first !== '[') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
