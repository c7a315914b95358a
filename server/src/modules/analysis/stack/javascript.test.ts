import { describe, expect, it } from 'vitest';
import { parseTrace } from './parse.ts';
import { chainOf, innermostFirst, thrownOf, traceOf } from './test-traces.ts';

describe('JavaScript frames', () => {
  it.each([
    ['    at pay (/app/cart.js:12:9)', 'pay /app/cart.js:12:9'],
    ['    at /app/cart.js:12:9', '/app/cart.js:12:9'],
    [
      '    at Cart.pay [as charge] (https://shop.example/app.js?v=1:1:20)',
      'Cart.pay [as charge] https://shop.example/app.js?v=1:1:20',
    ],
    ['    at new Cart (file(copy).js:6:4)', 'new Cart file(copy).js:6:4'],
    ['    at Object.get (C:\\my files\\cart.js:43:36)', 'Object.get C:\\my files\\cart.js:43:36'],
    ['    at async Promise.all (index 0)', 'Promise.all'],
    ['    at Array.forEach (native)', 'Array.forEach'],
    ['    at Array.map (<anonymous>)', 'Array.map'],
    ['    at eval (eval at run (http://a.example/x.js:21:17), <anonymous>:1:30)', 'eval http://a.example/x.js:21:17'],
    ['    at node:internal/main/run_main_module:22:47', 'node:internal/main/run_main_module:22:47'],
    ['    at wasm://wasm/0013a7a2:wasm-function[12]:0x1f3', 'wasm-function[12] wasm://wasm/0013a7a2'],
    ['    at pay (wasm://wasm/0013a7a2:wasm-function[12]:0x1f3)', 'pay wasm://wasm/0013a7a2'],
    ['    at anonymous (address at index.android.bundle:1:1234)', 'anonymous index.android.bundle:1:1234'],
    ['   at Anonymous function (http://a.example/x.js:48:13)', 'Anonymous function http://a.example/x.js:48:13'],
    ['    at foo (http://a.example/x.js:4283)', 'foo http://a.example/x.js:4283'],
    ['    at new Cart (http://a.example/x.js:2:1', 'new Cart http://a.example/x.js:2:1'],
    ['pay@https://a.example/x.js:12:9', 'pay https://a.example/x.js:12:9'],
    ['@https://a.example/x.js:12:9', 'https://a.example/x.js:12:9'],
    ['pay@https://a.example/@scope/x.js:12:9', 'pay https://a.example/@scope/x.js:12:9'],
    ['obj["@fn"]@Foo.js:10:29', 'obj["@fn"] Foo.js:10:29'],
    ['render@https://unpkg.example/react@18.2.0/umd/react.js:1:2', 'render https://unpkg.example/react@18.2.0/umd/react.js:1:2'],
    ['    at render(/home/me/src/GpsMonitorScene.js:78:24)', 'render /home/me/src/GpsMonitorScene.js:78:24'],
    ['.plugin/e.fn[c]/<@http://a.example/x.js:1:1', '.plugin/e.fn[c]/< http://a.example/x.js:1:1'],
    ['bar(1)@http://a.example/x.js:13', 'bar http://a.example/x.js:13'],
    ['baz@http://a.example/x.js line 26 > eval line 2 > eval:1:30', 'baz http://a.example/x.js:26'],
    ['http://a.example/x.js:48:22', 'http://a.example/x.js:48:22'],
    ['102.js:1:2956', '102.js:1:2956'],
    ['eval@[native code]', 'eval [native code]'],
    ['  Line 27 of linked script http://a.example/x.js: In function run', 'run http://a.example/x.js:27'],
    [
      'called from line 27, column 8 in <anonymous function: run>(ex) in http://a.example/x.js:',
      'run http://a.example/x.js:27:8',
    ],
    ['Error thrown at line 42, column 12 in pay(a, b) in http://a.example/x.js:', 'pay http://a.example/x.js:42:12'],
    ['    in Cart (at App.js:10)', 'Cart App.js:10'],
    [
      '    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)',
      'express.lib.router:layer:Layer.handle /app/node_modules/express/lib/router/layer.js:95:5',
    ],
  ])('%s', (line, expected) => {
    // The frame that every engine's stack may go on with decides the platform.
    expect(innermostFirst(`Error: x\n${line}\n    at z (/app/z.js:1:1)`)[0]).toBe(expected);
  });

  it.each(['    at <anonymous>', 'eval code', '', '    at', 'user@example.com:25', 'GET /a.js:1:2 200'])(
    'no frame: %s',
    (line) => {
      expect(innermostFirst(`Error: x\n${line}\n    at z (/app/z.js:1:1)`)).toEqual(['z /app/z.js:1:1']);
    },
  );

  it("leaves out where Node says that an 'error' event was emitted", () => {
    const text = `node:events:505
    throw er; // Unhandled 'error' event
    ^

Error: write EPIPE
    at Socket._write (node:net:1274:8)
    at print (/app/print.js:18:165)
Emitted 'error' event on Socket instance at:
    at Socket.onerror (node:internal/streams/readable:1044:14)`;
    expect(innermostFirst(text)).toEqual(['Socket._write node:net:1274:8', 'print /app/print.js:18:165']);
    expect(traceOf(text).unhandled).toBe(true);
  });

  it("knows Node's own files, with a prefix and without", () => {
    const frames = thrownOf(
      traceOf('Error: x\n    at emit (events.js:95:17)\n    at node:internal/x:1:2\n    at f (/app/events.js:1:2)'),
    ).frames;
    expect(frames.map((frame) => frame.inApp)).toEqual([undefined, false, false]);
  });

  it('tells a server from a browser', () => {
    expect(traceOf('Error\n    at f (/app/a.js:1:2)').platform).toBe('node');
    expect(traceOf('Error\n    at f (file:///app/a.mjs:1:2)').platform).toBe('node');
    expect(traceOf('Error\n    at f (https://a.example/a.js:1:2)').platform).toBe('javascript');
    expect(traceOf('f@file:///C:/a.js:1:2').platform).toBe('javascript');
  });
});

