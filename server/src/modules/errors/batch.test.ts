import { describe, expect, it } from 'vitest';
import { Batch, batchOf } from './batch.ts';

function doubling() {
  const fetched: number[][] = [];
  const batch = new Batch<number, number | null>(
    async (keys) => {
      fetched.push(keys);
      return new Map(keys.filter((key) => key < 100).map((key) => [key, key * 2]));
    },
    () => null,
  );
  return { fetched, batch };
}

describe('a batch', () => {
  it('fetches what is asked for in one turn together, each key once', async () => {
    const { fetched, batch } = doubling();
    const later = Promise.resolve().then(() => batch.load(3));
    expect(await Promise.all([batch.load(1), batch.load(2), batch.load(1), later])).toEqual([2, 4, 2, 6]);
    expect(fetched).toEqual([[1, 2, 3]]);
  });

  it('answers at once what it knows', async () => {
    const { fetched, batch } = doubling();
    await batch.prime([1, 500]);
    batch.set(7, 0);
    expect([batch.load(1), batch.load(500), batch.load(7)]).toEqual([2, null, 0]);
    await batch.prime([1, 500, 7]);
    expect(fetched).toEqual([[1, 500]]);
  });

  it('fetches again after a failure, which everybody waiting learns', async () => {
    let fail = true;
    const batch = new Batch<number, number>(
      async (keys) => {
        if (fail) throw new Error('database away');
        return new Map(keys.map((key) => [key, key]));
      },
      () => 0,
    );
    const both = await Promise.allSettled([batch.load(1), batch.load(2)]);
    expect(both.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    fail = false;
    expect(await batch.load(1)).toBe(1);
  });

  it('is one per name and request', () => {
    const loaders = new Map<string, unknown>();
    const make = () => doubling().batch;
    expect(batchOf(loaders, 'a', make)).toBe(batchOf(loaders, 'a', make));
    expect(batchOf(loaders, 'a', make)).not.toBe(batchOf(new Map(), 'a', make));
  });
});
