import { expect, test } from 'vitest';
import { hours, minutes } from '../../../platform/clock.ts';
import { absences, begin, type Expectation, fail, overdue, type Standing, succeed } from './standing.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const hourly: Expectation = {
  schedule: { type: 'crontab', value: '0 * * * *', timezone: 'UTC' },
  marginMinutes: 5,
  maxRuntimeMinutes: 30,
  failureThreshold: 2,
  recoveryThreshold: 2,
};
const every10: Expectation = { ...hourly, schedule: { type: 'interval', value: 10, unit: 'minute' } };
const waiting: Standing = {
  state: 'WAITING',
  nextExpectedAt: null,
  lastCheckInAt: null,
  lastOkAt: null,
  failuresInRow: 0,
  okInRow: 0,
  inIncident: false,
};
const at = (text: string) => Date.parse(`2026-11-22T${text}Z`);

test.each<[string, Expectation, number | null, string, string | null, string]>([
  ['the first of all', hourly, null, '12:34:00', null, '13:00:00'],
  ['in time', hourly, NOON, '12:00:02', '12:00:00', '13:00:00'],
  ['a clock that is fast', hourly, NOON, '11:59:20', '12:00:00', '13:00:00'],
  ['much too early: beside the schedule', hourly, NOON, '11:50:00', null, '12:00:00'],
  ['late', hourly, NOON, '12:40:00', '12:00:00', '13:00:00'],
  ['an interval begins at each run', every10, NOON, '12:03:00', '12:00:00', '12:13:00'],
  ['also beside it', every10, NOON, '11:52:00', null, '12:02:00'],
])('begin: %s', (_, expectation, nextExpectedAt, now, expected, next) => {
  const begun = begin({ ...waiting, nextExpectedAt }, expectation, at(now));
  expect(begun.expectedAt).toBe(expected === null ? null : at(expected));
  expect(begun.standing).toMatchObject({ nextExpectedAt: at(next), lastCheckInAt: at(now) });
});

test('an incident opens at the threshold, reports every failure, and closes after good runs in a row', () => {
  let standing = waiting;
  const steps: [string, boolean, boolean, boolean][] = [];
  for (const result of ['FAILED', 'OK', 'MISSED', 'TIMEOUT', 'FAILED', 'OK', 'FAILED', 'OK', 'OK', 'OK'] as const) {
    const verdict = result === 'OK' ? succeed(standing, hourly, NOON) : fail(standing, hourly, result);
    standing = verdict.standing;
    steps.push([standing.state, verdict.opens, verdict.reports, verdict.closes]);
  }
  expect(steps).toEqual([
    ['FAILED', false, false, false],
    ['OK', false, false, false],
    ['MISSED', false, false, false],
    ['TIMEOUT', true, true, false],
    ['FAILED', false, true, false],
    ['FAILED', false, false, false],
    ['FAILED', false, true, false],
    ['FAILED', false, false, false],
    ['OK', false, false, true],
    ['OK', false, false, false],
  ]);
});

test.each<[string, string, { from: string; to: string }[], [string, string][], string]>([
  ['within the margin nothing is missed', '12:05:00', [], [], '12:00:00'],
  ['after it one run is', '12:05:01', [], [['12:00:00', 'MISSED']], '13:00:00'],
  [
    'each of several',
    '14:06:00',
    [],
    [
      ['12:00:00', 'MISSED'],
      ['13:00:00', 'MISSED'],
      ['14:00:00', 'MISSED'],
    ],
    '15:00:00',
  ],
  [
    'of a long silence the last five',
    '23:59:00',
    [],
    [...'19 20 21 22 23'.split(' ')].map((h) => [`${h}:00:00`, 'MISSED']),
    '24:00:00',
  ],
  ['nobody listened at its time', '12:06:00', [{ from: '11:59:30', to: '12:01:00' }], [['12:00:00', 'UNKNOWN']], '13:00:00'],
  [
    'nobody listened within its margin',
    '12:06:00',
    [{ from: '12:04:00', to: '12:04:10' }],
    [['12:00:00', 'UNKNOWN']],
    '13:00:00',
  ],
  ['listening again before its time', '12:06:00', [{ from: '11:40:00', to: '11:58:30' }], [['12:00:00', 'MISSED']], '13:00:00'],
  [
    'nobody listened for long: one mark, and judged after',
    '15:06:00',
    [{ from: '11:30:00', to: '14:30:00' }],
    [
      ['12:00:00', 'UNKNOWN'],
      ['15:00:00', 'MISSED'],
    ],
    '16:00:00',
  ],
])('absences: %s', (_, now, blinds, absent, next) => {
  const times = blinds.map(({ from, to }) => ({ from: at(from), to: at(to) }));
  expect(absences(NOON, hourly, at(now), times)).toEqual({
    absent: absent.map(([time, status]) => ({ expectedAt: at(time), status })),
    nextExpectedAt: next === '24:00:00' ? NOON + hours(12) : at(next),
  });
});

test('a year of silence every minute costs little', () => {
  const minutely: Expectation = { ...hourly, schedule: { type: 'crontab', value: '* * * * *', timezone: 'Europe/Berlin' } };
  const begun = performance.now();
  const { absent, nextExpectedAt } = absences(NOON - hours(24 * 365), minutely, NOON, []);
  expect(absent.at(-1)?.expectedAt).toBe(NOON - minutes(6));
  expect(absent).toHaveLength(5);
  expect(nextExpectedAt).toBeGreaterThan(NOON - minutes(6));
  expect(performance.now() - begun).toBeLessThan(3_000);
});

test('a run whose end may have been said while nobody listened has not timed out', () => {
  const run = { startedAt: NOON, timeoutAt: NOON + minutes(30) };
  expect(overdue(run, [])).toBe('TIMEOUT');
  expect(overdue(run, [{ from: NOON + minutes(10), to: NOON + minutes(11) }])).toBe('UNKNOWN');
  expect(overdue(run, [{ from: NOON - minutes(10), to: NOON }])).toBe('TIMEOUT');
});
