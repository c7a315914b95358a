import { hash, verify } from '@node-rs/argon2';
import { Failure } from '../../platform/errors.ts';

/** argon2id as OWASP's password storage sheet has it (19 MiB, 2 passes, 1 lane). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** A hash of random bytes nobody kept, with the parameters above: verified when there is no such user. */
export const DUMMY_HASH = '$argon2id$v=19$m=19456,t=2,p=1$ccAO2A0XhU4P1g/DSjJFpA$28MSWdAbx1/juJ4mK4J021roPNzxZzg9c0JPQ04xgLY';

/** In characters as people count them, not in bytes. */
export const PASSWORD_MIN_LENGTH = 10;
/** Bounds the work one request can ask for. */
export const PASSWORD_MAX_LENGTH = 512;

/** Hashes run on the thread pool that the ingest log needs for its flushes: never take more than half of it. */
const MAX_RUNNING = 2;
const MAX_WAITING = 100;

/** Hashes and checks passwords, two at a time; a flood of sign-ins waits, then is refused, and nothing else slows down. */
export class PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws Failure RATE_LIMITED when a hundred others are waiting already. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, ARGON2));
  }

  /**
   * Whether the password fits the hash. Without a hash (no such user) it takes the same time and answers false.
   * @throws Failure RATE_LIMITED when a hundred others are waiting already.
   */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    if (password.length > PASSWORD_MAX_LENGTH) return false;
    const fits = await this.#inTurn(() => verify(passwordHash ?? DUMMY_HASH, password));
    return fits && passwordHash !== null;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_RUNNING) {
      if (this.#waiting.length >= MAX_WAITING)
        throw new Failure('RATE_LIMITED', 'Too many sign-ins at once. Try again in a moment.');
      await new Promise<void>((resolve) => this.#waiting.push(resolve)); // the one that ends hands its place over
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** Often used passwords of ten characters or more (shorter ones are refused anyway), lower case. */
const COMMON = new Set(
  `0123456789 1234567890 12345678910 123456789a 1234567891 0987654321 9876543210 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
  qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl123 zxcvbnm123 abcdefghij abcdefghijk abc1234567 abcd123456
  password12 password123 password1234 password12345 password123! passw0rd123 passwordpassword mypassword1 p@ssw0rd123
  p@ssword123 administrator admin12345 admin123456 adminadmin administrator1 changeme123 changeme1234 changemenow
  letmein123 letmein1234 welcome123 welcome1234 welcome2024 welcome2025 welcome2026 iloveyou123 iloveyou1234 iloveyou12
  sunshine123 princess123 football123 baseball123 superman123 dragon12345 monkey12345 trustno1trustno1 whatever123
  correcthorsebatterystaple testtesttest test123456 test1234567 testpassword defaultpassword secretpassword supersecret
  rootrootroot toortoortoor errata1234 erratapassword errataerrata sentry1234 computer123 internet123 michael123`
    .split(/\s+/)
    .filter(Boolean),
);

/**
 * What is wrong with a new password, in words for the person who chose it; null when it will do.
 * @param email of the account: neither it nor its first part may be the password
 */
export function passwordFault(password: string, email: string): string | null {
  const plain = password.trim().toLowerCase();
  if ([...password].length < PASSWORD_MIN_LENGTH) return `The password must have at least ${PASSWORD_MIN_LENGTH} characters.`;
  if (password.length > PASSWORD_MAX_LENGTH) return `The password may have at most ${PASSWORD_MAX_LENGTH} characters.`;
  if (plain === email.toLowerCase() || plain === email.toLowerCase().split('@')[0])
    return 'The password must not be your e-mail address.';
  if (COMMON.has(plain) || new Set(plain).size < 4) return 'This password is among the first that are guessed. Choose another.';
  return null;
}
