import { expect, test } from 'vitest';
import { changeText, RateCounter, rateText } from './rate.ts';

const T = Date.UTC(2026, 0, 1, 12, 0, 30);

test('events are counted into their seconds and minutes, gaps are zero', () => {
  const rate = new RateCounter();
  rate.add(T - 3_000);
  rate.add(T - 3_000, 2);
  rate.add(T - 1_000);
  rate.add(T - 60_000, 5);
  expect(rate.seconds(T, 4).map(({ value }) => value)).toEqual([0, 3, 0, 1]);
  expect(rate.minutes(T, 3).map(({ value }) => value)).toEqual([0, 5, 4]);
  expect(rate.perSecond(T)).toBe(0.4);
});

test('the rate per minute is known from the server’s counts, and moves with the clock', () => {
  const rate = new RateCounter();
  rate.seed([{ at: T - 60_000, value: 20 }]);
  rate.add(T - 1_000, 4);
  expect(rate.perMinute(T)).toBe(14);
  expect(rate.perMinute(T + 15_000)).toBe(9);
});

test('the running second is left out: it would always look like a drop', () => {
  const rate = new RateCounter();
  rate.add(T, 9);
  expect(rate.seconds(T, 2).map(({ value }) => value)).toEqual([0, 0]);
});

test('the server’s counts fill the past and do not take live ones away', () => {
  const rate = new RateCounter();
  rate.add(T, 7);
  rate.seed([
    { at: T - 120_000, value: 3 },
    { at: T, value: 5 },
  ]);
  expect(rate.minutes(T, 3).map(({ value }) => value)).toEqual([3, 0, 7]);
});

test('a day of events keeps only what is shown', () => {
  const rate = new RateCounter();
  for (let second = 0; second < 86_400; second += 7) rate.add(T + second * 1_000);
  expect(rate.seconds(T + 86_400_000, 120).length).toBe(120);
  expect(rate.minutes(T + 86_340_000, 2)[0]?.value).toBeGreaterThan(7);
});

test.each<[number, string]>([
  [0, '0'],
  [0.04, '<0.1'],
  [0.44, '0.4'],
  [12.4, '12'],
])('the rate %s reads %s', (rate, text) => {
  expect(rateText(rate)).toBe(text);
});

test.each<[number, number, string | null]>([
  [0, 0, null],
  [5, 0, null],
  [0, 5, '−100 %'],
  [112, 100, '+12 %'],
  [101, 100, '+1.0 %'],
  [100, 100, 'unchanged'],
  [2_000, 100, '20 times as many'],
])('%s after %s is %s', (now, before, text) => {
  expect(changeText(now, before)).toBe(text);
});
