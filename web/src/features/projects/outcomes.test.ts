import { expect, test } from 'vitest';
import { droppedBy } from './inbound-counts.ts';
import { byHour, grouped, narrowed, type OutcomeRow, reasonWords, totals } from './outcomes.ts';

const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 22, 10);
const row = (hours: number, rest: Partial<OutcomeRow>): OutcomeRow => ({
  hour: new Date(start + hours * HOUR).toISOString(),
  item: 'event',
  outcome: 'ACCEPTED',
  reason: '',
  sdk: 'sentry.javascript.node/11.0.0',
  quantity: 1,
  ...rest,
});

test('totals count every item once', () => {
  const rows = [row(0, { quantity: 3 }), row(1, {}), row(1, { outcome: 'INVALID', reason: 'json', quantity: 2 })];
  const { all, by } = totals(rows);
  expect(all).toBe(6);
  expect([...by]).toEqual([
    ['ACCEPTED', 4],
    ['INVALID', 2],
  ]);
});

test('every hour of the span has a point, empty ones are 0, fates that never occur have no series', () => {
  const series = byHour([row(0, { quantity: 3 }), row(2, {}), row(2, { sdk: 'other' })], start + 1, start + 3 * HOUR);
  expect(series).toEqual([
    {
      kind: 'ACCEPTED',
      points: [
        { at: start, value: 3 },
        { at: start + HOUR, value: 0 },
        { at: start + 2 * HOUR, value: 2 },
      ],
    },
  ]);
});

test('the same item, fate, reason and SDK stand in one line, most first', () => {
  const lines = grouped([
    row(0, {}),
    row(1, { item: 'session', outcome: 'UNSUPPORTED', reason: 'no_room', quantity: 9 }),
    row(5, { quantity: 2 }),
  ]);
  expect(lines.map(({ item, quantity }) => [item, quantity])).toEqual([
    ['session', 9],
    ['event', 3],
  ]);
});

test.each([
  ['', ''],
  ['json', 'not valid JSON'],
  ['sdk:before_send', 'dropped by the SDK: before send'],
  ['some_new_reason', 'some new reason'],
])('reason %j reads %j', (reason, words) => expect(reasonWords(reason)).toBe(words));

test('rows narrow to one item, fate and SDK', () => {
  const rows = [row(0, {}), row(0, { item: 'session' }), row(0, { outcome: 'INVALID' }), row(0, { sdk: 'x/1' })];
  const all = { item: null, outcome: null, sdk: null };
  expect(narrowed(rows, all)).toHaveLength(4);
  expect(narrowed(rows, { ...all, item: 'session' })).toEqual([rows[1]]);
  expect(narrowed(rows, { ...all, outcome: 'INVALID' })).toEqual([rows[2]]);
  expect(narrowed(rows, { ...all, sdk: 'x/1' })).toEqual([rows[3]]);
});

test('what a filter left out counts what was filtered or held back, by reason', () => {
  const dropped = droppedBy([
    row(0, { outcome: 'FILTERED', reason: 'crawler', quantity: 3 }),
    row(1, { outcome: 'FILTERED', reason: 'crawler', quantity: 4 }),
    row(1, { outcome: 'RATE_LIMITED', reason: 'spike', quantity: 5 }),
    row(1, { outcome: 'INVALID', reason: 'crawler', quantity: 100 }),
  ]);
  expect([dropped('crawler'), dropped('spike'), dropped('release')]).toEqual([7, 5, 0]);
});
