import { describe, expect, it } from 'vitest';
import { fixedClock, minutes, seconds } from '../../platform/clock.ts';
import { type Attempt, networkOf, SignInThrottle } from './sign-in-throttle.ts';

const START = 1_700_000_000_000;

function setUp() {
  const clock = fixedClock(START);
  const throttle = new SignInThrottle({ clock });
  return {
    clock,
    throttle,
    /** Fails until refused; answers how many were let in and the wait then. */
    async exhaust(account: string, address: string, limit = 100) {
      for (let n = 0; n < limit; n++) {
        const result = await throttle.admit(account, address);
        if ('retryAfterSeconds' in result) return { admitted: n, wait: result.retryAfterSeconds };
      }
      return { admitted: limit, wait: 0 };
    },
  };
}

describe('one address on one account', () => {
  it('has five tries, then waits longer and longer, up to a quarter of an hour', async () => {
    const { clock, throttle } = setUp();
    const waits: number[] = [];
    for (let n = 0; n < 14; n++) {
      let result = await throttle.admit('ann@example.org', '192.0.2.1');
      if ('retryAfterSeconds' in result) {
        waits.push(result.retryAfterSeconds);
        clock.advance(seconds(result.retryAfterSeconds));
        result = await throttle.admit('ann@example.org', '192.0.2.1');
        expect(result).toHaveProperty('at');
      }
    }
    expect(waits.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 320, 640]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(900);
  });

  it('is not held up longer by attempts that were refused', async () => {
    const { clock, exhaust, throttle } = setUp();
    await exhaust('ann@example.org', '192.0.2.1');
    for (let n = 0; n < 50; n++) await throttle.admit('ann@example.org', '192.0.2.1');
    clock.advance(seconds(5));
    expect(await throttle.admit('ann@example.org', '192.0.2.1')).toHaveProperty('at');
  });

  it('counts attempts when they begin, so that a hundred at once are not all let in', async () => {
    const { throttle } = setUp();
    const results = await Promise.all(Array.from({ length: 100 }, () => throttle.admit('ann@example.org', '192.0.2.1')));
    expect(results.filter((result) => 'at' in result)).toHaveLength(5);
  });

  it('starts afresh after a success, and after the window', async () => {
    const { clock, exhaust, throttle } = setUp();
    for (let n = 0; n < 4; n++) await throttle.admit('ann@example.org', '192.0.2.1');
    throttle.succeeded((await throttle.admit('ann@example.org', '192.0.2.1')) as Attempt);
    expect((await exhaust('ann@example.org', '192.0.2.1')).admitted).toBe(5);
    clock.advance(minutes(15));
    expect((await exhaust('ann@example.org', '192.0.2.1')).admitted).toBe(5);
  });
});

describe('one address on many accounts', () => {
  it('has twenty tries in all', async () => {
    const { throttle } = setUp();
    for (let n = 0; n < 20; n++) expect(await throttle.admit(`user${n}@example.org`, '192.0.2.1')).toHaveProperty('at');
    expect(await throttle.admit('another@example.org', '192.0.2.1')).toEqual({ retryAfterSeconds: 5 });
    expect(await throttle.admit('another@example.org', '192.0.2.2')).toHaveProperty('at');
  });

  it('earns no new tries by signing in as itself between the guesses', async () => {
    const { throttle } = setUp();
    let guesses = 0;
    for (let n = 0; n < 100; n++) {
      if ('at' in (await throttle.admit(`victim${n}@example.org`, '192.0.2.1'))) guesses++;
      const own = await throttle.admit('attacker@example.org', '192.0.2.1');
      if ('at' in own) throttle.succeeded(own);
    }
    expect(guesses).toBe(20);
  });

  it('takes the addresses of one IPv6 network for one', async () => {
    const { throttle } = setUp();
    for (let n = 0; n < 5; n++) await throttle.admit('ann@example.org', `2001:db8:1:2::${n + 1}`);
    expect(await throttle.admit('ann@example.org', '2001:db8:1:2:ffff::9')).toHaveProperty('retryAfterSeconds');
  });
});

describe('many addresses on one account', () => {
  const attack = async (throttle: SignInThrottle) => {
    for (let n = 0; n < 200; n++) await throttle.admit('owner@example.org', `198.51.100.${n}`);
  };

  it('are held up together, but the owner elsewhere never waits longer than half a minute', async () => {
    const { throttle } = setUp();
    await attack(throttle);
    const owner = await throttle.admit('owner@example.org', '203.0.113.7');
    expect(owner).toHaveProperty('retryAfterSeconds');
    expect((owner as { retryAfterSeconds: number }).retryAfterSeconds).toBeLessThanOrEqual(30);
  });

  it('do not hold up an address from which the owner has signed in before', async () => {
    const { throttle } = setUp();
    await attack(throttle);
    expect(await throttle.admit('owner@example.org', '203.0.113.7', async () => true)).toHaveProperty('at');
  });

  it('do not let a known address guess without end', async () => {
    const { throttle } = setUp();
    await attack(throttle);
    const results = await Promise.all(
      Array.from({ length: 30 }, () => throttle.admit('owner@example.org', '203.0.113.7', async () => true)),
    );
    expect(results.filter((result) => 'at' in result).length).toBeLessThanOrEqual(5);
  });

  it('one attacker at one address does not hold up the owner at another at all', async () => {
    const { exhaust, throttle } = setUp();
    await exhaust('owner@example.org', '198.51.100.1');
    expect(await throttle.admit('owner@example.org', '203.0.113.7')).toHaveProperty('at');
  });
});

it('forgets the keys untouched longest when there are too many', async () => {
  const { throttle } = setUp();
  for (let n = 0; n < 30_000; n++) await throttle.admit(`user${n}@example.org`, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  expect(await throttle.admit('user0@example.org', '10.0.0.0')).toHaveProperty('at');
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
