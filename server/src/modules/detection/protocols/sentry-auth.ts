import type { IncomingHttpHeaders } from 'node:http';
import { refusals } from './refusal.ts';

/** Who a request says it comes from. */
export interface Credentials {
  /** 32 lower-case hex digits. */
  key: string;
  /** `name/version` of the SDK as it says itself. */
  client: string | undefined;
}

const PROTOCOL_VERSION = 7;
const KEY = /^[0-9a-f]{32}$/;

/**
 * Authentication of the Sentry protocol (reference §1.2), forms 1 to 4: `X-Sentry-Auth: Sentry …`, `Authorization: Sentry …`
 * or `Basic base64(key:)`, the query string, and a path segment. Form 5, the `dsn` of the envelope header, comes with the
 * body: see {@link parseDsn}.
 *
 * Several forms are taken if they agree. Left out: `sentry_secret` (tolerated, never compared), `sentry_timestamp`.
 * @returns undefined when the request says nothing.
 * @throws IngestRefusal 401 when forms disagree, 400 for a malformed key or a protocol version above 7.
 */
export function readCredentials(
  headers: IncomingHttpHeaders,
  query: string,
  pathKey: string | undefined,
): Credentials | undefined {
  const found = new Found();
  const own = headers['x-sentry-auth'];
  if (own !== undefined) found.pairs(String(own));
  const { authorization } = headers;
  if (authorization !== undefined) {
    if (/^sentry\s/i.test(authorization)) found.pairs(authorization);
    else if (/^basic\s/i.test(authorization)) found.basic(authorization.slice(6));
  }
  if (query.includes('sentry_')) {
    const params = new URLSearchParams(query);
    for (const key of params.getAll('sentry_key')) found.key(key);
    found.version(params.get('sentry_version'));
    found.client ??= params.get('sentry_client') ?? undefined;
  }
  if (pathKey !== undefined) found.key(pathKey);
  return found.chosen === undefined ? undefined : { key: found.chosen, client: found.client };
}

class Found {
  chosen: string | undefined;
  client: string | undefined;

  key(value: string): void {
    const key = value.trim().toLowerCase();
    if (!KEY.test(key)) throw refusals.badKey();
    if (this.chosen !== undefined && this.chosen !== key) throw refusals.severalKeys();
    this.chosen = key;
  }

  /** What is no number is let pass; only a newer protocol is refused. */
  version(value: string | null): void {
    if (value !== null && /^\d{1,9}(?:\.\d+)?$/.test(value) && Number(value) > PROTOCOL_VERSION) throw refusals.badVersion(value);
  }

  /** `Sentry sentry_version=7, sentry_key=…`: scheme in any case, comma and spaces; a repeated header comes joined. */
  pairs(header: string): void {
    for (const part of header.split(',')) {
      const pair = part.trim().replace(/^sentry\s+/i, '');
      const equals = pair.indexOf('=');
      if (equals < 0) continue;
      const name = pair.slice(0, equals).trim().toLowerCase();
      const value = pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
      if (name === 'sentry_key') this.key(value);
      else if (name === 'sentry_version') this.version(value);
      else if (name === 'sentry_client') this.client ??= value;
    }
  }

  /** The user is the key. Credentials that are none of ours (of a proxy on the way) are passed over. */
  basic(encoded: string): void {
    const user = Buffer.from(encoded.trim(), 'base64').toString('latin1').split(':', 1)[0] ?? '';
    if (KEY.test(user.toLowerCase())) this.key(user);
  }
}

/**
 * Reads `{PROTOCOL}://{PUBLIC_KEY}:{SECRET}@{HOST}{PATH}/{PROJECT_ID}`. The host is not compared: a tunnel has another.
 * @throws IngestRefusal 400 when it is no DSN.
 */
export function parseDsn(dsn: unknown): { key: string; project: string } {
  const match =
    typeof dsn === 'string' && dsn.length <= 1024
      ? /^https?:\/\/([0-9a-f]{32})(?::[^@/]*)?@[^/?#@]+(?:\/[^?#]*)?\/([^/?#]+)\/?$/i.exec(dsn)
      : null;
  if (match === null) throw refusals.badDsn();
  return { key: (match[1] as string).toLowerCase(), project: match[2] as string };
}
