import { describe, expect, test } from 'vitest';
import { piecesOfComment } from './comment-text.tsx';
import { splitTitle } from './error-title.tsx';
import { userOf } from './events-table.tsx';
import { courseOf, historyText } from './history.ts';
import { percent } from './tag-panel.tsx';
import { midnightBefore, trendSpan } from './trend-range.ts';

test.each<[string, string | null, string]>([
  ['TypeError: x is not a function', 'TypeError', 'x is not a function'],
  ['java.lang.IllegalStateException: a: b', 'java.lang.IllegalStateException', 'a: b'],
  ['*fmt.wrapError: forward x: refused', '*fmt.wrapError', 'forward x: refused'],
  ['Payment declined for order 8812', null, 'Payment declined for order 8812'],
  ['could not connect to server: refused', null, 'could not connect to server: refused'],
  ['Error:', null, 'Error:'],
])('the title %j has the type %j', (title, type, rest) => {
  expect(splitTitle(title)).toEqual({ type, rest });
});

describe('comments', () => {
  test.each<[string, object[]]>([
    ['plain', [{ kind: 'text', text: 'plain' }]],
    [
      'a `b` c',
      [
        { kind: 'text', text: 'a ' },
        { kind: 'code', text: 'b' },
        { kind: 'text', text: ' c' },
      ],
    ],
    [
      'see https://x.test/a.',
      [
        { kind: 'text', text: 'see ' },
        { kind: 'link', text: 'https://x.test/a' },
        { kind: 'text', text: '.' },
      ],
    ],
    [
      '(https://x.test)',
      [
        { kind: 'text', text: '(' },
        { kind: 'link', text: 'https://x.test' },
        { kind: 'text', text: ')' },
      ],
    ],
    ['https://user:pass@x.test', [{ kind: 'text', text: 'https://user:pass@x.test' }]],
    [
      '```js\na < b\n```\nend',
      [
        { kind: 'block', text: 'a < b' },
        { kind: 'text', text: 'end' },
      ],
    ],
    ['```\nopen', [{ kind: 'block', text: 'open' }]],
    ['javascript:alert(1)', [{ kind: 'text', text: 'javascript:alert(1)' }]],
  ])('%j', (body, pieces) => {
    expect(piecesOfComment(body)).toEqual(pieces);
  });
});

describe('history', () => {
  test.each<[string, object, string]>([
    ['resolved', {}, 'resolved this'],
    ['resolved', { release: '1.2' }, 'resolved this in 1.2'],
    ['assigned', { assignee: 'Ada', assigneeId: 7 }, 'assigned this to Ada'],
    ['assigned', { assignee: null }, 'took the assignee away'],
    ['archived', { until: 1 }, 'archived this for a while'],
    ['undone', { kind: 'resolved' }, 'took back: resolved'],
    ['merged_into', {}, 'merged into'],
  ])('%s %j reads “%s”', (kind, data, text) => {
    expect(historyText({ kind, data })).toBe(text);
  });

  test('comments and history are one course; the note of a comment is left out', () => {
    const line = (id: string, kind: string, at: string) => ({ id, kind, at, actor: 'system', data: {}, user: null });
    const course = courseOf({
      comments: [{ id: 'c', body: 'b', createdAt: '2026-01-02T00:00:00.000Z', editedAt: null, author: null }],
      history: [
        line('3', 'resolved', '2026-01-03T00:00:00.000Z'),
        line('2', 'commented', '2026-01-02T00:00:00.000Z'),
        line('1', 'created', '2026-01-01T00:00:00.000Z'),
      ],
    });
    expect(course.map((entry) => ('comment' in entry ? 'comment' : entry.line.kind))).toEqual(['created', 'comment', 'resolved']);
  });
});

test.each<[number, number, string]>([
  [0, 10, '0 %'],
  [1, 1_000, '<1 %'],
  [999, 1_000, '>99 %'],
  [1, 3, '33 %'],
  [5, 0, '–'],
])('%s of %s is %s', (part, whole, text) => {
  expect(percent(part, whole)).toBe(text);
});

test.each<[unknown, string | null]>([
  [null, null],
  [{ id: 7 }, '7'],
  [{ id: '7', email: 'a@x.test' }, 'a@x.test'],
  [{ email: '', username: 'ada' }, 'ada'],
  [{ data: {} }, null],
])('the user %j is %j', (user, text) => {
  expect(userOf({ user })).toBe(text);
});

test('the spans of the trend end with the running bucket', () => {
  const now = Date.UTC(2026, 0, 10, 15, 30);
  const midnight = Date.UTC(2026, 0, 10);
  expect(trendSpan('24h', now, midnight)).toEqual({
    from: Date.UTC(2026, 0, 9, 16),
    to: Date.UTC(2026, 0, 10, 16),
    bucketSeconds: 3_600,
  });
  expect(trendSpan('7d', now, midnight)).toEqual({
    from: Date.UTC(2026, 0, 4),
    to: Date.UTC(2026, 0, 11),
    bucketSeconds: 21_600,
  });
  expect(trendSpan('30d', now, midnight).from).toBe(Date.UTC(2025, 11, 12));
  expect(midnightBefore(now) % 60_000).toBe(0);
});
