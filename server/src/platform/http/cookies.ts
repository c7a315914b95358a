import type { Config } from '../config.ts';

/** Name of the session cookie. */
export const SESSION_COOKIE = 'errata_session';

/** The value of the session cookie in a `Cookie` header; null when absent or not of our alphabet. The first one counts. */
export function readSessionCookie(header: string | undefined): string | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at === -1 || part.slice(0, at).trim() !== SESSION_COOKIE) continue;
    const value = part.slice(at + 1).trim();
    return /^[\w.~-]{1,512}$/.test(value) ? value : null;
  }
  return null;
}

/** The token of an `Authorization: Bearer …` header (RFC 6750 §2.1); null when there is none. */
export function readBearer(header: string | undefined): string | null {
  const match = header === undefined ? null : /^Bearer +([\w.~+/=-]{1,512}) *$/i.exec(header);
  return match?.[1] ?? null;
}

/** Writes `Set-Cookie` values: HttpOnly, SameSite=Lax, Secure under https, for the base path only. */
export class SessionCookie {
  readonly #attributes: string;

  constructor(config: Pick<Config, 'baseUrl'>) {
    const { protocol, pathname } = new URL(config.baseUrl);
    this.#attributes = `; Path=${pathname}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;
  }

  /** @param maxAgeSeconds life in the browser; without it the cookie ends with the browser session */
  set(value: string, maxAgeSeconds?: number): string {
    if (!/^[\w.~-]{1,512}$/.test(value)) throw new TypeError('a session cookie holds letters, digits and . ~ - _ only');
    return `${SESSION_COOKIE}=${value}${this.#attributes}${maxAgeSeconds === undefined ? '' : `; Max-Age=${Math.floor(maxAgeSeconds)}`}`;
  }

  clear(): string {
    return `${SESSION_COOKIE}=${this.#attributes}; Max-Age=0`;
  }
}
