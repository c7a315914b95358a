import type { IncomingMessage } from 'node:http';

/**
 * Whether a request that may carry our cookie comes from our own pages. The `Origin` must be that of BASE_URL or name
 * the very host the request was sent to (a development server, an address the administrator uses besides BASE_URL).
 * A browser always sends `Origin` with a cross-site POST and with a WebSocket handshake; without it the request is from
 * a program, unless `Sec-Fetch-Site` tells otherwise.
 */
export function isOwnOrigin(headers: IncomingMessage['headers'], baseUrl: string): boolean {
  const { origin } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  const base = new URL(baseUrl);
  if (origin === base.origin) return true;
  if (!URL.canParse(origin)) return false; // includes the opaque origin `null`
  const { host } = new URL(origin);
  // http://errata.example must not pass for https://errata.example: whoever sits on the wire could have written it.
  return host !== base.host && host === headers.host;
}
