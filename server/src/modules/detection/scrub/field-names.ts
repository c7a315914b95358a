/**
 * Which field names hold secrets. A name is read as words (`userAuthToken`, `user_auth-token` → user, auth, token), so that
 * `author`, `tokenizer` or `passenger` are left alone; a few stems are so telling that they count anywhere
 * (`dbpasswd`, `MYAPIKEY`).
 */

/** A word that makes a name sensitive wherever it stands in it. */
// biome-ignore format: a table
const WORDS = new Set([
  'password', 'passwords', 'passwd', 'passcode', 'passphrase', 'pwd', 'pw', 'secret', 'secrets', 'token', 'auth',
  'oauth', 'authorization', 'credential', 'credentials', 'creds', 'cookie', 'cookies', 'session', 'sessionid',
  'sessid', 'phpsessid', 'jsessionid', 'sid', 'csrf', 'xsrf', 'jwt', 'bearer', 'apikey', 'privatekey', 'otp', 'totp',
  'cvv', 'cvc', 'ssn', 'iban',
]);

/** Two words in a row that do. */
// biome-ignore format: a table
const PAIRS = new Set([
  'api key', 'private key', 'access key', 'secret key', 'encryption key', 'signing key', 'signature key', 'master key',
  'auth key', 'app key', 'license key', 'shared key', 'ssh key', 'account key', 'pass phrase', 'pass word', 'pass code',
  'card number', 'credit card', 'debit card', 'security code', 'social security', 'recovery code', 'verification code',
  'connection string', 'amz signature', 'access tokens', 'refresh tokens', 'auth tokens', 'api tokens', 'api keys',
]);

/** Part of a single unbroken word. `secret` but not `secretary`. */
const STEMS =
  /passw(?:or)?d|passphrase|secret(?!ar)|api_?key|privatekey|private_key|accesskey|credential|csrf|xsrf|sessionid|sessionkey|authorization|authtoken|creditcard|cardnumber|[a-z]token$/;

/** As the last word these say that the field is about a secret, not the secret itself: `token_type`, `session_count`. */
// biome-ignore format: a table
const ABOUT = new Set([
  'type', 'types', 'count', 'counts', 'length', 'size', 'limit', 'limits', 'usage', 'used', 'expiry', 'expires', 'expired',
  'expiration', 'ttl', 'age', 'duration', 'index', 'position', 'provider', 'method', 'methods', 'scheme', 'strategy',
  'status', 'state', 'error', 'errors', 'url', 'uri', 'endpoint', 'enabled', 'disabled', 'required', 'valid', 'version',
  'at', 'name', 'names', 'policy', 'strength', 'module', 'class', 'backend', 'backends', 'middleware', 'driver', 'engine',
  'handler', 'validators', 'hashers', 'manager', 'factory', 'service', 'user', 'model', 'domain', 'path', 'samesite',
  'httponly', 'secure',
]);

/** Names so telling that a number, or an unquoted word after a colon, is a secret too: `password: hunter2`. */
const STRONG =
  /passw|passphrase|secret(?!ar)|pwd|api_?key|apikey|private_?key|credential|access_?token|auth_?token|authorization|client_?secret/i;

const KEPT = 5000;
const judged = new Map<string, Secrecy>();

/** How far the built-in rules take the value of a field of some name for a secret. */
export type Secrecy = 'none' | 'secret' | 'strong';

/** Judges a name. Names repeat, so the last few thousand verdicts are remembered. */
export function secrecyOf(name: string): Secrecy {
  if (name.length > 200) return 'none';
  let secrecy = judged.get(name);
  if (secrecy === undefined) {
    secrecy = isSensitive(wordsOf(name)) ? (STRONG.test(name) ? 'strong' : 'secret') : 'none';
    if (judged.size >= KEPT) judged.clear();
    judged.set(name, secrecy);
  }
  return secrecy;
}

function isSensitive(words: readonly string[]): boolean {
  if (words.includes('public')) return false; // .NET names its assemblies by PublicKeyToken
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const next = words[i + 1];
    if (next !== undefined && PAIRS.has(`${word} ${next}`)) return !ABOUT.has(words[i + 2] ?? '');
    if (!WORDS.has(word) && !STEMS.test(word)) continue;
    if (next === undefined || !ABOUT.has(words.at(-1) as string)) return true;
  }
  return false;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
