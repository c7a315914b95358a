import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Bus } from '../../../platform/bus/bus.ts';
import { silentLog } from '../../../platform/log.ts';
import type { ErrorChange } from '../facts.ts';
import { ChangeGatherer } from './change-gatherer.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('tells new and moved errors at once, counting four times a second', () => {
  const bus = new Bus(silentLog);
  const told: ErrorChange[][] = [];
  bus.subscribe('errorChanged', ({ changes }) => told.push(changes));
  const gatherer = new ChangeGatherer(bus);
  const touched = [1, 2].map((errorId) => ({ errorId, projectId: 9 }));
  gatherer.add([{ kind: 'CREATED', errorId: 1, projectId: 9 }], touched);
  expect(told).toEqual([[{ kind: 'CREATED', errorId: 1, projectId: 9 }]]);
  for (let i = 0; i < 100; i++) gatherer.add([], touched);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(250);
  expect(told[1]?.map((change) => [change.kind, change.errorId])).toEqual([
    ['UPDATED', 2],
    ['UPDATED', 1],
  ]);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(2);
  gatherer.add([], touched);
  gatherer.close();
  expect(told).toHaveLength(3);
});

it('splits large news', () => {
  const bus = new Bus(silentLog);
  const sizes: number[] = [];
  bus.subscribe('errorChanged', ({ changes }) => sizes.push(changes.length));
  const gatherer = new ChangeGatherer(bus);
  gatherer.add(
    Array.from({ length: 1_200 }, (_, i) => ({ kind: 'CREATED' as const, errorId: i, projectId: 1 })),
    [],
  );
  expect(sizes).toEqual([500, 500, 200]);
  gatherer.close();
});