describe('JavaScript errors', () => {
  it('shows the causes that Node prints, and takes the frames it leaves out from them', () => {
    const text = `Error: outer
    at main (/app/index.js:10:9)
    at Module._compile (node:internal/modules/cjs/loader:1105:14)
    ... 2 lines matching cause stack trace ...
    at node:internal/main/run_main_module:22:47 {
  code: 'E_OUT',
  [cause]: TypeError: inner
      at parse (/app/lib/parse.js:3:11)
      at Module._compile (node:internal/modules/cjs/loader:1105:14)
      at Module.load (node:internal/modules/cjs/loader:981:32)
      at Module._load (node:internal/modules/cjs/loader:822:12)
      at node:internal/main/run_main_module:22:47
}

Node.js v24.1.0`;
    expect(chainOf(text)).toEqual(['0 Error: outer', '1<-0 cause TypeError: inner']);
    expect(innermostFirst(text).slice(2, 4)).toEqual([
      'Module.load node:internal/modules/cjs/loader:981:32',
      'Module._load node:internal/modules/cjs/loader:822:12',
    ]);
    expect(traceOf(text).unhandled).toBe(true);
  });

  it('keeps the members of an AggregateError, and their own causes', () => {
    const text = `AggregateError: All promises were rejected
    at async main (file:///app/x.mjs:5:3) {
  [errors]: [
    Error: a
        at f (file:///app/x.mjs:1:2)
        at async Promise.any (index 0),
    TypeError: b
        at g (file:///app/x.mjs:2:2) {
      code: 'X',
      [cause]: RangeError: deep
          at h (file:///app/y.mjs:9:9)
    },
    [Error: no stack]
  ]
}`;
    expect(chainOf(text)).toEqual([
      '0 AggregateError: All promises were rejected',
      '1<-0 member Error: a',
      '2<-0 member TypeError: b',
      '3<-2 cause RangeError: deep',
      '4<-0 member Error: no stack',
    ]);
    expect(thrownOf(traceOf(text)).isGroup).toBe(true);
  });

  it('takes the source line of an uncaught error, and the place of a syntax error, from above the header', () => {
    const crash = traceOf(
      '/app/solution.js:6\n    t += N % 10\n    ^\n\nReferenceError: t is not defined\n    at solve (/app/solution.js:6:5)\n\nNode.js v24.1.0',
    );
    expect(thrownOf(crash)).toMatchObject({ type: 'ReferenceError', value: 't is not defined' });
    expect(thrownOf(crash).frames.at(-1)?.context).toBe('    t += N % 10');
    const syntax = `/app/bad.js:3\nconst = 1\n      ^\n\nSyntaxError: Unexpected token '='\n    at wrapSafe (node:internal/modules/cjs/loader:1178:20)`;
    expect(innermostFirst(syntax)[0]).toBe('/app/bad.js:3');
  });

  it.each([
    ['Uncaught TypeError: x is null', 'TypeError', 'x is null', true],
    ['Uncaught (in promise) AxiosError: Request failed', 'AxiosError', 'Request failed', true],
    ['(node:12) UnhandledPromiseRejectionWarning: Error: boom', 'Error', 'boom', true],
    ['Unhandled Rejection (TypeError): x is null', 'TypeError', 'x is null', true],
    ['error: Uncaught (in promise) Error: boom', 'Error', 'boom', true],
    ['error: boom', 'Error', 'boom', undefined],
    ['AssertionError [ERR_ASSERTION]: 1 == 2', 'AssertionError [ERR_ASSERTION]', '1 == 2', undefined],
    ['UnauthorizedException [Error]: jwt expired', 'UnauthorizedException', 'jwt expired', undefined],
    ['2026-03-14 09:27:26 [error] shop: TypeError: bad thing', 'TypeError', 'bad thing', undefined],
    ['CartRefused: no money', 'CartRefused', 'no money', undefined],
    ['DOMException [InvalidStateError]: closed', 'DOMException [InvalidStateError]', 'closed', undefined],
    ['something went wrong', undefined, 'something went wrong', undefined],
    ['Error', 'Error', undefined, undefined],
    ['Error: expected {\n  a: 1\n} to equal {', 'Error', 'expected {\n  a: 1\n} to equal {', undefined],
  ])('header %s', (header, type, value, unhandled) => {
    const trace = traceOf(`${header}\n    at f (/app/a.js:1:2)`);
    expect([thrownOf(trace).type, thrownOf(trace).value, trace.unhandled]).toEqual([type, value, unhandled]);
  });

  it('reads Deno with its source excerpt, and Bun with its own above the error', () => {
    const deno = `error: Uncaught (in promise) Error: boom
    throw new Error("boom");
          ^
    at foo (file:///home/me/main.ts:3:9)
Caused by: TypeError: inner
    at bar (file:///home/me/main.ts:1:7)`;
    expect(chainOf(deno)).toEqual(['0 Error: boom', '1<-0 cause TypeError: inner']);
    const bun =
      '1 | function f() {\n2 |   throw new TypeError("boom");\n            ^\nTypeError: boom\n      at f (/home/me/index.ts:2:9)';
    expect(chainOf(bun)).toEqual(['0 TypeError: boom']);
  });

  it('reads only the first of two errors, and none of a text without a frame', () => {
    expect(innermostFirst('Error: a\n    at f (/a.js:1:2)\nError: b\n    at g (/b.js:3:4)')).toEqual(['f /a.js:1:2']);
    expect(parseTrace('TypeError: x is null')).toBeUndefined();
    expect(parseTrace('mailto:user@example.com:25 is no stack')).toBeUndefined();
  });

  it('unescapes a stack that came as the inside of a JSON string', () => {
    expect(innermostFirst('Error: boom\\n    at f (/app/a.js:1:2)\\n    at g (/app/b.js:3:4)')).toHaveLength(2);
  });
});
