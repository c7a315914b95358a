import { expect, it } from 'vitest';
import { fixedClock, seconds } from '../../../platform/clock.ts';
import { DigestMeter } from './digest-meter.ts';

const batch = (position: number, events: number) => ({ position, events, refused: 1, rejected: 0, records: events + 1, ms: 3 });

it('tells how long the oldest undigested record has waited', () => {
  const clock = fixedClock(1_000_000);
  const meter = new DigestMeter(clock, 100);
  meter.reached(100);
  expect(meter.figures().lagMs).toBe(0);
  meter.flushed(200);
  clock.advance(400);
  meter.flushed(300);
  clock.advance(100);
  expect(meter.figures().lagMs).toBe(500);
  meter.committed(batch(250, 10));
  expect(meter.figures().lagMs).toBe(100);
  meter.committed(batch(300, 10));
  expect(meter.figures()).toMatchObject({ lagMs: 0, eventsDigested: 20, refused: 2, batchSize: 11, batchMs: 3, position: 300 });
});

it('counts what an earlier run left undone as waiting since the start', () => {
  const clock = fixedClock(1_000_000);
  const meter = new DigestMeter(clock, 500);
  clock.advance(2_000);
  expect(meter.figures().lagMs).toBe(2_000);
});

it('stays small while the digest stands still, and right at its end', () => {
  const clock = fixedClock(1_000_000);
  const meter = new DigestMeter(clock, 0);
  meter.reached(0);
  for (let i = 1; i <= 5_000; i++) {
    meter.flushed(i);
    clock.advance(60);
  }
  expect(meter.figures().lagMs).toBe(300_000);
  meter.committed(batch(5_000, 1));
  expect(meter.figures().lagMs).toBe(0);
});

it('tells events a second over the last ten seconds', () => {
  const clock = fixedClock(1_000_000);
  const meter = new DigestMeter(clock, 0);
  clock.advance(seconds(100));
  for (let i = 0; i < 20; i++) {
    meter.committed(batch(i, 50));
    clock.advance(seconds(1));
  }
  expect(meter.figures().eventsPerSecond).toBeCloseTo(45);
  clock.advance(seconds(30));
  expect(meter.figures().eventsPerSecond).toBe(0);
});
