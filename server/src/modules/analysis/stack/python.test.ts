import { describe, expect, it } from 'vitest';
import { chainOf, innermostFirst, thrownOf, traceOf } from './test-traces.ts';

describe('Python', () => {
  it('reads frames, source lines and the marks below them', () => {
    const trace = traceOf(`Traceback (most recent call last):
  File "/app/main.py", line 7, in <module>
    main()
    ~~~~^^
  File "/app/main.py", line 4, in main
    return foo(
           ^^^^
        1,
        ^^
    )
    ^
  File "/usr/lib/python3.12/site-packages/requests/api.py", line 59, in request
    return session.request(method=method, url=url, **kwargs)
  File "<frozen importlib._bootstrap>", line 1027, in _find_and_load
requests.exceptions.ConnectionError: HTTPConnectionPool(host='x', port=80): Max retries
note one`);
    expect(thrownOf(trace)).toMatchObject({
      type: 'requests.exceptions.ConnectionError',
      value: "HTTPConnectionPool(host='x', port=80): Max retries\nnote one",
      frames: [
        { filename: 'main.py', absPath: '/app/main.py', function: '<module>', line: 7, context: 'main()' },
        { function: 'main', line: 4, context: 'return foo(' },
        { module: 'requests.api', filename: 'requests/api.py', function: 'request', line: 59 },
        { filename: '<frozen importlib._bootstrap>', inApp: false },
      ],
    });
  });

  it('links both kinds of chains', () => {
    expect(
      chainOf(`Traceback (most recent call last):
  File "/app/x.py", line 2, in f
    {}['a']
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/x.py", line 4, in g
    raise ValueError("bad\\nsecond line") from None
ValueError: bad
second line

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/x.py", line 8, in <module>
    raise RuntimeError('x') from e
RuntimeError: x`),
    ).toEqual(['0 RuntimeError: x', '1<-0 cause ValueError: bad\nsecond line', "2<-1 context KeyError: 'a'"]);
  });

  it('reads nested exception groups', () => {
    const text = `  + Exception Group Traceback (most recent call last):
  |   File "/app/eg.py", line 10, in <module>
  |     main()
  | ExceptionGroup: eg (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/eg.py", line 3, in main
    |     int("x")
    | ValueError: invalid literal for int() with base 10: 'x'
    +---------------- 2 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/app/eg.py", line 5, in main
    |     raise ExceptionGroup("inner", [KeyError("k")])
    | ExceptionGroup: inner (1 sub-exception)
    +-+---------------- 1 ----------------
      | KeyError: 'k'
      +------------------------------------`;
    expect(chainOf(text)).toEqual([
      '0 ExceptionGroup: eg (2 sub-exceptions)',
      "1<-0 member ValueError: invalid literal for int() with base 10: 'x'",
      '2<-0 member ExceptionGroup: inner (1 sub-exception)',
      "3<-2 member KeyError: 'k'",
    ]);
    expect(traceOf(text).exceptions.filter((each) => each.isGroup)).toHaveLength(2);
  });

  it('links a group to the group that was handled', () => {
    expect(
      chainOf(`  + Exception Group Traceback (most recent call last):
  |   File "/app/a.py", line 5, in main
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/b.py", line 12, in main
    | Exception: Something went wrong
    +------------------------------------

During handling of the above exception, another exception occurred:

  + Exception Group Traceback (most recent call last):
  |   File "/app/c.py", line 15, in <module>
  | ExceptionGroup: outer (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: x
    +------------------------------------`),
    ).toEqual([
      '0 ExceptionGroup: outer (1 sub-exception)',
      '1<-0 member ValueError: x',
      '2<-0 context ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)',
      '3<-2 member Exception: Something went wrong',
    ]);
  });

  it('reads a syntax error without a traceback', () => {
    expect(
      innermostFirst(`  File "/app/x.py", line 3
    print(
         ^
SyntaxError: '(' was never closed`),
    ).toEqual(['x.py:3']);
  });

  it('counts the lines that Python leaves out of a recursion', () => {
    expect(
      thrownOf(
        traceOf(`Traceback (most recent call last):
  File "/app/x.py", line 4, in <module>
    f(1)
  File "/app/x.py", line 2, in f
    return f(n)
  File "/app/x.py", line 2, in f
    return f(n)
  File "/app/x.py", line 2, in f
    return f(n)
  [Previous line repeated 996 more times]
RecursionError: maximum recursion depth exceeded`),
      ),
    ).toMatchObject({ type: 'RecursionError', omitted: 996, frames: { length: 4 } });
  });

  it.each([
    [
      'rich',
      `╭───────────────────── Traceback (most recent call last) ──────────────────────╮
│ /app/main.py:12 in main                                                      │
│                                                                              │
│    11 │   try:                                                               │
│ ❱  12 │   │   return pay(cart)                                               │
│    13 │                                                                      │
│ ╭──────────────────────── locals ────────────────────────╮                   │
│ │ loop = <_UnixSelectorEventLoop running=True>           │                   │
│ ╰────────────────────────────────────────────────────────╯                   │
│ /app/cart.py:3 in pay                                                        │
╰──────────────────────────────────────────────────────────────────────────────╯
ValueError: no money`,
      ['/app/cart.py:3', '/app/main.py:12'],
      'ValueError: no money',
    ],
    [
      'loguru',
      `2024-02-16 15:01:22.123 | ERROR    | __main__:<module>:10 - An error has been caught in function '<module>', process 'MainProcess' (1), thread 'MainThread' (1):
Traceback (most recent call last):

> File "/app/x.py", line 10, in <module>
    func(0)
    └ <function func at 0x7f>

  File "/app/x.py", line 5, in func
    return 1 / a
               └ 0

ZeroDivisionError: division by zero`,
      ['x:5', 'x:10'],
      'ZeroDivisionError: division by zero',
    ],
  ])('reads the form of %s', (_, text, places, header) => {
    const { type, value, frames } = thrownOf(traceOf(text));
    expect(`${type}: ${value}`).toBe(header);
    expect(frames.map((frame) => frame.line).reverse()).toEqual(places.map((place) => Number(place.split(':')[1])));
  });

  it.each([
    ['/app/shop/views.py', 'shop/views.py', 'shop.views'],
    ['/app/src/shop/__init__.py', 'shop/__init__.py', 'shop'],
    ['/usr/src/app/shop/views.py', 'shop/views.py', 'shop.views'],
    ['/home/me/shop/src/shop/views.py', 'shop/views.py', 'shop.views'],
    ['/app/manage.py', 'manage.py', undefined],
    ['/srv/shop/views.py', '/srv/shop/views.py', undefined],
    ['/usr/lib/python3.12/json/decoder.py', 'json/decoder.py', 'json.decoder'],
    ['/x/site-packages/six.py', 'six.py', 'six'],
    ['C:\\shop\\views.py', 'C:\\shop\\views.py', undefined],
    ['<string>', '<string>', undefined],
  ])('names the module of %s', (path, filename, module) => {
    const frame = thrownOf(traceOf(`Traceback (most recent call last):\n  File "${path}", line 1, in f\nKeyError: 1`)).frames[0];
    expect([frame?.filename, frame?.module]).toEqual([filename, module]);
  });

  it('takes the exception from above the traceback where AWS Lambda prints it', () => {
    expect(
      chainOf(`[ERROR] KeyError: 'a'\nTraceback (most recent call last):\n  File "/var/task/h.py", line 5, in handler`),
    ).toEqual(["0 KeyError: 'a'"]);
  });

  it('reads only the first of two tracebacks', () => {
    const one = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n';
    expect(chainOf(one + one)).toEqual(['0 KeyError: 1']);
  });
});
