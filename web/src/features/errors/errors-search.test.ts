import { describe, expect, test } from 'vitest';
import {
  belongs,
  DEFAULT_VIEW,
  type ErrorsView,
  filterOf,
  joinList,
  searchOf,
  splitList,
  validateErrorsSearch,
  viewOf,
} from './errors-search.ts';

const full: ErrorsView = {
  projects: ['shop', 'api-2'],
  statuses: ['REGRESSED', 'RESOLVED'],
  levels: ['FATAL', 'WARNING'],
  environments: ['production', 'eu,west', 'back\\slash'],
  releases: ['shop@1.2.3+build,4'],
  assignees: ['me', 'none', '7'],
  time: { hours: 24 },
  text: 'cart "not found" release:1.0',
  sort: 'USER_COUNT',
  ascending: true,
};

describe('round trip between view and address', () => {
  test.each<[string, ErrorsView]>([
    ['the default', DEFAULT_VIEW],
    ['everything set', full],
    ['all statuses', { ...DEFAULT_VIEW, statuses: 'all' }],
    ['two moments', { ...DEFAULT_VIEW, time: { from: Date.UTC(2026, 0, 2), to: Date.UTC(2026, 0, 3, 4, 5) } }],
    ['open end', { ...DEFAULT_VIEW, time: { from: Date.UTC(2026, 0, 2), to: null } }],
    ['open start', { ...DEFAULT_VIEW, time: { from: null, to: Date.UTC(2026, 0, 2) } }],
  ])('%s', (_, view) => {
    const search = searchOf(view);
    expect(viewOf(search)).toEqual(view);
    expect(validateErrorsSearch({ ...search })).toEqual(search);
  });

  test('the default view has an empty address', () => {
    expect(searchOf(DEFAULT_VIEW)).toEqual({});
  });

  test('lists keep commas and backslashes', () => {
    const values = ['a,b', 'c\\', '\\,', 'plain'];
    expect(splitList(joinList(values))).toEqual(values);
  });
});

describe('a mistyped address still opens the list', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['unknown words', { status: 'broken', level: 'loud,fatal', sort: 'colour', time: 'yesterday' }, { level: 'fatal' }],
    ['wrong types', { project: 3, level: ['error', 'fatal'], q: { a: 1 }, env: null }, { project: '3', level: 'fatal,error' }],
    ['ids that are none', { project: 'x, ,2', assignee: 'me,drop table' }, { project: 'x,2', assignee: 'me' }],
    ['unknown keys', { page: 7, q: '  word ' }, { q: 'word' }],
    ['the default written out', { status: 'new,ongoing,escalating,regressed', sort: 'last-seen' }, {}],
    ['every status', { status: 'new,ongoing,escalating,regressed,archived,resolved' }, { status: 'all' }],
  ])('%s', (_, raw, search) => {
    expect(validateErrorsSearch(raw)).toEqual(search);
  });
});

test('the filter for the server anchors relative time and leaves out what is not set', () => {
  const now = Date.UTC(2026, 0, 2, 12);
  expect(filterOf({ ...DEFAULT_VIEW, time: { hours: 24 }, levels: ['FATAL'] }, now, ['3'])).toEqual({
    projectIds: ['3'],
    status: ['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED'],
    level: ['FATAL'],
    seenFrom: '2026-01-01T12:00:00.000Z',
  });
  expect(filterOf({ ...DEFAULT_VIEW, statuses: 'all' }, now)).toEqual({});
  expect(filterOf({ ...DEFAULT_VIEW, text: 'is:resolved' }, now)).toEqual({});
});

describe('whether a changed row still belongs', () => {
  const row = { status: 'NEW', level: 'ERROR', project: { slug: 'shop' }, assignee: { id: '7' } } as const;
  test.each<[string, Partial<ErrorsView>, boolean]>([
    ['default', {}, true],
    ['other status', { statuses: ['RESOLVED'] }, false],
    ['other level', { levels: ['FATAL'] }, false],
    ['other project', { projects: ['api'] }, false],
    ['mine', { assignees: ['me'] }, true],
    ['nobody’s', { assignees: ['none'] }, false],
    ['one of several', { assignees: ['none', '7'] }, true],
  ])('%s', (_, change, expected) => {
    expect(belongs({ ...DEFAULT_VIEW, ...change }, row, '7')).toBe(expected);
  });
});
