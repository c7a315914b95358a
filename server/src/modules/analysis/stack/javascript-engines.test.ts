import { describe, expect, it } from 'vitest';
import { parseTrace } from './parse.ts';
import { innermostFirst, thrownOf, traceOf } from './test-traces.ts';

describe('frames of other engines', () => {
  it.each([
    // Both the function and the address may hold an @.
    ['modules/@acme/tax/get.js/<@https://a.example/b.js:7:70', 'modules/@acme/tax/get.js/< https://a.example/b.js:7:70'],
    ['send("a@b",1)@http://a.example/x.js:14', 'send http://a.example/x.js:14'],
    ['pay@https://a.example/e.wasm:wasm-function[31]:0x8f', 'pay https://a.example/e.wasm'],
    ['<?>.wasm-function[131]@[wasm code]', '<?>.wasm-function[131] [wasm code]'],
    ['user-script:2:14:9', 'user-script:2:14:9'],
    ['http://a.example/x.js:90', 'http://a.example/x.js:90'],
    ['phantomjs://code/run.js:17 in onError', 'onError phantomjs://code/run.js:17'],
    ['render(/srv/app/Scene.js:78:24)', 'render /srv/app/Scene.js:78:24'],
    ['onPress@1:557290', 'onPress 1:557290'],
    ['\tat rules/tax.js:5 (check)', 'check rules/tax.js:5'],
    ['    at pay (cart.js:4) preventsyield', 'pay cart.js:4'],
    ['    at [anon] (duk_api.c:55) internal', '[anon] duk_api.c:55'],
    ['    at <eval> (<evalScript>)', '<eval> <evalScript>'],
    ['  Line 7 of inline#1 script in http://a.example/: In function go', 'go http://a.example/:7'],
    ['called from line 15, column 3 in http://a.example/i.html:', 'http://a.example/i.html:15:3'],
    [
      'called via Function.prototype.apply() from line 9, column 3 in go(a) in http://a.example/x.js:',
      'go http://a.example/x.js:9:3',
    ],
  ])('%s', (line, expected) => expect(innermostFirst(line)).toEqual([expected]));

  it('frames without a place are no message', () => {
    const trace = traceOf('eval code\nanonymous@\npay@https://a.example/x.js:1:2\nglobal code');
    expect(thrownOf(trace).value).toBeUndefined();
    expect(thrownOf(trace).frames).toHaveLength(1);
  });

  it.each(['http://127.0.0.1:3000', 'see http://a.example/x.js:90', 'mail bob@1:30', 'a line 12 in b', '/srv/x.js:6'])(
    '%s is no trace',
    (line) => expect(parseTrace(line)).toBeUndefined(),
  );
});

describe('what Node prints of an uncaught value', () => {
  it('that is no error has the place alone', () => {
    const text = '/app/x.js:3\n    throw "no " + stock;\n    ^\nno stock\n(Use `node --trace-uncaught ...` to show where)\n';
    const trace = traceOf(text);
    expect(trace.unhandled).toBe(true);
    expect(thrownOf(trace)).toMatchObject({ type: 'Error', value: 'no stock', frames: [{ filename: '/app/x.js', line: 3 }] });
  });

  it('a promise rejected with one has its sentence', () => {
    const text =
      'node:internal/process/promises:288\n    triggerUncaughtException(err);\n    ^\n\n' +
      '[UnhandledPromiseRejection: This error came from a promise. The reason "x".] {\n  code: \'E\'\n}\n\nNode.js v20.1.0\n';
    expect(thrownOf(traceOf(text))).toMatchObject({
      type: 'UnhandledPromiseRejection',
      value: 'This error came from a promise. The reason "x".',
      frames: [{ inApp: false }],
    });
  });

  it('the source that Jest shows is no part of the message', () => {
    const text =
      '  ● cart\n\n    TypeError: a.b is not a function\n\n      4 | test();\n    > 5 |   a.b();\n        |     ^\n      6 | });\n\n      at pay (src/cart.test.js:5:4)\n';
    expect(thrownOf(traceOf(text)).value).toBe('a.b is not a function');
  });

  it('`caused by` of error libraries', () => {
    const trace = traceOf('VError: a: b\n    at f (/app/a.js:1:2)\ncaused by: Error: b\n    at g (/app/b.js:1:2)');
    expect(trace.exceptions.map((each) => each.type)).toEqual(['Error', 'VError']);
  });
});

describe("React Native's reports", () => {
  it('name the components before the calls, and the engine behind the message', () => {
    const text =
      'TypeError: a.b is not a function, js engine: hermes\n\nThis error is located at:\n    in Cart (at App.tsx:12)\n\n' +
      'pay@http://10.0.2.2:8081/index.bundle?dev=true:120:33';
    expect(thrownOf(traceOf(text)).value).toBe('a.b is not a function');
    expect(innermostFirst(text)).toEqual(['pay http://10.0.2.2:8081/index.bundle?dev=true:120:33']);
  });
});

it('a place alone above frames of V8 is a line of the message', () => {
  const text =
    'ClientError: \nInvalid call of create() in\n/srv/src/cart.ts:9:21\n\n→ 9 create()\nno\n    at pay (/srv/a.js:1:2)';
  expect(innermostFirst(text)).toEqual(['pay /srv/a.js:1:2']);
  expect(thrownOf(traceOf(text)).value).toBe('Invalid call of create() in\n/srv/src/cart.ts:9:21\n\n→ 9 create()\nno');
});
