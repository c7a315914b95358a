import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf, parseTrace } from './parse.ts';
import { sentryExceptions } from './sentry.ts';
import { looksLikeTraceLine } from './trace-line.ts';
import { LANGUAGES } from './types.ts';

/** Lines of every language, to be put together wrongly. */
const LINES = [
  '   bei Shop.Cart.Pay(Int32 n) in C:\\a.cs:Zeile 3.',
  'Player.Update () (at Assets/P.cs:3)',
  'f@1:557290',
  'eval code',
  '/a.js:3',
  '  ^',
  '(Use `node --trace-uncaught ...` to show where)',
  'Called from A.b in file "a.ml", line 3, characters 4-9',
  'CallStack (from HasCallStack):',
  '  error, called at A.hs:3:4 in a:A',
  'Error in f(x) : no',
  'Calls: f -> g',
  '2: f(x) at a.R#3',
  '  1. └─a::f(x) at a.R:3:4',
  'Stacktrace:',
  ' [1] f(x)',
  '   @ Main ~/a.jl:12',
  'Current thread 0x01 (most recent call first):',
  '  File "a.py", line 3 in f',
  'Line |',
  '   3 |  Get-Content',
  'Error: x', '    at f (/a.js:1:2)', '  [cause]: TypeError: y', '  [errors]: [', '    at async Promise.all (index 0) {',
  'f@http://a/b.js line 26 > eval:1:30', '    ... 4 lines matching cause stack trace ...', 'a.B: c', '\tat a.B.c(B.java:1)',
  'Caused by: a.C: d', '\tSuppressed: a.D: e', '\t... 12 more', 'Traceback (most recent call last):', '  File "a.py", line 1, in f',
  '  + Exception Group Traceback (most recent call last):', '  +-+---------------- 1 ----------------', '  | ValueError: 1', '    +------------------------------------',
  'During handling of the above exception, another exception occurred:', 'panic: a [recovered]', 'goroutine 1 [running]:', 'main.main()',
  '\t/a.go:5 +0x2f', "a.rb:2:in `f': x (Y)", "\tfrom a.rb:5:in 'A#b'", '\t1: from a.rb:5:in `g\'', '#0 /a.php(9): f()', '#1 {main}', 'Next A: b in /a.php:1',
  '[previous exception] [object] (A(code: 0): b at /a.php:1)', 'System.A: b ---> System.C: d', '   at A.B.C() in /a.cs:line 1', '   --- End of inner exception stack trace ---',
  ' ---> (Inner Exception #0) A.B: c', "thread 'main' panicked at 'x", 'stack backtrace:', '   0: a::b', '             at ./a.rs:1:2', '** (A) b', '    (a 1.0) lib/a.ex:1: A.b/2',
  '{{badmatch,x},[{a,b,1,[{file,"a.erl"},{line,1}]}]}', '  in function  a:b/1 (a.erl, line 2)', 'Thread 0 Crashed:', '0   A   0x0000000104a0b2c4 b + 120 (A.swift:12)',
  '#0      main (package:a/b.dart:1:2)', '#00 abs 000000723d6346d7 virt 00000000001ed6d7 _k+0x1', '#0  0x00005555 in f (a=1) at a.c:1', 'Thread 2 (Thread 0x7f1 (LWP 12)):',
  '==1==ERROR: AddressSanitizer: x on y', 'At C:\\a.ps1:1 char:2', 'x at a.pl line 1.', '\tA::b(1) called at a.pl line 2', 'stack traceback:', "\ta.lua:3: in function 'f'",
  '╭─── Traceback ───╮', '│ /a.py:1 in f │', '', ' {', '}', '^^^^', 'x'.repeat(300),
]; // biome-ignore format: a table

