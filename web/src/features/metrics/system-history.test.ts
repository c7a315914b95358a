import { expect, test } from 'vitest';
import { toneOf } from './gauges.ts';
import { type Sample, withSample } from './system-history.ts';

const sample = (at: number, startedAt = '2026-11-22T10:00:00.000Z'): Sample => ({
  at,
  version: '0.1.0',
  startedAt,
  database: 'sqlite',
  nodeVersion: '24.21.0',
  rssBytes: 1,
  heapUsedBytes: 1,
  cpuPercent: 1,
  eventLoopDelayP99Ms: 1,
  ingestBacklogBytes: 0,
  digestLagMs: 0,
  eventsPerSecond: 0,
  subscribers: 1,
  databaseBytes: 1,
  diskFreeBytes: 1,
});

test('keeps the newest samples only', () => {
  let samples: readonly Sample[] = [];
  for (let at = 0; at < 5; at++) samples = withSample(samples, sample(at), 3);
  expect(samples.map(({ at }) => at)).toEqual([2, 3, 4]);
});

test('a restarted server begins anew', () => {
  const samples = withSample([sample(1), sample(2)], sample(3, '2026-11-22T11:00:00.000Z'));
  expect(samples.map(({ at }) => at)).toEqual([3]);
});

test.each([
  [{ warn: 5, bad: 10 }, 4, undefined],
  [{ warn: 5, bad: 10 }, 5, 'amber'],
  [{ warn: 5, bad: 10 }, 10, 'red'],
  [{}, 1e9, undefined],
])('%j at %d', (gauge, value, tone) => expect(toneOf(gauge, value)).toBe(tone));
