import { describe, expect, test } from 'vitest';
import { asSent, foldFrames, foldLabel, isMapped, originOf, placeOf, type StackFrame, sourceLines, stackText } from './frames.ts';

function frame(change: Partial<StackFrame> = {}): StackFrame {
  return {
    function: 'f',
    module: null,
    package: null,
    filename: 'app.ts',
    absPath: null,
    line: 1,
    column: null,
    inApp: true,
    context: 'code();',
    pre: [],
    post: [],
    vars: null,
    debugId: null,
    minified: null,
    ...change,
  };
}
const system = (name: string): StackFrame =>
  frame({ function: name, inApp: false, absPath: `node:internal/${name}`, context: null });
const own = (name: string): StackFrame => frame({ function: name });
const shape = (frames: StackFrame[], order: 'recent' | 'oldest' = 'oldest'): string[] =>
  foldFrames(frames, order).map((item) =>
    item.kind === 'fold'
      ? `[${item.frames.length}]`
      : `${item.frame.function}${item.open ? '*' : ''}${item.repeats > 1 ? `×${item.repeats}` : ''}`,
  );

describe('folding', () => {
  test.each<[string, StackFrame[], string[]]>([
    [
      'system runs are folded, own frames open',
      [system('a'), system('b'), own('c'), system('d'), system('e'), own('f')],
      ['[2]', 'c*', '[2]', 'f*'],
    ],
    ['a lone system frame is shown closed', [own('a'), system('b'), own('c')], ['a*', 'b', 'c*']],
    [
      'the crashing frame is shown even if it is the system’s',
      [own('a'), system('b'), system('c'), system('d')],
      ['a*', '[2]', 'd'],
    ],
    ['without any own frame nothing is hidden', [system('a'), system('b')], ['a', 'b']],
    [
      'without any own frame the crashing one is open if it can be',
      [system('a'), frame({ function: 'b', inApp: false })],
      ['a', 'b*'],
    ],
    ['recursion is counted', [own('a'), own('r'), own('r'), own('r')], ['a*', 'r*×3']],
    ['a frame without source or variables is closed', [frame({ function: 'a', context: null })], ['a']],
    ['nothing', [], []],
  ])('%s', (_, frames, expected) => {
    expect(shape(frames)).toEqual(expected);
  });

  test('the most recent call can stand first; indexes stay those of the stack', () => {
    const items = foldFrames([system('a'), system('b'), own('c')], 'recent');
    expect(items.map((item) => item.index)).toEqual([2, 0]);
    expect(items[0]).toMatchObject({ crashing: true });
  });

  test('of many own frames only those nearest to the crash are open', () => {
    const frames = Array.from({ length: 20 }, (_, index) => own(`f${index}`));
    expect(shape(frames).filter((text) => text.endsWith('*'))).toEqual(['f14*', 'f15*', 'f16*', 'f17*', 'f18*', 'f19*']);
  });
});

test.each<[Partial<StackFrame>, string | null]>([
  [{ absPath: '/app/node_modules/@nestjs/core/router.js' }, '@nestjs/core'],
  [{ absPath: 'C:\\app\\node_modules\\express\\lib\\router.js' }, 'express'],
  [{ absPath: '/app/node_modules/a/node_modules/b/x.js' }, 'b'],
  [{ filename: 'node:internal/process' }, 'node:internal'],
  [{ absPath: '/usr/lib/python3/dist-packages/django/core.py' }, 'django'],
  [{ absPath: '/var/lib/gems/rack-2.2.3/lib/rack.rb' }, 'rack'],
  [{ filename: 'asyncio/base.py', absPath: '/usr/lib/python3.11/asyncio/base.py' }, 'python'],
  [{ filename: 'Thread.java', module: 'java.lang.Thread' }, 'java'],
  [{ filename: 'X.java', module: 'org.springframework.web.servlet.X' }, 'org.springframework.web'],
  [{ filename: null, package: '/usr/lib/libc.so.6' }, 'libc.so.6'],
  [{ filename: null }, null],
])('origin of %j is %s', (change, expected) => {
  expect(originOf(frame(change))).toBe(expected);
});

test('the label of a fold names at most two origins, the commonest first', () => {
  expect(foldLabel([system('a'), frame({ absPath: 'node_modules/a/x' }), system('b')])).toBe(
    '3 frames of node:internal, a hidden',
  );
  expect(foldLabel([frame({ filename: null }), frame({ filename: null })])).toBe('2 frames hidden');
});

test('source lines are numbered round the crashing one', () => {
  const lines = sourceLines(frame({ line: 10, pre: ['a', 'b'], context: 'c', post: ['d'] }));
  expect(lines.map(({ number, text, crashing }) => [number, text, crashing])).toEqual([
    [8, 'a', false],
    [9, 'b', false],
    [10, 'c', true],
    [11, 'd', false],
  ]);
  expect(sourceLines(frame({ line: null }))[0]?.number).toBeNull();
  expect(sourceLines(frame({ context: null }))).toEqual([]);
});

test('a stack as text follows the order shown', () => {
  const exception = { type: 'TypeError', value: 'x', frames: [own('a'), frame({ function: null, line: 3, column: 7 })] };
  expect(stackText(exception, 'recent')).toBe('TypeError: x\n    at <anonymous> (app.ts:3:7)\n    at a (app.ts:1)');
  expect(stackText({ ...exception, type: null, value: null }, 'oldest').startsWith('    at a')).toBe(true);
  expect(placeOf(frame({ filename: null, line: 4 }))).toBeNull();
});

test('a frame goes back to what was sent', () => {
  const minified = {
    function: 'e',
    filename: 'app.js',
    absPath: 'https://shop.test/app.js',
    line: 1,
    column: 4711,
    context: null,
  };
  const mapped = frame({ filename: 'src/cart.ts', pre: ['a'], post: ['b'], minified });
  expect(isMapped([frame(), mapped])).toBe(true);
  expect(isMapped([frame()])).toBe(false);
  expect(placeOf(asSent(mapped))).toBe('app.js:1:4711');
  expect(asSent(mapped)).toMatchObject({ function: 'e', context: null, pre: [], post: [], minified: null });
  expect(asSent(frame())).toEqual(frame());
});
