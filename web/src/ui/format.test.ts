import { expect, test } from 'vitest';
import { formatAgo, formatBytes, formatCompact, formatDateTime, formatDuration } from './format.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, 'now'],
  [4 * SECOND, 'now'],
  [45 * SECOND, '45s'],
  [59 * MINUTE, '59m'],
  [3 * HOUR, '3h'],
  [29 * DAY, '29d'],
  [70 * DAY, '2mo'],
  [800 * DAY, '2y'],
  [-3 * HOUR, 'in 3h'],
])('%d ms ago reads %s', (ago, text) => expect(formatAgo(1e12 - ago, 1e12)).toBe(text));

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [150 * 1024 ** 2, '150 MiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
])('%d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [80, '80 ms'],
  [12 * SECOND, '12 s'],
  [90 * SECOND, '1 min 30 s'],
  [3 * DAY + 4 * HOUR, '3 d 4 h'],
])('%d ms last %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [999, '999'],
  [1234, '1.2K'],
  [2_500_000, '2.5M'],
])('%d is written %s', (value, text) => expect(formatCompact(value)).toBe(text));

test('a date is shown in the zone one chose', () => {
  const at = Date.UTC(2026, 10, 22, 23, 30);
  expect(formatDateTime(at, 'UTC')).toBe('22 Nov 2026, 23:30:00 UTC');
  expect(formatDateTime(at, 'Asia/Tokyo')).toContain('23 Nov 2026, 08:30:00');
});
