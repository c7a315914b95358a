/** The request of an event, read from whatever shape the SDK sent. Missing parts are empty. */
export interface RequestView {
  method: string;
  /** As reported; may not be a valid address. */
  url: string;
  query: string;
  headers: readonly (readonly [name: string, value: string])[];
  cookies: readonly (readonly [name: string, value: string])[];
  env: readonly (readonly [name: string, value: string])[];
  /** Body as text, JSON written out; null without one. */
  body: string | null;
}

/** Reads the `request` field of an event. Null when nothing in it can be shown. */
export function readRequest(value: unknown): RequestView | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = value as Record<string, unknown>;
  const request: RequestView = {
    method: textOf(fields['method']).toUpperCase(),
    url: textOf(fields['url']),
    query: queryOf(fields['queryString'] ?? fields['query_string']),
    headers: pairsOf(fields['headers']),
    cookies: pairsOf(fields['cookies']),
    env: pairsOf(fields['env']),
    body: bodyOf(fields['data']),
  };
  const empty =
    request.url === '' &&
    request.method === '' &&
    request.headers.length === 0 &&
    request.body === null &&
    request.env.length === 0;
  return empty ? null : request;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function pairsOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) {
    return value
      .filter((pair) => Array.isArray(pair) && typeof pair[0] === 'string')
      .map((pair: unknown[]) => [String(pair[0]), textOf(pair[1])]);
  }
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, each]) => [name, textOf(each)]);
  return [];
}

function queryOf(value: unknown): string {
  if (typeof value === 'string') return value.replace(/^\?/, '');
  return pairsOf(value)
    .map(([name, each]) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`)
    .join('&');
}

function bodyOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** The whole address, with the query if the address does not hold it already. */
export function fullUrl({ url, query }: RequestView): string {
  return query === '' || url.includes('?') ? url : `${url}?${query}`;
}

/** Headers that curl sets itself, or that only made sense on the way the request first took. */
const NOT_REPEATED = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding']);

/**
 * The request as a curl command that is safe to paste into a POSIX shell, whatever the event holds: every value is quoted,
 * none is read as an option, a file (`@…`) or a pattern. Null when the address is not http(s): then there is nothing to
 * repeat.
 */
export function toCurl(request: RequestView): string | null {
  const url = fullUrl(request);
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return null;
  const method = /^[A-Z]{1,20}$/.test(request.method) ? request.method : 'GET';
  const implied = request.body === null ? 'GET' : 'POST';
  const lines = [`curl --globoff ${method === implied ? '' : `-X ${method} `}--url ${shellQuote(url)}`];
  for (const [name, value] of request.headers) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || NOT_REPEATED.has(name.toLowerCase())) continue;
    lines.push(`-H ${shellQuote(`${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}`)}`);
  }
  if (request.cookies.length > 0 && !request.headers.some(([name]) => name.toLowerCase() === 'cookie')) {
    lines.push(
      `-H ${shellQuote(
        `Cookie: ${request.cookies
          .map(([name, value]) => `${name}=${value}`)
          .join('; ')
          .replaceAll(/[\r\n]+/g, ' ')}`,
      )}`,
    );
  }
  if (request.body !== null) lines.push(`--data-raw ${shellQuote(request.body)}`);
  return lines.join(' \\\n  ');
}

/** One word for a POSIX shell. NUL cannot stand in one and is dropped. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}
