import { describe, expect, it } from 'vitest';
import { fillBuckets, HOUR_MS, layBuckets, MAX_POINTS, MINUTE_MS } from './buckets.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 34, 56);
const at = (text: string): number => Date.parse(text);
const lay = (asked: { from?: string; to?: string; bucketSeconds?: number }, unitMs = HOUR_MS) => {
  const { start, until, sizeMs, count } = layBuckets({
    ...(asked.from === undefined ? {} : { from: at(asked.from) }),
    ...(asked.to === undefined ? {} : { to: at(asked.to) }),
    ...(asked.bucketSeconds === undefined ? {} : { bucketSeconds: asked.bucketSeconds }),
    now: NOW,
    unitMs,
  });
  return [new Date(start).toISOString(), new Date(until).toISOString(), sizeMs / 1000, count];
};

describe('buckets', () => {
  it.each<[string, Parameters<typeof lay>[0], number, unknown[]]>([
    ['24 hours up to now by default', {}, HOUR_MS, ['2026-11-21T13:00:00.000Z', '2026-11-22T13:00:00.000Z', 3600, 24]],
    [
      '24 days when asked by the day',
      { bucketSeconds: 86_400 },
      HOUR_MS,
      ['2026-10-30T00:00:00.000Z', '2026-11-23T00:00:00.000Z', 86_400, 24],
    ],
    [
      'before a moment that is round',
      { to: '2026-11-20T00:00:00Z' },
      HOUR_MS,
      ['2026-11-19T00:00:00.000Z', '2026-11-20T00:00:00.000Z', 3600, 24],
    ],
    [
      'from a midnight of another zone, by the day',
      { from: '2026-11-19T18:00:00Z', to: '2026-11-22T18:00:00Z', bucketSeconds: 86_400 },
      HOUR_MS,
      ['2026-11-19T18:00:00.000Z', '2026-11-22T18:00:00.000Z', 86_400, 3],
    ],
    [
      'a half hour off by the minute',
      { from: '2026-11-22T10:30:00Z', to: '2026-11-22T12:00:00Z', bucketSeconds: 1800 },
      MINUTE_MS,
      ['2026-11-22T10:30:00.000Z', '2026-11-22T12:00:00.000Z', 1800, 3],
    ],
    [
      'a half hour off, rounded where only hours are counted',
      { from: '2026-11-22T10:30:00Z', to: '2026-11-22T12:00:00Z', bucketSeconds: 1800 },
      HOUR_MS,
      ['2026-11-22T10:00:00.000Z', '2026-11-22T12:00:00.000Z', 3600, 2],
    ],
    [
      'a last bucket that is cut short',
      { from: '2026-11-22T00:00:00Z', to: '2026-11-23T06:00:00Z', bucketSeconds: 86_400 },
      HOUR_MS,
      ['2026-11-22T00:00:00.000Z', '2026-11-23T06:00:00.000Z', 86_400, 2],
    ],
    [
      'a bucket that is no multiple',
      { from: '2026-11-22T00:00:00Z', to: '2026-11-22T04:00:00Z', bucketSeconds: 5000 },
      HOUR_MS,
      ['2026-11-22T00:00:00.000Z', '2026-11-22T04:00:00.000Z', 7200, 2],
    ],
  ])('are laid: %s', (_, asked, unit, expected) => expect(lay(asked, unit)).toEqual(expected));

  it('are widened rather than too many', () => {
    const [, , seconds, count] = lay({ from: '2025-11-22T00:00:00Z', to: '2026-11-22T00:00:00Z', bucketSeconds: 60 });
    expect(count).toBeLessThanOrEqual(MAX_POINTS);
    expect((seconds as number) % 3600).toBe(0);
  });

  it.each<[string, Parameters<typeof lay>[0]]>([
    ['backwards', { from: '2026-11-22T00:00:00Z', to: '2026-11-21T00:00:00Z' }],
    ['of nothing', { from: '2026-11-22T00:00:00Z', to: '2026-11-22T00:00:00Z' }],
    ['of an age', { from: '1990-11-22T00:00:00Z' }],
    ['of no size', { bucketSeconds: 0 }],
  ])('are refused: %s', (_, asked) => expect(() => lay(asked)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' })));

  it('are filled, empty ones with 0, and nothing outside is counted', () => {
    const buckets = { start: 1000, until: 1025, sizeMs: 10, count: 3 };
    const counts = [999, 1000, 1009, 1010, 1024, 1025, 1031].map((moment) => ({ at: moment, n: 1 }));
    expect(fillBuckets(buckets, counts)).toEqual([2, 1, 1]);
    expect(fillBuckets(buckets, [])).toEqual([0, 0, 0]);
  });
});
