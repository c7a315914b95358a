import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { RecentIds } from './recent-ids.ts';

it('remembers ids per project', () => {
  const recent = new RecentIds();
  const id = randomBytes(16);
  recent.add(1, id, 5);
  expect([recent.has(1, id), recent.has(2, id), recent.has(1, randomBytes(16))]).toEqual([true, false, false]);
});

it('does not confuse ids that are counted up, nor projects', () => {
  const recent = new RecentIds();
  const id = (n: number) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(n, 12);
    return bytes;
  };
  const count = 100_000;
  for (let n = 0; n < count; n++) recent.add(1, id(n), n);
  let wrong = 0;
  for (let n = 0; n < count; n++) {
    if (!recent.has(1, id(n))) wrong += 1;
    if (recent.has(1, id(n + count)) || recent.has(2, id(n))) wrong += 1;
  }
  expect(wrong).toBe(0);
});

it('keeps at least one generation and forgets the oldest', () => {
  const recent = new RecentIds();
  const ids = Array.from({ length: RecentIds.reload * 2 + 10 }, () => randomBytes(16));
  recent.forget(7, 3);
  for (const [at, id] of ids.entries()) recent.add(7, id, at);
  expect(ids.slice(-RecentIds.reload).every((id) => recent.has(7, id))).toBe(true);
  expect(ids.slice(0, 10).some((id) => recent.has(7, id))).toBe(false);
  // Everything it has forgotten is older than it says.
  const upTo = recent.forgottenUpTo(7)!;
  expect(ids.every((id, at) => at <= upTo || recent.has(7, id))).toBe(true);
  expect([upTo < ids.length - 1, recent.forgottenUpTo(8)]).toEqual([true, undefined]);
});
