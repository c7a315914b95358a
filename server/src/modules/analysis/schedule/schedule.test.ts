import { expect, test } from 'vitest';
import { nextRun, nextRuns, readSchedule, type Schedule, ScheduleFault } from './schedule.ts';

const cron = (value: string, timezone = 'UTC'): Schedule => ({ type: 'crontab', value, timezone });
const runs = (schedule: Schedule, after: string, count: number) =>
  nextRuns(schedule, Date.parse(after), count).map((at) => new Date(at).toISOString().replace(':00.000Z', 'Z'));

test.each<[string, Schedule, string, string[]]>([
  ['every quarter of an hour', cron('*/15 * * * *'), '2026-11-22T12:07:30Z', ['2026-11-22T12:15Z', '2026-11-22T12:30Z']],
  ['strictly after', cron('0 4 * * *'), '2026-11-22T04:00:00Z', ['2026-11-23T04:00Z']],
  [
    'in its zone',
    cron('0 9 * * MON-FRI', 'America/New_York'),
    '2026-11-20T20:00:00Z',
    ['2026-11-23T14:00Z', '2026-11-24T14:00Z'],
  ],
  ['a nickname', cron('@daily'), '2026-11-22T12:00:00Z', ['2026-11-23T00:00Z']],
  ['the 31st skips short months', cron('0 0 31 * *'), '2026-01-01T00:00:00Z', ['2026-01-31T00:00Z', '2026-03-31T00:00Z']],
  ['the last day of a month', cron('0 0 L * *'), '2026-01-31T12:00:00Z', ['2026-02-28T00:00Z', '2026-03-31T00:00Z']],
  ['29 February', cron('0 0 29 2 *'), '2026-01-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  ['day of month or weekday', cron('0 0 13 * 5'), '2026-11-10T00:00:00Z', ['2026-11-13T00:00Z', '2026-11-20T00:00Z']],
  [
    'spring: the hour that does not exist is not expected',
    cron('30 2 * * *', 'Europe/Berlin'),
    '2026-03-28T00:00:00Z',
    ['2026-03-28T01:30Z', '2026-03-30T00:30Z'],
  ],
  [
    'spring: every half hour goes on',
    cron('*/30 * * * *', 'Europe/Berlin'),
    '2026-03-29T00:20:00Z',
    ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'],
  ],
  [
    'autumn: a named hour runs once',
    cron('30 2 * * *', 'Europe/Berlin'),
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'autumn: every half hour runs in both',
    cron('*/30 * * * *', 'Europe/Berlin'),
    '2026-10-24T23:50:00Z',
    ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'],
  ],
  [
    'autumn, half an hour only (Lord Howe)',
    cron('0 * * * *', 'Australia/Lord_Howe'),
    '2026-04-04T13:30:00Z',
    ['2026-04-04T14:00Z', '2026-04-04T15:30Z', '2026-04-04T16:30Z'],
  ],
  [
    'minutes',
    { type: 'interval', value: 10, unit: 'minute' },
    '2026-11-22T12:03:00Z',
    ['2026-11-22T12:13Z', '2026-11-22T12:23Z'],
  ],
  ['a week', { type: 'interval', value: 1, unit: 'week' }, '2026-11-22T12:00:00Z', ['2026-11-29T12:00Z']],
  ['a month ends with the month', { type: 'interval', value: 1, unit: 'month' }, '2026-01-31T08:00:00Z', ['2026-02-28T08:00Z']],
  ['a leap year', { type: 'interval', value: 1, unit: 'year' }, '2028-02-29T08:00:00Z', ['2029-02-28T08:00Z']],
])('%s', (_, schedule, after, expected) => {
  expect(runs(schedule, after, expected.length)).toEqual(expected);
});

test.each<[unknown, unknown, unknown, unknown, ScheduleFault['field'], RegExp]>([
  ['crontab', '0 4 * *', undefined, 'UTC', 'value', /five fields/],
  ['crontab', '0 0 1 1 * *', undefined, 'UTC', 'value', /five fields/],
  ['crontab', '2026-01-01T00:00:00', undefined, 'UTC', 'value', /five fields/],
  ['crontab', '61 4 * * *', undefined, 'UTC', 'value', /Not a crontab/],
  ['crontab', '0 0 30 2 *', undefined, 'UTC', 'value', /never/],
  ['crontab', '*'.repeat(500), undefined, 'UTC', 'value', /five fields/],
  ['crontab', 7, undefined, 'UTC', 'value', /five fields/],
  ['crontab', '0 4 * * *', undefined, 'Mars/Olympus', 'timezone', /time zone/],
  ['crontab', '0 4 * * *', undefined, { a: 1 }, 'timezone', /time zone/],
  ['interval', 0, 'hour', null, 'value', /whole number/],
  ['interval', 1.5, 'hour', null, 'value', /whole number/],
  ['interval', 1e9, 'minute', null, 'value', /whole number/],
  ['interval', 5, 'second', null, 'unit', /unit/],
  ['sundial', 5, 'hour', null, 'value', /crontab or an interval/],
])('refuses %s %s %s %s', (type, value, unit, timezone, field, words) => {
  const read = () => readSchedule({ type, value, unit, timezone });
  expect(read).toThrow(words);
  expect(read).toThrow(expect.objectContaining({ field }));
});

test('reads what clients write', () => {
  expect(readSchedule({ type: 'crontab', value: ' 0  4 * * * ', timezone: '' })).toEqual(cron('0 4 * * *'));
  expect(readSchedule({ type: 'interval', value: '5', unit: 'day' })).toEqual({ type: 'interval', value: 5, unit: 'day' });
});

test('hostile patterns cost little', () => {
  const begun = performance.now();
  for (const value of ['0 0 31 2,4,6,9,11 *', '0-59/1 0-23/1 1-31/1 1-12/1 0-6/1', '59 23 31 12 7', '0 0 29 2 1#5'])
    try {
      nextRun(readSchedule({ type: 'crontab', value }), 0);
    } catch (error) {
      expect(error).toBeInstanceOf(ScheduleFault);
    }
  expect(performance.now() - begun).toBeLessThan(500);
});
