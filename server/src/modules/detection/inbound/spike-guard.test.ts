import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import { limitOf, SpikeGuard } from './spike-guard.ts';

const HOUR = 3_600_000;

async function guardOf(perHour: readonly number[]) {
  const clock = { at: 1_800_000_000_000, now: () => clock.at };
  const guard = new SpikeGuard({ clock, log: silentLog, history: async () => new Map([[1, perHour]]) });
  await guard.refresh();
  return { guard, clock };
}

describe('what is usual', () => {
  it.each<[string, number[], number | undefined]>([
    ['less than a day is no habit', new Array(23).fill(100_000), undefined],
    ['a quiet project is left the floor', new Array(168).fill(3), 5_000],
    ['five times an ordinary hour', new Array(168).fill(10_000), 50_000],
    ['one wild hour in a week is not ordinary', [...new Array(167).fill(2_000), 900_000], 10_000],
    ['a nightly batch is', Array.from({ length: 168 }, (_, hour) => (hour % 12 === 3 ? 40_000 : 100)), 200_000],
  ])('%s', (_, history, limit) => expect(limitOf(history)).toBe(limit));
});

describe('a spike', () => {
  it('is more in five minutes than the limit allows, and ends with them', async () => {
    const { guard, clock } = await guardOf(new Array(48).fill(1_200)); // 6,000 an hour, 500 in five minutes
    for (let i = 0; i < 500; i++) expect(guard.count(1)).toBe(false);
    expect(guard.count(1)).toBe(true);
    expect(guard.since(1)).toBe(clock.at);
    clock.at += 3 * 60_000;
    expect(guard.count(1)).toBe(true);
    clock.at += 3 * 60_000;
    expect(guard.count(1)).toBe(false);
    expect(guard.since(1)).toBeUndefined();
  });

  it('is none for a steady rate below the limit, nor for a project without history', async () => {
    const { guard, clock } = await guardOf(new Array(48).fill(12_000)); // 60,000 an hour
    for (let i = 0; i < 4_000; i++) {
      clock.at += HOUR / 50_000;
      expect(guard.count(1)).toBe(false);
      expect(guard.count(2)).toBe(false);
    }
  });

  it('keeps what it knows when the history cannot be read', async () => {
    let fails = false;
    const guard = new SpikeGuard({
      clock: { now: () => 0 },
      log: silentLog,
      history: async () => {
        if (fails) throw new Error('locked');
        return new Map([[1, new Array(48).fill(10_000)]]);
      },
    });
    await guard.refresh();
    fails = true;
    await guard.refresh();
    expect(guard.limit(1)).toBe(50_000);
  });
});