describe('any text', () => {
  it('never throws, and answers frames and chains that hold together', () => {
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...LINES) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...LINES), fc.constantFrom(...LINES), fc.nat(40))
          .map(([a, b, at]) => a.slice(0, at) + b),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.option(fc.constantFrom(...LANGUAGES), { nil: undefined }),
        (lines, hint) => {
          const trace = parseTrace(lines.join('\n'), hint);
          if (trace === undefined) return;
          const ids = trace.exceptions.map((each) => each.id);
          expect(ids).toEqual([...ids].sort((a, b) => b - a));
          expect(ids.at(-1)).toBe(0);
          for (const { id, parentId } of trace.exceptions) if (id !== 0) expect(parentId).toBeLessThan(id);
          JSON.stringify(sentryExceptions(trace));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  /** A quadratic step over a million characters would take minutes; a linear one takes tens of milliseconds. */
  it.each([
    ['brackets', 'Error: x\n    at ', '('],
    ['places', 'Error: x\n    at f (', 'a:1:'],
    ['one header', '', 'A: '],
    ['one line of frames', 'a.B: c\n\tat ', 'a.b('],
    ['causes', 'a.B: c\n\tat a.B.c(B.java:1)\n', 'Caused by: a.B: c\n'],
    ['suppressed', 'a.B: c\n\tat a.B.c(B.java:1)\n', '\tSuppressed: a.B: c\n'],
    ['members', 'Error: x\n    at f (/a.js:1:2) {\n  [errors]: [\n', '    Error: y\n'],
    ['inner exceptions', '   at A.B() in /a:line 1\n', 'A.B: c ---> '],
    ['groups', 'Traceback (most recent call last):\n  File "a", line 1, in f\n', '  +-+---------------- 1 ----------------\n'],
    ['panics', 'goroutine 1 [running]:\nmain.main()\n\t/a.go:1\n', 'panic: x\n'],
    ['an old panic', "thread 'main' panicked at '", 'panic: x\n'],
    ['terms', '=CRASH REPORT\n', '{a,b,1,[{file,"a.erl"},{line,1}]},'],
    ['terms without an end', '', '{file,"'],
    ['calls of PHP', '#0 ', '(1): '],
    ['elixir', '    (a 1.0) lib/a.ex:1: A.b/2\n', '** (A) b\n'],
    ['quotes', 'Traceback (most recent call last):\n  File "', '", line '],
    ['at signs', 'f', '@a:'],
    ['addresses', 'f', '@https:'],
    ['German frames', '', '   bei A.B(C c) in C:\\a.cs:Zeile 1.\n'],
    ['a German frame', '   bei A.B', '(C c) in C:\\a'],
    ['code frames', 'Error: x\n', '> 5 |\n'],
    ['calls of R', 'Error in f(x) : \n', '  1. └─'],
    ['escapes', 'Error: x\\n    at f (/a.js:1:2)', '\\n\\u0041\\"'],
  ])('reads a million characters of %s in linear time', (_, start, unit) => {
    const text = start + unit.repeat(Math.ceil(1_000_000 / unit.length));
    const before = performance.now();
    parseTrace(text);
    looksLikeTraceLine(text);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('keeps the ends of an absurdly deep stack, and says how much is missing', () => {
    const frames = Array.from({ length: 3_000 }, (_, i) => `    at f${i} (/a.js:${i + 1}:2)`).join('\n');
    const thrown = parseTrace(`RangeError: deep\n${frames}`)?.exceptions.at(-1);
    expect(thrown?.frames).toHaveLength(1_000);
    expect(thrown?.omitted).toBe(2_000);
    expect(thrown?.frames.at(-1)?.function).toBe('f0');
  });
});

describe('the language', () => {
  it('is found without a hint, and a hint decides only what the text leaves open', () => {
    expect(parseTrace('a.B: c\n\tat a.B.c(B.java:1)', 'python')?.language).toBe('java');
    expect(parseTrace('f (/a.js:1:2)', 'nodejs')).toBeUndefined();
    // Go: a place below a function, as zap writes it; without a hint, too.
    expect(parseTrace('main.main\n\t/app/main.go:9', 'go')?.language).toBe('go');
  });

  it.each([
    ['nodejs', 'javascript'],
    ['webjs', 'javascript'],
    ['dotnet', 'csharp'],
    ['cpp', 'native'],
    ['swift', 'apple'],
    ['Python', 'python'],
    ['kotlin', 'java'],
    ['cobol', undefined],
    ['__proto__', undefined],
  ])('%s means %s', (name, language) => {
    expect(languageOf(name)).toBe(language);
  });
});

describe('a line of a trace', () => {
  it.each([
    '    at f (/a.js:1:2)', '\tat a.B.c(B.java:1)', 'Caused by: a.B: c', '\t... 12 more', '  File "a.py", line 1, in f', 'Traceback (most recent call last):',
    'goroutine 1 [running]:', '\t/a/b.go:12 +0x1d', '#0 /a.php(9): f()', '#1 {main}', "\tfrom a.rb:5:in `g'", '   at A.B.C() in /a.cs:line 1',
    '--- End of inner exception stack trace ---', '    (a 1.0.0) lib/a.ex:1: A.b/2', '#0      main (package:a/b.dart:1:2)', '#0  0x00005555 in f () at a.c:1', "thread 'main' panicked at src/main.rs:2:5:",
  ])('is %s', (line) => {
    expect(looksLikeTraceLine(line)).toBe(true);
  }); // biome-ignore format: a table

  it.each([
    'TypeError: x is null', 'at noon', 'at least 3 of them', 'GET /cart.js 200', '2026-03-14 09:26:53 INFO started', '... and more', '#1 of 3', 'from now on', 'see cart.go',
    'goroutine leak found', 'user@example.com:25', '10.0.0.1 - - "GET /" 200', '  File "a.txt" was read', '** note **', 'in total 3',
  ])('is not %s', (line) => {
    expect(looksLikeTraceLine(line)).toBe(false);
  }); // biome-ignore format: a table
});
