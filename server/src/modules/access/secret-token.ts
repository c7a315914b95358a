import { createHash, randomBytes } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const API_TOKEN = /^errata_[0-9A-Za-z]{43}$/;
const LINK_TOKEN = /^[0-9A-Za-z_-]{43}$/;

/** Letters and digits, each drawn evenly (bytes above the last multiple of 62 are thrown away). */
export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += BASE62[byte % 62];
    }
  }
  return text;
}

/** 256 random bits as 43 characters that need no escaping in a cookie or an address: sessions and invitations. */
export function newLinkToken(): string {
  return randomBytes(32).toString('base64url');
}

/** `errata_` and 43 letters and digits (256 bits); the prefix lets secret scanners find a leaked one. */
export function newApiToken(): string {
  return `errata_${randomBase62(43)}`;
}

/** What people see of a token afterwards: enough to tell two apart, too little to guess by. */
export function tokenPrefix(token: string): string {
  return token.slice(0, 'errata_'.length + 4);
}

/** Whether the text could be such a token at all; spares the database a look-up of rubbish. */
export const isApiToken = (text: string): boolean => API_TOKEN.test(text);
/** The same for sessions and invitations. */
export const isLinkToken = (text: string): boolean => LINK_TOKEN.test(text);

/** SHA-256 in hex: what is stored. No salt and no slow hash: 256 random bits cannot be guessed from their digest. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
