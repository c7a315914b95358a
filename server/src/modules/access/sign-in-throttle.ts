import { isIPv6 } from 'node:net';
import { type Clock, minutes, seconds } from '../../platform/clock.ts';

/** How failures under one key are answered: `free` ones cost nothing, then the wait doubles from `firstMs` to `longestMs`. */
interface Rule {
  readonly free: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

const WINDOW_MS = minutes(15);
/** One address trying one account: a person who mistypes gets five tries, a guesser gets four an hour in the end. */
const PAIR: Rule = { free: 5, firstMs: seconds(5), longestMs: WINDOW_MS };
/** One address trying any account; an office behind one address mistypes more often than one person. */
const ADDRESS: Rule = { free: 20, firstMs: seconds(5), longestMs: WINDOW_MS };
/** One account tried from anywhere. Short, because a stranger could otherwise lock its owner out. */
const ACCOUNT: Rule = { free: 10, firstMs: seconds(1), longestMs: seconds(30) };
/** Keys remembered per table; the ones untouched longest go first. */
const MAX_KEYS = 20_000;
const MAX_FAILURES_KEPT = 64;

/** An attempt that was let in. It counts as a failure until it is said to have succeeded. */
export interface Attempt {
  readonly account: string;
  readonly address: string;
  readonly at: number;
}

/**
 * Slows down the guessing of passwords: a sliding window of failures per account and address together, per address, and
 * per account. In memory: a restart forgives, several nodes count apart. Attempts are counted when they begin, so that
 * a thousand at once do not slip through before the first has failed; refused attempts do not prolong the wait.
 */
export class SignInThrottle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, number[]>();

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /**
   * Lets an attempt in, or answers how long to wait.
   * @param knownAddress whether the account has signed in from here before; then strangers' failures do not hold it up.
   *   Asked only when it matters.
   */
  async admit(
    account: string,
    address: string,
    knownAddress: () => Promise<boolean> = async () => false,
  ): Promise<Attempt | { retryAfterSeconds: number }> {
    const now = this.#clock.now();
    const network = networkOf(address);
    const ownMs = () =>
      Math.max(this.#waitMs(pairKey(account, network), PAIR, now), this.#waitMs(addressKey(network), ADDRESS, now));
    let waitMs = ownMs();
    if (waitMs === 0) {
      const strangersMs = this.#waitMs(accountKey(account), ACCOUNT, now);
      // Others may have been let in from here while we asked, hence the second look.
      if (strangersMs > 0) waitMs = (await knownAddress()) ? ownMs() : strangersMs;
    }
    if (waitMs > 0) return { retryAfterSeconds: Math.ceil(waitMs / 1000) };
    for (const key of [pairKey(account, network), addressKey(network), accountKey(account)]) this.#add(key, now);
    return { account, address: network, at: now };
  }

  /** Takes the attempt back. Only the pair is forgiven: an address must not earn new guesses by signing in as itself. */
  succeeded(attempt: Attempt): void {
    this.#failures.delete(pairKey(attempt.account, attempt.address));
    for (const key of [addressKey(attempt.address), accountKey(attempt.account)]) {
      const times = this.#failures.get(key);
      const index = times?.lastIndexOf(attempt.at) ?? -1;
      if (index >= 0) times?.splice(index, 1);
    }
  }

  #waitMs(key: string, rule: Rule, now: number): number {
    const times = this.#failures.get(key)?.filter((at) => at > now - WINDOW_MS) ?? [];
    const last = times.at(-1);
    if (last === undefined || times.length < rule.free) return 0;
    const wait = Math.min(rule.longestMs, rule.firstMs * 2 ** (times.length - rule.free));
    return Math.max(0, last + wait - now);
  }

  #add(key: string, now: number): void {
    const times = (this.#failures.get(key) ?? []).filter((at) => at > now - WINDOW_MS).slice(1 - MAX_FAILURES_KEPT);
    this.#failures.delete(key); // put back at the end: the order of the map is the order of use
    this.#failures.set(key, [...times, now]);
    if (this.#failures.size > MAX_KEYS) this.#failures.delete(this.#failures.keys().next().value as string);
  }
}

const pairKey = (account: string, network: string) => `p ${account} ${network}`;
const addressKey = (network: string) => `a ${network}`;
const accountKey = (account: string) => `u ${account}`;

/** The address, or its first 64 bits for IPv6, where one customer commands that many addresses. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
