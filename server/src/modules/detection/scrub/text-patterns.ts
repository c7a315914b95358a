import { isIPv4, isIPv6 } from 'node:net';
import { FILTERED, scrubAssignments } from './assignments.ts';
import type { TextRules } from './rules.ts';

/** Text longer than this is not searched further: no field of a normalised event is. */
const MAX_SEARCHED = 65_536;

const TOKEN_STARTS = String.raw`[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb]asic|BASIC|eyJ|-----BEGIN|AKIA|ASIA|A[GIRN][DOP]A|AIza|ya29\.|gh[pousr]_|github_pat_|glpat-|npm_|xox|hooks\.s|[sr]k[-_]|whsec_|SG\.`;
const STRONG_NAME_AND_COLON = String.raw`(?:[Pp]ass|PASS|[Pp]wd|PWD|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Kk]ey|KEY|[Cc]redential|[Aa]uthorization)\w{0,20}\s{0,3}:`;
/**
 * Whether a text is worth looking at; one pass. Every rule below needs one of these signs. Most texts of an event (names,
 * paths, source lines) have none.
 */
const SIGNS = new RegExp(
  String.raw`[=@]|:\/\/|["']\s{0,3}:|\d{4}[ -]?\d{4,}|\d{4}[ -]\d{6}|${TOKEN_STARTS}|${STRONG_NAME_AND_COLON}`,
);
const TOKEN_SIGNS = new RegExp(TOKEN_STARTS);
const ADDRESS_SIGNS = /\d\.\d{1,3}\.|:[0-9A-Fa-f]{0,4}:/;

/** Removes secrets from free text; gives the same text back when there are none. */
export function scrubText(text: string, rules: TextRules): string {
  if (text.length < 6) return text;
  const suspect = SIGNS.test(text) || (rules.ownNames && text.includes(':'));
  const addresses = rules.ipAddresses && ADDRESS_SIGNS.test(text);
  if (!suspect && !addresses) return text;
  let clean = text.length > MAX_SEARCHED ? text.slice(0, MAX_SEARCHED) : text;
  if (suspect) {
    if (rules.defaults) clean = scrubSecrets(clean);
    if (rules.defaults || rules.ownNames) clean = scrubAssignments(clean, rules);
    if (rules.emails && clean.includes('@')) clean = clean.replace(EMAIL, FILTERED);
  }
  return addresses ? scrubAddresses(clean) : clean;
}

// All patterns below are linear: each has a look-behind that allows one start per run of its characters, or bounded counts.
const TOKENS: readonly RegExp[] = [
  /(?<![\w-])eyJ[\w-]{5,4000}\.[\w-]{5,4000}(?:\.[\w-]{0,4000}){0,3}/g, // JSON web tokens (RFC 7519)
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, // AWS key ids
  /(?<![\w-])AIza[\w-]{35}(?![\w-])/g, // Google API keys
  /(?<![\w.-])ya29\.[\w-]{20,1000}/g, // Google OAuth
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{30,255}/g, // GitHub
  /(?<!\w)github_pat_\w{22,255}/g,
  /(?<![\w-])glpat-[\w-]{20,100}/g, // GitLab
  /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g,
  /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,250}/g, // Slack
  /(?<=hooks\.slack\.com\/services\/)[\w/]{20,100}/g,
  /(?<![A-Za-z0-9])(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,250}/g, // Stripe
  /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=]{16,250}/g,
  /(?<![\w-])sk-[\w-]{20,250}/g, // model providers
  /(?<![\w.-])SG\.[\w-]{16,64}\.[\w-]{16,64}/g, // SendGrid
];
const SCHEME = /(?<!\w)(bearer|basic)(\s{1,4})([\w.~+/=-]{8,4096})/gi;
const USERINFO = /(:\/\/)([^\s:/?#@"'<>]{0,256}:[^\s/?#@"'<>]{0,256})@/g;
const CARD = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g;
const EMAIL = /(?<![\w.%+-])[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;
const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const PEM_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;

function scrubSecrets(text: string): string {
  let clean = TOKEN_SIGNS.test(text) ? scrubTokens(text) : text;
  if (clean.includes('@') && clean.includes('://')) clean = clean.replace(USERINFO, `$1${FILTERED}@`);
  return clean.replace(CARD, (digits) => (isCardNumber(digits) ? FILTERED : digits));
}

function scrubTokens(text: string): string {
  let clean = text.includes('-----BEGIN') ? scrubPrivateKeys(text) : text;
  for (const pattern of TOKENS) clean = clean.replace(pattern, FILTERED);
  return clean.replace(SCHEME, (whole, scheme: string, space: string, secret: string) =>
    looksRandom(secret) ? `${scheme}${space}${FILTERED}` : whole,
  );
}

/** "Basic authentication" is prose; `Basic dXNlcjpwYXNz` is not. */
function looksRandom(word: string): boolean {
  return word.length >= 24 || /\d|=$/.test(word) || /[a-z][A-Z]/.test(word);
}

function scrubPrivateKeys(text: string): string {
  PEM_BEGIN.lastIndex = 0;
  let clean = '';
  let from = 0;
  for (let begin = PEM_BEGIN.exec(text); begin !== null; begin = PEM_BEGIN.exec(text)) {
    clean += text.slice(from, begin.index) + FILTERED;
    PEM_END.lastIndex = begin.index;
    from = PEM_END.exec(text) ? PEM_END.lastIndex : text.length; // an end that was cut off: the rest is key
    PEM_BEGIN.lastIndex = from;
  }
  return clean + text.slice(from);
}

/** Luhn's check and the first digits that card networks use (ISO/IEC 7812), so that ids and times in digits survive. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (digits.length < 13 || digits.length > 19) return false;
  if (!/^(?:4|5[0-8]|2[2-7]|3[0-9]|6)/.test(digits) || /^(\d)\1*$/.test(digits)) return false;
  let sum = 0;
  for (let i = digits.length - 1, even = false; i >= 0; i--, even = !even) {
    const digit = digits.charCodeAt(i) - 48;
    sum += even ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

const IPV4 = /(?<![\w.]|[\w)]\/)\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g;
const IPV6 = /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:])/g;

/** Replaces addresses; `Chrome/120.0.0.0` is a version, `http://10.0.0.1` is not. */
function scrubAddresses(text: string): string {
  const clean = text.replace(IPV6, (found) => (isIPv6(found) && found !== '::' ? FILTERED : found));
  return clean.replace(IPV4, (found) => (isIPv4(found) ? FILTERED : found));
}
