import { describe, expect, test } from 'vitest';
import {
  beforeEvent,
  type Crumb,
  type CrumbKind,
  EVERY_CRUMB,
  filterCrumbs,
  kindOf,
  placeCrumbs,
  summaryOf,
} from './breadcrumbs.ts';

function crumb(change: Partial<Crumb> = {}): Crumb {
  return { timestamp: null, type: null, category: null, level: 'INFO', message: null, data: null, ...change };
}

test.each<[Partial<Crumb>, CrumbKind]>([
  [{ type: 'http', category: 'xhr' }, 'http'],
  [{ category: 'fetch' }, 'http'],
  [{ category: 'ui.click' }, 'ui'],
  [{ type: 'navigation' }, 'navigation'],
  [{ category: 'console' }, 'console'],
  [{ category: 'sentry.event', level: 'ERROR' }, 'error'],
  [{ type: 'error' }, 'error'],
  [{ category: 'query' }, 'query'],
  [{ category: 'device.event' }, 'system'],
  [{ category: 'my.own' }, 'other'],
  [{}, 'other'],
])('%j is of kind %s', (change, kind) => {
  expect(kindOf(crumb(change))).toBe(kind);
});

describe('filter', () => {
  const trail = placeCrumbs([
    crumb({ category: 'ui.click', message: 'button#pay' }),
    crumb({ category: 'fetch', data: { method: 'POST', url: 'https://api.test/pay', status_code: 500 } }),
    crumb({ category: 'console', level: 'WARNING', message: 'Slow Payment' }),
    crumb({ category: 'console', level: null, message: 'done' }),
  ]);
  const places = (change: object): number[] => filterCrumbs(trail, { ...EVERY_CRUMB, ...change }).map(({ index }) => index);
  test.each<[string, object, number[]]>([
    ['nothing narrowed', {}, [0, 1, 2, 3]],
    ['text in message or data, in any case', { text: 'PAY' }, [0, 1, 2]],
    ['all words must occur', { text: 'pay 500' }, [1]],
    ['a kind', { kinds: new Set(['console']) }, [2, 3]],
    ['a level; without one it is info', { levels: new Set(['INFO']) }, [0, 1, 3]],
    ['all together', { text: 'slow', kinds: new Set(['console']), levels: new Set(['WARNING']) }, [2]],
    ['no match', { text: 'nothing' }, []],
  ])('%s', (_, change, expected) => {
    expect(places(change)).toEqual(expected);
  });
});

test.each<[Partial<Crumb>, string]>([
  [{ message: 'm', data: { a: 1 } }, 'm'],
  [{ category: 'fetch', data: { method: 'get', url: '/a', status_code: 404 } }, 'GET /a 404'],
  [{ category: 'navigation', data: { from: '/a', to: '/b' } }, '/a → /b'],
  [{ category: 'own', data: { a: 'x', b: [1] } }, 'a=x b=[1]'],
  [{}, ''],
])('the line of %j is %s', (change, expected) => {
  expect(summaryOf(placeCrumbs([crumb(change)])[0]!)).toBe(expected);
});

test.each<[string | null, string | null]>([
  ['2026-01-01T00:00:09.750Z', '−250 ms'],
  ['2026-01-01T00:00:08.500Z', '−1.5 s'],
  ['2025-12-31T23:58:00.000Z', '−2 min'],
  ['2025-12-31T20:00:00.000Z', '−4 h'],
  ['2026-01-01T00:00:10.000Z', '0 ms'],
  ['2026-01-01T00:00:10.100Z', '+100 ms'],
  [null, null],
  ['rubbish', null],
])('%s is %s before the event', (at, expected) => {
  expect(beforeEvent(at, '2026-01-01T00:00:10.000Z')).toBe(expected);
});
