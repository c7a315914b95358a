import { describe, expect, test } from 'vitest';
import { kindWord, prettyJson } from './kinds.ts';
import { readViewHierarchy } from './view-hierarchy.ts';

describe('a view hierarchy', () => {
  test('is read as a tree with what matters of each element', () => {
    const text = JSON.stringify({
      rendering_system: 'android_view_system',
      windows: [
        {
          type: 'DecorView',
          width: 1080,
          height: 2000.04,
          x: 0,
          y: 0,
          children: [{ type: 'Button', identifier: 'pay', visible: 'gone' }, 7, { children: 'none' }],
        },
      ],
    });
    expect(readViewHierarchy(text)).toEqual({
      system: 'android_view_system',
      left: 0,
      windows: [
        {
          type: 'DecorView',
          identifier: null,
          place: '1080 × 2000 at 0, 0',
          hidden: false,
          children: [
            { type: 'Button', identifier: 'pay', place: null, hidden: true, children: [] },
            { type: 'element', identifier: null, place: null, hidden: false, children: [] },
          ],
        },
      ],
    });
  });

  test('that is none is told', () => {
    for (const text of ['', '{}', '[]', '{"windows":1}', 'x']) expect(readViewHierarchy(text)).toBeNull();
  });

  test('that is too deep or too wide is cut, and says so', () => {
    const wide = { windows: Array.from({ length: 2_010 }, () => ({ type: 'x' })) };
    expect(readViewHierarchy(JSON.stringify(wide))?.left).toBe(10);
    const deep = `${'{"children":['.repeat(100)}{}${']}'.repeat(100)}`;
    expect(readViewHierarchy(`{"windows":[${deep}]}`)?.left).toBe(1);
  });
});

test('kinds of files have words; JSON is broken into lines', () => {
  expect(['event.minidump', 'event.view_hierarchy', 'event.attachment'].map(kindWord)).toEqual([
    'Minidump',
    'View hierarchy',
    undefined,
  ]);
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyJson('{')).toBeUndefined();
});
