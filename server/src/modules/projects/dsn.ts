import { randomBytes } from 'node:crypto';

/** 32 lower-case hex digits: the form Sentry's clients check. */
export function newPublicKey(): string {
  return randomBytes(16).toString('hex');
}

/**
 * `{PROTOCOL}://{PUBLIC_KEY}@{HOST}{PATH}/{PROJECT_ID}` (Sentry's SDK documentation, "Parsing the DSN"); the path is
 * that of the public address.
 */
export function dsnOf(baseUrl: string, publicKey: string, projectId: number): string {
  const url = new URL(baseUrl);
  return `${url.protocol}//${publicKey}@${url.host}${url.pathname.replace(/\/+$/, '')}/${projectId}`;
}
