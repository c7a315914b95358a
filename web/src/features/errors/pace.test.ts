import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from './pace.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

test('the first asking is answered at once, those within the gap together at its end', () => {
  const run = vi.fn();
  const pace = new Pace(run, 1_000);
  pace.ask();
  vi.advanceTimersByTime(0);
  expect(run).toHaveBeenCalledTimes(1);
  for (let asked = 0; asked < 50; asked++) pace.ask();
  vi.advanceTimersByTime(999);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
});

test('a delay gathers what comes together', () => {
  const run = vi.fn();
  const pace = new Pace(run, 0);
  pace.ask(100);
  vi.advanceTimersByTime(60);
  pace.ask(100);
  vi.advanceTimersByTime(40);
  expect(run).toHaveBeenCalledTimes(1);
});

test('what was stopped does not run', () => {
  const run = vi.fn();
  const pace = new Pace(run, 1_000);
  pace.ask(10);
  pace.stop();
  vi.advanceTimersByTime(5_000);
  expect(run).not.toHaveBeenCalled();
});

test('who is in more of a hurry brings the run forward', () => {
  const run = vi.fn();
  const pace = new Pace(run, 0);
  pace.ask(5_000);
  pace.ask(100);
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10_000);
  expect(run).toHaveBeenCalledTimes(1);
});
