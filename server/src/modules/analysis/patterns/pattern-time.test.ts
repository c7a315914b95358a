import { expect, it } from 'vitest';
import { secondsOf } from './pattern-time.ts';

it.each([
  ['2026-11-22T10:00:00Z', Date.UTC(2026, 10, 22, 10)],
  ['2026-11-22 10:00:00,250 +0130', Date.UTC(2026, 10, 22, 8, 30, 0, 250)],
  ['2026/11/22 10:00:00', Date.UTC(2026, 10, 22, 10)],
  ['22/Nov/2026:10:00:00 -0100', Date.UTC(2026, 10, 22, 11)],
  ['Sun Nov 22 10:00:00.500000 2026', Date.UTC(2026, 10, 22, 10, 0, 0, 500)],
  ['22-Nov-2026 10:00:00.5', Date.UTC(2026, 10, 22, 10, 0, 0, 500)],
  ['1795341600', 1_795_341_600_000],
  ['1795341600123', 1_795_341_600_123],
  ['Nov 22 10:00:00', undefined],
  ['2026-13-41', undefined],
  ['yesterday', undefined],
])('%s', (text, ms) => {
  expect(secondsOf(text)).toBe(ms === undefined ? undefined : ms / 1000);
});
